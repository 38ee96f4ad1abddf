"""CPython's `ast` judges the scanner: imports and module-level bindings of real files.

Files are a sample of this interpreter's standard library, and mutants of them that CPython accepts
too: other line ends, continuations, tabs, semicolons, comments in odd places. For each, the facts
that pydefrag's scanner prints (facts_tool) are compared with what `ast` says: every import with its
place, every name and its place, and every name that a module-level statement binds or deletes.
Where tree-sitter's whole-file parse understands a file too, it must give the same facts.

Usage: ast_judge_test.py FACTS_TOOL [--all] [FILE...]
"""

import ast
import io
import pathlib
import random
import re
import subprocess
import sys
import sysconfig
import tempfile
import tokenize
import warnings

SAMPLE = 250
MUTANTS = 250
SEED = 20240229

LINE = re.compile(
    r"( *)(?P<line>\d+)(?:-\d+)? \[(?P<begin>\d+)(?:,(?P<head>\d+))?\] (?:lazy )?"
    r"(?P<kind>[a-z-]+)(?: \S+=(?= ))?(?P<async> async)?(?: reduced)?(?: level (?P<level>\d+))?"
    r"(?: `(?P<text>[^`]*)`(?:@(?P<tb>\d+)-(?P<te>\d+))?)?(?P<exprs>.*)"
)
TOKEN = re.compile(r'\(|\)|"(?:[^"\\]|\\.)*"|:|[^\s()]+')


class Node:
    """One s-expression: `(kind words... children...)@begin-end`."""

    def __init__(self):
        self.words = []
        self.children = []
        self.span = None


def parse_expressions(text):
    top = Node()
    stack = [top]
    for token in TOKEN.findall(text):
        if token == "(":
            node = Node()
            stack[-1].children.append(node)
            stack.append(node)
        elif token == ")":
            last = stack.pop()
        elif token.startswith("@") and len(stack) == 1:
            last.span = tuple(int(n) for n in token[1:].split("-"))
        else:
            stack[-1].words.append(token)
    return top.children


# --- what pydefrag says ---


def targets(node):
    kind = node.words[0]
    if kind in ("name", "capture"):
        return [node.words[1]]
    if kind in ("tuple", "list", "splat"):
        return [name for child in node.children for name in targets(child)]
    return []


def captures(node):
    found = [node.words[1]] if node.words[0] == "capture" else []
    return found + [name for child in node.children for name in captures(child)]


def walruses(node):
    """Names bound by `:=`; those in a lambda are its own."""
    if node.words[0] == "lambda":
        return []
    found = [name for child in node.children for name in walruses(child)]
    if node.words[0] == "walrus":
        found += targets(node.children[0])
    return found


def bound_by(kind, text, nodes):
    if kind in ("import", "from-import"):
        names = []
        for node in nodes:
            if node.words[0] == "star":
                names.append("*")
            elif node.children:
                names.append(node.children[0].words[1])
            else:
                names.append(node.words[1].split(".")[0] if kind == "import" else node.words[1])
        return names
    names = [name for node in nodes for name in walruses(node)]
    if kind in ("function", "class", "type-alias", "except", "except-star"):
        return names + ([text] if text else [])
    if kind == "assign":
        return names + [name for node in nodes[:-1] for name in targets(node)]
    if kind == "ann-assign":
        return names + (targets(nodes[0]) if len(nodes) > 1 else [])
    if kind == "aug-assign" or kind == "for":
        return names + targets(nodes[0])
    if kind == "delete":
        return names + ["del " + name for node in nodes for name in targets(node)]
    if kind == "with":
        return [
            name
            for node in nodes
            for name in (targets(node.children[0]) if node.words[0] == "walrus" else walruses(node))
        ]
    if kind == "case":
        return [name for node in nodes for name in captures(node)]
    return names


class Facts:
    def __init__(self):
        self.state = "parsed"
        self.imports = set()
        self.bindings = set()
        self.lines = []

    def add(self, line):
        if line.startswith(("syntax error", "uncertain", "unread")):
            self.state = line
            return
        if line.startswith(("main guard", "shebang", "suppression")):
            return
        self.lines.append(line)
        match = LINE.fullmatch(line)
        assert match, line
        depth = len(match[1]) // 2
        kind, text = match["kind"], match["text"]
        head = int(match["head"] or match["begin"])
        nodes = parse_expressions(match["exprs"])
        del self.scopes[depth:]
        if kind in ("import", "from-import"):
            for node in nodes:
                name = "*" if node.words[0] == "star" else node.words[1]
                alias = node.children[0].words[1] if node.children else None
                place = (head + node.span[0], head + node.span[1])
                self.imports.add((head, int(match["level"] or 0), text or "", name, alias, place))
        if "function" not in self.scopes and "class" not in self.scopes:
            for name in bound_by(kind, text, nodes):
                self.bindings.add((int(match["line"]), name))
        self.scopes.append(kind)


