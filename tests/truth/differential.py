#!/usr/bin/env python3
"""Random small projects, executed by CPython and analysed by pydefrag: the two must agree.

  differential.py BINARY [--profile wide] [--seed N] [--count 2000] [--jobs 2] [--one SEED] [--shrink N] [--answers DIR]
  differential.py BINARY --cases

Each project is checked besides with imports of modules that are gone, so that the rules ask for advice of each module.
Prints each disagreement with its project shrunk, as .pycase text, and a summary; exit status 1 if there is any, or if
more is unknown than UNKNOWN_BOUNDS allows. CTest runs a share; the whole is `differential.py build/release/pydefrag`.
--cases: the projects of disagreements/ instead, one for each cause of a disagreement that was found and mended.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import marshal
import os
import shutil
import sys
import tempfile
import time

import agreement
import generator
import generator_wide
import oracle
import projects
import shrink
import tool

CHUNK = 25
SHRUNK = 8  # disagreements shown in full
PROFILES = {"plain": generator.generate, "wide": generator_wide.generate}
UNKNOWN_BOUNDS = {"row": 1, "import": 8}  # percent; knowing nothing does not pass
CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "disagreements")


class Runner:
    """One worker: an interpreter server and a folder to write projects to."""

    def __init__(self, binary, answers=None):
        self.binary, self.answers = binary, answers
        self.oracle = oracle.Oracle()
        self.folder = tempfile.mkdtemp(prefix="truth-")
        self.serial = 0

    def close(self):
        self.oracle.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def compare(self, files, counts, only=None):
        """Disagreements over `files`, or those of one kind; None when the project says nothing about imports."""
        self.serial += 1
        root = os.path.join(os.path.realpath(self.folder), str(self.serial))
        projects.write_project(root, files)
        known, kept = {}, None
        if self.answers:
            kept = os.path.join(self.answers, hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest())
            if os.path.exists(kept):
                with open(kept, "rb") as stored:
                    known = marshal.load(stored)
        before = len(known)
        try:
            graph, _ = tool.graph(self.binary, root)
            found = agreement.disagreements(self.oracle, graph, root, files, counts, only, known)
            tool.advise(self.binary, root, [projects.module_name(path)[0] for path in files])
            return found
        except agreement.Tainted:
            return None
        except tool.ToolFailed as error:
            return [agreement.Disagreement("crash", "-", "crash", "-", str(error))]
        finally:
            shutil.rmtree(root, ignore_errors=True)
            if kept and len(known) > before:
                with open(kept, "wb") as stored:
                    marshal.dump(known, stored)

    def shrunk(self, files, wanted):
        """The smallest project with a disagreement of the kind of `wanted`."""
        def fails(candidate):
            found = self.compare(candidate, collections.Counter(), wanted.kind)
            return any((d.kind, d.tool, d.python) == (wanted.kind, wanted.tool, wanted.python) for d in found or ())
        return shrink.shrink(files, fails)


def run_chunk(binary, seeds, answers=None, profile="plain"):
    os.makedirs(answers or ".", exist_ok=True)
    runner = Runner(binary, answers)
    counts, failures = collections.Counter(), []
    try:
        for seed in seeds:
            files = PROFILES[profile](seed)
            found = runner.compare(files, counts)
            counts["tainted" if found is None else "projects"] += 1
            failures += [(seed, d) for d in found or ()]
    finally:
        runner.close()
    return counts, failures


def report(runner, files, seed, disagreement):
    files = runner.shrunk(files, disagreement)
    found = runner.compare(files, collections.Counter()) or []
    header = [f"seed {seed}"] + [f"{d.kind} {d.where}: pydefrag {d.tool}, CPython {d.python}: {d.detail}"
                                 for d in found]
    print(projects.format_case(files, header), flush=True)


def unknown_percent(counts, kind):
    """How much of the rows ("row") or of the modules' imports ("import") is unknown."""
    return 100 * counts[f"{kind} unknown"] / (sum(n for k, n in counts.items() if k.startswith(kind + " ")) or 1)


