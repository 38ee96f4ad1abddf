"""How time and memory grow: by ./dev bench scaling. Two tables:

Copies of Home Assistant under other names, 10 thousand to 10 million lines. A copy's statements are
known from the first one on, so the seconds flatter us; the slope is what counts.
The places where a linker may turn quadratic, each made up at a size that is doubled five times."""

import math
import pathlib
import shutil
import sys

import corpora
import peers
from compare import run

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
DOUBLINGS = 5


def check(folder: pathlib.Path) -> tuple[float, float, int]:
    """The least seconds and CPU seconds of three runs with two threads, and MiB."""
    runs = [run(peers.limits(folder, 2)[0], 2) for _ in range(3)]
    if any(each.status != 0 for each in runs):
        sys.exit(f"exit status {runs[0].status} on {folder}")
    return (min(each.seconds for each in runs), min(each.cpu for each in runs),
            max(each.mebibytes for each in runs))


def slope(points: list[tuple[float, float]]) -> float:
    """By how much the logarithm of y grows with that of x: 1 is linear, 2 quadratic."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    return math.log(y1 / y0) / math.log(x1 / x0)


def copies() -> None:
    source = corpora.home_assistant() / "homeassistant"
    files = sorted(source.rglob("*.py"))
    print("| lines | seconds | CPU s | MiB | slope of CPU s |\n|---|---|---|---|---|")
    points: list[tuple[float, float]] = []
    for size in SIZES:
        folder = corpora.BENCH / f"copies-{size}"
        lines = copy_lines(source, files, size, folder)
        seconds, cpu, mebibytes = check(folder)
        points.append((lines, cpu))
        shown = f"{slope(points):.2f}" if len(points) > 1 else ""
        print(f"| {lines:,} | {seconds:.2f} | {cpu:.2f} | {mebibytes} | {shown} |", flush=True)
        shutil.rmtree(folder)


def copy_lines(source: pathlib.Path, files: list[pathlib.Path], size: int,
               folder: pathlib.Path) -> int:
    """Copies until there are `size` lines; each copy is a package of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    lines = copy = 0
    while lines < size:
        for file in files:
            target = folder / f"copy{copy}" / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = file.read_bytes()
            target.write_bytes(content.replace(b"homeassistant.", b"copy%d." % copy))
            lines += content.count(b"\n")
            if lines >= size:
                break
        copy += 1
    return lines


def importers(count: int) -> dict[str, str]:
    """Many modules that import from one package."""
    files = {"hub/__init__.py": "from hub.core import Thing\n", "hub/core.py": "class Thing: ...\n"}
    for i in range(count):
        files[f"user{i}.py"] = f"from hub import Thing\nfrom hub.core import Thing as T{i}\n"
    return files


def names_in_all(count: int) -> dict[str, str]:
    names = [f"name_{i}" for i in range(count)]
    body = "".join(f"def {name}(): ...\n" for name in names)
    return {"big/__init__.py": "from big.impl import *\nfrom big.impl import __all__\n",
            "big/impl.py": f"__all__ = {names!r}\n{body}",
            "user.py": "from big import *\n" + "".join(f"from big import {name}\n"
                                                       for name in names)}


def cycle(count: int) -> dict[str, str]:
    return {f"ring/m{i}.py": f"from ring import m{(i + 1) % count}\nfrom ring.m{(i + 1) % count} "
            f"import f as g\ndef f(): ...\n" for i in range(count)} | {"ring/__init__.py": ""}


def star_chain(count: int) -> dict[str, str]:
    files = {f"chain/m{i}.py": f"from chain.m{i + 1} import *\nNAME_{i} = {i}\n"
             for i in range(count)}
    files[f"chain/m{count}.py"] = "END = 1\n"
    files["user.py"] = "from chain.m0 import END, NAME_0\n"
    return files | {"chain/__init__.py": ""}


def findings_of_group(count: int) -> dict[str, str]:
    """One symbol with two paths, each used by half of many modules."""
    files = {"pkg/__init__.py": "from pkg.core import Thing\n", "pkg/core.py": "class Thing: ...\n"}
    for i in range(count):
        files[f"user{i}.py"] = f"from pkg{'.core' if i % 2 else ''} import Thing\n"
    return files


def star_cycle(count: int) -> dict[str, str]:
    files = {f"ring/m{i}.py": f"from ring.m{(i + 1) % count} import *\nclass N{i}: ...\n"
             for i in range(count)}
    return files | {"ring/__init__.py": "", "user.py": f"from ring.m0 import N{count // 2}\n"}


def missing_names(count: int) -> dict[str, str]:
    """Each is a letter away from one that is there."""
    files = {"lib.py": "".join(f"def good_name_{i}(): ...\n" for i in range(count))}
    return files | {f"user{i}.py": f"from lib import god_name_{i}\n" for i in range(count)}


def missing_modules(count: int) -> dict[str, str]:
    files = {f"pkg/module_{i}.py": "" for i in range(count)} | {"pkg/__init__.py": ""}
    return files | {f"user{i}.py": f"import pkg.modul_{i}\n" for i in range(count)}


def missing_attributes(count: int) -> dict[str, str]:
    return {"lib.py": "".join(f"def good_{i}(): ...\n" for i in range(count)),
            "user.py": "import lib\n" + "".join(f"lib.god_{i}()\n" for i in range(count))}


TRAPS = (("importers of one package", importers, 500), ("names in one __all__", names_in_all, 1000),
         ("members of a cycle", cycle, 250), ("length of a chain of star imports", star_chain, 125),
         ("findings of one group", findings_of_group, 500),
         ("members of a cycle of star imports", star_cycle, 32),
         ("names that are missing", missing_names, 250),
         ("modules that are missing", missing_modules, 250),
         ("attributes that are missing", missing_attributes, 250))


def traps() -> None:
    print("\n| trap | sizes | CPU s | slope of the last doubling |\n|---|---|---|---|")
    for name, make, smallest in TRAPS:
        points = []
        for doubling in range(DOUBLINGS + 1):
            size = smallest << doubling
            folder = corpora.BENCH / "trap"
            shutil.rmtree(folder, ignore_errors=True)
            for path, text in make(size).items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
            points.append((float(size), check(folder)[1]))
            shutil.rmtree(folder)
        print(f"| {name} | {smallest:,} to {smallest << DOUBLINGS:,} | {points[0][1]:.2f} to "
              f"{points[-1][1]:.2f} | {slope(points):.2f} |", flush=True)


if __name__ == "__main__":
    if "--traps" not in sys.argv:
        copies()
    traps()
