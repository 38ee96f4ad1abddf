"""`pydefrag check` beside what people would use instead, on real code, in one run. By
./dev bench compare [FOLDER...] [--quick] [--json FILE]; --quick leaves the peers out.

Every command is run with the files in the page cache, in turn with the others, so that all see the
same disturbances, on as many processors as it may use threads. Copies of a tree would flatter us
(equal statements are parsed once): corpora hold one copy of each package, and scaling.py, which
needs copies, is reported apart."""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import corpora
import edges
import peers

JOBS = (2, 1)


@dataclasses.dataclass
class Run:
    seconds: float
    cpu: float
    mebibytes: int
    output: pathlib.Path
    status: int

    @property
    def printed(self) -> str:
        return self.output.read_text()


def run(tool: peers.Tool, jobs: int) -> Run:
    cores = sorted(os.sched_getaffinity(0))[:jobs]
    # Into a file, not into our memory: what a child has of ours before it becomes the tool counts
    # as its peak.
    output = corpora.BENCH / "printed" / tool.name.replace(" ", "-")
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w") as printed:
        started = time.perf_counter()
        process = subprocess.Popen(tool.command, stdout=printed, stderr=subprocess.DEVNULL,
                                   cwd=tool.folder, env=os.environ | tool.environment,
                                   preexec_fn=lambda: os.sched_setaffinity(0, cores))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime,
               usage.ru_maxrss // 1024, output, process.returncode)


def measure(tools: list[peers.Tool], jobs: int) -> dict[str, list[Run]]:
    """All runs of each tool: one that only warms the page cache (and the tool's own), then in
    turn."""
    runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
    for tool in tools:
        if tool.warm or tool.runs > 1:
            run(tool, jobs)
    for turn in range(max(tool.runs for tool in tools)):
        for tool in tools:
            if turn < tool.runs:
                print(f"  {tool.name}, {jobs} threads, run {turn + 1}", file=sys.stderr)
                runs[tool.name].append(run(tool, jobs))
    return runs


def check_same_files(ours: Run, parse: Run) -> dict:
    """What both read; the comparison means nothing when that differs."""
    stats = json.loads(ours.printed)["stats"]
    other = json.loads(parse.printed)
    for count in ("files", "bytes"):
        if stats[count] != other[count]:
            sys.exit(f"different files: pydefrag read {stats[count]} {count}, the full parse "
                     f"{other[count]}")
    return stats


def rows(tools: list[peers.Tool], runs: dict[str, list[Run]], jobs: int,
         lines: int) -> list[dict]:
    ours = statistics.median(each.seconds for each in runs["pydefrag check"])
    table = []
    for tool in tools:
        mine = runs[tool.name]
        seconds = statistics.median(each.seconds for each in mine)
        worked = all(each.status in tool.accepts for each in mine)
        table.append({
            "tool": tool.name, "threads": jobs, "seconds": seconds,
            "least": min(each.seconds for each in mine),
            "most": max(each.seconds for each in mine),
            "cpu": statistics.median(each.cpu for each in mine),
            "mebibytes": max(each.mebibytes for each in mine),
            "ratio": seconds / ours,
            "lines_per_second_and_core": lines / seconds / jobs,
            "failed": None if worked else f"exit status {mine[-1].status}"})
    return table


def show(table: list[dict]) -> None:
    print("| command | threads | seconds (least to most) | CPU s | times pydefrag's | "
          "lines/s/core | peak MiB |\n|---|---|---|---|---|---|---|")
    for row in table:
        name = row["tool"] + (f" ({row['failed']})" if row["failed"] else "")
        print(f"| {name} | {row['threads']} | {row['seconds']:.2f} ({row['least']:.2f} to "
              f"{row['most']:.2f}) | {row['cpu']:.2f} | {row['ratio']:.1f} | "
              f"{row['lines_per_second_and_core']:,.0f} | {row['mebibytes']} |", flush=True)


def scanner(folder: pathlib.Path, jobs: int) -> dict:
    """The parts before linking, each alone: medians of five runs."""
    tool = peers.Tool("scan", [str(peers.RELEASE / "scan_speed"), str(jobs), str(folder)])
    found = [json.loads(run(tool, jobs).printed) for _ in range(5)]
    medians = {key: statistics.median(each[key] for each in found) for key in found[0]}
    lexing = medians["read_and_lex_cpu"] - medians["read_cpu"]
    print(f"before linking, {jobs} thread(s), CPU seconds: finding the files "
          f"{medians['discover_cpu']:.3f}, reading them {medians['read_cpu']:.3f}, logical lines "
          f"{lexing:.3f} ({medians['bytes'] / lexing / 1e9:.2f} GB/s), the whole scan with reading "
          f"{medians['scan_cpu']:.3f} ({medians['lines'] / medians['scan_cpu'] / 1e6:.1f} M lines/s "
          "and core)", flush=True)
    return medians


def compare(name: str, folder: pathlib.Path, with_peers: bool) -> dict:
    result: dict = {"name": name, "tables": [], "scanner": []}
    for jobs in JOBS:
        tools = peers.limits(folder, jobs)
        tools += peers.peers(folder, jobs) if with_peers else []
        runs = measure(tools, jobs)
        stats = check_same_files(runs["pydefrag check"][-1], runs["full tree-sitter parse"][-1])
        if jobs == JOBS[0]:
            print(f"\n## {name}: {stats['files']:,} files, {stats['lines']:,} lines, "
                  f"{stats['bytes'] / 1e6:.0f} MB\n")
            result["stats"] = stats
        table = rows(tools, runs, jobs, stats["lines"])
        show(table)
        result["tables"] += table
        result["scanner"].append(scanner(folder, jobs))
        if with_peers and jobs == JOBS[0]:
            result["edges"] = edges.compare(folder, runs["ruff analyze graph"][-1].printed,
                                            runs["pydefrag graph"][-1].printed)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="without the peers")
    parser.add_argument("--json", type=pathlib.Path, help="write all numbers to this file too")
    options = parser.parse_args()
    if options.folders:
        wanted = [(str(folder), folder.resolve(), not options.quick)
                  for folder in options.folders]
    else:
        packages = corpora.site_packages()
        wanted = [("Home Assistant", corpora.home_assistant(), False),
                  (f"this machine's {packages.name}", packages, False),
                  ("four million lines", corpora.four_million_lines(), not options.quick)]
    results = [compare(*each) for each in wanted]
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
