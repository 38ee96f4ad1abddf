"""The projects under fixtures/cpython and what CPython says of them. Entry points: load, all_cases.

A case is a folder: project/ holds the sources, cpython.json the title, sys.path, the commands, and the answers that
record_cases.py writes there. `worlds` marks the cases whose files run under more than one sys.path.
"""
import json
import os

import projects

FOLDER = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures", "cpython"))


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        self.id = self.name.split("-")[0]
        self.root = os.path.join(folder, "project")
        self.record = os.path.join(folder, "cpython.json")
        with open(self.record, encoding="utf-8") as text:
            self.told = json.load(text)
        self.files = {}
        for base, folders, names in os.walk(self.root):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(n for n in names if n.endswith(".py")):
                path = os.path.relpath(os.path.join(base, name), self.root)
                with open(os.path.join(self.root, path), "rb") as source:
                    text = source.read()
                self.files[path] = text.decode("latin-1" if b"latin-1" in text[:40] else "utf-8")

    @property
    def path(self):
        """sys.path of the case, absolute."""
        return [os.path.join(self.root, entry) if entry else self.root for entry in self.told["path"]]

    @property
    def several_worlds(self):
        return self.told.get("worlds", False)

    def modules(self):
        return sorted(projects.module_name(path)[0] for path in self.files)


def all_cases():
    return [Case(os.path.join(FOLDER, name)) for name in sorted(os.listdir(FOLDER))]