def read_facts(tool, paths, *arguments):
    result = subprocess.run(
        [tool, *arguments], input="\n".join(paths) + "\n", capture_output=True, text=True, check=True
    )
    facts = {}
    for line in result.stdout.split("\n"):
        if line.startswith("=== "):
            current = facts[line[4:]] = Facts()
            current.scopes = []
        elif line:
            current.add(line)
    return facts


# --- what CPython says ---


class Judge(ast.NodeVisitor):
    def __init__(self, text, bom):
        self.starts = [0]
        for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)", text):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.shift = 3 if bom else 0
        self.imports = set()
        self.bindings = set()
        self.inner = 0
        self.visit(ast.parse(text))

    def at(self, line, column):
        return self.starts[line - 1] + column + self.shift

    def bind(self, node, *names):
        if not self.inner:
            self.bindings.update((self.header or node.lineno, name) for name in names)

    header = None

    def visit_import(self, node, level, module):
        head = self.at(node.lineno, node.col_offset)
        for alias in node.names:
            place = (
                self.at(alias.lineno, alias.col_offset),
                self.at(alias.end_lineno, alias.end_col_offset),
            )
            self.imports.add((head, level, module, alias.name, alias.asname, place))
            bound = alias.asname or (alias.name if level is None else alias.name)
            if isinstance(node, ast.Import) and not alias.asname:
                bound = alias.name.split(".")[0]
            self.bind(node, bound)

    def visit_Import(self, node):
        self.visit_import(node, 0, "")

    def visit_ImportFrom(self, node):
        self.visit_import(node, node.level, node.module or "")

    def names(self, target):
        if isinstance(target, ast.Name):
            return [target.id]
        if isinstance(target, (ast.Tuple, ast.List)):
            return [name for item in target.elts for name in self.names(item)]
        if isinstance(target, ast.Starred):
            return self.names(target.value)
        return []

    def statement(self, node, *names):
        """Binds, then visits what may hold walruses, on the statement's own line."""
        self.bind(node, *names)
        before, self.header = self.header, node.lineno
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                self.visit(child)
        self.header = before
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            for child in getattr(node, field, []):
                self.visit(child)

    def visit_FunctionDef(self, node):
        self.bind(node, node.name)
        before, self.header = self.header, node.lineno
        for default in node.args.defaults + node.args.kw_defaults + node.decorator_list:
            if default is not None:
                self.visit(default)
        self.header = before
        self.inner += 1
        for child in node.body:
            self.visit(child)
        self.inner -= 1

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.bind(node, node.name)
        self.inner += 1
        for child in node.body:
            self.visit(child)
        self.inner -= 1

    def visit_Lambda(self, node):
        pass

    def visit_Assign(self, node):
        self.statement(node, *[name for target in node.targets for name in self.names(target)])

    def visit_AugAssign(self, node):
        self.statement(node, *self.names(node.target))

    def visit_AnnAssign(self, node):
        self.statement(node, *(self.names(node.target) if node.value else []))

    def visit_For(self, node):
        self.statement(node, *self.names(node.target))

    visit_AsyncFor = visit_For

    def visit_With(self, node):
        names = [self.names(item.optional_vars) for item in node.items if item.optional_vars]
        self.statement(node, *[name for some in names for name in some])

    visit_AsyncWith = visit_With

    def visit_Delete(self, node):
        self.statement(node, *["del " + n for target in node.targets for n in self.names(target)])

    def visit_ExceptHandler(self, node):
        self.statement(node, *([node.name] if node.name else []))

    def visit_match_case(self, node):
        names = []
        for child in ast.walk(node.pattern):
            name = getattr(child, "rest", None) or getattr(child, "name", None)
            if name:
                names.append(name)
        line = node.pattern.lineno
        if not self.inner:
            self.bindings.update((line, name) for name in names)
        for child in node.body:
            self.visit(child)

    def visit_NamedExpr(self, node):
        self.bind(node, node.target.id)
        self.visit(node.value)

    def generic_visit(self, node):
        if isinstance(node, ast.stmt):
            self.statement(node)
        else:
            super().generic_visit(node)


# --- mutants ---


def logical_lines(text):
    """Where simple one-line statements begin and end: (line index, first column)."""
    rows = []
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    start = None
    for token in tokens:
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT):
            continue
        if token.type == tokenize.NEWLINE:
            if start and start[0] == token.start[0]:
                rows.append((start[0] - 1, start[1]))
            start = None
        elif start is None:
            start = token.start
    return rows


