"""Baselines, `--since` and `--pre-commit` in real git repositories.

    since_test.py BINARY"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import scratch_repository
from scratch_repository import SHOP

BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())


class Repository(scratch_repository.Repository):
    def __init__(self, files: dict[str, str], below: str = ""):
        super().__init__(BINARY, files, below)

    def run(self, *options: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        return self.pydefrag("check", *options, environment=environment)

    def found(self, *options: str) -> list[str]:
        done = self.run("--output-format", "json", *options)
        if done.returncode not in (0, 1):
            raise AssertionError(done.stderr)
        return [f"{f['path']}: {f['message']}" for f in json.loads(done.stdout)["findings"]]


OLD = "shop/till.py: `shop.cart` does not define `Wheelbarrow`"


class Since(unittest.TestCase):
    def test_a_deleted_symbol_breaks_files_that_were_not_touched(self):
        repository = Repository(SHOP).commit()
        self.assertEqual(repository.found(), [OLD])
        self.assertEqual(repository.found("--since", "HEAD"), [])
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        self.assertEqual(repository.found("--since", "HEAD"), ["report.py: `shop.cart` does not define `Basket`"])
        self.assertEqual(repository.run("--since", "HEAD").returncode, 1)

    def test_an_environment_that_git_does_not_ignore_was_there_before(self):
        site = ".venv/lib/python3.11/site-packages"
        repository = Repository({"pyproject.toml": "", "report.py": "from plain import nothing\n"}).commit()
        repository.write({".venv/pyvenv.cfg": "home = /usr\n", f"{site}/plain.py": "x = 1\n", "new.py": "",
                          f"{site}/plain-1.dist-info/METADATA": "Name: plain\nVersion: 1\n"})
        self.assertEqual(repository.found(), ["report.py: `plain` does not define `nothing`"])
        self.assertEqual(repository.found("--since", "HEAD"), [])

    def test_a_deleted_module_and_a_new_file_that_is_not_staged(self):
        repository = Repository(SHOP).commit()
        (repository.root / "shop/cart.py").unlink()
        repository.write({"new/thing.py": "from shop import nothing\n"})
        found = repository.found("--since", "HEAD", "--select", "DFG2")
        self.assertIn("new/thing.py: `shop` does not define `nothing`", found)
        self.assertIn("report.py: no module named `shop.cart`", found)

    def test_a_change_that_ends_a_finding_shows_nothing(self):
        repository = Repository(SHOP).commit()
        repository.write({"shop/till.py": "from shop.cart import Cart\n"})
        self.assertEqual(repository.found("--since", "HEAD"), [])

    def test_moved_lines_and_moved_files_are_no_news(self):
        repository = Repository(SHOP).commit()
        (repository.root / "shop/till.py").rename(repository.root / "shop/cash.py")
        self.assertEqual(repository.found("--since", "HEAD"), [])
        self.assertEqual(len(repository.found()), 1)
        repository.write({"shop/cash.py": "\n\n# moved\nfrom shop.cart import Cart, Wheelbarrow\n"})
        self.assertEqual(repository.found("--since", "HEAD"), [])

    def test_since_a_branch_is_since_the_histories_parted(self):
        repository = Repository(SHOP).commit()
        repository.git("checkout", "-q", "-b", "work")
        repository.write({"other.py": "import shop.nowhere\n"})
        repository.commit()
        repository.git("checkout", "-q", "main")
        repository.write({"shop/till.py": "from shop.cart import Cart\n"})
        repository.commit()
        repository.git("checkout", "-q", "work")
        self.assertEqual(repository.found("--since", "main"), ["other.py: no module named `shop.nowhere`"])

    def test_a_project_below_the_repository(self):
        repository = Repository(SHOP, below="services/shop").commit()
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        self.assertEqual(repository.found("--since", "HEAD"), ["report.py: `shop.cart` does not define `Basket`"])

    def test_settings_of_today_hold_for_both(self):
        repository = Repository({**SHOP, "a.py": "from shop.api import Cart\n", "b.py": "from shop.cart import Cart\n",
                                 "shop/api.py": "from shop.cart import Cart as Cart\n"}).commit()
        repository.write({"pyproject.toml": '[tool.pydefrag.severity]\n"fragmented-import" = "error"\n'})
        self.assertEqual(repository.found("--since", "HEAD"), [])

    def test_before_the_first_commit_all_is_new(self):
        self.assertEqual(Repository(SHOP).found("--since", "HEAD"), [OLD])

    def test_unknown_commits_and_missing_repositories_are_errors(self):
        repository = Repository(SHOP).commit()
        done = repository.run("--since", "no-such-branch")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "error: git knows no commit `no-such-branch`\n")

    def test_outside_a_repository_it_says_so(self):
        for options in (["--since", "HEAD"], ["--pre-commit"]):
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "a.py").write_text("")
                done = subprocess.run([BINARY, "check", *options], cwd=folder, text=True, check=False,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      env={**scratch_repository.ENVIRONMENT, "GIT_CEILING_DIRECTORIES": "/"})
            self.assertEqual(done.returncode, 2)
            self.assertIn("not a git repository", done.stderr)

    def test_the_report_says_what_it_leaves_out(self):
        repository = Repository(SHOP).commit()
        self.assertIn("1 finding not shown: there since HEAD or before.\n", repository.run("--since", "HEAD").stdout)


class PreCommit(unittest.TestCase):
    def staged(self, files: dict[str, str]) -> Repository:
        repository = Repository(SHOP).commit()
        repository.write(files)
        repository.git("add", "-A")
        return repository

    def test_what_the_commit_breaks_stops_it(self):
        done = self.staged({"shop/cart.py": "class Cart: ...\n"}).run("--pre-commit")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines()[0],
                         "report.py:1:23: error[DFG202] `shop.cart` does not define `Basket`")

    def test_what_was_broken_before_does_not(self):
        done = self.staged({"new.py": "from shop.cart import Cart\n"}).run("--pre-commit")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_without_python_there_is_nothing_to_do(self):
        repository = self.staged({"README.md": "hello\n"})
        # Nothing is read: a broken configuration is not even seen.
        repository.write({"pydefrag.toml": "selekt = 1\n"})
        self.assertEqual(repository.run("--pre-commit").returncode, 0)
        repository.git("add", "-A")
        self.assertEqual(repository.run("--pre-commit").returncode, 2)

    def test_nothing_staged_is_no_commit_and_everything_is_checked(self):
        repository = Repository(SHOP).commit()
        done = repository.run("--pre-commit")  # as `pre-commit run --all-files` in CI does
        self.assertEqual(done.returncode, 1)
        self.assertIn("Wheelbarrow", done.stdout)
        amend = repository.run("--pre-commit", environment={"GIT_INDEX_FILE": ".git/index"})
        self.assertEqual(amend.returncode, 0, "git itself runs the hook: an amended message")

    def test_a_range_of_commits_is_compared_from_its_start(self):
        repository = Repository(SHOP).commit()
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        repository.commit()
        done = repository.run("--pre-commit", environment={"PRE_COMMIT_FROM_REF": "HEAD~1"})
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Wheelbarrow", done.stdout)


class Baselines(unittest.TestCase):
    def test_adopting_and_going_on(self):
        repository = Repository(SHOP)
        written = repository.run("--write-baseline")
        self.assertEqual(written.returncode, 0, written.stderr)
        self.assertEqual(written.stderr, "wrote 1 finding to .pydefrag-baseline.json\n")
        self.assertEqual(repository.found(), [])
        repository.write({"report.py": "from shop.cart import Basked\n"})
        self.assertEqual(repository.found(), ["report.py: `shop.cart` does not define `Basked`"])
        self.assertIn("1 known finding not shown (.pydefrag-baseline.json).", repository.run().stdout)

    def test_the_file_does_not_depend_on_lines(self):
        repository = Repository(SHOP)
        repository.run("--write-baseline")
        first = (repository.root / ".pydefrag-baseline.json").read_text()
        repository.write({"shop/till.py": "\n\nfrom shop.cart import Cart, Wheelbarrow\n"})
        repository.run("--write-baseline")
        self.assertEqual((repository.root / ".pydefrag-baseline.json").read_text(), first)

    def test_stale_entries_are_told_and_fail_when_strict(self):
        repository = Repository(SHOP)
        repository.run("--write-baseline")
        repository.write({"shop/till.py": "from shop.cart import Cart\n"})
        done = repository.run()
        self.assertEqual(done.returncode, 0)
        self.assertIn("1 entry of .pydefrag-baseline.json no longer found: pydefrag check --write-baseline\n"
                      "  DFG202 shop.till: `shop.cart` does not define `Wheelbarrow`\n", done.stdout)
        self.assertEqual(repository.run("--baseline-strict").returncode, 1)
        self.assertEqual(repository.run("--baseline-strict", "--select", "DFG1").returncode, 0)

    def test_accepted_entries_and_rules_that_did_not_run_stay(self):
        repository = Repository({**SHOP, "gone.py": "import shop.nowhere\n"})
        repository.run("--write-baseline")
        path = repository.root / ".pydefrag-baseline.json"
        baseline = json.loads(path.read_text())
        entry = next(e for e in baseline["current"] if e["code"] == "DFG202")
        baseline["accepted"] = [{**entry, "reason": "on purpose"}]
        baseline["current"].remove(entry)
        path.write_text(json.dumps(baseline))
        repository.run("--write-baseline", "--select", "DFG202")
        again = json.loads(path.read_text())
        self.assertEqual([e["reason"] for e in again["accepted"]], ["on purpose"])
        self.assertEqual([e["code"] for e in again["current"]], ["DFG201"])
        self.assertEqual(repository.found(), [])

    def test_a_baseline_that_is_named_must_be_there(self):
        repository = Repository({**SHOP, "pyproject.toml": '[tool.pydefrag]\nbaseline = "known.json"\n'})
        done = repository.run()
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot read the baseline `known.json`", done.stderr)
        repository.run("--write-baseline")
        self.assertTrue((repository.root / "known.json").exists())
        self.assertEqual(repository.run().returncode, 0)

    def test_a_report_speaks_of_everything(self):
        repository = Repository(SHOP)
        repository.run("--write-baseline")
        self.assertIn("Wheelbarrow", repository.pydefrag("report", "--format", "markdown").stdout)

    def test_json_tells_what_is_known(self):
        repository = Repository(SHOP)
        repository.run("--write-baseline")
        report = json.loads(repository.run("--output-format", "json", "--show-suppressed").stdout)
        self.assertEqual(report["baseline"], {"path": ".pydefrag-baseline.json", "known": 1, "stale": []})
        self.assertEqual([f["suppressed"] for f in report["findings"]], ["baseline"])


class OwnHook(unittest.TestCase):
    """In a hook of one's own: `exec pydefrag check --pre-commit`, with nothing put aside before it."""

    def hook(self, repository: Repository) -> subprocess.CompletedProcess:
        return repository.run("--pre-commit", environment={"GIT_INDEX_FILE": str(repository.top / ".git/index")})

    def test_a_module_that_nobody_added_is_missing(self):
        repository = Repository(SHOP).commit()
        repository.write({"report.py": "from shop.basket import Basket\n", "shop/basket.py": "class Basket: ...\n"})
        repository.git("add", "report.py")
        done = self.hook(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("report.py:1:6: error[DFG201] no module named `shop.basket`", done.stdout)
        self.assertIn("note: not part of the commit: shop/basket.py\n", done.stderr)
        repository.git("add", "-A")
        self.assertEqual(self.hook(repository).returncode, 0)

    def test_what_is_staged_is_judged_not_what_was_written_since(self):
        repository = Repository(SHOP).commit()
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        repository.git("add", "-A")
        repository.write({"shop/cart.py": "class Cart: ...\nclass Basket: ...\n"})
        done = self.hook(repository)
        self.assertIn("report.py:1:23: error[DFG202] `shop.cart` does not define `Basket`", done.stdout)
        repository.write({"shop/cart.py": SHOP["shop/cart.py"] + "X = 1\n"})
        repository.git("add", "-A")
        repository.write({"shop/cart.py": "import shop.nowhere\n"})
        (repository.root / "shop/__init__.py").unlink()
        self.assertEqual(self.hook(repository).returncode, 0)

    def test_compiled_modules_settings_and_environments_need_not_be_staged(self):
        site = ".venv/lib/python3.11/site-packages"
        repository = Repository(SHOP).commit()
        repository.write({"report.py": "from shop.cart import Basket\nfrom shop.fast import pay\nimport plain\n",
                          "new.py": "from shop.cart import Nothing\n",
                          "pydefrag.toml": "exclude = ['new.py']\n", "shop/fast.cpython-311-x86_64-linux-gnu.so": "",
                          ".venv/pyvenv.cfg": "home = /usr\n", f"{site}/plain.py": "", f"{site}/plain-1.dist-info/METADATA": ""})
        repository.git("add", "report.py", "new.py")
        done = self.hook(repository)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


if __name__ == "__main__":
    unittest.main()
