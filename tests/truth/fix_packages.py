#!/usr/bin/env python3
"""Fragments real packages on purpose, lets `check --fix` mend them, and asks CPython whether they still import.

  fix_packages.py BINARY [--packages email,...] [--site DIR] [--seed N] [--count 40]

Each package is copied into a project of its own. Seeded re-exports give classes and functions second paths, and
import statements are made to use them. Then: every module that CPython could import before --fix it can import
after it; the second check has none of the findings that were fixed; --diff of the fixed project is empty; `patch`
makes of the first --diff what --fix wrote. `pip install --target DIR rich sqlalchemy networkx` gives packages to try
with `--site DIR`; without it the interpreter's own are taken, those of the standard library too.
"""
import argparse
import ast
import collections
import os
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile

import tool

OPTIONS = ("--isolated", "--jobs", "2", "--select", "DFG101,DFG201,DFG202")
IMPORT_ALL = """
import importlib, os, sys, warnings
warnings.simplefilter("ignore")
sys.path[:0] = sys.argv[1:3]
top = sys.argv[3]
reader, writer = os.pipe()
if os.fork() == 0:  # what the package imports from elsewhere is loaded once, for all forks
    try:
        importlib.import_module(top)
    except BaseException:
        pass
    os.write(writer, " ".join(m for m in sys.modules if m.split(".")[0] != top).encode()[:60000])
    os._exit(0)
os.close(writer)
for name in os.fdopen(reader).read().split():
    try:
        importlib.import_module(name)
    except BaseException:
        pass
for name in sys.stdin.read().split():
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        try:
            importlib.import_module(name)
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def python_files(root):
    for base, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f != "__pycache__")
        yield from (os.path.relpath(os.path.join(base, n), root) for n in sorted(names) if n.endswith(".py"))


def module_of(path):
    parts = path[:-3].split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def importable(root, site, modules):
    """The modules that CPython imports, each in a process of its own."""
    command = [sys.executable, "-B", "-c", IMPORT_ALL, root, site, modules[0].split(".")[0]]
    done = subprocess.run(command, input="\n".join(modules), capture_output=True, text=True, timeout=900, cwd=root)
    return {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" 0")}


class Source:
    def __init__(self, root, path):
        self.path, self.module = path, module_of(path)
        self.is_package = path.endswith("__init__.py")
        with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
            self.text = file.read()
        self.tree = ast.parse(self.text)

    def absolute(self, node):
        if not node.level:
            return node.module
        parts = self.module.split(".")
        base = parts[:len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join(base + ([node.module] if node.module else []))


def strays(sources, definitions):
    """Statements that import one or more definitions from where they stand: (source, node, absolute module)."""
    for source in sources.values():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                module = source.absolute(node)
                names = [a for a in node.names if a.name in definitions.get(module, ())]
                if names and module != source.module and not source.is_package:
                    yield source, node, module


def rewrite(text, node, module):
    """`text` with the module of one statement replaced; the rest of the statement stays."""
    lines = text.splitlines(keepends=True)
    line = lines[node.lineno - 1].encode()
    head, tail = line[:node.col_offset], line[node.col_offset:]
    place = tail.find(b" import ")
    if place < 0 or not tail.startswith(b"from "):
        return None
    lines[node.lineno - 1] = (head + b"from " + module.encode() + tail[place:]).decode()
    return "".join(lines)


def mutate(root, site, name, rng, count):
    """Puts new re-exporting modules into the package and sends statements through them."""
    sources = {}
    for path in python_files(root):
        try:
            source = Source(root, path)
        except (SyntaxError, ValueError):
            continue
        sources[source.module] = source
    definitions = {m: {n.name for n in s.tree.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
                   for m, s in sources.items()}
    candidates = sorted(strays(sources, definitions), key=lambda c: (c[0].path, c[1].lineno))
    rng.shuffle(candidates)
    uses = collections.Counter((module, a.name) for _, node, module in candidates for a in node.names)
    made, touched, hubs = 0, set(), {}
    for source, node, module in candidates:
        if made >= count:
            break
        # One hub for each module. A hub that closes an import cycle is no good: CPython is asked.
        hub = f"{name}._hub_{module.replace('.', '_')}"
        text = rewrite(source.text, node, hub)
        used = [(module, alias.name) for alias in node.names]
        if source.path in touched or module not in sources or text is None or max(uses[u] for u in used) < 2:
            continue
        uses.subtract(used)
        touched.add(source.path)
        names = hubs.get(hub, set()) | {alias.name for alias in node.names}
        texts = {source.path: text, os.path.join(*hub.split(".")) + ".py":
                 f"from {module} import {', '.join(sorted(f'{n} as {n}' for n in names))}\n"}
        with Edited(root, texts) as edited:
            if works(root, site, name, source.module):
                edited.keep()
                hubs[hub] = names
                made += 1
    return made


class Edited:
    """Context: texts stand on disk; unless they are kept, what was there comes back."""

    def __init__(self, root, texts):
        self.texts, self.before = {os.path.join(root, path): text for path, text in texts.items()}, {}

    def __enter__(self):
        for path, text in self.texts.items():
            if os.path.exists(path):
                with open(path, encoding="utf-8", newline="") as file:
                    self.before[path] = file.read()
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        return self

    def keep(self):
        self.texts = {}

    def __exit__(self, *_):
        for path in self.texts:
            os.remove(path)
            if path in self.before:
                with open(path, "w", encoding="utf-8", newline="") as file:
                    file.write(self.before[path])


def works(root, site, *modules):
    """Whether CPython imports all of them, the first one first."""
    code = f"import sys; sys.path[:0] = {[root, site]!r}; [__import__(m) for m in {modules!r}]"
    return subprocess.run([sys.executable, "-B", "-W", "ignore", "-c", code], capture_output=True).returncode == 0


def pydefrag(binary, root, *options):
    return subprocess.run([binary, "check", "--root", root, *OPTIONS, *options], capture_output=True, text=True,
                          timeout=600)


def report(binary, root):
    return tool.run([binary, "check", "--root", root, *OPTIONS, "--output-format", "json"])[0]["findings"]


def key(finding):
    return finding["path"], finding["code"], finding["message"]


def is_safe(finding):
    return finding.get("fix", {}).get("applicability") == "safe"


def patched_copy(binary, root, name, place):
    """The package in a folder of its own below `place`, after `patch` with what --diff prints."""
    diff = pydefrag(binary, root, "--diff").stdout
    shutil.copytree(os.path.join(root, name), os.path.join(place, name))
    if diff:
        subprocess.run(["patch", "-p1", "-s", "-d", place], input=diff.encode(), check=True)
    return os.path.join(place, name)


def same_files(one, other):
    return not subprocess.run(["diff", "-r", one, other], capture_output=True).stdout


def try_package(binary, name, root, site, seed, count):
    """Prints a line about what was seen; what is wrong."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(os.path.join(site, name), os.path.join(root, name), ignore=ignored)
    made = mutate(root, site, name, random.Random(f"{seed} {name}"), count)
    modules = [module_of(path) for path in python_files(root)]
    worked = importable(root, site, modules)
    fixable = [finding for finding in report(binary, root) if is_safe(finding)]
    wrong = []
    with tempfile.TemporaryDirectory(prefix="truth-fix-") as place:
        patched = patched_copy(binary, root, name, place)
        told = pydefrag(binary, root, "--fix").stderr.strip().replace("\n", "; ")
        if not same_files(os.path.join(root, name), patched):
            wrong.append("`patch` with --diff gives something else than --fix")
    if broken := sorted(worked - importable(root, site, modules)):
        wrong.append(f"no longer importable: {', '.join(broken)}")
    if pydefrag(binary, root, "--diff").stdout:
        wrong.append("a second --fix would change more")
    left = {key(finding) for finding in report(binary, root)}
    still = [finding for finding in fixable if key(finding) in left]
    for finding in still[:5]:
        print(f"  left alone: {finding['path']}:{finding['range']['start']['line']} {finding['message']}")
    if len(still) * 5 > len(fixable) or not fixable:
        wrong.append(f"only {len(fixable) - len(still)} of {len(fixable)} were fixed")
    print(f"{name}: {len(modules)} modules, {len(worked)} importable, {made} statements fragmented, "
          f"{len(fixable)} safe fixes, {len(still)} left; {told}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--packages", default="email")
    parser.add_argument("--site", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    status = 0
    for name in options.packages.split(","):
        places = [options.site] if options.site else [sysconfig.get_path(p) for p in ("purelib", "stdlib")]
        site = next((s for s in places if os.path.isdir(os.path.join(s, name))), None)
        if site is None:
            print(f"{name}: not in {' or '.join(places)}")
            status = 1
            continue
        with tempfile.TemporaryDirectory(prefix="truth-fix-") as folder:
            for wrong in try_package(options.binary, name, os.path.realpath(folder), site, options.seed, options.count):
                print(f"{name}: {wrong}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