def mutate(text, rng):
    """Some edits at random places, each with a good chance that CPython accepts the result."""
    lines = text.split("\n")
    rows = logical_lines(text)
    if not rows:
        return text
    for _ in range(rng.randint(1, 12)):
        row, column = rng.choice(rows)
        line = lines[row]
        edit = rng.randrange(9)
        if edit == 0 and " import " in line:
            lines[row] = line.replace(" import ", " \\\n    import ", 1)
        elif edit == 1 and re.match(r"\s*from \S+ import [\w, ]+$", line):
            head, names = line.split(" import ", 1)
            lines[row] = head + " import (  # ( '\n" + names + "  ,\n)"
        elif edit == 2:
            lines[row] = " " * rng.randrange(9) + "# comment ' \" ( \\\n" + line
        elif edit == 3 and not line.rstrip().endswith((":", "\\")):
            lines[row] = line.split("  #")[0] + "; import a.b as c, d"
        elif edit == 4:
            lines[row] = "\f" + line
        elif edit == 5 and re.match(r"\s*import [\w.]+$", line):
            lines[row] = line + " as \\\n x, y"
        elif edit == 6 and line.startswith("    "):
            lines[row] = line[:column] + "if 1: import q; from . import (r,\n s)\n" + line
        elif edit == 7:
            lines[row] = line[:column] + 'x = """\nimport no\n""" \'\\\'\' f"{y!r:{z}}"\n' + line
        elif edit == 8:
            lines[row] = line[:column] + "try: import w\n" + line[:column] + "finally: pass\n" + line
    text = "\n".join(lines)
    ends = rng.randrange(6)
    if ends == 0:
        text = text.replace("\n", "\r\n")
    elif ends == 1 and "\r" not in text:
        text = text.replace("\n", "\r")
    return text


def accepted(text):
    try:  # the grammar alone lets a late `from __future__` pass
        compile(text, "text", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def write_mutants(sources, folder, count):
    rng = random.Random(SEED)
    paths = []
    tries = 0
    while len(paths) < count and tries < count * 6:
        tries += 1
        source = read(rng.choice(sources))[0]
        if "coding" in "".join(source.splitlines(keepends=True)[:2]):
            continue
        text = mutate(source, rng)
        if accepted(text):
            path = pathlib.Path(folder, f"mutant{len(paths)}.py")
            path.write_bytes(text.encode())
            paths.append(str(path))
    return paths


# --- the comparison ---


def read(path):
    """The text as the compiler sees it, and whether it has a BOM."""
    raw = pathlib.Path(path).read_bytes()
    if b"\r" in raw:  # a lone \r ends a line for the compiler, but not for `detect_encoding`
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    return pathlib.Path(path).read_bytes().decode(encoding), encoding == "utf-8-sig"


def library_files():
    root = pathlib.Path(sysconfig.get_path("stdlib"))
    return sorted(str(path) for path in root.rglob("*.py") if path.stat().st_size < 300_000)


def readable(path):
    try:
        return accepted(read(path)[0])
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return False


def differences(path, facts):
    text, bom = read(path)
    judge = Judge(text, bom)
    if facts.state != "parsed":
        yield facts.state
        return
    for kind in ("imports", "bindings"):
        ours, theirs = getattr(facts, kind), getattr(judge, kind)
        for extra in sorted(ours - theirs, key=repr):
            yield f"{kind}: only pydefrag: {extra}"
        for missing in sorted(theirs - ours, key=repr):
            yield f"{kind}: only CPython: {missing}"


def main():
    warnings.simplefilter("ignore")
    tool = sys.argv[1]
    everything = "--all" in sys.argv
    named = [argument for argument in sys.argv[2:] if not argument.startswith("--")]
    files = named or library_files()
    if not everything and not named:
        files = sorted(random.Random(SEED).sample(files, min(SAMPLE, len(files))))
    files = [path for path in files if readable(path)]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        files += write_mutants(files, folder, MUTANTS * (10 if everything else 1))
        facts = read_facts(tool, files)
        whole = read_facts(tool, files, "whole")
        for path in files:
            found = list(differences(path, facts[path]))
            if whole[path].state == "parsed" and whole[path].lines != facts[path].lines:
                found.append("the two routes differ")
            for difference in found[:5]:
                print(f"{path}: {difference}")
            failures += bool(found)
            if found and path.startswith(folder):
                keep = pathlib.Path(tempfile.gettempdir(), "ast_judge_" + pathlib.Path(path).name)
                keep.write_bytes(pathlib.Path(path).read_bytes())
                print(f"  kept as {keep}")
        checked = sum(len(facts[path].imports) for path in files)
    print(f"{len(files)} files, {checked} imports, {failures} files differ")
    assert len(files) > 3 and checked > 3
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
