#!/usr/bin/env python3
"""Checks record_package.py on a small package whose answers are known."""
import gzip
import json
import os
import subprocess
import sys
import tempfile
import unittest

import projects

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {
    "shop/__init__.py": "from .cart import Cart\nfrom .late import *\n",
    "shop/cart.py": "import os\n\nclass Cart: pass\n\ndef total(): pass\n\nBasket = Cart\n",
    "shop/late.py": "def __getattr__(name):\n    if name == 'tax':\n        from .cart import total\n"
                    "        return total\n    raise AttributeError(name)\n",
    "shop/old.py": "import warnings\nfrom .cart import Cart\nwarnings.warn('shop.old is going', DeprecationWarning)\n",
    "shop/broken.py": "from .cart import Lorry\n",
    "shop/east.py": "from .west import Wind\nclass Sun: pass\n",
    "shop/west.py": "from .east import Sun\nclass Wind: pass\n",
    "shop/careful.py": "try:\n    from .gone import x\nexcept ImportError:\n    x = None\nimport absent_package\n",
    "shop/lazily.py": "from .late import tax, duty\nfrom shop import cart, old\nfrom collections import Mapping\n",
}


class Recording(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            projects.write_project(os.path.join(folder, "site"), FILES)
            subprocess.run([sys.executable, "-B", os.path.join(HERE, "record_package.py"),
                            os.path.join(folder, "site"), folder, "shop"], check=True, stdout=subprocess.DEVNULL)
            with gzip.open(os.path.join(folder, "shop.json.gz")) as told:
                cls.told = json.load(told)
        cls.strings = cls.told["strings"]

    def rows(self):
        """{(file, module, name): the result that CPython gave}"""
        table = self.told["imports"]
        return {(self.strings[file], self.strings[module], self.strings[name] if name >= 0 else None):
                self.told["results"][result]
                for file, module, name, result in zip(table["file"], table["module"], table["name"], table["result"])}

    def test_rows_have_results(self):
        rows = self.rows()
        self.assertEqual(rows["shop/__init__.py", "shop.cart", "Cart"], {"r": "ok", "how": "a"})
        self.assertEqual(rows["shop/__init__.py", "shop.late", "*"], {"r": "ok", "how": "*"})
        self.assertEqual(rows["shop/lazily.py", "shop.late", "tax"], {"r": "ok", "how": "l"})
        self.assertEqual(rows["shop/lazily.py", "shop", "cart"], {"r": "ok", "how": "s"})
        self.assertEqual(rows["shop/lazily.py", "shop", "old"], {"r": "ok", "how": "s", "dep": True})
        self.assertEqual(rows["shop/lazily.py", "collections", "Mapping"]["r"], "name-missing")
        self.assertEqual(rows["shop/careful.py", "shop.gone", "x"]["name"], "shop.gone")
        self.assertEqual(rows["shop/broken.py", "shop.cart", "Lorry"]["r"], "name-missing")
        self.assertNotIn(("shop/careful.py", "absent_package", None), rows)

    def test_imports_that_fail(self):
        table = self.told["modules"]
        failing = {name: self.told["exceptions"][error]["class"]
                   for name, error in zip(table["name"], table["exc"]) if error >= 0}
        self.assertEqual(failing, {"shop.broken": "missing", "shop.east": "circular", "shop.west": "circular",
                                   "shop.careful": "external", "shop.lazily": "missing"})

    def test_paths(self):
        table = self.told["aliases"]
        sets = {self.strings[name]: {self.strings[m] + ":" + self.strings[n] for m, n in zip(paths[::2], paths[1::2])}
                for name, paths in zip(table["qualname"], table["paths"])}
        self.assertEqual(sets["Cart"], {"shop:Cart", "shop.cart:Cart", "shop.cart:Basket", "shop.old:Cart"})
        lazy = [self.strings[k] for k in table["lazy"][table["qualname"].index(self.strings.index("total"))]]
        self.assertEqual(lazy, ["shop.late", "tax"])

    def test_deprecations(self):
        warning, = self.told["warnings"]
        self.assertEqual(warning["body"], ["shop/old.py", 3, "shop.old"])
        self.assertEqual(warning["caller"], ["shop/old.py", 3, "<module>", "shop.old"])

    def test_probes(self):
        table = self.told["probes"]
        answers = dict(zip([(self.strings[m], self.strings[n]) for m, n in zip(table["module"], table["name"])],
                           table["ok"].split(",")))
        self.assertEqual(answers["shop.cart", "os"], "a")
        self.assertEqual(answers["shop.cart", "Basket"], "a")


if __name__ == "__main__":
    unittest.main()
