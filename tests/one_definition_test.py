"""A name of a type stands for one type: two of one name in two files compile and link, and then one's
copy is the other's (C++ calls it the one-definition rule, and no compiler looks at two files at once).
Run by ctest and by lint."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPENED = re.compile(r"(?:inline )?namespace ?([\w:]*) ?\{$")
DEFINED = re.compile(r"(?:struct|class|enum|enum class) (\w+)(?: final)?(?: : [^;]*)? \{")


def repeated(files: dict[str, str]) -> list[str]:
    """Types of one name in more than one of `files` (path -> text); what is in a namespace without a
    name is the file's own."""
    places: dict[str, set[str]] = {}
    for path, text in files.items():
        spaces: list[str] = []
        for line in text.splitlines():
            if opened := OPENED.match(line):
                spaces.append(opened[1])
            elif line.startswith("} // namespace"):
                spaces.pop()
            elif (defined := DEFINED.match(line)) and "" not in spaces:
                places.setdefault("::".join(spaces + [defined[1]]), set()).add(path)
    return [f"{name}: {', '.join(sorted(paths))}" for name, paths in sorted(places.items())
            if len(paths) > 1]


class OneDefinition(unittest.TestCase):
    def test_the_tree(self):
        files = {str(path.relative_to(ROOT)): path.read_text()
                 for folder in ("analyzer", "rules") for path in (ROOT / folder).rglob("*")
                 if path.suffix in (".h", ".cpp")}
        self.assertGreater(len(files), 20)
        self.assertEqual(repeated(files), [])

    def test_two_files_define_one_name(self):
        text = "namespace pydefrag {\n\nstruct Cursor {\n};\n} // namespace pydefrag\n"
        self.assertEqual(repeated({"a.h": text, "b.h": text}), ["pydefrag::Cursor: a.h, b.h"])

    def test_a_file_has_names_of_its_own(self):
        text = ("namespace pydefrag {\nnamespace {\nclass Reader {\n};\n} // namespace\n"
                "class Shared;\nstruct Shared::Part {\n};\n} // namespace pydefrag\n")
        self.assertEqual(repeated({"a.cpp": text, "b.cpp": text}), [])


if __name__ == "__main__":
    unittest.main()
