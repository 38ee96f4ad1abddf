#!/usr/bin/env python3
"""Writes docs/agreement.md: the matrix of cases with pydefrag's column, and the scores.

  agreement_page.py BINARY [--oracle FILE] [--differential FILE]

BINARY is run over the cases in fixtures/cpython and compared with the machine's CPython. FILEs are what the oracle's
run_tool.py and differential.py printed; without them the page keeps the scores that it has.
"""
import argparse
import os
import re

import cases
import hard25_test
import oracle
import tool

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "docs", "agreement.md")
HEAD = """# Agreement with CPython

Written by `tests/truth/agreement_page.py`; do not edit. What CPython does is the only measure: every case is executed
by it, and pydefrag's import rows, import outcomes and paths are compared with what happened.

## The cases

`ok`: agrees with CPython. `unknown`: says of something in the case that it cannot be known. FP: reports what runs.
FN: is silent about what fails. The columns of the other tools were measured with pyright 1.1.414, mypy 1.0.1 and
pylint 2.16.2; those of ty and pyrefly are read from their test suites.

| case | CPython | pydefrag | pyright | mypy | pylint | ty / pyrefly |
|---|---|---|---|---|---|---|
"""
ORACLE_HEAD = """
## Eleven units, as CPython imported them

Ten Debian packages and the standard library; the first number is the precision, the second the recall. `missing`:
claims against import statements. `probes`: names that nobody imports. `aliases`: all paths to one object. What CPython
does with other installed packages is recorded by `tests/truth/record_package.py`, in the same form.

| fact | precision | recall | right, false, missed |
|---|---|---|---|
"""
DIFFERENTIAL_HEAD = """
## Random projects

Small projects made of import structures, executed by CPython and analysed (`tests/truth/differential.py`).

"""


def read_matrix():
    with open(os.path.join(HERE, "matrix.tsv"), encoding="utf-8") as text:
        return [line.rstrip("\n").split("\t") for line in text][1:]


def verdict(binary, interpreter, case):
    """ok, unknown, or what is wrong with one case."""
    wrong = hard25_test.compare(binary, interpreter, case) + hard25_test.wrong_findings(binary, case)
    if wrong:
        return "differs"
    graph, _ = tool.graph(binary, case.root, options=hard25_test.options(case))
    unknown = sum(row["status"] == "unknown" for row in graph["imports"])
    unknown += sum(module["import"]["status"] == "unknown" for module in graph["modules"])
    return "unknown" if unknown else "ok"


def matrix(binary):
    known = {case.id: case for case in cases.all_cases()}
    lines = []
    with oracle.Oracle(warm=[]) as interpreter:
        for numbers, title, python, *others in read_matrix():
            verdicts = [verdict(binary, interpreter, known["C" + n]) for n in numbers.split() if "C" + n in known]
            shown = ", ".join(dict.fromkeys(verdicts)) or "no fixture"
            lines.append("| " + " | ".join([f"{numbers} {title}", python, shown, *others]) + " |\n")
    return "".join(lines)


def oracle_scores(path):
    """The headlines of the total, and the classes that have bars of their own."""
    with open(path, encoding="utf-8") as text:
        total = text.read().split("==== TOTAL")[-1]
    lines, fact = [], ""
    for line in total.split("\n"):
        found = re.match(r"(\w*) *(?:~ )?(HEADLINE|redefined|lazy|guarded) .*P +(\S+) +R +(\S+) +\((.*)\)", line.strip())
        fact = found.group(1) or fact if found else fact
        if found:
            name = fact if found.group(2) == "HEADLINE" else f"{fact}, {found.group(2)}"
            lines.append(f"| {name} | {found.group(3)} | {found.group(4)} | {found.group(5)} |\n")
    notes = re.findall(r"^ *((?:statements CPython|alias sets).*)$", total, re.M)
    return ORACLE_HEAD + "".join(lines) + "".join(f"\n{note[0].upper()}{note[1:]}.\n" for note in notes)


def differential_scores(path):
    with open(path, encoding="utf-8") as text:
        lines = [line for line in text.read().split("\n") if re.match(r"\d+ projects|rows:|modules:|disagree", line)]
    return DIFFERENTIAL_HEAD + "".join(f"    {line}\n" for line in lines)


def kept(title):
    """A section of the page as it is."""
    if not os.path.exists(PAGE):
        return ""
    with open(PAGE, encoding="utf-8") as text:
        found = re.search(rf"\n## {title}.*?(?=\n## |\Z)", text.read(), re.S)
    return found.group(0).rstrip("\n") + "\n" if found else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--oracle")
    parser.add_argument("--differential")
    given = parser.parse_args()
    page = HEAD + matrix(given.binary)
    page += oracle_scores(given.oracle) if given.oracle else kept("Eleven units")
    page += differential_scores(given.differential) if given.differential else kept("Random projects")
    with open(PAGE, "w", encoding="utf-8") as out:
        out.write(page)


if __name__ == "__main__":
    main()
