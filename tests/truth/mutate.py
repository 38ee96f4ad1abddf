#!/usr/bin/env python3
"""Breaks real packages on purpose and asks whether pydefrag finds what CPython trips over, and nothing else.

  mutate.py BINARY [--seed N] [--count 300] [--packages a,b,c] [--jobs 2]

Each mutation deletes a symbol, moves a module, adds a re-export with a consumer, or deprecates a module or a symbol.
CPython's imports and `is` say which import statements it touches. Needs the packages under SITE (packages.py).
"""
import argparse
import collections
import concurrent.futures
import random
import shutil
import sys
import tempfile
import time

import agreement
import mutations
import packages
import projects
import tool

TRIES = 40  # proposals for each mutation that has an effect
CODES = {"delete-symbol": {"DFG202"}, "move-module": {"DFG201", "DFG202", "DFG207"}, "re-export": {"DFG101"},
         "deprecate-module": {"DFG301"}, "deprecate-symbol": {"DFG302"}}


class Score:
    def __init__(self):
        self.expected = collections.Counter()  # (kind, class) -> rows
        self.found = collections.Counter()
        self.new = collections.Counter()       # kind -> new findings
        self.false = collections.Counter()
        self.mutations = collections.Counter()
        self.notes = []

    def add(self, other):
        for field in ("expected", "found", "new", "false", "mutations"):
            getattr(self, field).update(getattr(other, field))
        self.notes += other.notes


