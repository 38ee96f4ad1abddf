"""What the sources of an installed package say by themselves: its modules, import rows, names, probes.

Entry points: find_modules, Source. No module is imported; interpreter and sources meet in record_package.py.
"""
import ast
import collections
import keyword
import os
import random
import tokenize

import projects

SUFFIX = ".cpython-"  # of extension modules, e.g. _x.cpython-311-x86_64-linux-gnu.so
MODULE_PROBES = {"t": 5, "i": 5, "s": 3, "k": 1, "p": 2}  # at most, for each module
PROBED_MODULES = 300

# file, line, column, from? (0 or 1), dots, absolute module, name (None: the module itself), context
ImportRow = collections.namedtuple("ImportRow", "file line column kind level module name flags")


def find_modules(base, roots):
    """{dotted name: (path below base or None, "pkg" | "py" | "ext" | "ns")} of what stands under `roots`."""
    found = {}
    for root in roots:
        for folder, names, files in os.walk(os.path.join(base, root)):
            names[:] = sorted(n for n in names if n.isidentifier() and n != "__pycache__")
            below = os.path.relpath(folder, base)
            package = below.replace("/", ".")
            if "__init__.py" in files:
                found[package] = (f"{below}/__init__.py", "pkg")
            else:
                found.setdefault(package, (None, "ns"))
            for name in sorted(files, reverse=True):
                stem, _, ending = name.partition(".")
                if stem == "__init__" or not stem.isidentifier():
                    continue
                if name.endswith(".so") and (SUFFIX in name or ending in ("so", "abi3.so")):
                    found[f"{package}.{stem}"] = (f"{below}/{name}", "ext")
                elif ending == "py":
                    found.setdefault(f"{package}.{stem}", (f"{below}/{name}", "py"))
        if os.path.isfile(os.path.join(base, root + ".py")):
            found.setdefault(root, (root + ".py", "py"))
    filled = {".".join(parts[:count]) for name, (path, _) in found.items() if path
              for parts in [name.split(".")] for count in range(1, len(parts) + 1)}
    return {name: found[name] for name in sorted(found) if name in filled}


def words_of_handler(handler):
    """The flag that a handler gives to the body of its try, and does it raise again?"""
    names = {getattr(n, "id", getattr(n, "attr", "")) for n in ast.walk(handler.type)} if handler.type else set()
    again = any(isinstance(statement, ast.Raise) for statement in handler.body)
    if handler.type is None:
        return "b", again
    if names & {"ImportError", "ModuleNotFoundError"}:
        return "i", again
    return ("e" if names & {"Exception", "BaseException"} else "o"), again


def words_of_try(node):
    told = [words_of_handler(handler) for handler in node.handlers]
    flags = {flag for flag, _ in told}
    if flags & set("ieb"):
        flags.discard("o")
        if any(again for flag, again in told if flag != "o"):
            flags.add("r")
    return flags


def is_main_test(test):
    return ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__")


def is_type_checking(test):
    return isinstance(test, (ast.Name, ast.Attribute)) and ast.unparse(test).split(".")[-1] == "TYPE_CHECKING"


def arms(node):
    """The child statements of a compound statement with the flags that standing there adds."""
    if isinstance(node, ast.If):
        if is_type_checking(node.test):
            return [(node.body, {"T"}), (node.orelse, {"I"})]
        if is_main_test(node.test):
            return [(node.body, {"M", "I"}), (node.orelse, {"I"})]
        text = ast.unparse(node.test)
        added = {"I", "V"} if any(w in text for w in ("version", "platform", "os.name", "PY2", "PY3")) else {"I"}
        return [(node.body, added), (node.orelse, added)]
    if isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
        flags = words_of_try(node)
        inside = {"H"} | ({"h"} if flags & set("ieb") else set())
        return [(node.body, flags), (node.orelse, {"L"}), (node.finalbody, set())] + [
            (handler.body, inside) for handler in node.handlers]
    if isinstance(node, (ast.With, ast.AsyncWith)):
        text = " ".join(ast.unparse(item.context_expr) for item in node.items)
        guarded = ("suppress" in text or "raises" in text) and "Error" in text
        return [(node.body, {"s"} if guarded else set())]
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        return [(node.body, {"W"}), (node.orelse, set())]
    if isinstance(node, ast.Match):
        return [(case.body, {"I"}) for case in node.cases]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [(node.body, {"f"})]
    if isinstance(node, ast.ClassDef):
        return [(node.body, {"c"})]
    return []


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
UNCERTAIN = set("IiebohHLW")


