"""Records what real interpreters say: fixtures/outcomes/messages.tsv.

    make_messages.py PYTHON [PYTHON ...]

Each case below is run in a fresh interpreter in a folder with a few small modules; the last line of
its traceback is recorded beside what the message means, which stands here, written by hand:
    version, rule, key=value pairs, message (newlines as \\n)
"""

import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "fixtures" / "outcomes" / "messages.tsv"

MODULES = {
    "shop/__init__.py": "",
    "shop/cart.py": "class Cart:\n    def __init__(self, owner, *, token=None): pass\n    def add(self, a, b=1): pass\n    @classmethod\n    def make(cls): return cls(1)\n",
    "shop/plain.py": "x = 1\n",
    "shop/egg.py": "from shop.hen import lay\nhatch = 1\n",
    "shop/hen.py": "from shop.egg import hatch\nlay = 1\n",
    "shop/attr_a.py": "import shop.attr_b\nvalue = 1\n",
    "shop/attr_b.py": "import shop.attr_a\nimport sys\nsys.modules['shop.attr_a'].value\n",
    "shop/sub_a.py": "import shop.sub_b\n",
    "shop/sub_b.py": "import shop.sub_a\nimport shop\nshop.sub_a.thing\n",
    "shop/up.py": "from ... import x\n",
    "odd (dir)/odd.py": "x = 1\n",
}

# code, rule, fields; `new@3.10|old` takes the first alternative that the version has reached
CASES = [
    ("from shop.cart import Basket", "import-name", "name=Basket;module=shop.cart;path=/p/shop/cart.py"),
    ("from shop.cart import Car", "import-name", "name=Car;module=shop.cart;path=/p/shop/cart.py;suggestion=cart@3.13"),
    ("from shop import missing", "import-name", "name=missing;module=shop;path=/p/shop/__init__.py"),
    ("import sys; sys.path.insert(0, 'odd (dir)')\nfrom odd import y", "import-name", "name=y;module=odd;path=/p/odd (dir)/odd.py"),
    ("from sys import nothing_like_it", "import-name", "name=nothing_like_it;module=sys"),
    ("import shop.egg", "import-cycle", "name=hatch;module=shop.egg;path=/p/shop/egg.py"),
    ("import vanished", "module-not-found", "module=vanished"),
    ("import vanished.deep.er", "module-not-found", "module=vanished"),
    ("import shop.vanished", "module-not-found", "module=shop.vanished"),
    ("import shop.plain.deeper", "module-not-found", "module=shop.plain.deeper;subject=shop.plain"),
    ("import sys; sys.modules['stopped'] = None\nimport stopped", "module-halted", "module=stopped"),
    ("from . import x", "relative-no-parent", ""),
    ("import shop.up", "relative-beyond-top", ""),
    ("import shop.attr_a", "partial-attribute", "name=value;module=shop.attr_a"),
    ("import shop.sub_a", "submodule-attribute@3.11|module-attribute", "name=sub_a;module=shop"),
    ("import shop.cart; shop.cart.Basket", "module-attribute", "name=Basket;module=shop.cart"),
    ("import shop.cart; shop.cart.Car", "module-attribute", "name=Car;module=shop.cart;suggestion=Cart@3.12"),
    ("from shop.cart import Cart; Cart(1).nothing", "object-attribute", "name=nothing;subject=Cart"),
    ("from shop.cart import Cart; Cart.nothing", "class-attribute", "name=nothing;subject=Cart"),
    ("import unittest.mock\nwith unittest.mock.patch('shop.cart.Basket'): pass", "module-attribute", "name=Basket;module=shop.cart"),
    ("import unittest.mock\nwith unittest.mock.patch('shop.cart.Cart.nothing'): pass", "class-attribute", "name=nothing;subject=shop.cart.Cart"),
    ("import unittest.mock\nwith unittest.mock.patch('shop.vanished.Cart'): pass", "module-attribute@3.11|module-not-found", "module=shop@3.11|shop.vanished;name=vanished@3.11"),
    ("from shop.cart import Cart; Cart(1, tokn=2)", "unexpected-keyword", "name=tokn;subject=Cart.__init__@3.10|__init__;suggestion=token@3.13"),
    ("print(sepp='')", "unexpected-keyword", "name=sepp;subject=print;suggestion=sep@3.13"),
    ("from shop.cart import Cart; Cart()", "missing-arguments", "subject=Cart.__init__@3.10|__init__;count=1;names=owner"),
    ("def f(a, b, c): pass\nf()", "missing-arguments", "subject=f;count=3;names=a,b,c"),
    ("def f(*, a, b): pass\nf()", "missing-arguments", "subject=f;count=2;names=a,b"),
    ("from shop.cart import Cart; Cart(1, 2)", "too-many-arguments", "subject=Cart.__init__@3.10|__init__;count=3"),
    ("from shop.cart import Cart; Cart(1).add(1, 2, 3)", "too-many-arguments", "subject=Cart.add@3.10|add;count=4"),
    ("def f(*, a): pass\nf(1, a=2)", "too-many-arguments", "subject=f;count=1"),
    ("def f(): return lambda: 0\nf()(1)", "too-many-arguments", "subject=f.<locals>.<lambda>@3.10|<lambda>;count=1"),
    ("def f(a): pass\nf(1, a=2)", "repeated-argument", "subject=f;name=a"),
    ("def f(a, b, /): pass\nf(a=1, b=2)", "positional-only", "subject=f;names=a,b"),
    ("len(1, 2)", "exact-arguments", "subject=len;count=2"),
    ("len(obj=1)", "no-keywords", "subject=len"),
    ("object(1)", "no-arguments", "subject=object"),
    ("import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self): pass\n    @abc.abstractmethod\n    def g(self): pass\nA()", "abstract-class", "subject=A;names=f,g"),
    ("import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self): pass\nA()", "abstract-class", "subject=A;names=f"),
    ("import shop.cart; shop.cart()", "module-called", ""),
    ("isinstance(1, 'a')", "bad-isinstance", ""),
    ("class A(type): pass\nclass B(type): pass\nclass C(metaclass=A): pass\nclass D(metaclass=B): pass\nclass E(C, D): pass", "metaclass-conflict", ""),
    ("class A: pass\nclass B(A): pass\nclass C(A, B): pass", "no-mro", ""),
    ("undefined_thing", "undefined-name", "name=undefined_thing"),
    ("itertools.count", "undefined-name", "name=itertools"),
    ("alpha = 1\nalphaa", "undefined-name", "name=alphaa;suggestion=alpha@3.12"),
    ("import enum\nclass Colour(enum.Enum):\n    RED = 1\nColour(2)", "enum-value", "subject=Colour"),
    ("{}['key']", "none", ""),
    ("int('x')", "none", ""),
    ("raise ValueError('a value that is not a valid choice: 3')", "none", ""),
]

