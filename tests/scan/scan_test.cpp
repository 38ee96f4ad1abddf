// ScanFiles: states, problems, and that nothing depends on the number of jobs.
#include "scan/scan.h"

#include "facts/dump.h"

#include <gtest/gtest.h>

namespace pydefrag {

namespace {

Scanned Scan(llvm::ArrayRef<MemoryFile> files, ScanOptions options = {}) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk(files);
  std::vector<std::string> paths;
  for (const MemoryFile &file : files) {
    paths.push_back(file.path);
  }
  Scanned scanned;
  ScanFiles(*disk, paths, options, scanned);
  return scanned;
}

std::string DumpAll(const Scanned &scanned) {
  std::string all;
  for (size_t i = 0; i < scanned.facts.size(); ++i) {
    all += scanned.paths[FileId(i)] + "\n" +
           DumpFacts(scanned.facts[FileId(i)], scanned.syntax, scanned.names);
  }
  return all;
}

// Many files that share statements and differ in others.
std::vector<MemoryFile> ManyFiles() {
  std::vector<MemoryFile> files;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    files.push_back({"m" + n + ".py", "import os\nfrom a.m" + n + " import x" + n + "\nclass K" +
                                          std::to_string(i % 7) + "(os.PathLike):\n    y = " + n +
                                          "\n"});
  }
  return files;
}

} // namespace

TEST(Scan, ResultsDoNotDependOnJobs) {
  const std::vector<MemoryFile> files = ManyFiles();
  ScanOptions one;
  one.jobs = 1;
  ScanOptions eight;
  eight.jobs = 8;
  const Scanned a = Scan(files, one);
  const Scanned b = Scan(files, eight);
  EXPECT_EQ(DumpAll(a), DumpAll(b));
  ASSERT_EQ(a.syntax.statements.size(), b.syntax.statements.size());
  ASSERT_EQ(a.names.size(), b.names.size());
  for (size_t i = 0; i < a.names.size(); ++i) {
    EXPECT_EQ(a.names.Text(NameId(i)), b.names.Text(NameId(i)));
  }
  for (size_t i = 0; i < a.facts.size(); ++i) {
    for (size_t s = 0; s < a.facts[FileId(i)].statements.size(); ++s) {
      EXPECT_EQ(a.facts[FileId(i)].statements[s].statement,
                b.facts[FileId(i)].statements[s].statement);
    }
  }
}

TEST(Scan, EqualStatementsShareOneId) {
  const Scanned scanned = Scan({{"a.py", "import os\n"}, {"b.py", "if x:\n    import os\n"}});
  EXPECT_EQ(scanned.facts[FileId(0)].statements[0].statement,
            scanned.facts[FileId(1)].statements[1].statement);
}

TEST(Scan, LaterCallsAppend) {
  const std::unique_ptr<Disk> disk =
      MakeMemoryDisk({{"a.py", "import os\n"}, {"b.py", "import os, c\n"}});
  Scanned scanned;
  ScanFiles(*disk, {"a.py"}, {}, scanned);
  const NameId os = scanned.names.Find("os");
  ScanFiles(*disk, {"b.py"}, {}, scanned);
  EXPECT_EQ(scanned.facts.size(), 2u);
  EXPECT_EQ(scanned.names.Find("os"), os);
  EXPECT_EQ(DumpFacts(scanned.facts[FileId(1)], scanned.syntax, scanned.names),
            "1 [0] import (alias os)@7-9 (alias c)@11-12\n");
}

TEST(Scan, PlacesStatementsUnderTheirHeaders) {
  const Scanned scanned =
      Scan({{"a.py", "try:\n    import b\nexcept ImportError:\n    b = None\n"}});
  EXPECT_EQ(DumpAll(scanned), "a.py\n"
                              "1 [0] try\n"
                              "  2 [9] import (alias b)@7-8\n"
                              "3 [18] except (name ImportError)@7-18\n"
                              "  4 [42] assign (name b)@0-1 (none)@4-8\n");
  const ModuleFacts &facts = scanned.facts[FileId(0)];
  EXPECT_EQ(facts.statements[1].parent, 0);
  EXPECT_EQ(facts.statements[0].end, 2u);
  EXPECT_EQ(facts.statements[2].end, 4u);
}

