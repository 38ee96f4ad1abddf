"""README.md and docs/rules show what the program really prints. `readme_test.py BINARY` compares,
`readme_test.py BINARY --update` rewrites the table of rules and the pages."""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE_HEAD = "| code | name | default | what |\n|---|---|---|---|\n"


def output(binary: str, *arguments: str) -> str:
    return subprocess.run([binary, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          check=False).stdout


def rules_table(binary: str) -> str:
    rows = [line.split(maxsplit=3) for line in output(binary, "rule").splitlines() if line]
    return TABLE_HEAD + "".join(
        f"| {code} | [{name}](docs/rules/{name}.md) | {default} | {what} |\n"
        for code, name, default, what in rows)


def missing_part(shown: str, printed: str) -> str:
    """The first part of `shown` (parts are separated by lines `...`) that `printed` does not have,
    in the same order; "" when it has all."""
    at = 0
    for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE):
        found = printed.find(part, at)
        if found < 0:
            return part
        at = found + len(part)
    return ""


def pages(folder: pathlib.Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("*.md"))}


def main() -> int:
    binary = sys.argv[1]
    readme = ROOT / "README.md"
    text = readme.read_text()
    table = re.search(re.escape(TABLE_HEAD) + r"(\|.*\n)*", text)
    shown = re.search(r"```text\n(.*?)```", text, re.DOTALL)
    if table is None or shown is None:
        print("README.md has lost its table of rules or its example")
        return 1
    if "--update" in sys.argv:
        readme.write_text(text.replace(table.group(0), rules_table(binary)))
        output(binary, "rule", "--markdown-dir", str(ROOT / "docs" / "rules"))
        return 0
    status = 0
    if table.group(0) != rules_table(binary):
        print(f"the table of rules is old: run tests/readme_test.py {binary} --update")
        status = 1
    with tempfile.TemporaryDirectory() as folder:
        output(binary, "rule", "--markdown-dir", folder)
        if pages(pathlib.Path(folder)) != pages(ROOT / "docs" / "rules"):
            print(f"docs/rules is old: run tests/readme_test.py {binary} --update")
            status = 1
    part = missing_part(shown.group(1), output(binary, "check", "fixtures/real/shop"))
    if part:
        print(f"`pydefrag check fixtures/real/shop` no longer prints this part:\n{part}")
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
