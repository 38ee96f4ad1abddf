"""why, graph as a picture, init and completions, as a user calls them.

    commands_test.py BINARY, run by the Python of build/test-tools"""

import json
import os
import pathlib
import stat
import subprocess
import sys
import threading
import tomllib
import unittest

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from scratch_repository import SHOP, Repository

BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

CHAIN = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/a.py": "import json\nfrom app import b\n",
    "app/b.py": "from app.sub.c import C\ndef later():\n    import app.d\n",
    "app/sub/__init__.py": "import app.e\n",
    "app/sub/c.py": "class C: ...\n",
    "app/d.py": "import app.a\n",
    "app/e.py": "",
    "alone.py": "",
}


class Why(unittest.TestCase):
    def setUp(self):
        self.project = Repository(BINARY, CHAIN)

    def test_shows_each_hop_and_its_place(self):
        done = self.project.pydefrag("why", "app.a", "app.sub.c")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "app.a\n  imports app.b at app/a.py:2:17\n"
                                      "  imports app.sub.c at app/b.py:1:23\n")

    def test_packages_are_run_on_the_way(self):
        done = self.project.pydefrag("why", "app.b", "app.e")
        self.assertEqual(done.stdout, "app.b\n  imports app.sub at app/b.py:1:23, on the way to app.sub.c\n"
                                      "  imports app.e at app/sub/__init__.py:1:8\n")

    def test_chains_that_do_not_run_at_import_say_so(self):
        done = self.project.pydefrag("why", "app.b", "app.d")
        self.assertIn("imports app.d at app/b.py:3:12 (deferred)\n", done.stdout)
        self.assertIn("not all of these imports run at import time", done.stdout)

    def test_no_chain_and_no_such_module(self):
        done = self.project.pydefrag("why", "alone", "app.a")
        self.assertEqual((done.returncode, done.stdout),
                         (1, "alone does not import app.a, directly or through others\n"))
        done = self.project.pydefrag("why", "app.a", "app.sub.cc")
        self.assertEqual((done.returncode, done.stderr),
                         (2, "error: no module of this project is named `app.sub.cc`; did you mean `app.sub.c`?\n"))

    def test_json(self):
        report = json.loads(self.project.pydefrag("why", "app.a", "app.sub.c", "--format", "json").stdout)
        self.assertEqual([(hop["from"], hop["to"], hop["line"]) for hop in report["chain"]],
                         [("app.a", "app.b", 2), ("app.b", "app.sub.c", 1)])