class Worker:
    """One package, its interpreter server, and what pydefrag says of it unbroken."""

    def __init__(self, binary, name):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="truth-")
        self.package = packages.Package(name, self.folder)
        self.oracle = self.package.start_oracle()
        self.before = {f["id"]: f for f in self.check()}
        self.known = {}

    def close(self):
        self.oracle.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def check(self):
        told, _ = tool.check(self.binary, self.folder, options=("--isolated", "--jobs", "1"))
        return told["findings"]

    def ask(self, jobs):
        return self.oracle.ask(self.folder, jobs, prelude=self.package.prelude)

    def truths(self, rows):
        """{(module, name): result} as the files stand now."""
        wanted = collections.defaultdict(set)
        for row in rows:
            if row.module:
                wanted[row.module].add(row.name)
        jobs = [("reach", m, sorted(names, key=str)) for m, names in sorted(wanted.items())]
        results = {}
        for (_, module, names), answers in zip(jobs, self.ask(jobs) if jobs else []):
            if isinstance(answers, dict):  # died
                answers = [answers] * len(names)
            results.update({(module, name): a["result"] for name, a in zip(names, answers)})
        return results

    def truths_before(self, rows):
        new = [r for r in rows if (r.module, r.name) not in self.known]
        self.known.update(self.truths(new))
        return self.known

    def same(self, mutation, rows):
        """The rows that get the very object `mutation.module`.`mutation.name`."""
        pairs = sorted({(r.module, r.name) for r in rows})
        code = ("import importlib\n"
                f"def get(m, n):\n    return getattr(importlib.import_module(m), n)\n"
                f"wanted = get({mutation.module!r}, {mutation.name!r})\n"
                "answer = []\n"
                f"for pair in {pairs!r}:\n"
                "    try: answer.append(get(*pair) is wanted)\n"
                "    except BaseException: answer.append(False)\n")
        told = self.ask([("run", code)])[0]
        hits = {p for p, hit in zip(pairs, told.get("answer") or []) if hit} if told["result"] == "ok" else set()
        return [r for r in rows if (r.module, r.name) in hits]

    def warns(self, mutation):
        """Does importing the mutated module emit the DeprecationWarning?"""
        code = ("import importlib, warnings\n"
                "with warnings.catch_warnings(record=True) as seen:\n"
                "    warnings.simplefilter('always')\n"
                f"    importlib.import_module({mutation.module!r})\n"
                f"answer = any({mutation.module + ' is deprecated'!r} in str(w.message) for w in seen)")
        return bool(self.oracle.ask(self.folder, [("run", code)])[0].get("answer")) or \
            self.ask([("run", code)])[0]["result"] == "ok"

    # One mutation -------------------------------------------------------------------------------------------
    def effect(self, mutation, rows, about):
        """Rows on which a finding is due, or None when CPython does not feel the mutation."""
        before = self.truths_before([r for r in about if r.path not in mutation.edits or r.path != mutation.new_path])
        before = dict(before)
        with packages.Edited(self.package, mutation.edits):
            after = self.truths(about)
            if mutation.kind == "re-export":
                stray = [r for r in rows if (r.path, r.line) == mutation.expected]
                return (stray if self.same(mutation, stray) else None), after
            if mutation.kind == "deprecate-symbol":
                return self.same(mutation, [r for r in about if after.get((r.module, r.name)) == "ok"]), after
            if mutation.kind == "deprecate-module":
                due = [r for r in about if after.get((r.module, r.name)) == "ok"]
                return (due if self.warns(mutation) else None), after
        due = []
        for row in about:
            result = after.get((row.module, row.name), "missing-module")
            was = "ok" if row.path == mutation.new_path else before.get((row.module, row.name))
            if result in agreement.MISSING and was == "ok":
                due.append(row)
        return due, after

    def run(self, kind, chooser, score):
        """One mutation that has an effect; False when none was found."""
        for _ in range(TRIES):
            mutation = mutations.propose(kind, self.package, chooser)
            if mutation is None:
                continue
            rows = self.package.rows_with(mutation.edits)
            about = mutations.rows_about(mutation, rows)
            due, after = self.effect(mutation, rows, about)
            classes = {row: self.row_class(mutation, row) for row in due or ()}
            if "core" in classes.values():
                with packages.Edited(self.package, mutation.edits):
                    self.judge(mutation, rows, classes, after, score)
                return True
        return False

    def row_class(self, mutation, row):
        """core: a finding is demanded. Others are counted apart, or not at all ("free")."""
        deprecation = mutation.kind.startswith("deprecate")
        own = self.package.modules.get(mutation.module)
        if deprecation and (row.path == own or self.is_ancestor(row.path, mutation.module) or row.name == "*"):
            return "free"
        text = mutation.edits.get(row.path) or self.package.files[row.path]
        return projects.row_class(row, projects.row_contexts(text), text)

    @staticmethod
    def is_ancestor(path, module):
        return path.endswith("__init__.py") and module.startswith(projects.module_name(path)[0] + ".")

    def judge(self, mutation, rows, classes, after, score):
        kind = mutation.kind
        score.mutations[kind] += 1
        old = {(f["code"], f["range"]["start"]["line"]) for f in self.before.values()
               if f["path"] == mutation.old_path}
        new = [f for f in self.check() if f["id"] not in self.before]
        new = [f for f in new if not (f["path"] == mutation.new_path and
                                      (f["code"], f["range"]["start"]["line"]) in old)]
        places = collections.defaultdict(set)
        for finding in new:
            places[finding["path"], finding["range"]["start"]["line"]].add(finding["code"])
        for row, word in sorted(classes.items(), key=str):
            codes = places[row.path, row.line] | places[row.path, row.statement]
            score.expected[kind, word] += 1
            if codes & (CODES[kind] | ({"DFG205"} if word == "guarded" else set())):
                score.found[kind, word] += 1
            elif word == "core":
                score.notes.append(f"MISS  {mutation.note}: {row.path}:{row.line} {projects.shown(row)} "
                                   f"is {after.get((row.module, row.name), 'touched')}; said {sorted(codes) or 'nothing'}")
        due = {(r.path, line) for r in classes for line in (r.line, r.statement)}
        for finding in new:
            score.new[kind] += 1
            reason = self.unjust(mutation, finding, rows, due)
            if reason:
                score.false[kind] += 1
                score.notes.append(f"FALSE {mutation.note}: {finding['path']}:{finding['range']['start']['line']} "
                                   f"{finding['code']} {finding['message']} [{reason}]")

    def unjust(self, mutation, finding, rows, due):
        """Why the mutation did not cause the finding; None when it did."""
        place = (finding["path"], finding["range"]["start"]["line"])
        code = finding["code"]
        told = " ".join([finding["message"], finding.get("cause", ""), *finding.get("symbols", [])])
        if code in CODES[mutation.kind] | {"DFG205"} and place in due:
            return None
        if code in ("DFG201", "DFG202", "DFG205", "DFG207"):
            here = [r for r in rows if r.path == place[0] and place[1] in (r.line, r.statement)]
            results = set(self.truths(here).values()) | ({"missing-module"} if any(not r.module for r in here) else set())
            if not here or not results & set(agreement.MISSING):
                return "CPython: " + ", ".join(sorted(results)) if here else "no import statement there"
            return None if set(self.truths_before(here).values()) else "not caused"
        if code in ("DFG203", "DFG206"):
            pairs = [s.split(":") for s in finding.get("symbols", []) if s.count(":") == 1]
            results = [self.truths([projects.Row("", 0, 0, m, n, None)])[m, n] for m, n in pairs]
            return None if results and set(results) <= set(agreement.MISSING) else f"CPython: {results}"
        if code == "DFG401":
            module = projects.module_name(place[0])[0]
            return None if self.ask([("status", module)])[0]["result"] == "fails" else "CPython imports it"
        if code == "DFG101" and mutation.new_path:
            # The moved file's imports count as uses from outside its old package: two paths may now be in use.
            moved = {r.name for r in rows if r.path == mutation.new_path and r.name}
            return None if moved & {s.split(":")[-1] for s in finding.get("symbols", [])} else "not about the moved file"
        subject = mutation.name or mutation.module.rpartition(".")[2]
        return None if subject in told else "not about " + subject


