"""Asks pytest what it can collect, once a line of standard input: {"root": FOLDER} -> {"ok": [...], "failed": [...], "exit": N}.

Each answer comes from a child forked off a process that has pytest loaded, so that the import system is fresh and the
start is paid for once.
"""
import json
import os
import sys

import _pytest.assertion.rewrite  # noqa: F401
import pytest


class Recorder:
    def __init__(self):
        self.ok, self.failed = [], {}

    def pytest_collectreport(self, report):
        if report.nodeid.endswith(".py") and report.outcome != "failed":
            self.ok.append(report.nodeid)
        elif report.outcome == "failed":
            self.failed[report.nodeid] = str(report.longrepr).strip().splitlines()[-1][:200]


def answer(root, channel):
    os.chdir(root)
    sys.stdout = sys.stderr = open(os.devnull, "w")
    sys.dont_write_bytecode = False
    recorder = Recorder()
    code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", "--continue-on-collection-errors"], [recorder])
    os.write(channel, json.dumps({"ok": recorder.ok, "failed": recorder.failed, "exit": int(code)}).encode())


def main():
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                answer(json.loads(line)["root"], writer)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as result:
            told = result.read()
        os.waitpid(child, 0)
        print(told or "{}", flush=True)


if __name__ == "__main__":
    main()