class Graph(unittest.TestCase):
    def setUp(self):
        self.project = Repository(BINARY, {**CHAIN, "app/e.py": "import app.sub\n"})

    def graph(self, *options: str) -> str:
        done = self.project.pydefrag("graph", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_dot_has_all_modules_and_arrows(self):
        text = self.graph("--format", "dot")
        for line in ('"alone";', '"app.a" -> "app.b";', '"app.b" -> "app.d" [style=dashed];',
                     '"app.e" -> "app.sub" [color=red];'):
            self.assertIn(f"  {line}\n", text)

    def test_focus_and_depth(self):
        text = self.graph("--format", "dot", "--focus", "app.sub.c", "--depth", "1")
        self.assertIn('"app.b" -> "app.sub.c"', text)
        self.assertNotIn("app.a", text)
        self.assertIn('"app.a" -> "app.b"', self.graph("--format", "dot", "--focus", "app.sub.c", "--depth", "2"))

    def test_collapse(self):
        text = self.graph("--format", "dot", "--collapse", "2")
        self.assertIn('"app.b" -> "app.sub"', text)
        self.assertNotIn("app.sub.c", text)

    def test_mermaid_numbers_nodes(self):
        lines = self.graph("--format", "mermaid").splitlines()
        self.assertEqual(lines[0], "flowchart LR")
        number = {line.split('"')[1]: line.split("[")[0].strip() for line in lines if '["' in line}
        self.assertIn(f"  {number['app.a']} --> {number['app.b']}", lines)
        self.assertIn(f"  {number['app.b']} -.-> {number['app.d']}", lines)


class GraphOfDefinitions(unittest.TestCase):
    def paths(self, files, name: str, *options: str):
        done = Repository(BINARY, {"pyproject.toml": "", **files}).pydefrag("graph", "--format", "json", *options)
        definitions = {d["id"]: d["paths"] for d in json.loads(done.stdout)["definitions"]}
        return definitions.get(name, [])

    def test_what_a_compiled_module_makes_its_source_does_not_tell(self):
        files = {"app/__init__.py": "", "app/fast.py": "def f(): ...\ng = f\n",
                 "app/user.py": "from app.fast import f\n"}
        self.assertEqual(self.paths(files, "app.fast:f"), ["app.fast:f", "app.fast:g", "app.user:f"])
        files["app/fast.so"] = "\x7fELF"
        self.assertEqual(self.paths(files, "app.fast:f"), ["app.fast:f"])

    def test_the_handler_runs_where_the_environment_lacks_what_the_try_imports(self):
        files = {"errors.py": "class Failed(Exception): ...\n",
                 "gss.py": "try:\n    from lacking import Failed\nexcept ImportError:\n    from errors import Failed\n"}
        self.assertEqual(self.paths(files, "errors:Failed"), ["errors:Failed"])
        files.update({".venv/pyvenv.cfg": "home = somewhere\n", ".venv/lib/python3.11/site-packages/vendor.py": ""})
        self.assertEqual(self.paths(files, "errors:Failed", "--python", ".venv"), ["errors:Failed", "gss:Failed"])

    def test_whether_the_else_of_a_try_that_raises_runs_nobody_knows(self):
        files = {"std.py": "class Bar: ...\n", "notebook.py": "class Bar: ...\n",
                 "chosen.py": "import sys\ntry:\n    if 'shell' not in sys.modules:\n        raise ImportError\n"
                              "except Exception:\n    from std import Bar\nelse:\n    from notebook import Bar\n",
                 "user.py": "from chosen import Bar as A\n"}
        self.assertEqual(self.paths(files, "notebook:Bar"), ["notebook:Bar"])
        self.assertEqual(self.paths(files, "std:Bar"), ["std:Bar"])

    def test_served_names_that_the_package_itself_imports_are_paths(self):
        hook = "def __getattr__(name):\n    if name == 'Old':\n        return New\n    raise AttributeError(name)\n"
        files = {"app/__init__.py": "", "app/home.py": "class New: ...\n" + hook}
        self.assertEqual(self.paths(files, "app.home:New"), ["app.home:New"])
        files["app/user.py"] = "def f():\n    from app.home import Old\n"
        self.assertEqual(self.paths(files, "app.home:New"), ["app.home:New", "app.home:Old"])

    def test_whoever_takes_one_of_several_takes_the_same(self):
        twin = ("try:\n    import ssl\n    Error = ssl.SSLError\nexcept (ImportError, AttributeError):\n"
                "    ssl = None\n    class Error(Exception): ...\n")
        files = {"net/__init__.py": "from net import wire\n", "net/wire.py": "from net.part import part\n" + twin,
                 "net/part.py": "import net\npart = 1\n", "net/pool.py": "from net.wire import Error\n"}
        self.assertEqual(self.paths(files, "net.wire:Error"), ["net.pool:Error", "net.wire:Error"])
        # Where the taker may run between the two, it may have either.
        files["net/wire.py"] = "class Error(Exception): ...\nfrom net import pool\n" + twin
        self.assertNotIn("net.pool:Error", self.paths(files, "net.wire:Error"))

    def test_what_is_surely_bound_anew_is_none_of_several(self):
        files = {"alpha.py": "def f(): ...\ntry:\n    from beta import make\nexcept ImportError:\n    pass\n",
                 "beta.py": "def f(): ...\nfrom gamma import f\n", "gamma.py": "def f(): ...\nfrom alpha import *\n"}
        self.assertEqual(self.paths(files, "beta:f"), [])

    def test_what_a_package_puts_below_in_a_cycle_is_the_value(self):
        files = {"app/__init__.py": "from app import till\nfrom app.cart import Cart\ntill.Cart = Cart\n",
                 "app/till.py": "from app import cart\n", "app/cart.py": "import app\nclass Cart: ...\n"}
        self.assertEqual(self.paths(files, "app.cart:Cart"), ["app.cart:Cart", "app.till:Cart", "app:Cart"])


class Init(unittest.TestCase):
    def test_writes_into_pyproject_what_it_sees(self):
        project = Repository(BINARY, {**SHOP, "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'",
                                      "shop/thing_pb2.py": "X = 1\n"})
        done = project.pydefrag("init")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "Wrote [tool.pydefrag] to pyproject.toml.\n1 finding today. Next: pydefrag "
                                      "check, or make them known: pydefrag check --write-baseline\n")
        parsed = tomllib.loads((project.root / "pyproject.toml").read_text())
        self.assertEqual(parsed["project"]["name"], "shop")
        self.assertEqual(parsed["tool"]["pydefrag"]["exclude"], ["*_pb2.py"])
        schema = json.loads((ROOT / "docs" / "pydefrag.schema.json").read_text())
        jsonschema.Draft7Validator(schema).validate(parsed["tool"]["pydefrag"])
        self.assertEqual(project.pydefrag("check").returncode, 1)
        again = project.pydefrag("init")
        self.assertEqual((again.returncode, again.stderr),
                         (2, "error: `pyproject.toml` configures pydefrag already\n"))

    def test_without_pyproject_it_is_a_file_of_its_own(self):
        project = Repository(BINARY, {"a.py": ""})
        self.assertEqual(project.pydefrag("init", "--dry-run").returncode, 0)
        self.assertFalse((project.root / "pydefrag.toml").exists())
        self.assertEqual(project.pydefrag("init").stdout, "Wrote pydefrag.toml.\n")
        tomllib.loads((project.root / "pydefrag.toml").read_text())
        self.assertEqual(project.pydefrag("check").returncode, 0)


