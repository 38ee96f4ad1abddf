#!/usr/bin/env python3
"""How soon `pydefrag lsp` answers after an edit. Usage: lsp_latency.py BINARY ROOT FILE (below ROOT)

Pulls the diagnostics of FILE after each edit and prints wall and CPU milliseconds: of the first answer, of edits that
only move statements (a comment at the top), and of edits that change an import, after which all is linked again.
"""
import json
import os
import pathlib
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


def main(binary, root, path):
    server = Server(binary)
    root = pathlib.Path(root).resolve()
    document = {"uri": (root / path).as_uri()}
    server.request("initialize", {"rootUri": root.as_uri(), "capabilities": {"textDocument": {"diagnostic": {}}}})
    server.send({"method": "initialized", "params": {}})

    def measure(what, times=1):
        for _ in range(times):
            start, used = time.monotonic(), server.cpu()
            if what != "first answer":
                nonlocal version
                version += 1
                at = {"line": 0, "character": 0}
                text = "# a comment\n" if what == "moved" else f"import os as os{version}\n"
                server.send({"method": "textDocument/didChange", "params": {
                    "textDocument": {**document, "version": version},
                    "contentChanges": [{"range": {"start": at, "end": at}, "text": text}]}})
            server.request("textDocument/diagnostic", {"textDocument": document})
            print(f"{what}: {1000 * (time.monotonic() - start):.0f} ms, CPU {1000 * (server.cpu() - used):.0f} ms")

    version = 1
    measure("first answer")
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": {
        **document, "languageId": "python", "version": version, "text": (root / path).read_text(encoding="utf-8")}}})
    measure("moved", 5)
    measure("import changed", 3)
    server.request("shutdown", None)
    server.send({"method": "exit"})
    return server.process.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
