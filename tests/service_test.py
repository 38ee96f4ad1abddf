#!/usr/bin/env python3
"""fixtures/real/parcels: from the report on it alone, a person repairs everything.

  service_test.py BINARY            checks the report on the recorded runs
  service_test.py --record PYTHON   runs the suites again with the pytest of that interpreter
"""
import html
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

SERVICE = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "real" / "parcels"
SUITES = ("unit", "integration", "e2e")
BINARY = ""


def record(python):
    """One run a suite, as CI would: a JUnit file and the terminal's log."""
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch) / "parcels"
        shutil.copytree(SERVICE, project, ignore=shutil.ignore_patterns("__pycache__", "reports"))
        for suite in SUITES:
            junit = project / f"{suite}.junit.xml"
            done = subprocess.run(
                [python, "-m", "pytest", "-p", "no:cacheprovider", "-ra", f"tests/{suite}", "--continue-on-collection-errors",
                 f"--junitxml={junit}", "-o", "junit_family=xunit1"], cwd=project, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "CI": "1", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"})
            for name, text in ((junit.name, junit.read_text()), (f"{suite}.log", done.stdout)):
                text = text.replace(str(project), "/home/ci/parcels").replace(socket.gethostname(), "ci-host")
                text = re.sub(r"[^ \n\"']*/lib/python3", "/usr/lib/python3", text)
                (SERVICE / "reports" / name).write_text(text)
            print(f"{suite}: exit {done.returncode}")


def run(*options):
    reports = [f"--tests={SERVICE}/reports/{suite}.{kind}" for suite in SUITES for kind in ("junit.xml", "log")]
    done = subprocess.run([BINARY, "check", "--root", str(SERVICE), *reports, "--plan", str(SERVICE / "pydefrag-expect.toml"),
                           *options], text=True, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.report = json.loads(run("--output-format", "json"))
        cls.tests = cls.report["tests"]

    def cause(self, name):
        return next(c for c in self.tests["causes"] if c["cause"] == name)

    def suite(self, folder):
        return next(s for s in self.tests["suites"] if s["folder"] == folder)

    def test_each_suite_has_its_totals(self):
        counts = {s["level"]: s["counts"] for s in self.tests["suites"]}
        self.assertEqual(list(counts), ["unit", "integration", "e2e"])
        self.assertEqual((counts["unit"]["tests"], counts["unit"]["passed"], counts["unit"]["failed"]), (9, 6, 3))
        self.assertEqual((counts["integration"]["passed"], counts["integration"]["uncollected"]), (1, 1))
        self.assertEqual((counts["e2e"]["tests"], counts["e2e"]["uncollected"]), (0, 2))

    def test_key_failures_name_what_explains_them(self):
        integration, = self.suite("tests/integration")["failures"]
        self.assertEqual(integration["id"], "tests/integration/test_rates.py")
        self.assertEqual(integration["cause"], "DFG202:parcels.rates:estimate")
        e2e, = self.suite("tests/e2e")["failures"]
        self.assertEqual((e2e["cause"], e2e["alike"]), ("DFG201:parcels.config.settings", 1))

    def test_one_is_related_and_never_confirmed(self):
        related, = self.tests["related"]
        self.assertEqual(related["id"], "tests/unit/test_paths.py::test_parcel_has_one_path")
        self.assertEqual(related["causes"], ["DFG101:parcels.model:Parcel"])
        self.assertNotIn(related["id"], self.cause("DFG101:parcels.model:Parcel").get("failed", []))

    def test_the_document_alone_is_enough(self):
        reports = [f"--tests={SERVICE}/reports/{suite}.{kind}" for suite in SUITES for kind in ("junit.xml", "log")]
        for form in ("markdown", "html"):
            text = subprocess.run([BINARY, "report", "--format", form, "--root", str(SERVICE), *reports, "--plan",
                                   str(SERVICE / "pydefrag-expect.toml")], text=True, capture_output=True, check=True).stdout
            text = re.sub(r"<[^>]+>|`", "", text)
            text = html.unescape(text)
            for part in ("root cause 1", "root cause 4",  # one word for them everywhere
                         "import a name that parcels.rates defines instead of estimate: quote",
                         "from parcels.settings import CARRIER", "from parcels.model import Parcel",
                         "DeprecationWarning: importing Parcel from parcels is deprecated",  # what was printed
                         "raise ValueError(\"either email or phone must be given\")", "tests/unit/test_contact.py:14",
                         "coroutine 'send' was never awaited", "parcels/notify.py:9", "send(contact, \"your parcel is waiting\")",
                         "2 of them fail as planned",
                         "PAR-31", "PAR-40", "not recorded"):
                self.assertIn(part, text, form)
            self.assertNotIn("conflict 1", text)
        steps = [(s.get("cause") or s.get("cluster") or s.get("related"), s.get("planned", False)) for s in self.tests["steps"]]
        self.assertIn((["DFG101:parcels.model:Parcel"], True), steps)
        self.assertEqual(len(steps), 6)

    def test_two_is_explained(self):
        cause = self.cause("DFG202:parcels.rates:estimate")
        self.assertEqual(cause["state"], "confirmed")
        self.assertEqual(cause["uncollected"], ["tests/integration/test_rates.py"])
        self.assertEqual(cause["chain"], ["tests/integration/test_rates.py:2"])
        self.assertIn("cannot import name 'estimate' from 'parcels.rates'", cause["evidence"])
        self.assertEqual((cause["tests_blocked"], cause["modules_blocked"]), (2, 1))

    def test_three_is_explained_and_the_fix_names_the_new_place(self):
        cause = self.cause("DFG201:parcels.config.settings")
        self.assertEqual(cause["state"], "confirmed")
        self.assertEqual(cause["uncollected"], ["tests/e2e/test_label.py", "tests/e2e/test_return.py"])
        self.assertIn("parcels.settings", cause["fix"])

    def test_four_is_explained_by_the_deprecated_import(self):
        warning = next(w for w in self.tests["warnings"] if w["category"] == "DeprecationWarning")
        cause = self.cause(warning["cause"])
        self.assertEqual((cause["code"], cause["state"]), ("DFG302", "confirmed"))
        self.assertIn("parcels.model", cause["fix"] + cause["message"])

    def test_five_stays_an_unexplained_cluster_with_the_raising_line(self):
        cluster, = self.tests["clusters"]
        self.assertEqual(cluster["title"], "ValueError: either email or phone must be given")
        self.assertEqual(cluster["site"], "parcels/contact.py:7")
        self.assertEqual(len(cluster["failed"]), 2)
        self.assertTrue(cluster["key"].startswith("reason-v1:"))

    def test_six_is_listed_with_its_place(self):
        warning = self.tests["warnings"][0]
        self.assertEqual(warning["category"], "RuntimeWarning")
        self.assertIn("coroutine 'send' was never awaited", warning["message"])
        self.assertEqual(warning["place"], "parcels/notify.py:9")

    def test_the_plan_says_what_went_as_expected(self):
        planned = {p["id"]: p["state"] for p in self.tests["planned"]}
        self.assertEqual(planned, {"tests/unit/test_paths.py::test_parcel_has_one_path": "as-planned",
                                   "tests/unit/test_contact.py::test_contact_without_any_address": "as-planned"})

    def test_numbers_agree(self):
        tests = self.tests
        for field in tests["counts"]:
            self.assertEqual(tests["counts"][field], sum(s["counts"][field] for s in tests["suites"]), field)
            self.assertEqual(tests["counts"][field], sum(s["counts"][field] for s in tests["levels"]), field)
        failures = tests["counts"]["failed"] + tests["counts"]["errors"] + tests["counts"]["uncollected"]
        explained = sum(len(c.get("failed", [])) + len(c.get("uncollected", [])) for c in tests["causes"])
        clustered = sum(len(c.get("failed", [])) + len(c.get("uncollected", [])) for c in tests["clusters"])
        self.assertEqual(failures, explained + clustered + len(tests["related"]))
        self.assertEqual(sum(1 + f["alike"] for s in tests["suites"] for f in s.get("failures", [])), failures)

    def test_nothing_was_forecast_wrongly(self):
        self.assertNotIn("disagreements", self.tests)
        self.assertEqual(self.tests["forecast"]["failing"], 3)

    def test_steps_come_in_the_order_of_what_they_unblock(self):
        gains = [s["tests_unblocked"] + s["files_unblocked"] for s in self.tests["steps"]]
        self.assertEqual(gains, sorted(gains, reverse=True))
        self.assertEqual(self.tests["steps"][0]["cause"], "DFG201:parcels.config.settings")

    def test_the_header_says_what_ran(self):
        self.assertRegex(self.tests["run"]["framework"]["value"], r"pytest \d")
        self.assertRegex(self.tests["run"]["python"]["value"], r"3\.\d+")
        self.assertIsNone(self.tests["run"]["peak_memory"])

    def test_the_first_screen_tells_all_six(self):
        screen = run()
        for text in ("does not define `estimate`", "parcels.settings", "Parcel can be imported from", "use parcels.model.Parcel",
                     "either email or phone must be given", "parcels/contact.py:7", "was never awaited", "parcels/notify.py:9",
                     "failing as planned: 2", "What to do, in this order"):
            self.assertIn(text, screen)


if __name__ == "__main__":
    if sys.argv[1] == "--record":
        record(sys.argv[2])
    else:
        BINARY = sys.argv.pop(1)
        unittest.main()