def targets(node):
    """The names that one statement binds in the namespace it stands in, its own blocks left out."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Import):
        return [a.asname or a.name.split(".")[0] for a in node.names]
    if isinstance(node, ast.ImportFrom):
        return [a.asname or a.name for a in node.names]
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return []
    found, todo = [], [node]
    while todo:
        here = todo.pop()
        if isinstance(here, ast.Name) and isinstance(here.ctx, ast.Store):
            found.append(here.id)
        todo += [child for child in ast.iter_child_nodes(here)
                 if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.Lambda, ast.ListComp, ast.SetComp,
                                           ast.DictComp, ast.GeneratorExp, ast.match_case))]
    return found


class Source:
    """One Python file of the package: `rows` (ImportRow), `bound` (names that module level binds), `defined` (by def or
    class), `conditional`, `stars` (modules star-imported at module level), `words` (all identifiers)."""

    def __init__(self, base, path, module, package):
        self.path, self.module, self.package = path, module, package
        self.rows, self.bound, self.defined, self.stars = [], set(), set(), []
        self.conditional, self.words = set(), set()
        with tokenize.open(os.path.join(base, path)) as source:
            tree = ast.parse(source.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                self.conditional.update(node.names)
            for field in ("id", "attr", "arg"):
                if isinstance(getattr(node, field, None), str):
                    self.words.add(getattr(node, field))
        self.visit(tree.body, frozenset(), False)

    def visit(self, body, flags, in_scope):
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.add_rows(node, flags)
            if not in_scope:
                self.bind(node, flags)
            inner = in_scope or isinstance(node, FUNCTIONS + (ast.ClassDef,))
            for block, added in arms(node):
                self.visit(block, flags | added, inner)

    def bind(self, node, flags):
        names = targets(node)
        self.bound.update(names)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.defined.add(node.name)
        if "*" in names:
            self.stars.append(projects.absolute(self.module, self.package, node.level, node.module))
        decided = "T" in flags or "M" in flags
        if not decided and (flags & UNCERTAIN or isinstance(node, (ast.For, ast.While))):
            self.conditional.update(names)

    def add_rows(self, node, flags):
        level = getattr(node, "level", 0)
        for alias in node.names:
            if isinstance(node, ast.Import):
                kind, target, name = 0, alias.name, None
            else:
                kind, name = 1, alias.name
                target = projects.absolute(self.module, self.package, level, node.module)
            self.rows.append(ImportRow(self.path, node.lineno, node.col_offset, kind, level,
                                       "." * level + (node.module or "") if target is None else target, name,
                                       flags))


def read_sources(base, modules):
    """({module: Source}, [[path, error]] of the files that do not parse)."""
    sources, broken = {}, []
    for module, (path, kind) in modules.items():
        if kind not in ("pkg", "py"):
            continue
        try:
            sources[module] = Source(base, path, module, kind == "pkg")
        except (SyntaxError, ValueError, RecursionError) as error:
            broken.append([path, str(error)])
    return sources, broken


def pick_probes(unit, modules, sources):
    """[(module, name, tag)]: names that a reader might think a module has and nobody imports; always the same ones."""
    chance = random.Random(unit)
    imported = {(row.module, row.name) for source in sources.values() for row in source.rows}
    elsewhere = sorted({name for module, name in imported if name and name != "*" and module.split(".")[0] in
                        {m.split(".")[0] for m in modules}})
    asked = sorted(m for m in sources if not m.endswith("__main__") and not any(map(keyword.iskeyword, m.split("."))))
    if len(asked) > PROBED_MODULES:
        asked = sorted(chance.sample(asked, PROBED_MODULES))
    probes = []
    for module in asked:
        source = sources[module]
        below = {name.split(".")[-1] for name in modules if name.rpartition(".")[0] == module}
        starred = {word for star in source.stars if star in sources for word in sources[star].words}
        known = source.bound | below
        groups = {"t": source.bound - {"*"}, "k": below, "i": source.words - known, "s": starred - known - source.words,
                  "p": set(chance.sample(elsewhere, min(20, len(elsewhere)))) - known - source.words}
        for tag, limit in MODULE_PROBES.items():
            names = sorted(n for n in groups[tag] if (module, n) not in imported and n.isidentifier()
                           and not n.startswith("__"))
            probes += [(module, name, tag) for name in sorted(chance.sample(names, min(limit, len(names))))]
    return probes
