#!/usr/bin/env python3
"""Real runs of fixtures/real/depot, which has one of each defect, with pytest 7, 8.4 and 9 from PyPI: every failure is
explained by the right finding, and nothing else is.

  pytest_versions_test.py BINARY [SCRATCH]

SCRATCH keeps the environments from one run to the next. Without a registry the test fails: it says so, and is not skipped.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import venv

DEPOT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "real" / "depot"
VERSIONS = ("7.4.4", "8.4.2", "9.0.2")
BINARY, SCRATCH = "", ""

CAUSES = {
    "tests/test_missing_module.py": "DFG201:depot.shelves",
    "tests/test_missing_name.py": "DFG202:depot.stock:Shelf",
    "tests/test_transitive.py": "DFG202:depot.stock:Crate",
    "tests/test_too_many_dots.py": "DFG207:depot.inner.deep:....stock",
    "tests/test_cycle.py": "DFG401:depot.invoices",
    "tests/test_exports.py": "DFG206:depot.exports:Forklift",
    "tests/test_syntax.py": "DFG901:src/depot/unfinished.py",
    "tests/test_old_python.py": "DFG303:collections:Mapping",
    "tests/test_runtime.py::test_import_in_a_function": "DFG202:depot.stock:Rack",
    "tests/test_runtime.py::test_import_in_a_fixture": "DFG201:depot.scanner",
    "tests/test_runtime.py::test_wraps_an_import_error": "DFG202:depot.stock:Rack",
    "tests/test_runtime.py::test_arguments_of_the_other_class": "DFG103:depot.label:Label",
    "tests/test_runtime.py::test_two_copies_of_one_class": "DFG102:depot.stock",
}
UNEXPLAINED = {
    "tests/test_runtime.py::test_own_error": ("ValueError: a bin has a place", "src/depot/lazy.py:9"),
    "tests/test_runtime.py::test_plain_assertion": ("AssertionError: assert 3 == 4", "tests/test_runtime.py:45"),
    "tests/test_runtime.py::test_key": ("KeyError: 'place'", "tests/test_runtime.py:49"),
}


def environment(version):
    """The interpreter of an environment that has this pytest."""
    folder = pathlib.Path(SCRATCH) / f"pytest-{version}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "--disable-pip-version-check", f"pytest=={version}",
                        "pytest-reportlog"], check=True, timeout=300)
        (folder / "ready").touch()
    return python


def ids(items):
    return {test: item for item in items for test in item.get("failed", []) + item.get("uncollected", [])}


class Versions(unittest.TestCase):
    def run_suite(self, version, project):
        shutil.copytree(DEPOT, project, ignore=shutil.ignore_patterns("__pycache__"))
        command = [environment(version), "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--continue-on-collection-errors",
                   "--junitxml=junit.xml", "-o", "junit_family=xunit1", "--report-log=log.jsonl"]
        done = subprocess.run(command, cwd=project, text=True, capture_output=True, check=False,
                              env={"PATH": os.environ["PATH"], "CI": "1", "LANG": "C.UTF-8"})
        (project / "terminal.log").write_text(done.stdout)

    def check(self, project, *reports):
        command = [BINARY, "check", "--root", project, "--target-version", f"3.{sys.version_info.minor}", "--isolated",
                   "--output-format", "json", *[f"--tests={project}/{report}" for report in reports]]
        return json.loads(subprocess.run(command, text=True, capture_output=True, check=False).stdout)["tests"]

    def judge(self, tests, reports):
        causes = {test: cause["cause"] for test, cause in ids(tests["causes"]).items()}
        self.assertEqual(causes, CAUSES)
        clusters = {test: (c["title"], c["site"]) for test, c in ids(tests.get("clusters", [])).items()}
        self.assertEqual({test: site for test, (_, site) in clusters.items()}, {t: s for t, (_, s) in UNEXPLAINED.items()})
        self.assertNotIn("related", tests)
        self.assertNotIn("disagreements", tests)
        forecast = {f["path"] for f in tests["forecast"]["files"] if f["status"] == "fails"}
        self.assertEqual(forecast, {test for test in CAUSES if "::" not in test})
        masked = [c for c in tests["causes"] if c.get("masked")]
        self.assertLessEqual(len(masked), 1)
        if "terminal.log" in reports or "log.jsonl" in reports:
            warning = next(w for w in tests["warnings"] if w["category"] == "DeprecationWarning")
            self.assertEqual(warning["cause"], "DFG301:depot.old_stock")

    def one_version(self, version):
        with tempfile.TemporaryDirectory() as scratch:
            project = pathlib.Path(scratch) / "depot"
            self.run_suite(version, project)
            for reports in (["junit.xml", "terminal.log"], ["log.jsonl"], ["terminal.log"]):
                with self.subTest(version=version, reports=reports):
                    self.judge(self.check(project, *reports), reports)

    def test_what_changed_since_the_run(self):
        with tempfile.TemporaryDirectory() as scratch:
            project = pathlib.Path(scratch) / "depot"
            self.run_suite(VERSIONS[-1], project)
            self.assertNotIn("changed", self.check(project, "log.jsonl")["run"])
            edited = project / "tests" / "test_missing_name.py"
            edited.write_text(edited.read_text().replace("import Shelf", "import Shelf as shelf"))
            passed = project / "tests" / "test_deprecated.py"
            passed.write_text(passed.read_text() + "from depot.stock import Trolley\n")
            tests = self.check(project, "log.jsonl")
            causes = {cause["cause"]: cause for cause in tests["causes"]}
            self.assertNotIn("disagreements", tests)
            self.assertEqual(causes["DFG202:depot.stock:Trolley"]["because"],
                             "`tests/test_deprecated.py` was written after the reports")
            self.assertRegex(causes["DFG202:depot.stock:Shelf"]["because"],
                             r"`tests/test_missing_name.py:\d+` reads otherwise than when the tests ran")
            self.assertEqual(causes["DFG201:depot.shelves"]["state"], "confirmed")
            self.assertEqual(len(tests["run"]["changed"]), 1)

    def test_pytest_7(self):
        self.one_version(VERSIONS[0])

    def test_pytest_8(self):
        self.one_version(VERSIONS[1])

    def test_pytest_9(self):
        self.one_version(VERSIONS[2])


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    SCRATCH = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else tempfile.mkdtemp()
    unittest.main()
