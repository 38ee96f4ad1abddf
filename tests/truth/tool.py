"""Runs the pydefrag binary. Entry points: graph, check. Both return (JSON, exit status); advise runs check too."""
import json
import os
import subprocess
import sys

SECONDS = 120
TARGET = f"3.{sys.version_info.minor}"  # the version of the CPython that it is compared with


class ToolFailed(Exception):
    """The binary crashed, hung or did not print JSON."""


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise ToolFailed(f"no answer in {SECONDS} s: {' '.join(command)}") from error
    try:
        return json.loads(done.stdout), done.returncode
    except ValueError as error:
        told = done.stderr.decode(errors="replace")[-600:]
        raise ToolFailed(f"exit {done.returncode}, no JSON: {' '.join(command)}\n{told}") from error


def graph(binary, root, target=TARGET, options=("--isolated", "--jobs", "1")):
    return run([binary, "graph", "--root", root, "--format", "json", "--target-version", target, *options])


def check(binary, root, target=TARGET, options=("--isolated", "--jobs", "1")):
    return run([binary, "check", "--root", root, "--output-format", "json", "--target-version", target, *options])


def advise(binary, root, modules):
    """Has the rules say where modules that are gone may be now: one of them called like each of `modules`."""
    os.makedirs(os.path.join(root, "zz_gone"), exist_ok=True)
    with open(os.path.join(root, "zz_gone", "__init__.py"), "w", encoding="utf-8"):
        pass
    with open(os.path.join(root, "zz_asks.py"), "w", encoding="utf-8") as asks:
        asks.writelines(f"from zz_gone.{module.split('.')[-1]} import zz_name\n" for module in sorted(modules))
    _, status = check(binary, root)
    if status not in (0, 1):
        raise ToolFailed(f"exit {status} of check: {root}")
