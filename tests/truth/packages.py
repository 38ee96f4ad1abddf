"""A real package copied into a project of its own, with its import rows. Entry point: Package."""
import ast
import compileall
import os
import random
import shutil
import sys

import oracle
import projects

SITE = "/usr/lib/python3/dist-packages"
# What a program must do before most of a package can be imported.
PRELUDES = {"django": """
from django.conf import settings
settings.configure(SECRET_KEY='x', DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
                   INSTALLED_APPS=['django.contrib.' + a for a in ('admin', 'auth', 'contenttypes', 'sessions',
                   'messages', 'staticfiles', 'sites', 'flatpages', 'redirects', 'sitemaps', 'humanize')])
import django
django.setup()
"""}


class Package:
    """The sources of one installed package under `folder`, as a project."""

    def __init__(self, name, folder, site=SITE):
        self.name, self.root, self.site = name, folder, site
        self.prelude = PRELUDES.get(name, f"import {name}")
        shutil.copytree(os.path.join(site, name), os.path.join(folder, name), symlinks=True,
                        ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(folder, quiet=2, workers=1)
        self.files, self.trees, self.rows = {}, {}, []
        for base, folders, names in os.walk(folder):
            folders[:] = sorted(f for f in folders if f.isidentifier() and f != "__pycache__")
            for path in sorted(os.path.relpath(os.path.join(base, n), folder) for n in names if n.endswith(".py")):
                self.read(path)
        self.modules = {projects.module_name(path)[0]: path for path in self.files}

    def read(self, path):
        try:
            with open(os.path.join(self.root, path), encoding="utf-8") as source:
                text = source.read()
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return
        self.files[path], self.trees[path] = text, tree
        self.rows += projects.import_rows(path, text)

    def start_oracle(self):
        """An interpreter server that has loaded what the package imports from elsewhere."""
        with oracle.Oracle(site=[self.site]) as plain:
            sample = random.Random(0).sample(sorted(self.modules), min(60, len(self.modules)))
            code = (self.prelude + "\nimport sys\n"
                    f"for m in {sample!r}:\n    try: __import__(m)\n    except BaseException: pass\n"
                    f"answer = sorted(m for m in sys.modules if m.split('.')[0] not in ({self.name!r}, '__main__'))")
            warm = plain.ask(self.root, [("run", code)])[0].get("answer") or []
        return oracle.Oracle(site=[self.site], warm=oracle.WARM + warm, block=[self.name])

    def rows_with(self, edits):
        """The rows of the package after `edits` {path: text or None}."""
        rows = [row for row in self.rows if row.path not in edits]
        for path, text in sorted(edits.items()):
            if text is not None:
                rows += projects.import_rows(path, text)
        return rows


class Edited:
    """Context: `edits` stand on disk, the originals come back at the end with their times."""

    serial = 0

    def __init__(self, package, edits):
        self.package, self.edits, self.times = package, edits, {}

    def full(self, path):
        return os.path.join(self.package.root, path)

    def __enter__(self):
        Edited.serial += 1
        for path, text in self.edits.items():
            if os.path.exists(self.full(path)):
                self.times[path] = os.stat(self.full(path)).st_mtime_ns
                os.remove(self.full(path))
            if text is not None:
                self.write(path, text, 1_900_000_000_000_000_000 + Edited.serial * 1_000_000_000)
        return self

    def write(self, path, text, time):
        with open(self.full(path), "w", encoding="utf-8") as out:
            out.write(text)
        os.utime(self.full(path), ns=(time, time))

    def __exit__(self, *_):
        for path in self.edits:
            if os.path.exists(self.full(path)):
                os.remove(self.full(path))
            if path in self.times:
                self.write(path, self.package.files[path], self.times[path])


def available(names):
    missing = [n for n in names if not os.path.isdir(os.path.join(SITE, n))]
    if missing:
        sys.exit(f"not installed under {SITE}: {', '.join(missing)}")
    return names