LAST_LINE = """
import sys, traceback
try:
    exec(compile(sys.argv[1], "case.py", "exec"), {"__name__": "__main__"})
except Exception as error:
    if sys.version_info >= (3, 10):
        lines = traceback.format_exception_only(error)
    else:
        lines = traceback.format_exception_only(type(error), error)
    if sys.version_info >= (3, 12):  # as pytest does: the suggestion is part of the text there
        lines = list(traceback.TracebackException.from_exception(error).format_exception_only())
    print("".join(lines).rstrip())
"""


def chosen(text, version):
    """`new@3.10|old`: the first alternative whose version is reached; one without always is."""
    for alternative in text.split("|"):
        value, _, since = alternative.partition("@")
        if not since or version >= tuple(map(int, since.split("."))):
            return value
    return None


def rows(python, folder):
    text = subprocess.check_output([python, "-c", "import sys; print(*sys.version_info[:2])"], text=True)
    version = tuple(map(int, text.split()))
    for code, rule, fields in CASES:
        done = subprocess.run(
            [python, "-c", LAST_LINE, code], cwd=folder, capture_output=True, text=True,
            env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        message = done.stdout.rstrip().replace(str(folder), "/p").replace("\\", "\\\\").replace("\n", "\\n")
        if not message:
            sys.exit(f"{python}: {code!r} did not fail: {done.stderr}")
        message = message.replace("/usr/local", "/usr")
        kept = []
        for field in filter(None, fields.split(";")):
            key, _, value = field.partition("=")
            value = chosen(value, version)
            if value is not None:
                kept.append(f"{key}={value}")
        yield "\t".join([f"{version[0]}.{version[1]}", chosen(rule, version), ";".join(kept), message])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, text in MODULES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        lines = [line for python in sys.argv[1:] for line in rows(python, folder)]
    TARGET.write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