def summary(counts, failures, seconds):
    rows = {k: counts[k] for k in sorted(counts) if k.startswith("row ")}
    print(f"{counts['projects']} projects compared ({counts['tainted']} fail for other reasons), {seconds:.0f} s")
    print("rows: " + ", ".join(f"{k[4:]} {n}" for k, n in rows.items())
          + f"; unknown {unknown_percent(counts, 'row'):.1f} %")
    print("modules: " + ", ".join(f"{k} {counts[k]}" for k in sorted(counts) if k.startswith("import "))
          + f"; unknown {unknown_percent(counts, 'import'):.1f} %; paths of classes and functions: {counts['paths']}")
    kinds = collections.Counter((d.kind, d.tool, d.python) for _, d in failures)
    print(f"disagreements: {len(failures)} in {len({s for s, _ in failures})} projects")
    for (kind, told, python), number in kinds.most_common():
        print(f"  {number:5} {kind}: pydefrag {told}, CPython {python}")


def compare_cases(binary):
    """Prints what disagrees in the cases; how many do."""
    runner, failed = Runner(binary), 0
    names = sorted(os.listdir(CASES))
    for name in names:
        with open(os.path.join(CASES, name), encoding="utf-8") as case:
            found = runner.compare(projects.parse_case(case.read())[1], collections.Counter())
        failed += found != []
        for d in found or ():
            print(f"{name}: {d.kind} {d.where}: pydefrag {d.tool}, CPython {d.python}: {d.detail}")
        if found is None:
            print(f"{name}: fails for other reasons than imports")
    runner.close()
    print(f"{failed} of {len(names)} cases disagree")
    return failed


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--cases", action="store_true", help="the projects of disagreements/")
    parser.add_argument("--profile", choices=PROFILES, default="plain", help="which generator makes the projects")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", type=int, help="only the project of this seed, printed first")
    parser.add_argument("--shrink", type=int, default=SHRUNK, help="how many disagreements to shrink and print")
    parser.add_argument("--answers", help="a folder that keeps CPython's answers from one run to the next")
    return parser.parse_args()


def main():
    options = arguments()
    if options.cases:
        return 1 if compare_cases(options.binary) else 0
    begin, generate = time.monotonic(), PROFILES[options.profile]
    seeds = range(options.seed * 1_000_000, options.seed * 1_000_000 + options.count)
    if options.one is not None:
        seeds = [options.one]
        print(projects.format_case(generate(options.one)))
    counts, failures = collections.Counter(), []
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        chunks = [seeds[i:i + CHUNK] for i in range(0, len(seeds), CHUNK)]
        for more, found in pool.map(run_chunk, [options.binary] * len(chunks), chunks,
                                    [options.answers] * len(chunks), [options.profile] * len(chunks)):
            counts += more
            failures += found
    runner = Runner(options.binary, options.answers)
    shown = set()
    for seed, disagreement in sorted(failures):
        key = (disagreement.kind, disagreement.tool, disagreement.python)
        # The first of each kind, then more of them while there is room.
        if len(shown) < options.shrink and (key, seed) not in shown and \
                (key not in {k for k, _ in shown} or len({k for k, _ in shown}) == len(
                    {(d.kind, d.tool, d.python) for _, d in failures})):
            shown.add((key, seed))
            report(runner, generate(seed), seed, disagreement)
    runner.close()
    summary(counts, failures, time.monotonic() - begin)
    too_little = [kind for kind, bound in UNKNOWN_BOUNDS.items() if unknown_percent(counts, kind) > bound]
    for kind in too_little:
        print(f"more than {UNKNOWN_BOUNDS[kind]} % unknown: {kind}")
    return 1 if failures or too_little else 0


if __name__ == "__main__":
    sys.exit(main())
