#!/usr/bin/env python3
"""Breaks real packages on purpose and asks whether pydefrag finds what CPython trips over, and nothing else.

  mutate.py BINARY [--seed N] [--count 300] [--packages a,b,c] [--jobs 2]

Each mutation deletes a symbol, moves a module, adds a re-export with a consumer, or deprecates a module or a symbol.
CPython's imports and `is` say which import statements it touches. Needs the packages under SITE (packages.py).
"""
import argparse
import ast
import collections
import concurrent.futures
import random
import sys
import tempfile
import time

import agreement
import mutations
import packages
import projects
import tool

ENVIRONMENT = "/usr"  # where packages.SITE is looked for
PROGRESS = 5  # mutations for each line on stderr
TRIES = 40  # proposals for each mutation that has an effect
CODES = {"delete-symbol": {"DFG202"}, "move-module": {"DFG201", "DFG202", "DFG207"}, "re-export": {"DFG101"},
         "deprecate-module": {"DFG301"}, "deprecate-symbol": {"DFG302"}}
MISSING_CODES = {"DFG201", "DFG202", "DFG205", "DFG207"}


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

    def __init__(self, binary, name, folder):
        self.binary, self.folder = binary, folder
        self.package = packages.Package(name, folder)
        self.oracle = self.package.start_oracle()
        self.seconds = collections.Counter()  # what is waited for -> for how long
        self.proposed = 0
        self.before = {f["id"]: f for f in self.check()}
        self.known = {}

    def timed(self, word, function, *arguments, **keywords):
        begin = time.monotonic()
        try:
            return function(*arguments, **keywords)
        finally:
            self.seconds[word] += time.monotonic() - begin

    def check(self):
        # With the packages that the interpreter has: what comes from them by `import *` is a name for both.
        told, _ = self.timed("pydefrag", tool.check, self.binary, self.folder,
                             options=("--isolated", "--jobs", "1", "--python", ENVIRONMENT))
        return told["findings"]

    def ask(self, jobs, prelude=None):
        return self.timed("CPython", self.oracle.ask, self.folder, jobs,
                          prelude=self.package.prelude if prelude is None else prelude)

    def progress(self, kind, done, count):
        """One line on stderr, for whoever waits."""
        waited = ", ".join(f"{word} {seconds:.0f} s" for word, seconds in sorted(self.seconds.items()))
        print(f"{self.package.name} {kind} {done}/{count}: {self.proposed} proposals, {waited}", file=sys.stderr, flush=True)

    def truths(self, rows):
        """{(module, name): result} as the files stand now."""
        wanted = collections.defaultdict(set)
        for row in rows:
            if row.module:
                wanted[row.module].add(row.name)
        results = {}
        if len(wanted) > 2:  # most answers are "ok", which one interpreter gives for all modules at once
            together = [(m, sorted(names, key=str)) for m, names in sorted(wanted.items())]
            results = {tuple(pair): "ok" for pair in self.ask([("reach_ok", together)])[0].get("good", ())}
        jobs = [("reach", m, left) for m, names in sorted(wanted.items())
                if (left := sorted((n for n in names if (m, n) not in results), key=str))]
        for (_, module, names), answers in zip(jobs, self.ask(jobs) if jobs else []):
            if isinstance(answers, dict):  # died
                answers = [answers] * len(names)
            results.update({(module, name): a["result"] for name, a in zip(names, answers)})
        return results

    def truths_into(self, known, rows):
        """`known` with the answers for `rows`; only what is not there yet is asked."""
        known.update(self.truths([r for r in rows if (r.module, r.name) not in known]))
        return known

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
        code = self.warnings_of(mutation.module) + (
            f"answer = any({mutation.module + ' is deprecated'!r} in str(w.message) for w in seen)")
        return bool(self.ask([("run", code)], prelude="")[0].get("answer")) or \
            self.ask([("run", code)])[0]["result"] == "ok"

    @staticmethod
    def warnings_of(module):
        return ("import importlib, warnings\n"
                "with warnings.catch_warnings(record=True) as seen:\n"
                "    warnings.simplefilter('always')\n"
                f"    importlib.import_module({module!r})\n")

    def is_deprecated(self, module):
        """Does importing the module emit a DeprecationWarning, or one of the package's own (ScrapyDeprecationWarning)?"""
        code = self.warnings_of(module) + "answer = any('Deprecat' in w.category.__name__ for w in seen)"
        return bool(self.ask([("run", code)], prelude="")[0].get("answer"))

    # One mutation -------------------------------------------------------------------------------------------
    def effect(self, mutation, rows, about):
        """Rows on which a finding is due, or None when CPython does not feel the mutation."""
        before = self.truths_into(self.known, [r for r in about if r.path != mutation.new_path])
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
            mutation = self.timed("proposals", mutations.propose, kind, self.package, chooser)
            self.proposed += 1
            if mutation is None:
                continue
            rows = self.package.rows_with(mutation.edits)
            about = mutations.rows_about(mutation, rows)
            due, after = self.effect(mutation, rows, about)
            classes = {row: self.row_class(mutation, row) for row in due or ()}
            if "core" in classes.values():
                self.judge(mutation, rows, classes, dict(after), score)
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

    def new_findings(self, mutation):
        """What pydefrag says more than before, but for what it said of a moved file already."""
        old = {(f["code"], f["range"]["start"]["line"]) for f in self.before.values()
               if f["path"] == mutation.old_path}
        return [f for f in self.check() if f["id"] not in self.before
                and not (f["path"] == mutation.new_path and (f["code"], f["range"]["start"]["line"]) in old)]

    def judge(self, mutation, rows, classes, after, score):
        kind = mutation.kind
        score.mutations[kind] += 1
        due = {(r.path, line) for r in classes for line in (r.line, r.statement)}
        with packages.Edited(self.package, mutation.edits):
            new = self.new_findings(mutation)
            unsure = {(f["path"], f["range"]["start"]["line"]) for f in new if f["code"] in MISSING_CODES} - due
            unsure_rows = [r for r in rows if {(r.path, r.line), (r.path, r.statement)} & unsure]
            self.truths_into(after, unsure_rows)
        self.truths_into(self.known, [r for r in unsure_rows if r.path != mutation.new_path])
        with packages.Edited(self.package, mutation.edits):
            self.compare(mutation, rows, classes, after, due, new, score)

    def compare(self, mutation, rows, classes, after, due, new, score):
        kind = mutation.kind
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
        for finding in new:
            score.new[kind] += 1
            reason = self.unjust(mutation, finding, rows, due, after)
            if reason:
                score.false[kind] += 1
                score.notes.append(f"FALSE {mutation.note}: {finding['path']}:{finding['range']['start']['line']} "
                                   f"{finding['code']} {finding['message']} [{reason}]")

    def unjust(self, mutation, finding, rows, due, after):
        """Why the mutation did not cause the finding; None when it did. `after` has the truths of what may be missing."""
        place = (finding["path"], finding["range"]["start"]["line"])
        code = finding["code"]
        told = " ".join([finding["message"], finding.get("cause", ""), *finding.get("symbols", [])])
        if code in CODES[mutation.kind] | {"DFG205"} and place in due:
            return None
        if code in MISSING_CODES:
            here = [r for r in rows if r.path == place[0] and place[1] in (r.line, r.statement)]
            results = {after[r.module, r.name] if r.module else "missing-module" for r in here}
            if any(self.is_subject(mutation, r.module, r.name, after) for r in here):
                return None
            if not here or not results & set(agreement.MISSING):
                return "CPython: " + ", ".join(sorted(results)) if here else "no import statement there"
            missed = [r for r in here if r.path == mutation.new_path or not r.module or
                      self.known[r.module, r.name] != after[r.module, r.name]]
            return None if missed else "missing before as well"
        if code in ("DFG203", "DFG206"):
            pairs = [s.split(":") for s in finding.get("symbols", []) if s.count(":") == 1]
            results = self.truths([projects.Row("", 0, 0, m, n, None) for m, n in pairs])
            just = [results[m, n] in agreement.MISSING or self.is_subject(mutation, m, n, results) for m, n in pairs]
            return None if just and all(just) else f"CPython: {sorted(results.values())}"
        if code == "DFG401":
            module = projects.module_name(place[0])[0]
            return None if self.ask([("status", module)])[0]["result"] == "fails" else "CPython imports it"
        if code == "DFG301" and mutation.kind == "re-export" and place[0] in mutation.edits:
            # The imports that were added take the name from a module that was deprecated before.
            modules = {r.module for r in rows if (r.path, r.line) == place}
            return None if all(self.is_deprecated(m) for m in modules) else "CPython does not warn"
        if code == "DFG402" and mutation.kind == "re-export":
            # The import that was added leads back.
            edited = {projects.module_name(path)[0] for path in mutation.edits}
            on_cycle = set(finding.get("symbols", []))
            # Or it was said to crash, of which nobody knows behind what the import leads to.
            if any(f["code"] == "DFG401" and set(f.get("symbols", [])) == on_cycle for f in self.before.values()):
                return None
            return None if edited & on_cycle and mutation.module in on_cycle else "not through the added import"
        if code == "DFG104" and mutation.kind == "delete-symbol":
            # Of two empty subclasses one is left.
            bases = self.bases(mutation)
            return None if bases & {s.split(":")[-1] for s in finding.get("symbols", [])} else "no sibling was deleted"
        if code == "DFG101" and mutation.new_path:
            # The moved file's imports count as uses from outside its old package: two paths may now be in use.
            moved = {r.name for r in rows if r.path == mutation.new_path and r.name}
            return None if moved & {s.split(":")[-1] for s in finding.get("symbols", [])} else "not about the moved file"
        subject = self.subject(mutation)
        return None if subject in told else "not about " + subject

    @staticmethod
    def subject(mutation):
        return mutation.name or mutation.module.rpartition(".")[2]

    def is_subject(self, mutation, module, name, after):
        """Whether it is the very name that the mutation took away, which CPython cannot ask `module` for any more: the
        module fails for want of it. Who mends the module has not mended this import."""
        return (name == self.subject(mutation) and after.get((module, name)) == "module-fails"
                and self.known.get((module, name), "ok") == "ok")

    def bases(self, mutation):
        """The last parts of the bases of the class that was deleted."""
        tree = self.package.trees[self.package.modules[mutation.module]]
        return {ast.unparse(base).rpartition(".")[2] for node in tree.body
                if isinstance(node, ast.ClassDef) and node.name == mutation.name for base in node.bases}


