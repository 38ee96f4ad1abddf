#!/usr/bin/env python3
"""Records what CPython says about the imports of an installed package, as an oracle file (format 1).

  record_package.py SITE_FOLDER OUT_FOLDER UNIT[=root,root] ... [--python INTERPRETER]

SITE_FOLDER is where the packages are installed (a site-packages folder), UNIT a top-level package there. OUT_FOLDER
receives UNIT.json.gz, which the oracle's score.py and run_tool.py read. The packages are imported for real, with HOME
and the working folder in a scratch folder: use a machine where that may be done. What the file holds: modules with the
outcome of importing each in a fresh interpreter, import rows with results, probes, objects with all their paths,
deprecations. Left empty: duplicates, module_identity, lazy_modules, lazy_names, module_aliases, proxy_modules.
"""
import argparse
import collections
import functools
import gzip
import json
import os
import sys
import tempfile

import oracle
import package_source

FLAGS = "fcTiebrosHhLIVMW"


@functools.cache
def library_source(module):
    """The Source of a module of the standard library, None where it has none."""
    base, path = os.path.dirname(os.__file__), module.replace(".", "/")
    for file in (f"{path}/__init__.py", f"{path}.py"):
        if module.split(".")[0] in sys.stdlib_module_names and os.path.isfile(os.path.join(base, file)):
            return package_source.Source(base, file, module, file.endswith("__init__.py"))
    return None


class Recorder:
    """One unit: its sources, and what the interpreter said of them."""

    def __init__(self, base, unit, roots):
        self.base, self.unit, self.roots = base, unit, roots
        self.modules = package_source.find_modules(base, roots)
        self.sources, self.unparsable = package_source.read_sources(base, self.modules)
        self.rows = [r for s in self.sources.values() for r in s.rows if self.is_asked(r.module)]
        self.probes = package_source.pick_probes(unit, self.modules, self.sources)
        self.told = {}  # module -> what package_server.visit said of it

    def is_asked(self, module):
        top = module.split(".")[0]
        return not top or top in self.roots or top in sys.stdlib_module_names

    def is_skipped(self, module):
        return module.endswith(".__main__") or module == "antigravity"

    def ask(self, server):
        names = collections.defaultdict(set)
        for row in self.rows:
            names[row.module].update({row.name} - {None})
        for module, name, _ in self.probes:
            names[module].add(name)
        wanted, tree = set(), collections.defaultdict(list)
        for module in set(names) | set(self.modules):
            parts = module.split(".")
            wanted.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
        for module in sorted(m for m in wanted if m.split(".")[0] and not self.is_skipped(m)):
            path = self.modules.get(module, (None,))[0]
            tree[module.rpartition(".")[0]].append((module, path and os.path.join(self.base, path)))
        job = ("tree", self.base, list(self.roots), dict(tree), {m: sorted(n) for m, n in names.items()})
        found, = server.ask("", [job], path=[self.base])
        if isinstance(found, dict):
            sys.exit(f"{self.unit}: {found.get('message')}")
        self.told = {answer["module"]: answer for answer in found}

    def failure(self, module):
        """(the prefix of `module` whose import fails first, its error), or (None, None)."""
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            prefix = ".".join(parts[:count])
            error = self.told[prefix]["error"] if prefix in self.told else None
            if error:
                return prefix, error
        return None, None

    def is_c(self, module, seen=()):
        """Only compiled or third-party code can tell what names `module` has."""
        if module in self.modules:
            return self.modules[module][1] == "ext" or any(
                star not in seen and self.is_c(star, (*seen, module))
                for star in getattr(self.sources.get(module), "stars", ()) if star)
        if module.split(".")[0] in sys.stdlib_module_names:
            return "/" not in str(getattr(sys.modules.get(module), "__file__", "/"))
        return True

    def is_conditional(self, module, name):
        source = self.sources.get(module) or library_source(module)
        return source is not None and bool({name, "*"} & source.conditional)

    def classify(self, error):
        """The class of an exception that an import raised."""
        message = error["msg"]
        if error["skip"]:
            return "skip"
        if "partially initialized module" in message:
            return "circular"
        if error["not_found"] and error["name"]:
            if error["name"].split(".")[0] in self.roots:
                return "missing"
            if error["name"].split(".")[0] in sys.stdlib_module_names:
                return "platform"
            return "external"
        if error["import_error"] and message.startswith("cannot import name"):
            module, name = error["name"] or "", message.split("'")[1]
            if not self.is_asked(module):
                return "external"
            return "env" if self.is_conditional(module, name) else "c-module" if self.is_c(module) else "missing"
        return "runtime"

    def exception(self, error):
        told = {"type": error["type"], "msg": error["msg"], "name": error["name"], "at": error["at"],
                "class": self.classify(error)}
        if error["innermost"] and error["innermost"] != error["at"]:
            told["raised_in"] = error["innermost"][0]
        return told

    def result(self, module, name):
        """The `results` entry of `from module import name` (None: of `import module`)."""
        if module.startswith(".") or not module:
            return {"r": "beyond"}
        if self.is_skipped(module):
            return {"r": "skipped"}
        prefix, error = self.failure(module)
        if error:
            shown = f"{error['type']}: {error['msg']}"
            if error["not_found"] and error["name"] == prefix and error["innermost"] is None:
                platform = module.split(".")[0] not in self.roots and "." not in prefix
                return {"r": "mod-platform", "exc": shown} if platform else {
                    "r": "mod-missing", "name": prefix, "exc": shown}
            return {"r": "mod-fails", "exc": shown, "class": self.classify(error), "on_disk": module in self.modules}
        if name is None:
            return {"r": "ok", "how": "m"}
        answer = self.told[module]["names"].get(name, {"r": "unknown"})
        if answer["r"] in ("ok", "unknown", "died"):
            return answer if answer["r"] != "died" else {"r": "unknown"}
        told = {"r": answer["r"], "exc": f"{answer['error']['type']}: {answer['error']['msg']}"}
        if told["r"] == "name-missing":
            if self.is_conditional(module, name):
                told["env"] = True
            elif self.is_c(module):
                told["cmod"] = True
        elif told["r"] == "raises":
            below = f"{module}.{name}" in self.modules
            told["r"] = "sub-fails" if below else "name-error"
            if below:
                told["class"] = self.classify(answer["error"])
        return told

    def status(self, module):
        if self.is_skipped(module):
            return "skipped"
        return "fail" if self.failure(module)[1] else "ok"


