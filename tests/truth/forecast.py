#!/usr/bin/env python3
"""Forecast against fact: breaks real packages on purpose and compares the test modules that pytest fails to collect with
those that pydefrag says it cannot.

  forecast.py BINARY [--seed N] [--count 240] [--packages a,b,c] [--scratch DIR]

Each breakage deletes a symbol, renames a module, closes a cycle or drops a package. SCRATCH keeps the environment with
pytest and the packages, which pip fetches once. Prints precision and recall; both have to be at least 0.99.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
import venv

import breakages
import packages
import tool

PYTEST = "pytest==9.0.2"
# Package -> (requirement, folders of tests that are kept; none: all).
PACKAGES = {
    "networkx": ("networkx==3.2.1", ("networkx/classes/tests", "networkx/generators/tests", "networkx/readwrite/tests",
                                     "networkx/algorithms/tests", "networkx/utils/tests")),
    "tornado": ("tornado==6.4", ()),
    "mpmath": ("mpmath==1.3.0", ()),
}
SETTINGS = "[pytest]\npythonpath = .\npython_files = test_*.py *_test.py\n"


def environment(scratch, names):
    """The interpreter and the site folder of an environment with pytest and the packages."""
    folder = pathlib.Path(scratch) / "environment"
    python = folder / "bin" / "python"
    wanted = [PYTEST] + [PACKAGES[name][0] for name in names]
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(wanted):
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "--disable-pip-version-check", *wanted], check=True, timeout=600)
        stamp.write_text("\n".join(wanted))
    site = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, text=True,
                          capture_output=True).stdout.strip()
    return python, site


class Collector:
    def __init__(self, python):
        server = pathlib.Path(__file__).with_name("collect_server.py")
        self.process = subprocess.Popen([python, server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})

    def ask(self, root):
        print(json.dumps({"root": str(root)}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Subject:
    """A package as a project of its own, with what can be collected of it unbroken."""

    def __init__(self, binary, name, python, site):
        self.binary, self.python, self.collector = binary, python, Collector(python)
        self.folder = tempfile.mkdtemp(prefix="forecast-")
        self.package = packages.Package(name, self.folder, site)
        self.keep_tests(PACKAGES[name][1])
        (pathlib.Path(self.folder) / "pytest.ini").write_text(SETTINGS)
        self.whole = set(self.collector.ask(self.folder)["ok"])

    def keep_tests(self, kept):
        for path in sorted(self.package.files):
            folder = os.path.dirname(path)
            tests = {"tests", "test"} & set(folder.split("/"))
            if kept and tests and folder not in kept:
                os.remove(os.path.join(self.folder, path))
                del self.package.files[path], self.package.trees[path]
        self.package.rows = [r for r in self.package.rows if r.path in self.package.files]
        self.package.modules = {m: p for m, p in self.package.modules.items() if p in self.package.files}

    def close(self):
        self.collector.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def facts(self):
        told = self.collector.ask(self.folder)
        there = {path for path in self.whole if os.path.exists(os.path.join(self.folder, path))}
        return there, there - set(told["ok"]), told["failed"]

    def forecast(self):
        told, _ = tool.check(self.binary, self.folder, options=("--python", str(self.python.parents[1]), "--jobs", "1"))
        files = told["tests"].get("forecast", {}).get("files", [])
        return {f["path"]: f for f in files if f["status"] == "fails"}


class Score:
    def __init__(self):
        self.hits, self.missed, self.false = collections.Counter(), collections.Counter(), collections.Counter()
        self.breakages, self.effective = collections.Counter(), collections.Counter()
        self.notes = []

    def judge(self, subject, breakage):
        with packages.Edited(subject.package, breakage.edits):
            there, failed, reasons = subject.facts()
            forecast = subject.forecast()
        told = set(forecast) & there
        kind = breakage.kind
        self.breakages[kind] += 1
        self.effective[kind] += bool(failed)
        self.hits[kind] += len(failed & told)
        self.missed[kind] += len(failed - told)
        self.false[kind] += len(told - failed)
        for path in sorted(failed - told)[:2]:
            self.notes.append(f"MISSED {breakage.note}: {path}: {reasons.get(path) or reasons}")
        for path in sorted(told - failed)[:2]:
            self.notes.append(f"FALSE  {breakage.note}: {path}: {forecast[path].get('reason')}")

    def print(self, seconds):
        for note in self.notes:
            print(note[:400])
        print(f"{'kind':16} {'breakages':>9} {'effective':>9} {'failed':>7} {'forecast':>8} {'recall':>7} {'precision':>9}")
        for kind in (*breakages.KINDS, "in all"):
            of = sum if kind == "in all" else None
            count = {f: sum(getattr(self, f).values()) if of else getattr(self, f)[kind]
                     for f in ("breakages", "effective", "hits", "missed", "false")}
            failed, told = count["hits"] + count["missed"], count["hits"] + count["false"]
            recall, precision = count["hits"] / failed if failed else 1, count["hits"] / told if told else 1
            print(f"{kind:16} {count['breakages']:9} {count['effective']:9} {failed:7} {told:8} {recall:7.4f} {precision:9.4f}")
        print(f"{seconds:.0f} s")
        return failed > 0 and recall >= 0.99 and precision >= 0.99


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--packages", default=",".join(PACKAGES))
    parser.add_argument("--scratch", default=os.path.join(tempfile.gettempdir(), "pydefrag-forecast"))
    options = parser.parse_args()
    begin = time.monotonic()
    names = options.packages.split(",")
    python, site = environment(options.scratch, names)
    score = Score()
    for name in names:
        subject = Subject(os.path.abspath(options.binary), name, python, site)
        try:
            chooser, done = random.Random(f"{options.seed} {name}"), 0
            while done < options.count // len(names):
                breakage = breakages.propose(breakages.KINDS[done % len(breakages.KINDS)], subject.package, chooser)
                if breakage:
                    score.judge(subject, breakage)
                    done += 1
        finally:
            subject.close()
    return 0 if score.print(time.monotonic() - begin) else 1


if __name__ == "__main__":
    sys.exit(main())