class Completions(unittest.TestCase):
    def test_bash_completes_commands_options_and_values(self):
        script = Repository(BINARY, {}).pydefrag("completions", "bash").stdout
        for words, expected in ((["che"], "check"), (["check", "--sin"], "--since"), (["check", "--output-format", "sar"], "sarif"),
                                (["trace", "--ro"], "--root")):
            call = (script + f"\nCOMP_WORDS=(pydefrag {' '.join(words)}); COMP_CWORD={len(words)}; _pydefrag; "
                    'echo "${COMPREPLY[*]}"')
            done = subprocess.run(["bash", "-c", call], text=True, stdout=subprocess.PIPE, check=True)
            self.assertEqual(done.stdout.strip(), expected)

    def test_others_name_every_command(self):
        project = Repository(BINARY, {})
        for shell in ("zsh", "fish"):
            text = project.pydefrag("completions", shell).stdout
            for command in ("check", "why", "graph", "completions"):
                self.assertIn(command, text)
        self.assertEqual(project.pydefrag("completions", "tcsh").returncode, 2)


class Watch(unittest.TestCase):
    def test_checks_again_when_a_file_changes(self):
        project = Repository(BINARY, SHOP)
        watching = subprocess.Popen([BINARY, "check", "--watch", "--output-format", "concise", "-q"], cwd=project.root,
                                    text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            self.assertRegex(watching.stderr.readline(), r"^Watching \d+ files and folders\.$")
            project.write({"shop/till.py": "from shop.cart import Cart\n", "new.py": "import shop.x, shop.y\n"})
            self.assertRegex(watching.stderr.readline(), r"^\+2 -1 findings\. Watching \d+ files and folders\.$")
        finally:
            watching.kill()
            watching.communicate()


class OutputFiles(unittest.TestCase):
    def test_standard_output_on_a_full_disk_is_an_error(self):
        project = Repository(BINARY, CHAIN)
        call = [BINARY, "check", "--output-format", "json"]
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(call, cwd=project.top, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: cannot write standard output: No space left on device\n", done.stderr)

    def test_a_pipe_is_written_to_and_not_replaced(self):
        project = Repository(BINARY, CHAIN)
        pipe = pathlib.Path(project.top) / "pipe"
        os.mkfifo(pipe)
        read = []
        reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
        reader.start()
        project.pydefrag("check", "--output-format", "json=pipe")
        reader.join(10)
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))
        self.assertEqual(json.loads(read[0])["schema"], "pydefrag/report/1")


if __name__ == "__main__":
    unittest.main()