class Table:
    """Strings and other values written once, by index."""

    def __init__(self):
        self.values, self.indices = [], {}

    def add(self, value):
        if value is None:
            return -1
        key = json.dumps(value, sort_keys=True)
        if key not in self.indices:
            self.indices[key] = len(self.values)
            self.values.append(value)
        return self.indices[key]


def flags_of(recorder, row, module):
    told = recorder.told.get(module)
    shown = "".join(f for f in FLAGS if f in row.flags)
    if told is None or {"f", "c"} & row.flags or recorder.status(module) != "ok":
        return shown
    return shown + ("x" if row.line in told["lines"] else "n")


def objects(recorder, server):
    """The rows of `aliases`, before the columns."""
    order = [m for m in recorder.modules if recorder.status(m) == "ok"]
    defined = {m: sorted(s.defined) for m, s in recorder.sources.items()}
    asked = collections.defaultdict(set)
    for row in recorder.rows:
        asked[row.module].update({row.name} - {None, "*"})
    for module, source in recorder.sources.items():
        asked[module] |= source.bound - {"*"}
    asked = {m: sorted(n) for m, n in asked.items()}
    runs = [server.ask("", [("objects", list(recorder.roots), list(o), defined, asked)], path=[recorder.base])[0]
            for o in (order, order[::-1])]
    for run in runs:
        if "rows" not in run:
            sys.exit(f"{recorder.unit}: {run.get('message')}")
    second = {tuple(path): row for row in runs[1]["rows"] for path in row["paths"]}
    rows = runs[0]["rows"]
    for row in rows:
        static = [p for p in row["paths"] if p[1] in defined.get(p[0], ())]
        own = [row["module"], row["qualname"]]
        row["static"] = sorted(static, key=lambda p: (p != own, p))
        row["unstable"] = 0
        anchor = next((p for p in row["static"] + row["paths"]), None)
        other = second.get(tuple(anchor)) if anchor else None
        if other is None:  # one path only, in the other order
            absent, new = [p for p in row["paths"] if p != anchor], []
        else:
            absent = [p for p in row["paths"] if p not in other["paths"]]
            new = [p for p in other["paths"] if p not in row["paths"]]
        if absent or new:
            row["unstable"] = [absent, new]
    return rows


