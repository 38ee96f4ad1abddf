#!/usr/bin/env python3
"""items.tsv accounts for every numbered item of the semantics, and CPython confirms the cases that it names.

  items_test.py [CASE ...]

A row of items.tsv is: item, covering fixtures (space separated) or `-`, and what is covered or why a static tool cannot
decide it. In fixtures/link an import that CPython cannot resolve must carry an expectation and the others none, except
in files named maybe*.py (what they ask for hangs on the machine or on other modules), in guards, and for third-party
modules. Expected deprecations must warn; the object of a fragmented import must be there by another path too.
"""
import os
import re
import shutil
import sys
import tempfile

import agreement
import oracle
import projects

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LINK = os.path.join(ROOT, "fixtures", "link")
ITEMS = {"R": 37, "B": 44, "C": 19, "I": 8, "D": 12, "Y": 12}  # numbered items of each letter
MISSING = {"DFG201", "DFG202", "DFG207", "DFG303"}


def read_items():
    rows = {}
    with open(os.path.join(HERE, "items.tsv"), encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            parts = line.rstrip("\n").split("\t")
            if len(parts) != 3 or not parts[2]:
                raise SystemExit(f"items.tsv:{number}: expected three columns")
            rows[parts[0]] = (parts[1].split() if parts[1] != "-" else [], parts[2])
    return rows


def problems_of_list(rows):
    wanted = [f"{letter}{number:02}" for letter, last in ITEMS.items() for number in range(1, last + 1)]
    for item in sorted(set(wanted) ^ set(rows)):
        yield f"items.tsv: {item} is {'not listed' if item in wanted else 'no item'}"
    for item, (fixtures, _) in sorted(rows.items()):
        for fixture in fixtures:
            if not os.path.exists(os.path.join(ROOT, fixture)):
                yield f"items.tsv: {item}: no {fixture}"


def expectations(files):
    """{(path, line): codes}; a row of carets speaks of the code line above it."""
    found = {}
    for path, text in files.items():
        code_line = 0
        for number, line in enumerate(text.split("\n"), 1):
            carets = re.match(r"\s*#\s*\^+ expect: (DFG\d+)", line)
            if carets:
                found.setdefault((path, code_line), set()).add(carets[1])
            elif not re.match(r"\s*#\s*\^", line):
                code_line = number
                for code in re.findall(r"# expect: (DFG\d+)", line):
                    found.setdefault((path, number), set()).add(code)
    return found


def owned(files):
    return {path.split("/")[0].removesuffix(".py") for path in files if path.endswith(".py")}


def missing_rows(interpreter, root, files):
    """(row, is missing, may differ) for every import row."""
    for path in sorted(p for p in files if p.endswith(".py")):
        text = files[path]
        contexts = projects.row_contexts(text)
        for row in projects.import_rows(path, text):
            if row.module is None:
                yield row, True, False
                continue
            if row.module.split(".")[0] not in owned(files) | set(sys.stdlib_module_names):
                continue
            said, = interpreter.ask(root, [("rows", row.module, [row.name], [])])
            if isinstance(said, dict):
                sys.exit(f"{root}: {row.path}:{row.line}: no answer: {said.get('message')}")
            answer = said[0]["result"]
            guarded = "guarded" in projects.row_class(row, contexts, text)
            lenient = guarded or os.path.basename(path).startswith("maybe")
            yield row, answer in agreement.MISSING, lenient or answer == "module-fails"


def warns(interpreter, root, statement):
    code = f"import warnings; warnings.simplefilter('error')\n{statement}\n"
    types = interpreter.ask(root, [("run", code)])[0].get("types", [])
    return "Warning" in types


def same_object(interpreter, root, first, second):
    code = "import importlib\nget = lambda m, n: getattr(importlib.import_module(m), n)\n" \
        f"answer = get{first!r} is get{second!r}"
    return interpreter.ask(root, [("run", code)])[0].get("answer") is True


def problems_of_case(interpreter, root, name, files, selected):
    due = expectations(files)
    rows = list(missing_rows(interpreter, root, files))
    if "DFG202" in selected:
        for row, missing, lenient in rows:
            said = due.get((row.path, row.line), set()) & MISSING
            if said and not missing:
                yield f"{name}: {row.path}:{row.line}: CPython resolves `{projects.shown(row)}`"
            others = [r for r, m, _ in rows if m and (r.path, r.line) == (row.path, row.line)]
            if missing and not said and not lenient and row in others:
                yield f"{name}: {row.path}:{row.line}: CPython does not resolve `{projects.shown(row)}`"
    for row, missing, _ in rows:
        codes = due.get((row.path, row.line), set())
        if "DFG301" in selected and not missing:
            quiet = not warns(interpreter, root, projects.shown(row))
            if "DFG301" in codes and quiet:
                yield f"{name}: {row.path}:{row.line}: no warning on `{projects.shown(row)}`"
            here = projects.module_name(row.path)[0]
            if not codes and not quiet and not row.module.startswith(here):
                yield f"{name}: {row.path}:{row.line}: `{projects.shown(row)}` warns"
        if "DFG101" in codes:
            others = {(r.module, r.name) for r, _, _ in rows if r.name and r.module != row.module}
            if not any(same_object(interpreter, root, (row.module, row.name), other) for other in others):
                yield f"{name}: {row.path}:{row.line}: nothing else imports that object"


def main():
    wanted = sys.argv[1:]
    found = list(problems_of_list(read_items())) if not wanted else []
    checked = 0
    folder = tempfile.mkdtemp(prefix="truth-")
    with oracle.Oracle() as interpreter:
        for file in sorted(os.listdir(LINK)):
            if wanted and file.removesuffix(".pycase") not in wanted:
                continue
            with open(os.path.join(LINK, file), encoding="utf-8") as text:
                header, files = projects.parse_case(text.read())
            root = os.path.join(os.path.realpath(folder), file)
            projects.write_project(root, files)
            selected = re.search(r"--select (\S+)", header)
            selected = selected[1].split(",") if selected else ["DFG101", "DFG202", "DFG301"]  # all rules
            found += problems_of_case(interpreter, root, file, files, selected)
            checked += 1
    shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(found + [f"{checked} cases checked, {len(found)} problems"]))
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