TEST(Scan, LazyImportsAreMarked) {
  const Scanned scanned = Scan({{"a.py", "lazy import b\nlazy = 1\n"}});
  EXPECT_TRUE(scanned.facts[FileId(0)].statements[0].lazy);
  EXPECT_EQ(scanned.facts[FileId(0)].statements[0].head, 5u);
  EXPECT_FALSE(scanned.facts[FileId(0)].statements[1].lazy);
}

TEST(Scan, MissingFileIsUnreadable) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk({});
  Scanned scanned;
  ScanFiles(*disk, {"a.py"}, {}, scanned);
  EXPECT_EQ(scanned.facts[FileId(0)].state, FileState::Unread);
  ASSERT_EQ(scanned.problems.size(), 1u);
  EXPECT_EQ(scanned.problems[0].kind, ProblemKind::Unreadable);
}

TEST(Scan, LargeFileIsLeftOut) {
  ScanOptions options;
  options.max_file_bytes = 8;
  const Scanned scanned = Scan({{"a.py", "import os"}, {"b.py", "import o"}}, options);
  EXPECT_EQ(scanned.facts[FileId(0)].state, FileState::Unread);
  ASSERT_EQ(scanned.problems.size(), 1u);
  EXPECT_EQ(scanned.problems[0].kind, ProblemKind::TooLarge);
  EXPECT_EQ(scanned.facts[FileId(1)].state, FileState::Parsed);
}

TEST(Scan, WhatCPythonRejectsIsASyntaxError) {
  const Scanned scanned = Scan({{"a.py", "x = '\n"},
                                {"b.py", "print 'x'\n"},
                                {"c.py", "# coding: nope\n"},
                                {"d.py", "x = 1\n\xff\n"},
                                {"e.py", "x = 10L\n"}});
  for (size_t i = 0; i < scanned.facts.size(); ++i) {
    EXPECT_EQ(scanned.facts[FileId(i)].state, FileState::SyntaxError) << scanned.paths[FileId(i)];
    EXPECT_TRUE(scanned.facts[FileId(i)].statements.empty());
    EXPECT_FALSE(scanned.facts[FileId(i)].error_message.empty());
  }
  EXPECT_FALSE(scanned.facts[FileId(0)].python2);
  EXPECT_TRUE(scanned.facts[FileId(1)].python2);
  EXPECT_TRUE(scanned.facts[FileId(4)].python2);
  EXPECT_EQ(scanned.facts[FileId(3)].error_span.begin, 6u);
  EXPECT_TRUE(scanned.problems.empty());
}

// Judged by CPython 3.8 to 3.13, which raise SyntaxError for each.
TEST(Scan, WhatIsNoImportIsASyntaxError) {
  std::vector<MemoryFile> files;
  for (const char *text : {"from a import b,\n",
                           "import a,\n",
                           "import a, # c\n",
                           "from a import\n",
                           "from . import\n",
                           "import\n",
                           "from a import b.c\n",
                           "from a import b'%d' as c\n",
                           "from a import 'b'\n",
                           "from a import None\n",
                           "from a import b as None\n",
                           "from a import 1\n",
                           "from a import b c\n",
                           "from a import (b,,c)\n",
                           "from a import ()\n",
                           "from a import (*)\n",
                           "from a import *, b\n",
                           "from a import b as *\n",
                           "from .a. import b\n",
                           "from a..b import c\n",
                           "import a..b\n",
                           "import .a\n",
                           "import (a)\n",
                           "import a as\n",
                           "import a as b.c\n",
                           "import a b\n",
                           "import if\n",
                           "from if import a\n",
                           "from import a\n",
                           "from 'a' import b\n",
                           "from a imprt b\n",
                           "from a import b if c\n",
                           "if x:\n    from a import (b\n        .c)\n",
                           "def f():\n    from a import *\n",
                           "class A:\n    from a import *\n",
                           "x = 1\nfrom __future__ import annotations\n",
                           "import a\nfrom __future__ import annotations\n",
                           "if x:\n    from __future__ import annotations\n"}) {
    files.push_back({std::to_string(files.size()) + ".py", text});
  }
  const Scanned scanned = Scan(files);
  for (size_t i = 0; i < scanned.facts.size(); ++i) {
    EXPECT_EQ(scanned.facts[FileId(i)].state, FileState::SyntaxError) << files[i].content;
    EXPECT_TRUE(scanned.facts[FileId(i)].statements.empty());
  }
  EXPECT_TRUE(scanned.problems.empty());
}

