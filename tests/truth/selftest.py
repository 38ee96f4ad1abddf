#!/usr/bin/env python3
"""Checks the checker: a tool that repeats CPython agrees on every project, and each kind of lie is caught."""
import os
import sys
import tempfile
import unittest

import differential
import generator
import shrink

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = range(4_000_000, 4_000_004)


class Mirror(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.binary = os.path.join(self.folder.name, "mirror")
        with open(self.binary, "w", encoding="utf-8") as script:
            script.write(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}/mirror.py" "$@"\n')
        os.chmod(self.binary, 0o755)
        os.environ.pop("TRUTH_LIE", None)

    def tearDown(self):
        os.environ.pop("TRUTH_LIE", None)
        self.folder.cleanup()

    def failures(self):
        return differential.run_chunk(self.binary, SEEDS)[1]

    def test_repeating_cpython_agrees(self):
        counts, failures = differential.run_chunk(self.binary, SEEDS)
        self.assertEqual(failures, [])
        self.assertGreater(counts["row resolved"], 40)

    def test_a_false_missing_is_caught(self):
        os.environ["TRUTH_LIE"] = "row"
        self.assertIn(("row", "missing-name", "resolves"), {(d.kind, d.tool, d.python) for _, d in self.failures()})

    def test_a_wrong_import_status_is_caught(self):
        os.environ["TRUTH_LIE"] = "import"
        self.assertIn("import", {d.kind for _, d in self.failures()})

    def test_a_forgotten_path_is_caught(self):
        os.environ["TRUTH_LIE"] = "paths"
        self.assertIn(("paths", "lacks", "has"), {(d.kind, d.tool, d.python) for _, d in self.failures()})


class Shrinking(unittest.TestCase):
    def test_only_what_the_failure_needs_stays(self):
        files = dict(generator.generate(7), **{"needed.py": "import os\nif os.environ.get('W0'):\n    keep = 1\n"})
        small = shrink.shrink(files, lambda candidate: "keep = 1" in candidate.get("needed.py", ""))
        self.assertEqual(small, {"needed.py": "keep = 1\n"})


if __name__ == "__main__":
    unittest.main()
