"""Seeded defects for real packages. Entry point: propose(kind, package, random) -> Mutation or None.

A Mutation says what was changed and about which symbol; whether it has an effect, and which, is CPython's to say.
"""
import ast
import dataclasses
import os
import re

import projects

KINDS = ("delete-symbol", "move-module", "re-export", "deprecate-module", "deprecate-symbol")


@dataclasses.dataclass
class Mutation:
    kind: str
    note: str
    module: str          # the module that the change is about
    name: str            # the symbol there, or ""
    edits: dict          # path -> new text, or None where the file goes
    old_path: str = ""   # move-module: where the file was
    new_path: str = ""
    expected: tuple = () # re-export: (path, line) of the stray statement


def is_public(dotted):
    return not any(part.startswith("_") for part in dotted.split("."))


def definitions(tree):
    """Module-level class, function and plain assignment statements whose name is bound only once in the module."""
    count, found = {}, []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names = [node.name]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names = [node.id]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [(a.asname or a.name).split(".")[0] for a in node.names]
        elif isinstance(node, ast.Global):
            names = node.names
        for name in names:
            count[name] = count.get(name, 0) + 1
    for node in tree.body:
        name = None
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            name = node.name
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        if name and not name.startswith("__") and count[name] == 1:
            found.append((name, node))
    return found


def wanted_elsewhere(package, module, name):
    """Is `name` imported from `module` by another file?"""
    path = package.modules[module]
    return any(r.module == module and r.name == name and r.path != path for r in package.rows)


def imported_symbols(package):
    """(module, name) pairs that from-imports of the package name and whose module it has."""
    pairs = {(r.module, r.name) for r in package.rows if r.name and r.module in package.modules
             and package.modules[r.module] != r.path}
    return sorted(pairs)


def first_line(node):
    return min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])


def without_lines(text, first, last):
    lines = text.split("\n")
    return "\n".join(lines[:first - 1] + lines[last:])


def delete_symbol(package, random):
    module, name = random.choice(imported_symbols(package))
    path = package.modules[module]
    for found, node in definitions(package.trees[path]):
        if found == name:
            text = without_lines(package.files[path], first_line(node), node.end_lineno)
            if random.random() < 0.5:
                text = re.sub(rf"""^(\s*)(['"]){name}\2,?\s*$\n""", "", text, flags=re.M)
            return Mutation("delete-symbol", f"delete {name} from {path}:{node.lineno}", module, name, {path: text})
    return None


def move_module(package, random):
    asked = {r.module for r in package.rows} | {f"{r.module}.{r.name}" for r in package.rows if r.name}
    candidates = sorted(m for m, p in package.modules.items() if not p.endswith("__init__.py") and m in asked)
    module = random.choice(candidates)
    path = package.modules[module]
    folders = sorted({os.path.dirname(p) for p in package.modules.values() if p.endswith("__init__.py")})
    folder = random.choice([f for f in folders if f != os.path.dirname(path)] or [""])
    new = os.path.join(folder, os.path.basename(path))
    if not folder or new in package.files or os.path.exists(os.path.join(package.root, new[:-3])):
        return None
    return Mutation("move-module", f"move {path} to {new}", module, "", {path: None, new: package.files[path]},
                    old_path=path, new_path=new)


