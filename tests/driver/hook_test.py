"""The commit hook under the real pre-commit, in scratch git repositories.

    hook_test.py BINARY, run by the Python of build/test-tools"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from scratch_repository import ENVIRONMENT, SHOP, Repository

BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PRE_COMMIT = pathlib.Path(sys.executable).with_name("pre-commit")
ANOTHER = "import shop.nowhere\n"


class Hooked(Repository):
    """A repository with an old finding, whose commits go through the hook."""

    def __init__(self, files: dict[str, str] = SHOP):
        super().__init__(str(BINARY), files)
        hooks = Repository(str(BINARY), {".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_text()})
        hooks.commit()
        self.write({".pre-commit-config.yaml": "repos:\n"
                    f"- repo: {hooks.top}\n"
                    f"  rev: {hooks.git('rev-parse', 'HEAD').strip()}\n"
                    "  hooks:\n"
                    "  - id: pydefrag-system\n"})
        self.commit()
        self.environment = {**ENVIRONMENT, "PATH": f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}",
                            "PRE_COMMIT_HOME": str(hooks.top / "home")}
        self.pre_commit("install")

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=self.top, env={**self.environment, **environment}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def pre_commit(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return self.call(str(PRE_COMMIT), *arguments, **environment)

    def try_commit(self, *options: str) -> subprocess.CompletedProcess:
        self.git("add", "-A")
        return self.call("git", "commit", "-m", "try", *options)


class Hook(unittest.TestCase):
    def test_a_commit_that_deletes_a_symbol_is_stopped(self):
        repository = Hooked()
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        done = repository.try_commit()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("report.py:1:23: error[DFG202] `shop.cart` does not define `Basket`", done.stdout)
        self.assertNotIn("Wheelbarrow", done.stdout, "what was there before is not shown")

    def test_a_commit_that_only_deletes_a_module_is_stopped(self):
        repository = Hooked({**SHOP, "shop/extra.py": "X = 1\n", "user.py": "from shop.extra import X\n"})
        repository.git("rm", "-q", "shop/extra.py")
        done = repository.try_commit()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("user.py:1:6: error[DFG201] no module named `shop.extra`", done.stdout)

    def test_a_clean_commit_passes(self):
        repository = Hooked()
        repository.write({"new.py": "from shop.cart import Cart\n"})
        self.assertEqual(repository.try_commit().returncode, 0)

    def test_only_what_is_staged_counts(self):
        repository = Hooked()
        repository.write({"new.py": "from shop.cart import Cart\n"})
        repository.git("add", "-A")
        repository.write({"shop/cart.py": "class Cart: ...\n"})
        done = repository.call("git", "commit", "-m", "try")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_commit_of_some_files_is_judged_by_these(self):
        repository = Hooked()
        repository.write({"report.py": "from shop.cart import Cart\n"})
        self.assertEqual(repository.call("git", "commit", "-m", "try", "report.py").returncode, 0)

    def test_changing_a_message_passes(self):
        repository = Hooked()
        self.assertEqual(repository.call("git", "commit", "--amend", "-m", "said better").returncode, 0)

    def test_all_files_in_ci_checks_everything(self):
        repository = Hooked()
        for environment in ({}, {"CI": "true"}):
            done = repository.pre_commit("run", "--all-files", **environment)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("Wheelbarrow", done.stdout)
        repository.pydefrag("check", "--write-baseline")
        self.assertEqual(repository.pre_commit("run", "--all-files", CI="true").returncode, 0)

    def test_a_range_of_commits_in_ci(self):
        repository = Hooked()
        repository.write({"another.py": ANOTHER})
        repository.git("add", "-A")
        repository.git("commit", "-q", "--no-verify", "-m", "x")
        done = repository.pre_commit("run", "--from-ref", "HEAD~1", "--to-ref", "HEAD", CI="true")
        self.assertEqual(done.returncode, 1)
        self.assertIn("another.py", done.stdout)
        self.assertNotIn("Wheelbarrow", done.stdout)

    def test_without_python_it_costs_nothing(self):
        repository = Hooked()
        repository.write({"README.md": "hello\n"})
        repository.git("add", "-A")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(10):
            self.assertEqual(repository.call(str(BINARY), "check", "--pre-commit").returncode, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertLess(spent / 10, 0.05)
        self.assertEqual(repository.try_commit().returncode, 0)

    def test_the_manifest_is_valid_and_the_readme_names_the_hook(self):
        ids = re.findall(r"(?m)^- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text())
        self.assertEqual(ids, ["pydefrag", "pydefrag-system"])
        checked = subprocess.run([str(PRE_COMMIT), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
                                 check=False)
        self.assertEqual(checked.returncode, 0)
        self.assertIn("entry: pydefrag check --pre-commit\n", (ROOT / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()
