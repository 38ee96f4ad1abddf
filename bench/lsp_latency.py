#!/usr/bin/env python3
"""How soon `pydefrag lsp` answers after an edit. Usage: lsp_latency.py BINARY ROOT FILE (below ROOT) [EDITS]

Pulls the diagnostics of FILE after each edit and prints the median and the 95th percentile of the wall time, for edits
that only move statements (a comment at the top) and for edits that change an import; at once after the answer before
(`burst`), and after pauses of up to two seconds, so that some edits meet the analysis of the whole project that follows
a pause (`paced`). In the end it waits and compares the server's diagnostics with what `check` says of the same text.
"""
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time


class Server:
    def __init__(self, binary):
        self.process = subprocess.Popen([binary, "lsp", "--isolated"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.requests = 0

    def send(self, message):
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(text) + text)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            length = int(line.split(b":")[1]) if line.startswith(b"Content-Length") else length
        return json.loads(self.process.stdout.read(length))

    def request(self, method, params):
        self.requests += 1
        self.send({"id": self.requests, "method": method, "params": params})
        while (answer := self.receive()).get("id") != self.requests:
            pass
        return answer["result"]

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Editor:
    """One open document."""

    def __init__(self, binary, root, path):
        self.server = Server(binary)
        self.root, self.path = pathlib.Path(root).resolve(), path
        self.document = {"uri": (self.root / path).as_uri()}
        self.text = (self.root / path).read_text(encoding="utf-8")
        self.version = 1
        self.server.request("initialize", {
            "rootUri": self.root.as_uri(),
            "capabilities": {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}})
        self.server.send({"method": "initialized", "params": {}})

    def open(self):
        self.server.send({"method": "textDocument/didOpen", "params": {"textDocument": {
            **self.document, "languageId": "python", "version": 1, "text": self.text}}})

    def diagnostics(self):
        return self.server.request("textDocument/diagnostic", {"textDocument": self.document})["items"]

    def edit(self, line):
        """Puts a line at the top; seconds until the diagnostics are there."""
        start = time.monotonic()
        self.version += 1
        self.text = line + self.text
        at = {"line": 0, "character": 0}
        self.server.send({"method": "textDocument/didChange", "params": {
            "textDocument": {**self.document, "version": self.version},
            "contentChanges": [{"range": {"start": at, "end": at}, "text": line}]}})
        self.diagnostics()
        return time.monotonic() - start

    def checked(self, binary):
        """What `check` says of the text: (code, line, column) of each finding, counted as the editor does."""
        run = subprocess.run([binary, "check", "--isolated", "--root", self.root, "--output-format", "json-lines", "-q",
                              "--stdin-filename", self.root / self.path, "-"], input=self.text, capture_output=True,
                             text=True, cwd=self.root, check=False)
        found = [json.loads(line) for line in run.stdout.splitlines()]
        return sorted((each["code"], each["range"]["start"]["line"] - 1, each["range"]["start"]["column"] - 1)
                      for each in found)


def show(what, seconds):
    times = sorted(1000 * each for each in seconds)
    print(f"{what}: median {statistics.median(times):.0f} ms, p95 {times[int(0.95 * (len(times) - 1))]:.0f} ms, "
          f"most {times[-1]:.0f} ms, of {len(times)}")


def main(binary, root, path, edits=40):
    binary = pathlib.Path(binary).resolve()
    random.seed(1)
    editor = Editor(binary, root, path)
    start = time.monotonic()
    editor.diagnostics()
    print(f"first answer: {1000 * (time.monotonic() - start):.0f} ms")
    editor.open()
    top = path.split("/", maxsplit=1)[0].removesuffix(".py")
    lines = {"moved": lambda i: f"# comment {i}\n",
             "import changed": lambda i: f"from {top} import nothing{i}\n"}
    for pace, pause in (("burst", 0), ("paced", 2)):
        for what, line in lines.items():
            seconds = []
            for i in range(int(edits)):
                time.sleep(random.uniform(0, pause))
                seconds.append(editor.edit(line(i)))
            show(f"{what}, {pace}", seconds)
    time.sleep(5)
    now = sorted((each["code"], each["range"]["start"]["line"], each["range"]["start"]["character"])
                 for each in editor.diagnostics())
    agree = now == editor.checked(binary)
    print(f"after a pause: {len(now)} diagnostics, {'as' if agree else 'NOT as'} `check` finds them")
    editor.server.request("shutdown", None)
    editor.server.send({"method": "exit"})
    return editor.server.process.wait() or not agree


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
