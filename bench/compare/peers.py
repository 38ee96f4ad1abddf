"""The tools that people would use instead, in a virtual environment of their own, and how each is
called for what comes nearest to `pydefrag check`: the import graph, or imports that do not exist."""

import dataclasses
import json
import pathlib
import subprocess
import sys

from corpora import BENCH, PINS, ROOT

RELEASE = ROOT / "build" / "release"


@dataclasses.dataclass
class Tool:
    name: str
    command: list[str]
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    runs: int = 5
    folder: pathlib.Path | None = None  # measured on this alone
    warm: bool = False  # a run before the first one fills a cache of the tool's own
    accepts: tuple[int, ...] = (0, 1)  # exit statuses of a run that did its work


def environment() -> pathlib.Path:
    """The folder of programs of the peers' environment."""
    folder = BENCH / "peers"
    stamp = folder / "installed.txt"
    wanted = (PINS / "peers.txt").read_text()
    if not stamp.is_file() or stamp.read_text() != wanted:
        print("installing the peers (a minute or two)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin/pip"), "install", "--quiet",
                        "--disable-pip-version-check", "--requirement", str(PINS / "peers.txt")],
                       check=True)
        stamp.write_text(wanted)
    return folder / "bin"


def limits(folder: pathlib.Path, jobs: int) -> list[Tool]:
    """Ourselves, and what no tool can be faster than, or would cost without our scanner."""
    return [
        Tool("pydefrag check", [str(RELEASE / "pydefrag"), "check", "--isolated", "--exit-zero",
                                "--root", str(folder), "--jobs", str(jobs),
                                "--output-format", "json"]),
        Tool("reading the files", [str(RELEASE / "full_parse"), "--only-read", str(jobs),
                                   str(folder)]),
        Tool("full tree-sitter parse", [str(RELEASE / "full_parse"), str(jobs), str(folder)]),
    ]


def peers(folder: pathlib.Path, jobs: int) -> list[Tool]:
    programs = environment()
    cache = BENCH / "grimp-cache"
    threads = {"RAYON_NUM_THREADS": str(jobs), "TY_MAX_PARALLELISM": str(jobs)}
    grimp = [str(programs / "python"), str(PINS / "grimp_graph.py"), str(folder)]
    return [
        Tool("pydefrag graph", [str(RELEASE / "pydefrag"), "graph", "--isolated", "--root",
                                str(folder), "--jobs", str(jobs), "--format", "json"]),
        Tool("ruff analyze graph", [str(programs / "ruff"), "analyze", "graph", "--isolated", "."],
             threads, folder=folder),
        Tool("grimp, cold", [*grimp, "none"], threads, runs=3),
        Tool("grimp, warm", [*grimp, str(cache)], threads, runs=3, warm=True),
        Tool("ty, imports only", [str(programs / "ty"), "check", "--ignore", "all", "--error",
                                  "unresolved-import", "--exit-zero", "--quiet", str(folder)],
             threads, runs=1),
        Tool("pyrefly, imports only", [str(programs / "pyrefly"), "check", "--only",
                                       "missing-import", "--threads", str(jobs), "--summary=none",
                                       "--search-path", str(folder), str(folder)], runs=1),
        Tool("pyright, imports only", pyright(programs, folder),
             {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}, runs=1),
        Tool("deptry", [str(programs / "deptry"), "--config", str(project_file()), str(folder)],
             runs=1),
        Tool("tach map", [str(programs / "tach"), "map"], folder=tach_folder(folder), runs=1),
        Tool("pyscn, dependencies", [str(programs / "pyscn"), "check", "--select", "deps",
                                     str(folder)], runs=1, accepts=(0, 1, 2)),
        Tool("pylint, imports only", [str(programs / "pylint"), "--disable=all", f"--jobs={jobs}",
                                      "--enable=import-error,no-name-in-module,cyclic-import,"
                                      "deprecated-module", str(subset(folder))],
             {"PYTHONPATH": str(folder)}, runs=1, folder=subset(folder),
             accepts=tuple(range(32))),
    ]


def pyright(programs: pathlib.Path, folder: pathlib.Path) -> list[str]:
    settings = BENCH / "pyright.json"
    settings.write_text(json.dumps({"include": [str(folder)], "typeCheckingMode": "off",
                                    "reportMissingImports": "error",
                                    "reportAttributeAccessIssue": "error"}))
    return [str(programs / "pyright"), "--project", str(settings)]


def project_file() -> pathlib.Path:
    """deptry wants declared dependencies; there are none."""
    path = BENCH / "pyproject.toml"
    path.write_text('[project]\nname = "bench"\nversion = "1"\ndependencies = []\n')
    return path


def tach_folder(folder: pathlib.Path) -> pathlib.Path:
    (folder / "tach.toml").write_text('modules = []\nsource_roots = ["."]\n')
    return folder


def subset(folder: pathlib.Path) -> pathlib.Path:
    """pylint takes minutes for what the others do in seconds: it gets one package of 60,000 lines."""
    helpers = folder / "homeassistant" / "helpers"
    return helpers if helpers.is_dir() else folder
