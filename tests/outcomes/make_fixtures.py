"""Records real pytest runs of fixtures/outcomes/project in every format that pydefrag reads.

    make_fixtures.py LABEL=PYTHON [LABEL=PYTHON ...]

LABEL names the folder under fixtures/outcomes (pytest7, pytest8, pytest9, pytest9-py313); PYTHON is an interpreter
that has that pytest and pytest-reportlog, pytest-json-report, pytest-xdist, pytest-rerunfailures
and, where they exist for it, pytest-subtests and pytest-json-ctrf. What depends on the machine
(paths, host, addresses) is replaced, so that a recorded file can be read by anyone.
"""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "outcomes"
HOME = "/home/ci/shop"


def has(python, module):
    probe = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", probe]).returncode == 0


def scrub(text, python, project):
    prefix = subprocess.check_output(
        [python, "-c", "import sys; print(sys.prefix); print(sys.base_prefix)"], text=True
    ).split()
    pairs = [(str(project), HOME), (prefix[0], "/home/ci/venv"), (prefix[1], "/usr")]
    up = os.path.relpath(prefix[1], project)
    pairs.append((up, "../../../usr"))
    pairs.append((os.path.relpath(prefix[0], project), "../venv"))
    for old, new in sorted(pairs, key=lambda pair: -len(pair[0])):
        text = text.replace(old, new)
    text = text.replace(socket.gethostname(), "ci-host")
    text = re.sub(r"0x[0-9a-f]{6,}", "0x7f0000000000", text)
    text = re.sub(r"""(["']Platform["']: ["'])[^"']*""", r"\1Linux", text)
    text = re.sub(r'("os(?:Release|Version)": ")[^"]*', r"\1unknown", text)
    text = re.sub(r'"testrun_uid": "[^"]*"', '"testrun_uid": "0"', text)
    return text


def run(python, project, label, name, args, formats, env=None):
    """One pytest run; every wanted format is written to fixtures/outcomes/LABEL/NAME.*"""
    out = project.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *args]
    if "junit" in formats:
        command += [f"--junitxml={out}/{name}.junit.xml", "-o", "junit_family=xunit1"]
    if "xunit2" in formats:
        command += [f"--junitxml={out}/{name}.xunit2.xml", "-o", "junit_family=xunit2"]
    if "reportlog" in formats:
        command += [f"--report-log={out}/{name}.reportlog.jsonl"]
    if "json" in formats:
        command += ["--json-report", f"--json-report-file={out}/{name}.report.json"]
    if "ctrf" in formats and has(python, "ctrf"):
        command += [f"--ctrf={out}/{name}.ctrf.json"]
    clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "CI": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    clean.update(env or {})
    clean = {key: value for key, value in clean.items() if value is not None}
    done = subprocess.run(
        command, cwd=project, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if "log" in formats:
        (out / f"{name}.log").write_text(done.stdout)
    target = FIXTURES / label
    target.mkdir(exist_ok=True)
    for path in sorted(out.iterdir()):
        text = scrub(path.read_text(), python, project).replace(str(out), "/home/ci/out")
        if len(text) > 40000:
            (target / (path.name + ".gz")).write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            (target / path.name).write_text(text)
    print(f"{label}/{name}: exit {done.returncode}: {', '.join(p.name for p in sorted(out.iterdir()))}")


def record(label, python):
    scratch = Path(tempfile.mkdtemp(prefix="shop-"))
    project = scratch / "shop"
    shutil.copytree(FIXTURES / "project", project, ignore=shutil.ignore_patterns("__pycache__"))
    subtests = has(python, "pytest_subtests") or label == "pytest9"
    skip = [] if subtests else ["--ignore=tests/unit/test_subtests.py"]
    every = ["junit", "reportlog", "json", "ctrf", "log"]
    documents = ["--doctest-modules", "--doctest-glob=docs/*.txt", "shop/cart.py", "docs"]
    tall = ["-ra", "--durations=3"]
    run(python, project, label, "broken", ["-ra", "tests/broken"], every)
    if label == "pytest9-py313":
        return shutil.rmtree(scratch)
    run(python, project, label, "unit", tall + skip + ["tests/unit"] + documents, every)
    run(python, project, label, "unit2", skip + ["tests/unit"] + documents, ["xunit2"])
    run(python, project, label, "sub", ["-ra", "--ignore=tests/unit", "--ignore=tests/broken", "tests"], ["junit", "log"])
    run(python, project, label, "warn", ["-ra", "tests/warn"], ["reportlog", "json", "log"])
    strict = ["-W", "error", "--continue-on-collection-errors", "tests/warn", "-ra"]
    run(python, project, label, "warn-error", strict, ["junit", "log"])
    run(python, project, label, "rerun", ["-ra", "tests/rerun"], ["junit", "reportlog", "json", "log"])
    run(python, project, label, "xdist", ["-n2", "-ra", "tests/xdist"], ["junit", "reportlog", "log"])
    run(python, project, label, "xdist-broken", ["-n2", "tests/broken"], ["junit", "log"])
    run(python, project, label, "conftest", ["--rootdir=crash/top", "crash/top"], ["junit", "log"])
    run(python, project, label, "plugin", ["-p", "nope.plugin", "tests/unit"], ["log"])
    run(python, project, label, "internal", ["crash/internal"], ["junit", "log"])
    keep_on = ["--continue-on-collection-errors", "tests/broken"]
    run(python, project, label, "continue", keep_on, ["junit"])
    if label == "pytest8":
        for style in ("short", "native", "line", "no"):
            errors = [f"--tb={style}", "tests/unit/test_errors.py"]
            run(python, project, label, f"tb-{style}", errors, ["junit", "log"])
        verbose = ["-v", "--color=yes", "tests/unit/test_plain.py", "tests/unit/test_ids.py"]
        run(python, project, label, "verbose", verbose, ["log"])
        narrow = ["-ra", "tests/unit/test_errors.py"]
        run(python, project, label, "narrow", narrow, ["log"], {"CI": None, "COLUMNS": "70"})
        spread = ["-v", "-n2", "tests/xdist", "--deselect", "tests/xdist/test_workers.py::test_crashes"]
        run(python, project, label, "xdist-verbose", spread, ["log"])
        cache = [python, "-m", "pytest", "-q", "tests/broken/test_direct.py", "tests/unit/test_ids.py",
                 "--continue-on-collection-errors"]
        subprocess.run(cache, cwd=project, stdout=subprocess.DEVNULL)
        for name in ("nodeids", "lastfailed"):
            (FIXTURES / "cache" / "v" / "cache").mkdir(parents=True, exist_ok=True)
            shutil.copy(project / ".pytest_cache" / "v" / "cache" / name, FIXTURES / "cache" / "v" / "cache")
    shutil.rmtree(scratch)


def content(path):
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace")


def main():
    for argument in sys.argv[1:]:
        label, _, python = argument.partition("=")
        record(label, os.path.abspath(python) if os.sep in python else python)
    left = [
        path for path in sorted(FIXTURES.rglob("*"))
        if path.is_file() and re.search(r"/tmp/|/root/|/work/|\.pyenv", content(path))
    ]
    for path in left:
        print("still holds a machine path:", path.relative_to(FIXTURES))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
