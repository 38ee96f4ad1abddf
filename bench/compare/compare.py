"""`pydefrag check` against a full tree-sitter parse of the same files, two threads each, on Home
Assistant and on this machine's site-packages, or on the folders given. Run by ./dev bench compare."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import sysconfig
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
JOBS = 2
RUNS = 5


def home_assistant() -> pathlib.Path:
    """The pinned release, fetched once."""
    folder = BUILD / "bench" / "homeassistant"
    if not folder.is_dir():
        print("fetching Home Assistant (some 30 MB)", file=sys.stderr)
        downloads = BUILD / "bench" / "downloads"
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--only-binary=:all:", "--python-version=3.13", "--require-hashes",
                        f"--requirement={ROOT / 'bench/compare/corpora.txt'}",
                        f"--dest={downloads}"], check=True)
        [wheel] = downloads.glob("homeassistant-*.whl")
        zipfile.ZipFile(wheel).extractall(folder)
    return folder


def site_packages() -> pathlib.Path:
    """Of the folders where this machine's Python keeps packages, the one with the most files."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), "/usr/lib/python3"}
    return max((pathlib.Path(folder) for folder in sorted(folders)),
               key=lambda folder: sum(1 for _ in folder.rglob("*.py")))


def timed(command: list[str]) -> tuple[float, float, int, str]:
    """Seconds, CPU seconds, peak memory in MiB, and what the command printed."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"exit status {process.returncode}: {' '.join(command)}")
    seconds = time.perf_counter() - started
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, printed


def measure(name: str, folder: pathlib.Path) -> None:
    full = [str(BUILD / "release/full_parse"), str(JOBS), str(folder)]
    check = [str(BUILD / "release/pydefrag"), "check", "--isolated", "--exit-zero",
             "--root", str(folder), "--jobs", str(JOBS), "--output-format", "json"]
    timed(full), timed(check)  # the files are in the page cache afterwards, for both
    full_seconds, full_cpu, seconds, cpu, memory = [], [], [], [], []
    for _ in range(RUNS):  # alternately: both see the same disturbances
        taken, used, _, _ = timed(full)
        full_seconds.append(taken)
        full_cpu.append(used)
        taken, used, peak, printed = timed(check)
        seconds.append(taken)
        cpu.append(used)
        memory.append(peak)
    counted = json.loads(timed(full)[3])
    stats = json.loads(printed)["stats"]
    slow, fast = statistics.median(full_seconds), statistics.median(seconds)
    print(f"{name}: {counted['files']} files, {counted['lines']:,} lines, "
          f"{counted['bytes'] / 1e6:.0f} MB (pydefrag: {stats['files']} files)\n"
          f"  full tree-sitter parse, {JOBS} threads   {slow:7.2f} s  "
          f"(of {RUNS}: {min(full_seconds):.2f} to {max(full_seconds):.2f})\n"
          f"  pydefrag check --jobs {JOBS}             {fast:7.2f} s  "
          f"(of {RUNS}: {min(seconds):.2f} to {max(seconds):.2f})\n"
          f"  {slow / fast:.1f} times faster ({statistics.median(full_cpu) / statistics.median(cpu):.1f} "
          f"by CPU time); {stats['lines'] / fast / JOBS:,.0f} lines a second and core; "
          f"peak memory {max(memory)} MiB", flush=True)


def main() -> None:
    if len(sys.argv) > 1:
        for folder in sys.argv[1:]:
            measure(folder, pathlib.Path(folder))
        return
    measure("Home Assistant", home_assistant())
    packages = site_packages()
    measure(str(packages), packages)


if __name__ == "__main__":
    main()
