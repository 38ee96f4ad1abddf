"""The wheel: packed around the built binary, installed into a fresh environment, run there; and the
hook as pre-commit installs it from the repository.

    wheel_test.py BINARY, run by the Python of build/test-tools"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from scratch_repository import ENVIRONMENT, SHOP, Repository

BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PRE_COMMIT = pathlib.Path(sys.executable).with_name("pre-commit")
PREBUILT = {"SKBUILD_CMAKE_DEFINE": f"PYDEFRAG_PREBUILT={BINARY}"}


def run(*command: str | pathlib.Path, cwd: pathlib.Path | None = None, **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, env={**ENVIRONMENT, **environment}, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}")
    return done.stdout


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.sources = cls.folder / "sources"
        cls.sources.mkdir()
        for name in ("CMakeLists.txt", "pyproject.toml", "README.md", ".pre-commit-hooks.yaml"):
            shutil.copy(ROOT / name, cls.sources)
        run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", cls.folder, cls.sources,
            PATH=f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **PREBUILT)
        cls.wheel = next(cls.folder.glob("*.whl"))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_is_for_any_python_of_the_platform(self):
        self.assertRegex(self.wheel.name, r"^pydefrag-[0-9.]+-py3-none-\w+\.whl$")
        names = zipfile.ZipFile(self.wheel).namelist()
        self.assertEqual([n for n in names if ".dist-info/" not in n],
                         [f"pydefrag-{self.wheel.name.split('-')[1]}.data/scripts/pydefrag"])

    def test_works_in_a_fresh_environment(self):
        environment = self.folder / "fresh"
        run(sys.executable, "-m", "venv", environment)
        run(environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", self.wheel)
        program = environment / "bin" / "pydefrag"
        self.assertIn("pydefrag 0.", run(program, "--version"))
        self.assertIn("Found 11 errors", run(program, "check", "--exit-zero", ROOT / "fixtures" / "real" / "shop"))

    def test_needs_no_library_but_the_system_s(self):
        needed = [line.split()[0].split("/")[-1] for line in run("ldd", BINARY).splitlines()]
        allowed = ("linux-vdso.so", "ld-linux", "libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so")
        self.assertEqual([name for name in needed if not name.startswith(allowed)], [])

    def test_the_recipe_for_pre_commit_takes_the_wheel(self):
        recipe = re.search(r"(?s)```yaml\n# .pre-commit-config.yaml; .*?\n(.*?)```",
                           (ROOT / "docs" / "ci.md").read_text()).group(1)
        user = Repository(str(BINARY), {**SHOP, ".pre-commit-config.yaml": recipe}).commit()
        user.write({"shop/cart.py": "class Cart: ...\n"})
        user.git("add", "-A")
        self.assert_stopped(user, PIP_FIND_LINKS=str(self.folder))

    def assert_stopped(self, user: Repository, **environment: str) -> None:
        done = subprocess.run([PRE_COMMIT, "run"], cwd=user.top, text=True, stdout=subprocess.PIPE,
                              env={**ENVIRONMENT, **environment, "PRE_COMMIT_HOME": str(self.folder / "home")},
                              stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("report.py:1:23: error[DFG202]", done.stdout)

    def test_pre_commit_builds_it_from_the_repository(self):
        hooks = Repository(str(BINARY), {})
        shutil.copytree(self.sources, hooks.top, dirs_exist_ok=True)
        hooks.commit()
        user = Repository(str(BINARY), SHOP)
        user.write({".pre-commit-config.yaml": f"repos:\n- repo: {hooks.top}\n"
                    f"  rev: {hooks.git('rev-parse', 'HEAD').strip()}\n  hooks:\n  - id: pydefrag\n"})
        user.commit()
        user.write({"shop/cart.py": "class Cart: ...\n"})
        user.git("add", "-A")
        self.assert_stopped(user, **PREBUILT)


if __name__ == "__main__":
    unittest.main()
