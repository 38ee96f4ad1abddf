"""Holds analyzer/stdlib/*.tsv against the Python that runs this: its modules and their names."""

import importlib
import pathlib
import sys
import unittest
import warnings

TABLES = pathlib.Path(__file__).resolve().parents[2] / "analyzer" / "stdlib"
COLUMN = sys.version_info[1] - 6
SAMPLE = """abc argparse array ast asyncio base64 bisect builtins calendar collections
collections.abc concurrent.futures configparser contextlib copy csv ctypes dataclasses datetime
decimal difflib dis email email.message enum errno fnmatch fractions functools gc glob gzip
hashlib heapq html http.client http.server importlib importlib.util inspect io ipaddress itertools
json json.decoder locale logging logging.handlers math multiprocessing operator os os.path pathlib
pickle platform pprint queue random re sched select shelve shutil signal smtplib socket sqlite3
ssl stat statistics string struct subprocess sys tarfile tempfile textwrap threading time timeit
token tokenize traceback types typing unittest unittest.mock urllib.parse urllib.request uuid
warnings wave weakref xml.dom.minidom xml.etree.ElementTree zipfile zlib""".split()


def rows(name):
    for line in (TABLES / name).read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


class TablesAgreeWithTheInterpreter(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore")

    def test_modules_marked_absent_cannot_be_imported(self):
        for module, presence, *_ in rows("modules.tsv"):
            top = module.partition(".")[0]
            if presence[COLUMN] == "0" and top not in ("distutils", "pip", "setuptools"):
                with self.subTest(module), self.assertRaises(ImportError):
                    importlib.import_module(module)

    def test_top_level_modules_are_listed(self):
        listed = {row[0] for row in rows("modules.tsv") if row[1][COLUMN] == "1"}
        self.assertEqual(sorted(set(getattr(sys, "stdlib_module_names", ())) - listed), [])

    def test_names_of_a_sample_of_modules_are_listed(self):
        listed = {}
        for module, name, presence in rows("names.tsv"):
            if presence[COLUMN] != "0":
                listed.setdefault(module, set()).add(name)
        listed["os.path"] = listed["posixpath"]
        modules = {row[0] for row in rows("modules.tsv")}
        for module in SAMPLE:
            names = {
                name
                for name in dir(importlib.import_module(module))
                if not name.startswith("__") and f"{module}.{name}" not in modules
            }
            with self.subTest(module):
                self.assertEqual(sorted(names - listed[module]), [])

    def test_names_marked_present_exist(self):
        for module, name, presence in rows("names.tsv"):
            if presence[COLUMN] == "1" and module in SAMPLE:
                with self.subTest(f"{module}.{name}"):
                    self.assertTrue(hasattr(importlib.import_module(module), name))


if __name__ == "__main__":
    unittest.main()
