// Both makers of outlines give the same facts, where neither has an error.
#include "scan/scan.h"

#include "facts/dump.h"

#include <gtest/gtest.h>

namespace pydefrag {

namespace {

enum class Way : uint8_t { Lines, WholeFile };

std::string Facts(const std::string &text, Way way) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk({{"m.py", text}});
  ScanOptions options;
  options.jobs = 1;
  options.always_whole_file = way == Way::WholeFile;
  Scanned scanned;
  ScanFiles(*disk, {"m.py"}, options, scanned);
  const ModuleFacts &facts = scanned.facts[FileId(0)];
  return std::to_string(facts.lines) + " lines\n" + DumpFacts(facts, scanned.syntax, scanned.names);
}

class BothRoutes : public testing::TestWithParam<const char *> {};

} // namespace

TEST_P(BothRoutes, GiveTheSameFacts) {
  const std::string lines = Facts(GetParam(), Way::Lines);
  EXPECT_EQ(lines, Facts(GetParam(), Way::WholeFile));
  EXPECT_EQ(lines.find("uncertain"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BothRoutes,
    testing::Values(
        "", "\n", "x = 1", "\xEF\xBB\xBFimport a\n", "import a\r\nfrom b import (c,\r\n  d)\r\n",
        "#!/usr/bin/env python\n'''deprecated'''\nimport a\n",
        "if a: import b; from c import d\nelif e:\n  import f\nelse: import g\n",
        "try:\n    import a\nexcept ImportError as e:  # why\n    a = None\nelse:\n    b = 1\n"
        "finally:\n    c = 2\n",
        "@d1(1)\n# between\n@d2\nclass C(B):\n    '''doc'''\n    x: int = 1\n    @property\n"
        "    def m(self): pass\n    class D: y = 2\n",
        "def f(a, b=1):\n    '''deprecated: no'''\n    import c\n    d = 1\n    if e:\n"
        "        g = 2\n    else:\n        import h\n",
        "def __getattr__(name):\n    if name == 'x':\n        return 1\n"
        "    raise AttributeError(name)\n",
        "def f():\n    try:\n        import a\n    except ImportError:\n        return None\n"
        "    finally:\n        x = 1\n",
        "match a:\n    case [b, *c] if d:\n        import e\n    case _:\n        pass\n",
        "for a in b:\n    import c\n    break\nelse:\n    d = 1\nwhile x:\n    continue\n",
        "async def f():\n    async with a as b:\n        import c\n",
        "with (open(a) as b,\n      open(c) as d):\n    e = 1\n",
        "import a  # noqa: DFG202\n# pydefrag: ignore[missing-symbol]\nfrom b import c\n",
        "x = [1,\n     2]  # comment\ny = '''\n# no comment\n'''\nz = \\\n    3\n",
        "if x:\n    if y:\n        import a\n    # comment\n  # odd comment\nimport b\n",
        "class C:\n    if a:\n        def f(self): pass\n    else:\n        g = 1\n    import b\n",
        "def f(): import a\nclass B: import c\nlambda: 0\nx = lambda a: {a: 1}\n",
        "type T[X] = list[X]\ndef g[T](a: T) -> T: pass\nclass C[T]: pass\n",
        "global a, b\ndel c\nassert d\nraise E from f\n",
        "x = f'{a!r:>{b}}' f\"{c['d']}\"\ny = rb'\\x' b'z'\n"));

TEST(WholeFile, ErrorsMakeTheFileUncertain) {
  EXPECT_NE(Facts("import a\nx = (1 2)\n", Way::WholeFile).find("uncertain"), std::string::npos);
}

TEST(WholeFile, Python2IsASyntaxError) {
  EXPECT_NE(Facts("def f():\n    print 'x'\n", Way::WholeFile).find("(Python 2)"),
            std::string::npos);
}

} // namespace pydefrag