WORKERS = {}  # of this process: a package is copied, compiled and read once, which takes as long as many mutations


def run_share(binary, package, kind, count, seed, folder):
    """`count` mutations of one kind on one package."""
    score, chooser = Score(), random.Random(f"{seed} {package} {kind}")
    if package not in WORKERS:
        WORKERS[package] = Worker(binary, package, tempfile.mkdtemp(prefix=package + "-", dir=folder))
    worker = WORKERS[package]
    for done in range(1, count + 1):
        if not worker.run(kind, chooser, score):
            score.notes.append(f"{package}: no more {kind} with an effect")
            break
        if done % PROGRESS == 0 or done == count:
            worker.progress(kind, done, count)
    return score


def print_score(score, seconds):
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
    shares = [(package, kind) for package in names for kind in mutations.KINDS]
    score = Score()
    with tempfile.TemporaryDirectory(prefix="truth-") as folder, \
            concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(run_share, options.binary, package, kind,
                            options.count // len(shares) + (place < options.count % len(shares)), options.seed, folder)
                for place, (package, kind) in enumerate(shares)]
        for run in runs:
            share = run.result()
            print("\n".join(share.notes), end="\n" if share.notes else "", flush=True)
            score.add(share)
    return 0 if print_score(score, time.monotonic() - begin) else 1


if __name__ == "__main__":
    sys.exit(main())
