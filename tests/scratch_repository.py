"""A git repository to try things in, for tests. Its configuration is no one's own."""

import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile

ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT")) and k != "CI"},
               "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
               "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}

SHOP = {
    "pyproject.toml": "",
    "shop/__init__.py": "",
    "shop/cart.py": "class Cart: ...\nclass Basket: ...\n",
    "shop/till.py": "from shop.cart import Cart, Wheelbarrow\n",
    "report.py": "from shop.cart import Basket\n",
}


class Repository:
    def __init__(self, binary: str, files: dict[str, str], below: str = ""):
        self.binary = binary
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="pydefrag-test-"))
        atexit.register(shutil.rmtree, self.top, True)
        self.root = self.top / below
        self.git("init", "-q", "-b", "main")
        self.write(files)

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.top, env=ENVIRONMENT, check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def commit(self) -> "Repository":
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")
        return self

    def pydefrag(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        return subprocess.run([self.binary, *arguments], cwd=self.root, env={**ENVIRONMENT, **(environment or {})},
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
