"""docs/pydefrag.schema.json and the program agree on which configurations are good.

    schema_test.py BINARY, run by the Python of build/test-tools"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

import jsonschema

BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "docs" / "pydefrag.schema.json").read_text())

GOOD = [
    "",
    'source-roots = ["src"]\nexclude = ["a/"]\nextend-exclude = []',
    'select = ["DFG2"]\nignore = ["DFG201"]\nextend-select = ["undeclared-dependency"]',
    'target-version = "3.9"\nfail-on = "note"\nhomonyms = true\nrequire-reason = false',
    '[severity]\nDFG202 = "off"\nmissing-module = "warning"',
    '[per-path-ignores]\n"tests/**" = ["DFG101"]',
    '[canonical]\n"shop.cart:Cart" = "shop:Cart"\n"shop.a" = "shop.b"',
    '[banned]\n"shop.old" = "shop.new"\n"shop.old:Cart" = ""',
    '[levels]\nlow = ["shop.base*"]',
]
BAD = [
    "selekt = []",
    'exclude = "a/"',
    "exclude = [1]",
    'exclude = [""]',
    'target-version = "2.7"',
    "target-version = 3.9",
    'fail-on = "off"',
    'homonyms = "yes"',
    "baseline = 1",
    'baseline = ""',
    '[severity]\nDFG202 = "fatal"',
    '[per-path-ignores]\n"tests/**" = "DFG101"',
    '[canonical]\n"shop/cart" = "shop"',
    '[canonical]\n"shop.cart:" = "shop:x"',
    '[banned]\n"9shop" = ""',
    "[banned]\nshop = true",
    '[levels]\nlow = "x"',
]


def accepted_by_program(text: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "pydefrag.toml").write_text(text)
        pathlib.Path(folder, "a.py").write_text("")
        done = subprocess.run([BINARY, "check", "--show-settings"], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        return done.returncode == 0


def accepted_by_schema(text: str) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(tomllib.loads(text))


class Schema(unittest.TestCase):
    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_has_the_keys_that_the_program_has(self):
        source = (ROOT / "analyzer" / "config" / "config_keys.cpp").read_text()
        table = re.search(r"constexpr Key kKeys\[\] = \{(.*?)\n\};", source, re.DOTALL).group(1)
        self.assertEqual(sorted(SCHEMA["properties"]), sorted(re.findall(r'\{"([a-z-]+)"', table)))

    def test_agrees_with_the_program(self):
        for text, good in [(t, True) for t in GOOD] + [(t, False) for t in BAD]:
            with self.subTest(text):
                self.assertEqual((accepted_by_program(text), accepted_by_schema(text)), (good, good))

    def test_the_readme_shows_a_good_one(self):
        shown = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
        self.assertTrue(shown)
        for text in shown:
            settings = tomllib.loads(text).get("tool", {}).get("pydefrag", {})
            jsonschema.Draft7Validator(SCHEMA).validate(settings)


if __name__ == "__main__":
    unittest.main()