TEST(Scan, ImportsOfEveryFormAreTaken) {
  std::vector<MemoryFile> files;
  for (const char *text :
       {"import a,b . c as d;import e\n", "from.import a\n", "from . . .a import(b)\n",
        "from ... import (a as b, # c\n\n  d,\n)  # e\n", "from a import \\\n b, \\\r\n c # d\n",
        "from a import *  # noqa\n", "from a import match, case, type, _, print, exec\n",
        "from \xC3\xA9 import \xC3\xA9t\xC3\xA9\n", "lazy from a import b\n", "lazy import a.b\n",
        "def f():\n  import a; from a import b\n", "if x: from a import *\n",
        "try:\n  from a import *\nexcept ImportError: pass\n", "\fimport\ta\f\n",
        "'''d'''\nfrom __future__ import annotations; import a\n",
        "r'''sys.path'''\nfrom __future__ import annotations\n",
        "from __future__ import (\n  division,\n)\nfrom __future__ import annotations\n"}) {
    files.push_back({std::to_string(files.size()) + ".py", text});
  }
  const Scanned scanned = Scan(files);
  for (size_t i = 0; i < scanned.facts.size(); ++i) {
    EXPECT_EQ(scanned.facts[FileId(i)].state, FileState::Parsed) << files[i].content;
  }
  EXPECT_TRUE(scanned.problems.empty());
}

TEST(Scan, TemplatesOfOtherProgramsAreNoSyntaxErrors) {
  const Scanned scanned = Scan({{"a.py", "from {{ cookiecutter.slug }} import app\n"}});
  EXPECT_EQ(scanned.facts[FileId(0)].state, FileState::Uncertain);
}

TEST(Scan, StatementThatDoesNotParseMakesItsFileUncertain) {
  const Scanned scanned = Scan({{"a.py", "import b\nx = = 1\n"}, {"c.py", "import b\n"}});
  EXPECT_EQ(scanned.facts[FileId(0)].state, FileState::Uncertain);
  ASSERT_EQ(scanned.problems.size(), 1u);
  EXPECT_EQ(scanned.problems[0].kind, ProblemKind::Uncertain);
  EXPECT_EQ(scanned.problems[0].line, 2u);
  // The import is known all the same.
  ASSERT_EQ(scanned.facts[FileId(0)].statements.size(), 2u);
  EXPECT_EQ(scanned.facts[FileId(1)].state, FileState::Parsed);
}

TEST(Scan, DecodesOtherEncodings) {
  const Scanned scanned = Scan({{"a.py", "# coding: latin-1\nimport caf\xe9\n"}});
  EXPECT_TRUE(scanned.names.Find("caf\xc3\xa9").valid());
}

TEST(Scan, ProgressCountsFiles) {
  size_t last = 0;
  const auto note = [&](size_t done, size_t total) {
    last = done;
    EXPECT_EQ(total, 2u);
  };
  llvm::function_ref<void(size_t, size_t)> progress(note);
  ScanOptions options;
  options.jobs = 1;
  options.progress = &progress;
  Scan({{"a.py", ""}, {"b.py", ""}}, options);
  EXPECT_EQ(last, 2u);
}

} // namespace pydefrag
