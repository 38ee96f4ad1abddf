#!/usr/bin/env python3
"""The hardest cases: for each project under fixtures/cpython pydefrag says what CPython does.

  hard25_test.py BINARY [--matrix] [CASE ...]

Every case: import rows, failing modules and identities agree with CPython (agreement.py). T01-T25: the findings that
semantics.md section 10 asks for, and no others of these kinds. --matrix prints one line a case for docs/agreement.md.
"""
import argparse
import collections
import os
import sys

import agreement
import cases
import oracle
import tool

EXISTENCE = ("DFG201", "DFG202", "DFG203", "DFG204", "DFG206", "DFG207")

# (path, line, codes of which one is due there); line 0: anywhere in the file.
DUE = {
    "T03": [("by_attribute.py", 3, ("DFG203",))],
    "T04": [("alias.py", 1, ("DFG201", "DFG202", "DFG203"))],
    "T06": [("q/__init__.py", 1, ("DFG206",))],
    "T07": [("c.py", 1, ("DFG401",))],
    "T08": [("", 0, ("DFG401",))],
    "T09": [("", 0, ("DFG401",))],
    "T10": [("", 0, ("DFG401",))],
    "T11": [("", 0, ("DFG401",))],
    "T13": [("", 0, ("DFG102",))],
    "T14": [("both.py", 0, ("DFG102",))],
    "T15": [("", 0, ("DFG102",))],
    "T16": [("p2/use.py", 2, ("DFG201",))],
    "T18": [("use_m.py", 1, ("DFG202",)), ("use_z.py", 1, ("DFG202",))],
    "T19": [("g1.py", 2, ("DFG202",)), ("g3.py", 3, ("DFG203",))],
    "T21": [("use.py", line, ("DFG202",)) for line in (1, 2, 3, 5, 6, 7, 8, 9)],
    "T22": [("plain.py", 1, ("DFG201", "DFG202", "DFG401"))],
    "T23": [("use_old.py", 1, ("DFG301",)), ("use_leaf.py", 1, ("DFG301",)), ("use_shim_old.py", 1, ("DFG302",))],
    "T24": [("t.py", 20, ("DFG204",)), ("t.py", 30, ("DFG204",)), ("t.py", 35, ("DFG204",))],
}

# (path, or "" for every file, codes that must not be reported there)
SILENT = {
    "T01": [("", EXISTENCE)],
    "T02": [("", EXISTENCE)],
    "T03": [("by_import.py", EXISTENCE)],
    "T04": [("plain.py", EXISTENCE)],
    "T05": [("", EXISTENCE)],
    "T06": [("use_p.py", EXISTENCE), ("p/__init__.py", EXISTENCE)],
    "T07": [("a.py", ("DFG401",)), ("b.py", ("DFG401",)), ("", EXISTENCE)],
    "T12": [("", EXISTENCE)],
    "T13b": [("", ("DFG102",))],
    "T14": [("method.py", ("DFG102",) + EXISTENCE)],
    "T17": [("", EXISTENCE)],
    "T18": [("use_k.py", EXISTENCE)],
    "T19": [("g2.py", ("DFG201", "DFG202")), ("g4.py", ("DFG201", "DFG202"))],
    "T20": [("", EXISTENCE)],
    "T22": [("t.py", EXISTENCE)],
    "T23": [("use_guard.py", ("DFG301", "DFG302")), ("use_new.py", ("DFG301", "DFG302"))],
    "T25": [("", ("DFG102",))],
}


def options(case):
    """Cases with a configuration file of their own are not isolated from it."""
    configured = os.path.exists(os.path.join(case.root, "pydefrag.toml"))
    return ("--jobs", "1") if configured else ("--isolated", "--jobs", "1")


def compare(binary, interpreter, case):
    """Disagreements of the linked model with CPython, as text."""
    if case.several_worlds:
        return []
    graph, _ = tool.graph(binary, case.root, options=options(case))
    try:
        found = agreement.disagreements(interpreter, graph, case.root, case.files, collections.Counter())
    except agreement.Tainted:  # it ends in an error of another kind: only the rows can be compared
        judge = agreement.Judge(interpreter, agreement.Project(case.root, case.files))
        found = agreement.check_rows(judge, graph, collections.Counter())
    return [f"{d.kind} {d.where}: pydefrag {d.tool}, CPython {d.python}: {d.detail}" for d in found]


def wrong_findings(binary, case):
    """What `check` lacks or says too much, as text."""
    if case.id not in DUE and case.id not in SILENT:
        return []
    told, _ = tool.check(binary, case.root, options=options(case))
    seen = [(f["path"], f["range"]["start"]["line"], f["code"], f["message"]) for f in told["findings"]]
    wrong = []
    for path, line, codes in DUE.get(case.id, ()):
        if not any(code in codes and (not path or path == p) and (not line or line == n) for p, n, code, _ in seen):
            wrong.append(f"check: no {' or '.join(codes)} at {path or 'any file'}:{line}")
    due = DUE.get(case.id, ())
    for path, codes in SILENT.get(case.id, ()):
        wrong += [f"check: {p}:{n} {code} {message}" for p, n, code, message in seen if code in codes
                  and (not path or path == p) and not any(p == d[0] and code in d[2] for d in due)]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--matrix", action="store_true")
    parser.add_argument("case", nargs="*")
    given = parser.parse_args()
    failed = 0
    with oracle.Oracle(warm=[]) as interpreter:
        for case in cases.all_cases():
            if given.case and case.id not in given.case:
                continue
            try:
                wrong = compare(given.binary, interpreter, case) + wrong_findings(given.binary, case)
            except tool.ToolFailed as error:
                wrong = [str(error)]
            failed += bool(wrong)
            if given.matrix:
                print(f"| {case.id} {case.told['title']} | {'; '.join(wrong) or 'ok'} |")
            elif wrong:
                print("\n    ".join([f"{case.name}:"] + wrong))
    print(f"{failed} cases disagree")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
