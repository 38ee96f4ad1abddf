"""Compares one `pydefrag graph` with what CPython does. Entry point: disagreements(oracle, graph, project).

A claim is settled in every world (each setting of the environment variables that the sources ask for, on Linux and, if
they ask, on Windows and macOS) and, where the first answer contradicts it, again after importing the row's own module and after importing everything: names that only
exist once somebody has acted are neither missing nor present. `unknown` never disagrees; it is counted.
"""
import ast
import collections
import itertools
import re
import sys

import projects

# An import that ends in one of these says nothing about imports: the project is not used.
TAINT = ("NameError", "TypeError", "KeyError", "ValueError", "RecursionError", "SyntaxError", "IndexError")

MISSING = ("missing-module", "missing-name")

Disagreement = collections.namedtuple("Disagreement", "kind where tool python detail")


class Tainted(Exception):
    """The project fails for reasons that have nothing to do with imports."""


class Project:
    """One project on disk: its files, worlds and import rows."""

    def __init__(self, folder, files):
        self.folder, self.files = folder, files
        text = "\n".join(files.values())
        switches = sorted(set(re.findall(r"""os\.environ\.get\(["'](\w+)["']\)""", text)))
        self.worlds = [dict(zip(switches, values)) for values in
                       itertools.product(("", "1"), repeat=len(switches))]
        if "sys.platform" in text or "os.name" in text:
            others = ["win32,nt"] + ["darwin,posix"] * ("darwin" in text or "linux" in text)
            self.worlds += [dict(world, TRUTH_PLATFORM=other) for world in self.worlds for other in others]
        self.modules = sorted(projects.module_name(path)[0] for path in files)
        self.owned = {name.split(".")[0] for name in self.modules}
        self.rows = [row for path in sorted(files) for row in projects.import_rows(path, files[path])]


def is_taint(answer):
    types = answer.get("types")
    if not types:
        return False
    if "AttributeError" in types:
        message = answer["message"]
        return "module '" not in message and "cannot access submodule" not in message
    return bool(set(types) & set(TAINT))


class Judge:
    """Answers about one project, asked for once each."""

    def __init__(self, oracle, project, known=None):
        self.oracle, self.project = oracle, project
        self.known = {} if known is None else known  # answers of an earlier run; grows

    def ask(self, jobs, world=0):
        new = [job for job in jobs if (world, job) not in self.known]
        if new:
            answers = self.oracle.ask(self.project.folder, new, env=self.project.worlds[world])
            self.known.update({(world, job): answer for job, answer in zip(new, answers)})
        return [self.known[world, job] for job in jobs]

    def statuses(self, world):
        answers = self.ask([("status", m) for m in self.project.modules], world)
        if any(is_taint(a) or a["result"] == "died" for a in answers):
            raise Tainted()
        return dict(zip(self.project.modules, answers))

    def row(self, module, name, world, before=()):
        return self.ask([("rows", module, (name,), tuple(before))], world)[0][0]["result"]


def check_rows(judge, graph, counts):
    project, found = judge.project, []
    told = projects.GraphRows(graph)
    # One question for each module in the first world; the others are rarely needed.
    wanted = {}
    for row in project.rows:
        if row.module:
            wanted.setdefault(row.module, set()).add(row.name)
    jobs = [("rows", m, tuple(sorted(ns, key=str)), ()) for m, ns in sorted(wanted.items())]
    for job, answers in zip(jobs, judge.ask(jobs)):
        for name, answer in zip(job[2], answers):
            judge.known[0, ("rows", job[1], (name,), ())] = [answer]
    # And one in each other world, of what the first one does not have.
    jobs = [(job, told.find(row)) for row in project.rows if row.module
            for job in [("rows", row.module, (row.name,), ())] if judge.known[0, job][0]["result"] != "ok"]
    jobs = list(dict.fromkeys(job for job, claim in jobs if claim and claim["status"] != "unknown"))
    for world in range(1, len(project.worlds) if jobs else 1):
        judge.ask(jobs, world)
    for row in project.rows:
        claim = told.find(row)
        if claim is None:
            found.append(Disagreement("row", f"{row.path}:{row.line}", "absent", "-", projects.shown(row)))
            continue
        counts["row " + claim["status"]] += 1
        verdict = judge_row(judge, row, claim["status"])
        if verdict:
            found.append(Disagreement("row", f"{row.path}:{row.line}", claim["status"], verdict,
                                      projects.shown(row)))
    return found


