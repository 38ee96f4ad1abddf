"""Small multi-file projects: the text form of architecture's .pycase, folders on disk, import rows.

A project is a dict {path: text}. Entry points: parse_case, format_case, write_project, import_rows, GraphRows,
module_name.
"""
import ast
import collections
import os
import re
import shutil


def parse_case(text):
    """Header lines and the files of a .pycase text."""
    header, files, path = [], {}, None
    for line in text.split("\n"):
        if line.startswith("# --- "):
            path = line[6:].strip()
            files[path] = []
        elif path is None:
            header.append(line)
        else:
            files[path].append(line)
    return "\n".join(header), {p: "\n".join(lines).rstrip("\n") + "\n" if any(lines) else ""
                               for p, lines in files.items()}


def format_case(files, header=()):
    lines = [f"# {line}" for line in header]
    for path in sorted(files):
        lines.append(f"# --- {path}")
        if files[path]:
            lines.append(files[path].rstrip("\n"))
    return "\n".join(lines) + "\n"


def write_project(folder, files):
    """Make `folder` hold exactly `files`."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)


def module_name(path):
    """The dotted name of a source path below the root, e.g. pkg/a.py -> pkg.a; and is it a package?"""
    parts = path[:-3].split("/")
    package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if package else parts), package


def absolute(module, package, level, target):
    """The module that a relative import names, None above the top."""
    if not level:
        return target
    base = module.split(".")
    kept = len(base) - (level - 1 if package else level)
    return ".".join(base[:kept] + ([target] if target else [])) if kept > 0 else None


Row = collections.namedtuple("Row", "path line statement module name alias")


def import_rows(path, text):
    """Every imported name of one file as a Row; module is None above the top, name is None in `import M`."""
    here, package = module_name(path)
    rows = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            rows += [Row(path, a.lineno, node.lineno, a.name, None, a.asname) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            target = absolute(here, package, node.level, node.module)
            rows += [Row(path, a.lineno, node.lineno, target, a.name, a.asname) for a in node.names]
    return sorted(rows, key=lambda row: (row.statement, row.line))


def shown(row):
    """The row as a statement."""
    return f"from {row.module} import {row.name}" if row.name else f"import {row.module}"


class GraphRows:
    """Finds the rows of `pydefrag graph` that stand for a Row: by file, line (the name's or the statement's), name."""

    def __init__(self, graph):
        self.rows = {}
        for told in graph["imports"]:
            if "string" not in told["context"]:
                key = (told["path"], told["line"], told["name"])
                self.rows.setdefault(key, []).append(told)

    def find(self, row):
        for line in (row.line, row.statement):
            found = self.rows.get((row.path, line, row.name), [])
            exact = [t for t in found if t["module"] == row.module]
            if exact or (found and row.module is None):
                return (exact or found)[0]
        return None


def is_import_guard(handler):
    """Does `except ...` catch an ImportError, and go on?"""
    words = {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {"BaseException"}
    goes_on = not (handler.body and isinstance(handler.body[-1], ast.Raise))
    return goes_on and bool(words & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def row_contexts(text):
    """{(line, statement, name): words} for rows under TYPE_CHECKING ("type-checking") or in a try that catches
    ("guarded")."""
    contexts, todo = {}, [(ast.parse(text), frozenset())]
    while todo:
        node, words = todo.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            contexts.update({(a.lineno, node.lineno, a.name): words for a in node.names})
        inner = {id(child): words for child in ast.iter_child_nodes(node)}
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            inner.update({id(child): words | {"type-checking"} for child in node.body})
        if isinstance(node, ast.Try):
            if any(is_import_guard(h) for h in node.handlers):
                inner.update({id(child): words | {"guarded"} for child in node.body})
        if isinstance(node, ast.With) and "suppress" in ast.dump(node.items[0].context_expr):
            inner.update({id(child): words | {"guarded"} for child in node.body})
        todo += [(child, inner[id(child)]) for child in ast.iter_child_nodes(node)]
    return contexts


def row_class(row, contexts, text):
    """`core`, or why a finding on the row is not demanded: type-checking, guarded, hinted (a comment silences it)."""
    words = contexts.get((row.line, row.statement, row.name or row.module), frozenset())
    lines = text.split("\n")[row.statement - 1:row.line]
    if any(re.search(r"#.*(noqa|type: *ignore|pylint: *disable)", line) for line in lines):
        return "hinted"
    return min(words, default="core")