def run_share(binary, package, kind, count, seed):
    """`count` mutations of one kind on one package."""
    score, chooser = Score(), random.Random(f"{seed} {package} {kind}")
    worker = Worker(binary, package)
    try:
        for _ in range(count):
            if not worker.run(kind, chooser, score):
                score.notes.append(f"{package}: no more {kind} with an effect")
                break
    finally:
        worker.close()
    return score


def print_score(score, seconds):
    for note in score.notes:
        print(note)
    print(f"{'kind':18} {'mutations':>9} {'due':>6} {'found':>6} {'recall':>7} {'new':>6} {'false':>6} {'precision':>9}")
    for kind in mutations.KINDS:
        due, found = score.expected[kind, "core"], score.found[kind, "core"]
        new, false = score.new[kind], score.false[kind]
        print(f"{kind:18} {score.mutations[kind]:9} {due:6} {found:6} {found / due if due else 1:7.3f} {new:6} {false:6} "
              f"{(new - false) / new if new else 1:9.3f}")
    apart = sorted(k for k in score.expected if k[1] != "core")
    print("apart: " + ", ".join(f"{k} {word} {score.found[k, word]}/{score.expected[k, word]}" for k, word in apart))
    due = sum(n for k, n in score.expected.items() if k[1] == "core")
    found = sum(n for k, n in score.found.items() if k[1] == "core")
    print(f"in all: {sum(score.mutations.values())} mutations, recall {found}/{due} = {found / max(due, 1):.4f}, "
          f"false {sum(score.false.values())} of {sum(score.new.values())} new findings, {seconds:.0f} s")
    return due > 0 and found >= 0.98 * due and not score.false


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--packages", default="django,scrapy,matplotlib")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    begin = time.monotonic()
    names = packages.available(options.packages.split(","))
    shares = [(package, kind) for kind in mutations.KINDS for package in names]
    score = Score()
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(run_share, options.binary, package, kind,
                            options.count // len(shares) + (place < options.count % len(shares)), options.seed)
                for place, (package, kind) in enumerate(shares)]
        for run in runs:
            score.add(run.result())
    return 0 if print_score(score, time.monotonic() - begin) else 1


if __name__ == "__main__":
    sys.exit(main())