def judge_row(judge, row, tool):
    """What CPython says of the row where that contradicts `tool`, else None."""
    project, own = judge.project, projects.module_name(row.path)[0]
    missing = tool in MISSING
    if tool == "unknown":
        return None
    if row.module is None:
        return None if missing else "beyond-top"
    first_party = row.module.split(".")[0] in project.owned
    if tool == "external":
        return "first-party" if first_party else None
    verdicts = set()
    orders = [(), (own,), tuple(project.modules), (own,) + tuple(reversed(project.modules))]
    for before in orders + [(first,) for first in project.modules]:
        for world in range(len(project.worlds)):
            verdicts.add(judge.row(row.module, row.name, world, before))
            if "ok" in verdicts:
                break  # no other world says more
        if "ok" in verdicts or verdicts - {"ok", *MISSING}:
            break  # it resolves for somebody, or it fails for a reason of its own
    if "ok" in verdicts:
        return "resolves" if missing and not aliasing_fails(judge, row) else None
    if verdicts - set(MISSING) or tool in verdicts or (not missing and not first_party):
        return None
    return sorted(verdicts)[0]


def aliasing_fails(judge, row):
    """`import a.b as x` takes `b` as an attribute of `a`, which may not be the module that was imported."""
    return row.name is None and row.alias and "." in row.module and all(
        judge.row(row.module, "as", world) != "ok" for world in range(len(judge.project.worlds)))


def lacks_external(judge, answer):
    """Does the import fail because something is not installed? That is not the project's doing."""
    return any(name.split(".")[0] not in judge.project.owned | set(sys.stdlib_module_names)
               for name in answer.get("not_found", ()))


def check_imports(judge, graph, counts):
    found = []
    told = {m["name"]: m for m in graph["modules"]}
    results = [judge.statuses(world) for world in range(len(judge.project.worlds))]
    for module in judge.project.modules:
        if module not in told:
            found.append(Disagreement("module", module, "absent", "-", "no such module in the graph"))
            continue
        claim = told[module]["import"]["status"]
        counts["import " + claim] += 1
        seen = [r[module] for r in results]
        failing = [a for a in seen if a["result"] == "fails"]
        if claim == "fails" and len(failing) < len(seen):
            found.append(Disagreement("import", module, "fails", "ok", told[module]["import"].get("reason", "")))
        if claim == "ok" and len(failing) == len(seen) and not lacks_external(judge, failing[0]):
            found.append(Disagreement("import", module, "ok", "fails", failing[0]["message"]))
    return found


def definition_lines(text):
    """{line of the def or class: line where its code starts (first decorator)}, module level only."""
    lines, todo = {}, list(ast.parse(text).body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            start = min([node.lineno] + [d.lineno for d in node.decorator_list])
            lines[node.lineno] = start
        else:
            todo += [n for n in ast.iter_child_nodes(node) if isinstance(n, (ast.stmt, ast.excepthandler,
                                                                              ast.match_case))]
    return lines


def handler_lines(text):
    """Lines inside except handlers: whether one runs may be more than a static tool can know."""
    return {line for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler)
            for line in range(node.lineno, node.end_lineno + 1)}


def only_in_handlers(text, name):
    """Is `name` bound at all at module level, and only inside except handlers?"""
    lines, tree = set(), ast.parse(text)
    inner = {id(n) for outer in ast.walk(tree) if isinstance(outer, (ast.FunctionDef, ast.ClassDef))
             for statement in outer.body for n in ast.walk(statement)}
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [(a.asname or a.name).split(".")[0] for a in node.names]
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names = [node.name]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names = [node.id]
        else:
            continue
        if name in names:
            lines.add(node.lineno)
    return bool(lines) and lines <= handler_lines(text)


