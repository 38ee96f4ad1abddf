"""CPython's own answers about a project: the client of interpreter_server.py.

Entry point: Oracle. `ask` hands over jobs and returns their answers in order; see the job_ functions of
interpreter_server.py for what each job takes and gives.
"""
import marshal
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Loaded beforehand because loading them in every fork costs more than the projects themselves.
WARM = ["typing", "dataclasses", "enum", "functools", "collections", "collections.abc", "contextlib", "types",
        "warnings", "importlib"]


class Oracle:
    def __init__(self, site=(), warm=WARM, block=(), python=sys.executable, script="interpreter_server.py",
                 flags=("-I", "-S", "-B"), cwd=None):
        self.server = subprocess.Popen([python, *flags, os.path.join(HERE, script)], cwd=cwd, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, env=dict(os.environ, PYTHONHASHSEED="0"))
        self.send({"site": list(site), "warm": list(warm), "block": list(block)})

    def send(self, value):
        marshal.dump(value, self.server.stdin)
        self.server.stdin.flush()

    def ask(self, root, jobs, env=None, path=None, prelude=None):
        """Answers of `jobs` for the project folder `root`; sys.path starts with `path`, by default the root."""
        self.send({"root": root, "path": [root] if path is None else list(path), "env": env or {},
                   "prelude": prelude, "jobs": [list(job) for job in jobs]})
        answers = marshal.load(self.server.stdout)
        if isinstance(answers, dict):
            raise RuntimeError(f"interpreter server: {answers.get('message')}")
        return answers

    def close(self):
        self.server.stdin.close()
        self.server.wait()
        self.server.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
