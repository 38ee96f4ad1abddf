#!/usr/bin/env python3
"""A stand-in for pydefrag that knows CPython's answers: it checks the checkers.

  mirror.py graph --root DIR ... [with TRUTH_LIE=row|import|paths: one claim of that kind is turned round]

Only what agreement.py reads is printed.
"""
import collections
import json
import os
import sys

import agreement
import oracle
import projects


def read(root):
    files = {}
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as source:
                    files[os.path.relpath(os.path.join(folder, name), root)] = source.read()
    return files


def row_status(judge, row):
    if row.module is None:
        return "missing-module"
    if row.module.split(".")[0] not in judge.project.owned | set(sys.stdlib_module_names):
        return "external"
    verdicts = [judge.row(row.module, row.name, world, ()) for world in range(len(judge.project.worlds))]
    own = judge.row(row.module, row.name, 0, tuple(judge.project.modules))
    if "ok" in verdicts or own == "ok":
        return "resolved"
    return verdicts[0] if set(verdicts) <= set(agreement.MISSING) else "unknown"


def graph(judge):
    worlds = range(len(judge.project.worlds))
    imports = [{"path": r.path, "line": r.line, "column": 1, "module": r.module, "name": r.name, "context": [],
                "status": row_status(judge, r)} for r in judge.project.rows]
    failing = [{m for m, a in judge.statuses(w).items() if a["result"] == "fails"} for w in worlds]
    modules = [{"name": m, "import": {"status": "fails" if all(m in f for f in failing) else "ok"}}
               for m in judge.project.modules]
    runs, _ = agreement.observed_paths(judge)
    paths = collections.defaultdict(set)
    for run in runs:
        for key, found in run.items():
            paths[key] |= found
    lines = {(path, start): line for path, text in judge.project.files.items()
             for line, start in agreement.definition_lines(text).items()}
    definitions = [{"kind": "class", "path": key[0], "line": lines.get(key, key[1]), "paths": sorted(found)}
                   for key, found in sorted(paths.items())]
    return {"imports": imports, "modules": modules, "definitions": definitions}


def lie(told, kind):
    if kind == "row":
        row = next((r for r in told["imports"] if r["status"] == "resolved"), None)
        if row:
            row["status"] = "missing-name"
    if kind == "import":
        for module in told["modules"][:1]:
            module["import"]["status"] = "fails" if module["import"]["status"] == "ok" else "ok"
    if kind == "paths" and told["definitions"]:
        told["definitions"][0]["paths"] = []


def main():
    root = sys.argv[sys.argv.index("--root") + 1]
    with oracle.Oracle() as interpreter:
        judge = agreement.Judge(interpreter, agreement.Project(root, read(root)))
        try:
            told = graph(judge)
        except agreement.Tainted:
            told = {"imports": [], "modules": [], "definitions": []}
    lie(told, os.environ.get("TRUTH_LIE"))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