def observed_paths(judge):
    """{(file, line): paths} for each world and order, and the modules that import in all of them."""
    project = judge.project
    decided, runs = set(project.modules), []
    for world in range(len(project.worlds)):
        decided -= {m for m, a in judge.statuses(world).items() if a["result"] != "ok"}
        jobs = [("identity", tuple(project.modules)), ("identity", tuple(reversed(project.modules)))]
        for answer in judge.ask(jobs, world):
            decided -= set(answer["failed"])
            seen = collections.defaultdict(set)
            for path, line, paths in answer["paths"]:
                seen[path, line].update(paths)
            runs.append(seen)
    return runs, decided


def every_order(judge):
    """As the runs of observed_paths, with each module as the first one: what hangs on who comes first is neither
    there nor missing."""
    modules = judge.project.modules
    for world in range(len(judge.project.worlds)):
        jobs = [("identity", (first, *(m for m in modules if m != first))) for first in modules]
        for answer in judge.ask(jobs, world):
            seen = collections.defaultdict(set)
            for path, line, paths in answer["paths"]:
                seen[path, line].update(paths)
            yield seen


def check_identities(judge, graph, counts):
    """Paths of every class and function, after importing all modules in sorted and in reverse order; where that
    contradicts the graph, in other orders too."""
    runs, decided = observed_paths(judge)
    told = collections.defaultdict(set)
    for definition in graph["definitions"]:
        if definition["kind"] in ("class", "function"):
            told[definition["path"], definition["line"]].update(definition["paths"])
    found = []
    texts = {projects.module_name(path)[0]: text for path, text in judge.project.files.items()}
    for path, text in sorted(judge.project.files.items()):
        handlers = handler_lines(text)
        for line, start in sorted(definition_lines(text).items()):
            seen = [run.get((path, start), set()) for run in runs]
            sure, maybe = set.intersection(*seen), set.union(*seen)
            claimed, where = told[path, line], f"{path}:{line}"
            counts["paths"] += len(sure)
            lacks = {p for p in sure - claimed if p.split(":")[0] in decided}
            extra = {p for p in claimed - maybe if p.split(":")[0] in decided and not lazily(judge, p, path)}
            if lacks or extra:
                for run in every_order(judge):
                    lacks &= run.get((path, start), set())
                    extra -= run.get((path, start), set())
            lacks, extra = sorted(lacks), sorted(extra)
            if lacks:
                found.append(Disagreement("paths", where, "lacks", "has", " ".join(lacks)))
            extra = [p for p in extra if not only_in_handlers(texts[p.split(":")[0]], p.split(":")[1])]
            if extra and (maybe or line not in handlers):
                found.append(Disagreement("paths", where, "claims", "not", " ".join(extra)))
    return found


def lazily(judge, path, definition):
    """Does a module `__getattr__` give the path, and is what it gives defined in `definition`?"""
    module, name = path.split(":")
    code = ("import importlib, sys\n"
            f"value = getattr(importlib.import_module({module!r}), {name!r})\n"
            f"answer = {name!r} not in vars(sys.modules[{module!r}]) and value.__module__")
    answer = judge.ask([("run", code)])[0]
    return answer["answer"] == projects.module_name(definition)[0]


CHECKS = {"row": check_rows, "import": check_imports, "module": check_imports, "paths": check_identities}


def disagreements(oracle, graph, folder, files, counts, only=None, known=None):
    """All disagreements over a project, or those of the kind `only`; Tainted when it fails for other reasons."""
    judge = Judge(oracle, Project(folder, files), known)
    for row in judge.project.rows:
        if row.module and row.module.split(".")[0] not in judge.project.owned | set(sys.stdlib_module_names):
            raise Tainted()  # what is not installed may be installed elsewhere
    for world in range(len(judge.project.worlds)):
        judge.statuses(world)
    checks = [CHECKS[only]] if only in CHECKS else [check_rows, check_imports, check_identities]
    return [found for check in checks for found in check(judge, graph, counts)]
