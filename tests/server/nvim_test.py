"""A headless Neovim shows the server's diagnostics, and they follow an unsaved edit. Usage: nvim_test.py BINARY"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SHOP = {"pyproject.toml": "", "shop/__init__.py": "", "shop/cart.py": "class Cart: ...\n",
        "shop/api.py": "from shop.cart import Cart as Cart\n", "till.py": "from shop.cart import Cart\n",
        "report.py": "from shop.api import Cart\nCart()\n"}


def main(binary):
    script = pathlib.Path(__file__).with_name("nvim.lua")
    with tempfile.TemporaryDirectory(prefix="pydefrag-nvim-") as folder:
        for path, text in SHOP.items():
            place = pathlib.Path(folder, path)
            place.parent.mkdir(exist_ok=True)
            place.write_text(text)
        env = dict(os.environ, PYDEFRAG=os.path.abspath(binary), XDG_STATE_HOME=folder, XDG_DATA_HOME=folder,
                   XDG_CACHE_HOME=folder)
        done = subprocess.run(["nvim", "--headless", "--clean", "report.py", "-c", f"luafile {script}"],
                              cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("{")]
    assert lines, f"Neovim printed no result:\n{done.stdout}{done.stderr}"
    result = json.loads(lines[-1])
    assert [(d["line"], d["column"], d["source"]) for d in result["first"]] == [(0, 21, "pydefrag")], result
    assert "canonical path is `shop.cart`" in result["first"][0]["message"], result
    assert not result["left"], result
    print("Neovim shows the diagnostic, and takes it away after the edit")


if __name__ == "__main__":
    main(sys.argv[1])