def re_export(package, random):
    module = random.choice(sorted(m for m in package.modules if is_public(m) and "tests" not in m.split(".")))
    path = package.modules[module]
    symbols = [n for n, node in definitions(package.trees[path])
               if is_public(n) and isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    others = sorted(m for m, p in package.modules.items() if is_public(m) and m != module and "tests" not in p
                    and not (module + ".").startswith(m + "."))
    if not symbols or not others:
        return None
    name, other = random.choice(symbols), random.choice(others)
    target = package.modules[other]
    text = package.files[target].rstrip("\n") + f"\n\nfrom {module} import {name}\n"
    # The one who imports from the defining module stands outside: inside the package that owns a re-export of the
    # name that is no use of a path (cli-and-json.md, Words).
    straight, stray = "zz_straight.py", os.path.join(os.path.dirname(path), "zz_stray.py")
    edits = {target: text, straight: f"from {module} import {name}\n", stray: f"from {other} import {name}\n"}
    return Mutation("re-export", f"re-export {module}:{name} from {other}, used by {stray}", module, name, edits,
                    expected=(stray, 1))


def insertion_line(tree):
    """After the docstring and the __future__ imports: the 0-based line to insert at."""
    line = 0
    for node in tree.body:
        doc = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if doc or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            line = node.end_lineno
        else:
            break
    return line


def inserted(text, line, new):
    lines = text.split("\n")
    return "\n".join(lines[:line] + new + lines[line:])


def deprecate_module(package, random):
    asked = sorted({r.module for r in package.rows if r.module in package.modules})
    module = random.choice(asked)
    path = package.modules[module]
    if path.endswith("__init__.py"):
        return None
    if random.random() < 0.5:
        new = ["import warnings", f'warnings.warn("{module} is deprecated", DeprecationWarning, stacklevel=2)']
    else:
        new = ["from warnings import warn as _warn", "_warn(", f'    "{module} is deprecated, use something else",',
               "    category=DeprecationWarning,", "    stacklevel=2)"]
    text = inserted(package.files[path], insertion_line(package.trees[path]), new)
    return Mutation("deprecate-module", f"warn at the top of {path}", module, "", {path: text})


def body_start(node):
    """(0-based line to insert at, indentation) of a body whose first statement stands on a line of its own."""
    body = node.body
    doc = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    if body[0].lineno == node.lineno or (doc and len(body) == 1 and body[0].end_lineno == node.lineno):
        return None
    return (body[0].end_lineno if doc else first_line(body[0]) - 1), " " * body[0].col_offset


DECORATOR = ["def _deprecated_api(function):", "    import functools, warnings", "    @functools.wraps(function)",
             "    def call(*arguments, **keywords):",
             '        warnings.warn(f"{function.__name__} is deprecated", DeprecationWarning, stacklevel=2)',
             "        return function(*arguments, **keywords)", "    return call"]


def deprecate_symbol(package, random):
    module, name = random.choice(imported_symbols(package))
    path = package.modules[module]
    node = next((n for found, n in definitions(package.trees[path]) if found == name), None)
    text = package.files[path]
    warning = f'import warnings; warnings.warn("{name} is deprecated", DeprecationWarning, stacklevel=2)'
    if isinstance(node, ast.ClassDef):
        node = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
        where = node and body_start(node)
        if not where:
            return None
        text = inserted(text, where[0], [where[1] + warning])
        return Mutation("deprecate-symbol", f"warn in {path} {name}.__init__", module, name, {path: text})
    if not isinstance(node, ast.FunctionDef):
        return None
    if random.random() < 0.5 and not node.decorator_list:
        text = inserted(text, node.lineno - 1, ["@_deprecated_api"])
        text = inserted(text, insertion_line(package.trees[path]), DECORATOR)
        return Mutation("deprecate-symbol", f"decorate {path} {name}", module, name, {path: text})
    where = body_start(node)
    if not where:
        return None
    text = inserted(text, where[0], [where[1] + warning])
    return Mutation("deprecate-symbol", f"warn in {path} {name}()", module, name, {path: text})


MAKERS = {"delete-symbol": delete_symbol, "move-module": move_module, "re-export": re_export,
          "deprecate-module": deprecate_module, "deprecate-symbol": deprecate_symbol}


def propose(kind, package, random):
    mutation = MAKERS[kind](package, random)
    if mutation is None:
        return None
    for text in mutation.edits.values():
        try:
            ast.parse(text or "")
        except SyntaxError:
            return None
    return mutation


def rows_about(mutation, rows):
    """The rows whose answer the mutation may change."""
    module, name = mutation.module, mutation.name
    if mutation.kind in ("delete-symbol", "deprecate-symbol"):
        names = {name} | {r.alias for r in rows if r.name == name and r.alias}
        return [r for r in rows if r.name in names and r.module]
    own = module.split(".")[0]
    moved = [r for r in rows if r.path == mutation.new_path and (not r.module or r.module.split(".")[0] == own)]
    parent, _, last = module.rpartition(".")
    return moved + [r for r in rows if r.path != mutation.new_path and r.module and (
        r.module == module or r.module.startswith(module + ".") or (r.module == parent and r.name == last))]
