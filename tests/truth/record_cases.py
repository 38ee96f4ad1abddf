#!/usr/bin/env python3
"""Runs CPython over fixtures/cpython and writes what it says into each cpython.json.

  record_cases.py [--check] [CASE ...]     with --check nothing is written; exit status 1 if an answer differs

`commands` are run by real interpreters; module status, import rows and identities by the interpreter server.
"""
import argparse
import json
import os
import subprocess
import sys

import cases
import oracle
import projects


def run_command(case, command):
    """The last line that one command prints, and whether it succeeded."""
    call = [sys.executable, "-B", "-s"]
    if "warnings" in command:
        call += ["-W", command["warnings"]]
    call += ["-c", command["code"]] if "code" in command else [command["script"]]
    done = subprocess.run(call, cwd=case.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False,
                          env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(case.told["path"])})
    last = (done.stdout.strip().splitlines() or [""])[-1].replace(case.root + "/", "")
    return {"exit": done.returncode, "says": last}


def outcome(case, answer):
    if answer["result"] == "ok":
        return "ok"
    return f"{answer['result']}: {answer['types'][0]}: {answer['message']}".replace(case.root + "/", "")


def record(interpreter, case):
    told = {"title": case.told["title"], "path": case.told["path"]}
    if case.several_worlds:
        told["worlds"] = True
    told["commands"] = [dict({k: c[k] for k in ("code", "script", "warnings") if k in c}, **run_command(case, c))
                        for c in case.told["commands"]]
    if case.several_worlds:
        return told
    modules = case.modules()
    ask = lambda jobs: interpreter.ask(case.root, jobs, path=case.path)
    told["modules"] = {m: outcome(case, a) for m, a in zip(modules, ask([("status", m) for m in modules]))}
    rows = [row for path in sorted(case.files) for row in projects.import_rows(path, case.files[path])]
    answers = ask([("rows", r.module, [r.name], []) for r in rows if r.module])
    results = iter(answers)
    told["rows"] = [[f"{r.path}:{r.line}", projects.shown(r), next(results)[0]["result"] if r.module else "beyond-top"]
                    for r in rows]
    identity = ask([("identity", modules)])[0]
    told["identities"] = [[f"{path}:{line}", *paths] for path, line, paths in identity["paths"]]
    return told


def pretty(value):
    """JSON with one row a line."""
    lines = []
    for key, content in value.items():
        if isinstance(content, (list, dict)) and content:
            items = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items()] if isinstance(content, dict) \
                else [json.dumps(v) for v in content]
            opening, closing = ("{", "}") if isinstance(content, dict) else ("[", "]")
            inner = ",\n  ".join(items)
            lines.append(f" {json.dumps(key)}: {opening}\n  {inner}{closing}")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(content)}")
    return "{\n" + ",\n".join(lines) + "}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("case", nargs="*", help="ids such as T04")
    options = parser.parse_args()
    stale = []
    with oracle.Oracle(warm=[]) as interpreter:
        for case in cases.all_cases():
            if options.case and case.id not in options.case:
                continue
            told = record(interpreter, case)
            if told != case.told:
                stale.append(case.name)
                if not options.check:
                    with open(case.record, "w", encoding="utf-8") as out:
                        out.write(pretty(told))
    print(f"{len(stale)} {'differ' if options.check else 'written'}: {' '.join(stale)}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
