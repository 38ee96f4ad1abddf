"""The folders of analyzer/ are layers: a file includes only its own folder and those before it in
CMakeLists.txt, and a library other than LLVM is included by one .cpp. The rooms of the larger folders
are ordered likewise. Run by ctest and by lint."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# C and POSIX headers; those of C++ have neither a dot nor a slash.
SYSTEM = {"dirent.h", "fcntl.h", "immintrin.h", "arm_neon.h", "poll.h", "pthread.h", "sched.h", "signal.h",
          "time.h", "unistd.h"}
TEST_ONLY = {"gtest", "gmock", "benchmark"}


# Rooms of link that ask each other: a name is resolved by the modules on its way, and what those
# bind at run time flows from names.
TOGETHER = {"modules", "resolve", "flow"}


def layers_of(cmake: str) -> list[str]:
    found = re.search(r"set\(PYDEFRAG_LAYERS ([^)]*)\)", cmake)
    return found.group(1).split() if found else []


def rooms_of(cmake: str) -> dict[str, list[str]]:
    """Layer -> its rooms in order, for the layers that have some."""
    return {layer: rooms.split() for layer, rooms in re.findall(r"set\(PYDEFRAG_ROOMS_OF_(\w+) ([^)]*)\)", cmake)}


def library(kind: str, include: str) -> str:
    """The third-party library that an include names, "" for ours, LLVM and the system's."""
    top = include.split("/")[0]
    if top in ("llvm", "llvm-c", "rules", "sys", "linux"):
        return ""
    if "/" not in include and (kind == '"' or "." not in include or include in SYSTEM):
        return ""
    return top.removesuffix(".h").removesuffix(".hpp").lower()


def problems(files: dict[str, str], order: list[str]) -> list[str]:
    """What is wrong with `files` (path below the root -> text)."""
    result = []
    users: dict[str, set[str]] = {}
    for path, text in sorted(files.items()):
        # A rule is part of the layer `check`, and includes no other rule.
        layer = "check" if path.startswith("rules/") else path.split("/")[1]
        if layer not in order:
            result.append(f"{path}: `{layer}` is not in PYDEFRAG_LAYERS")
            continue
        for kind, include in INCLUDE.findall(text):
            top = include.split("/")[0]
            if kind == '"' and top in order and order.index(top) > order.index(layer):
                result.append(f"{path}: `{layer}` comes before `{top}` but includes {include}")
            if kind == '"' and "/" not in include and not path.startswith("rules/"):
                result.append(f"{path}: {include} without its folder")
            used = "" if kind == '"' and top in order else library(kind, include)
            if used in TEST_ONLY:
                result.append(f"{path}: {include} outside tests and benchmarks")
            elif used and path.endswith(".h"):
                result.append(f"{path}: a header includes {include}")
            elif used:
                users.setdefault(used, set()).add(path)
    for used, paths in sorted(users.items()):
        if len(paths) > 1:
            result.append(f"{used} is included by more than one file: {', '.join(sorted(paths))}")
    return result


def room_problems(files: dict[str, str], rooms: dict[str, list[str]]) -> list[str]:
    """Where a room includes one that comes after it. Files beside the rooms belong to none."""
    result = []
    for path, text in sorted(files.items()):
        parts = path.split("/")
        if parts[0] != "analyzer" or len(parts) != 4 or parts[1] not in rooms:
            continue
        _, layer, room, _ = parts
        order = rooms[layer]
        if room not in order:
            result.append(f"{path}: `{room}` is not in PYDEFRAG_ROOMS_OF_{layer}")
            continue
        for _, include in INCLUDE.findall(text):
            at = include.split("/")
            other = at[1] if at[0] == layer and len(at) == 3 else room
            if order.index(other) > order.index(room) and not {room, other} <= TOGETHER:
                result.append(f"{path}: `{room}` comes before `{other}` but includes {include}")
    return result


class Layering(unittest.TestCase):
    ORDER = ["base", "scan", "check"]

    def check(self, files, *expected):
        self.assertEqual(problems(files, self.ORDER), list(expected))

    def test_the_tree(self):
        cmake = (ROOT / "CMakeLists.txt").read_text()
        order, rooms = layers_of(cmake), rooms_of(cmake)
        self.assertGreater(len(order), 5)
        self.assertGreater(len(rooms["link"]), 5)
        self.assertLessEqual(set(rooms), set(order))
        files = {str(path.relative_to(ROOT)): path.read_text()
                 for folder in ("analyzer", "rules") for path in (ROOT / folder).rglob("*")
                 if path.suffix in (".h", ".cpp")}
        self.assertGreater(len(files), 20)
        self.assertEqual(problems(files, order), [])
        self.assertEqual(room_problems(files, rooms), [])

    def test_a_later_room_is_not(self):
        files = {"analyzer/link/names/a.cpp": '#include "link/rows/rows.h"\n#include "link/link.h"\n',
                 "analyzer/link/modules/a.cpp": '#include "link/resolve/resolve.h"\n',
                 "analyzer/link/attic/a.cpp": ""}
        self.assertEqual(room_problems(files, {"link": ["names", "modules", "resolve", "rows"]}),
                         ["analyzer/link/attic/a.cpp: `attic` is not in PYDEFRAG_ROOMS_OF_link",
                          "analyzer/link/names/a.cpp: `names` comes before `rows` but includes "
                          "link/rows/rows.h"])

    def test_own_and_earlier_folders_are_fine(self):
        self.check({"analyzer/scan/a.cpp": '#include "scan/a.h"\n#include "base/id.h"\n'
                                           '#include "llvm/ADT/StringRef.h"\n#include <vector>\n'})

    def test_a_later_folder_is_not(self):
        self.check({"analyzer/base/a.h": '#include "scan/a.h"\n'},
                   "analyzer/base/a.h: `base` comes before `scan` but includes scan/a.h")

    def test_a_folder_must_be_listed(self):
        self.check({"analyzer/extra/a.h": ""},
                   "analyzer/extra/a.h: `extra` is not in PYDEFRAG_LAYERS")

    def test_a_library_has_one_user(self):
        self.check({"analyzer/scan/a.cpp": "#include <zlib.h>\n",
                    "analyzer/scan/b.cpp": "# include <zlib.h>\n"},
                   "zlib is included by more than one file: analyzer/scan/a.cpp, "
                   "analyzer/scan/b.cpp")

    def test_a_header_includes_no_library(self):
        self.check({"analyzer/scan/a.h": "#include <tree_sitter/api.h>\n"},
                   "analyzer/scan/a.h: a header includes tree_sitter/api.h")

    def test_test_libraries_stay_in_tests(self):
        self.check({"analyzer/scan/a.cpp": '#include "gtest/gtest.h"\n'},
                   "analyzer/scan/a.cpp: gtest/gtest.h outside tests and benchmarks")


if __name__ == "__main__":
    unittest.main()