def columns(rows, names):
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def document(recorder, server, version):
    strings, exceptions, warnings, results = Table(), Table(), Table(), Table()

    def flat(pairs):
        return [strings.add(part) for pair in pairs for part in pair]

    modules = []
    for module, (path, kind) in recorder.modules.items():
        _, error = (None, None) if recorder.is_skipped(module) else recorder.failure(module)
        told = recorder.told.get(module, {"warnings": []})
        modules.append((module, path, kind, recorder.status(module),
                        exceptions.add(recorder.exception(error)) if error else -1,
                        [warnings.add(w) for w in told["warnings"]]))
    home = {source.path: module for module, source in recorder.sources.items()}
    imports = [(strings.add(r.file), r.line, r.column, r.kind, r.level, strings.add(r.module), strings.add(r.name),
                strings.add(flags_of(recorder, r, home[r.file])), results.add(recorder.result(r.module, r.name)))
               for r in recorder.rows]
    aliases = [(a["kind"], a["type"], strings.add(a["module"]), strings.add(a["qualname"]), flat(a["static"]),
                flat(a["paths"]), flat(a["lazy"]), a["unstable"] and [flat(pairs) for pairs in a["unstable"]])
               for a in objects(recorder, server)]
    probes = []
    for module, name, tag in recorder.probes:
        result = recorder.result(module, name)
        if result["r"] == "ok" or result["r"] == "name-missing":
            shown = result.get("how") or ("?" if result.get("env") else "")
            probes.append((strings.add(module), strings.add(name), tag, shown))
    probes = columns(probes, ("module", "name", "tag", "ok"))
    probes["tag"], probes["ok"] = "".join(probes["tag"]), ",".join(probes["ok"])
    return {
        "format": 1, "unit": recorder.unit, "split": "other", "roots": list(recorder.roots), "python": version,
        "base": recorder.base, "debian": {}, "shadowed": {}, "unparsable": recorder.unparsable, "odd_files": [],
        "externals": {}, "all_bad": {}, "module_identity": [], "lazy_modules": [], "lazy_names": [],
        "module_aliases": [], "proxy_modules": [], "duplicates": [], "alias_pass": {},
        "modules": columns(modules, ("name", "file", "kind", "status", "exc", "warnings")),
        "imports": columns(imports, ("file", "line", "col", "kind", "level", "module", "name", "flags", "result")),
        "aliases": columns(aliases, ("kind", "type", "module", "qualname", "static", "paths", "lazy", "unstable")),
        "probes": probes,
        "conditional": {m: sorted(s.conditional) for m, s in recorder.sources.items() if s.conditional},
        "exceptions": exceptions.values, "warnings": warnings.values, "results": results.values,
        "strings": strings.values}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("site")
    arguments.add_argument("out")
    arguments.add_argument("unit", nargs="+")
    arguments.add_argument("--python", default=sys.executable, help="imports them; of this one's version")
    options = arguments.parse_args()
    os.makedirs(options.out, exist_ok=True)
    base, version = os.path.realpath(options.site), "%d.%d.%d" % sys.version_info[:3]
    for text in options.unit:
        unit, _, roots = text.partition("=")
        recorder = Recorder(base, unit, tuple(roots.split(",")) if roots else (unit,))
        with tempfile.TemporaryDirectory() as scratch:
            os.environ["HOME"] = scratch
            with oracle.Oracle(site=[base], warm=(), python=options.python, script="package_server.py",
                               flags=("-I", "-B", "-W", "always"), cwd=scratch) as server:
                recorder.ask(server)
                told = document(recorder, server, version)
        with gzip.open(os.path.join(options.out, unit + ".json.gz"), "wt", encoding="utf-8") as out:
            json.dump(told, out, separators=(",", ":"))
        print(f"{unit}: {len(told['modules']['name'])} modules, {len(told['imports']['file'])} import rows, "
              f"{len(told['probes']['module'])} probes, {len(told['aliases']['kind'])} objects with two paths")


if __name__ == "__main__":
    main()
