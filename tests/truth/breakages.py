"""Ways to break the imports of a real package on purpose. Entry point: propose(kind, package, random) -> Breakage or None.

What a breakage does to the tests is CPython's and pytest's to say.
"""
import ast
import dataclasses
import os

import mutations

KINDS = ("delete-symbol", "rename-module", "close-cycle", "drop-package")


@dataclasses.dataclass
class Breakage:
    kind: str
    note: str
    edits: dict  # path -> new text, or None where the file goes


def is_test(path):
    return "test" in path.split("/")[-2:-1] or "tests" in path.split("/") or "test" in path.split("/")


def delete_symbol(package, random):
    mutation = mutations.delete_symbol(package, random)
    if mutation is None or any(is_test(path) for path in mutation.edits):
        return None
    return Breakage("delete-symbol", mutation.note, mutation.edits)


def rename_module(package, random):
    asked = {r.module for r in package.rows} | {f"{r.module}.{r.name}" for r in package.rows if r.name}
    modules = sorted(m for m, p in package.modules.items() if m in asked and not p.endswith("__init__.py") and not is_test(p))
    if not modules:
        return None
    path = package.modules[random.choice(modules)]
    new = path[:-3] + "_renamed.py"
    return Breakage("rename-module", f"rename {path}", {path: None, new: package.files[path]})


def close_cycle(package, random):
    """A module that another imports from at module level imports a name of that one back, as its first statement or last."""
    rows = [r for r in package.rows if r.name and r.name != "*" and r.module in package.modules and not is_test(r.path)
            and package.modules[r.module] != r.path and not is_test(package.modules[r.module])]
    row = random.choice(rows)
    importer = next(m for m, p in package.modules.items() if p == row.path)
    names = [n for n, _ in mutations.definitions(package.trees[row.path])]
    if not names:
        return None
    target = package.modules[row.module]
    line = f"from {importer} import {random.choice(names)}"
    text = package.files[target]
    if random.random() < 0.7:
        text = mutations.inserted(text, mutations.insertion_line(package.trees[target]), [line])
    else:
        text = text.rstrip("\n") + "\n\n" + line + "\n"
    return Breakage("close-cycle", f"{target}: {line}", {target: text})


def drop_package(package, random):
    folders = sorted({os.path.dirname(p) for p in package.files if p.endswith("/__init__.py") and not is_test(p)})
    folder = random.choice([f for f in folders if f.count("/") >= 1] or [""])
    inside = [p for p in package.files if p.startswith(folder + "/")]
    if not folder or any(is_test(p) for p in inside) and random.random() < 0.8:
        return None
    return Breakage("drop-package", f"drop {folder}", {p: None for p in inside})


def unguarded(edits):
    """Whether what is left still parses."""
    for text in edits.values():
        try:
            ast.parse(text or "")
        except SyntaxError:
            return False
    return True


MAKERS = {"delete-symbol": delete_symbol, "rename-module": rename_module, "close-cycle": close_cycle,
          "drop-package": drop_package}


def propose(kind, package, random):
    breakage = MAKERS[kind](package, random)
    return breakage if breakage and breakage.edits and unguarded(breakage.edits) else None
