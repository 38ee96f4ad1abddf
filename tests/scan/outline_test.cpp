// OutlineLines: which statements are kept, where they stand, what they span; what is rejected.
#include "scan/outline/outline.h"

#include <gtest/gtest.h>

#include <string>

namespace pydefrag {
namespace {

Outline Make(llvm::StringRef text) {
  Outline outline;
  OutlineLines(text, outline);
  return outline;
}

// The kept statements' texts, each indented by two for every header above it.
std::string Kept(llvm::StringRef text) {
  Outline outline = Make(text);
  if (outline.status != LexStatus::Certain) {
    return "trouble: " + outline.why;
  }
  std::string result;
  std::vector<size_t> depth(outline.items.size());
  for (size_t i = 0; i < outline.items.size(); ++i) {
    const OutlineItem &item = outline.items[i];
    depth[i] = item.parent < 0 ? 0 : depth[static_cast<size_t>(item.parent)] + 1;
    result.append(2 * depth[i], ' ');
    result += text.slice(item.head, item.text_end);
    result += '\n';
  }
  return result;
}

std::vector<StatementKind> Kinds(llvm::StringRef text) {
  std::vector<StatementKind> kinds;
  for (const OutlineItem &item : Make(text).items) {
    kinds.push_back(item.kind);
  }
  return kinds;
}

using K = StatementKind;
using KindList = std::vector<StatementKind>;

std::string Rejection(llvm::StringRef text) {
  Outline outline = Make(text);
  return outline.status == LexStatus::Rejected ? outline.why : "";
}

bool IsPython2(llvm::StringRef text) {
  Outline outline = Make(text);
  return outline.status == LexStatus::Rejected && outline.python2;
}

TEST(OutlineTest, EmptyAndCommentOnlyFilesHaveNoItems) {
  EXPECT_EQ(Kept(""), "");
  EXPECT_EQ(Kept("# nothing\n\n"), "");
}

TEST(OutlineTest, ModuleLevelKeepsWhatCanBindOrCall) {
  EXPECT_EQ(Kept("import a\nx = 1\nf()\ndel x\nassert x\nx: int\nx += 1\nraise E\n"),
            "import a\nx = 1\nf()\ndel x\nassert x\nx: int\nx += 1\nraise E\n");
}

TEST(OutlineTest, ModuleLevelDropsLiterals) {
  EXPECT_EQ(Kept("'''doc'''\n...\n1_000.5\n'a' \"b\"\nrb'x'\n'x'.y()\nf'{f()}'\npass\n"),
            "'x'.y()\nf'{f()}'\n");
}

TEST(OutlineTest, DocstringIsKeptWhenItSpeaksOfDeprecation) {
  EXPECT_EQ(Kinds("'''DEPRECATED: use b'''\n"), (KindList{K::Docstring}));
  EXPECT_EQ(Kinds("'''Fine.'''\n"), KindList{});
  EXPECT_EQ(Kinds("class A:\n  'Deprecated.'\n"), (KindList{K::Class, K::Docstring}));
  EXPECT_EQ(Kinds("def f():\n  '''x\n  .. deprecated:: 2'''\n  return\n"),
            (KindList{K::Function, K::Docstring}));
}

TEST(OutlineTest, RangesAreExact) {
  llvm::StringRef text = "import os  # c\n@a\n@b(1)\nasync def f(x,\n   y): # d\n  import z ; x\n";
  Outline outline = Make(text);
  ASSERT_EQ(outline.items.size(), 3u);
  const OutlineItem &function = outline.items[1];
  EXPECT_EQ(outline.items[0].begin, 0u);
  EXPECT_EQ(outline.items[0].text_end, 9u);
  EXPECT_EQ(function.begin, 15u);
  EXPECT_EQ(function.head, 24u);
  EXPECT_EQ(text.slice(function.head, function.text_end), "async def f(x,\n   y):");
  EXPECT_EQ(function.line, 4u);
  EXPECT_EQ(function.last_line, 5u);
  EXPECT_EQ(function.subtree_end, 3u);
  EXPECT_EQ(outline.items[2].parent, 1);
  EXPECT_EQ(outline.items[2].line, 6u);
  EXPECT_EQ(text.slice(outline.items[2].begin, outline.items[2].text_end), "import z");
  EXPECT_TRUE(outline.items[2].in_function);
  EXPECT_FALSE(function.in_function);
  EXPECT_EQ(outline.lines, 6u);
}

TEST(OutlineTest, KindsComeFromTheLeadingKeyword) {
  EXPECT_EQ(Kinds("import a\nfrom a import b\nx = 1\nglobal x\ndel x\nraise x\nassert x\n"),
            (KindList{K::Import, K::FromImport, K::Expression, K::Global, K::Delete, K::Raise,
                      K::Assert}));
  EXPECT_EQ(Kinds("if a:\n x()\nelif b:\n x()\nelse:\n x()\n"),
            (KindList{K::If, K::Expression, K::Elif, K::Expression, K::Else, K::Expression}));
  EXPECT_EQ(Kinds("try:\n x()\nexcept A:\n x()\nelse:\n x()\nfinally:\n x()\n"),
            (KindList{K::Try, K::Expression, K::Except, K::Expression, K::Else, K::Expression,
                      K::Finally, K::Expression}));
  EXPECT_EQ(Kinds("try:\n x()\nexcept *A:\n x()\n"),
            (KindList{K::Try, K::Expression, K::ExceptStar, K::Expression}));
  EXPECT_EQ(Kinds("for a in b:\n x()\nwhile a:\n x()\nwith a:\n x()\n"),
            (KindList{K::For, K::Expression, K::While, K::Expression, K::With, K::Expression}));
  EXPECT_EQ(Kinds("class A: pass\ndef f(): pass\nasync def g(): pass\n"),
            (KindList{K::Class, K::Function, K::Function}));
}

TEST(OutlineTest, TypeIsAKeywordOnlyBeforeAName) {
  EXPECT_EQ(Kinds("type X = int\ntype X[T] = list[T]\n"), (KindList{K::TypeAlias, K::TypeAlias}));
  EXPECT_EQ(Kinds("type = 1\ntype(x)\ntype.x = 1\ntype in x\ntype: int\ntype if a else b\n"),
            KindList(6, K::Expression));
}

TEST(OutlineTest, LazyIsAFlagOfImports) {
  Outline outline = Make("lazy import a\nlazy from b import c\nlazy = 1\nlazy()\n");
  ASSERT_EQ(outline.items.size(), 4u);
  EXPECT_TRUE(outline.items[0].lazy);
  EXPECT_EQ(outline.items[0].kind, K::Import);
  EXPECT_EQ(outline.items[0].begin, 0u);
  EXPECT_EQ(outline.items[0].head, 5u);
  EXPECT_TRUE(outline.items[1].lazy);
  EXPECT_EQ(outline.items[1].kind, K::FromImport);
  EXPECT_FALSE(outline.items[2].lazy);
  EXPECT_EQ(outline.items[3].kind, K::Expression);
}

TEST(OutlineTest, MatchIsAKeywordOnlyAboveCases) {
  EXPECT_EQ(Kept("match x:\n  case 1: import a\n  case {'k': v} if v:\n    import b\n"),
            "match x:\n  case 1:\n    import a\n  case {'k': v} if v:\n    import b\n");
  EXPECT_EQ(Kinds("match = 1\nmatch(x)\nmatch[a: b] = c\nmatch: int = 1\ncase = 2\ncase(x)\n"),
            KindList(6, K::Expression));
  EXPECT_EQ(Rejection("match x:\n  y = 1\n"), "expected `case`");
  EXPECT_EQ(Rejection("match x:\n  if y:\n    z\n"), "expected `case`");
}

TEST(OutlineTest, SemicolonsSplitStatements) {
  EXPECT_EQ(Kept("import a; from b import c ;x = ';'\nimport d;\n"),
            "import a\nfrom b import c\nx = ';'\nimport d\n");
}

TEST(OutlineTest, OneLineCompoundsAreSplit) {
  EXPECT_EQ(Kept("if x: import y; from z import w\nelse: import v\n"),
            "if x:\n  import y\n  from z import w\nelse:\n  import v\n");
  EXPECT_EQ(Kept("try: import a\nexcept ImportError: a = None\n"),
            "try:\n  import a\nexcept ImportError:\n  a = None\n");
  EXPECT_EQ(Kept("def f(a: int = 1, *, b={1: 2}) -> {3: 4}: import os\n"),
            "def f(a: int = 1, *, b={1: 2}) -> {3: 4}:\n  import os\n");
  EXPECT_EQ(Kept("class A(B, metaclass=C[1:2]): import x\n"),
            "class A(B, metaclass=C[1:2]):\n  import x\n");
  EXPECT_EQ(Kept("with a as b: import c\nfor x in y: import z\nwhile a: import b\n"),
            "with a as b:\n  import c\nfor x in y:\n  import z\nwhile a:\n  import b\n");
}

TEST(OutlineTest, OtherColonsAreNotHeaderColons) {
  EXPECT_EQ(Kept("if (lambda: x)(): import y\n"), "if (lambda: x)():\n  import y\n");
  EXPECT_EQ(Kept("while lambda a: b: import y\n"), "while lambda a: b:\n  import y\n");
  EXPECT_EQ(Kept("if x := f(): import y\n"), "if x := f():\n  import y\n");
  EXPECT_EQ(Kept("if x == ':': import y\n"), "if x == ':':\n  import y\n");
  EXPECT_EQ(Kept("if a[b:c]: import y\n"), "if a[b:c]:\n  import y\n");
  EXPECT_EQ(Kept("x: int = 1\ny = a[1:]\n"), "x: int = 1\ny = a[1:]\n");
  EXPECT_EQ(Kept("if f'{a:b}': import y\n"), "if f'{a:b}':\n  import y\n");
}

TEST(OutlineTest, SplitStatementsKnowTheirLines) {
  Outline outline = Make("\nx = (\n1); import a; \\\n  import b\n");
  ASSERT_EQ(outline.items.size(), 3u);
  EXPECT_EQ(outline.items[0].line, 2u);
  EXPECT_EQ(outline.items[0].last_line, 3u);
  EXPECT_EQ(outline.items[1].line, 3u);
  EXPECT_EQ(outline.items[2].line, 4u);
}

TEST(OutlineTest, FunctionBodiesKeepImportsAndGlobals) {
  EXPECT_EQ(Kept("def f():\n  x = 1\n  import a\n  global y\n  nonlocal z\n  g(x)\n  return x\n"),
            "def f():\n  import a\n  global y\n");
}

TEST(OutlineTest, FunctionBodiesKeepStatementsWithAWordOfInterest) {
  EXPECT_EQ(Kept("def f():\n  x = import_module('a.b')\n  y = other('a.b')\n"
                 "  warnings.warn('old')\n  log.warning('x')\n"),
            "def f():\n  x = import_module('a.b')\n  warnings.warn('old')\n");
}

TEST(OutlineTest, FunctionBodiesKeepHeadersAboveWhatIsKept) {
  EXPECT_EQ(Kept("def f():\n  if a:\n    x = 1\n  if b:\n    for c in d:\n      import e\n"
                 "    x = 2\n  while g:\n    h()\n"),
            "def f():\n  if b:\n    for c in d:\n      import e\n");
}

TEST(OutlineTest, FunctionBodiesKeepTheArmsBeforeAKeptOne) {
  EXPECT_EQ(Kept("def f():\n  if a:\n    x\n  elif b:\n    y\n  else:\n    import c\n  z\n"),
            "def f():\n  if a:\n  elif b:\n  else:\n    import c\n");
  EXPECT_EQ(Kept("def f():\n  if a:\n    import c\n  else:\n    y\n  z\n"),
            "def f():\n  if a:\n    import c\n");
}

TEST(OutlineTest, FunctionBodiesKeepHandlersOfATryThatImports) {
  EXPECT_EQ(
      Kept("def f():\n  try:\n    import a\n    g()\n  except ImportError as e:\n"
           "    self.fail(str(e))\n    raise\n  else:\n    g()\n  finally:\n    h()\n  i()\n"),
      "def f():\n  try:\n    import a\n  except ImportError as e:\n    self.fail(str(e))\n"
      "    raise\n  else:\n  finally:\n");
  EXPECT_EQ(Kept("def f():\n  try:\n    if a:\n      import b\n  except E:\n    return None\n"),
            "def f():\n  try:\n    if a:\n      import b\n  except E:\n    return None\n");
}

TEST(OutlineTest, FunctionBodiesDropATryThatSaysNothing) {
  EXPECT_EQ(Kept("def f():\n  try:\n    g()\n  except E:\n    raise\n  x = 1\n"), "def f():\n");
}

TEST(OutlineTest, HandlerThatImportsKeepsItsTry) {
  EXPECT_EQ(Kept("def f():\n  try:\n    g()\n  except E:\n    import a\n"),
            "def f():\n  try:\n  except E:\n    import a\n");
}

TEST(OutlineTest, NestedDefinitionsAreKeptWhenTheyHoldSomething) {
  EXPECT_EQ(Kept("def f():\n  def g():\n    x\n  class A:\n    y = 1\n  def h():\n    import a\n"),
            "def f():\n  def h():\n    import a\n");
}

TEST(OutlineTest, ModuleGetattrIsKeptWhole) {
  EXPECT_EQ(Kept("def __getattr__(name):\n  '''doc'''\n  if name in T:\n    return T[name]\n"
                 "  raise AttributeError(name)\n"),
            "def __getattr__(name):\n  '''doc'''\n  if name in T:\n    return T[name]\n"
            "  raise AttributeError(name)\n");
  EXPECT_EQ(Kept("class A:\n  def __getattr__(self, name):\n    return 1\n"),
            "class A:\n  def __getattr__(self, name):\n");
}

TEST(OutlineTest, ClassBodiesKeepMembers) {
  EXPECT_EQ(Kept("class A:\n  'doc'\n  x = 1\n  y: int\n  ...\n  def m(self):\n    self.z = 1\n"
                 "  class B:\n    w = 2\n"),
            "class A:\n  x = 1\n  y: int\n  def m(self):\n  class B:\n    w = 2\n");
  Outline outline = Make("class A:\n  if b:\n    x = 1\n  def m(self):\n    import a\n");
  ASSERT_EQ(outline.items.size(), 5u);
  EXPECT_FALSE(outline.items[0].in_class);
  EXPECT_TRUE(outline.items[2].in_class);
  EXPECT_TRUE(outline.items[3].in_class);
  EXPECT_FALSE(outline.items[4].in_class);
  EXPECT_TRUE(outline.items[4].in_function);
}

TEST(OutlineTest, DecoratedDefinitionIsOneItem) {
  EXPECT_EQ(Kept("@deprecated('use b')\nclass A: pass\n"), "class A:\n");
  Outline outline = Make("@deprecated('use b')\nclass A: pass\n");
  EXPECT_TRUE(outline.items.at(0).interesting);
  EXPECT_EQ(outline.items.at(0).begin, 0u);
  EXPECT_EQ(outline.items.at(0).line, 2u);
  EXPECT_EQ(Kept("def t():\n  @patch('a.b')\n  def g(): pass\n"), "def t():\n  def g():\n");
}

TEST(OutlineTest, InterestingItemsAreMarked) {
  Outline outline = Make("x = f('sys')\ny = globals()\nimport a\n");
  ASSERT_EQ(outline.items.size(), 3u);
  EXPECT_FALSE(outline.items[0].interesting);
  EXPECT_TRUE(outline.items[1].interesting);
  EXPECT_FALSE(outline.items[2].interesting);
}

TEST(OutlineTest, FileFlags) {
  EXPECT_TRUE(Make("if __name__ == '__main__':\n  f()\n").has_main_guard);
  EXPECT_FALSE(Make("def g():\n  if __name__ == '__main__':\n    import a\n").has_main_guard);
  EXPECT_TRUE(Make("#!/usr/bin/env python\nimport a\n").has_shebang);
  EXPECT_FALSE(Make("# !x\n").has_shebang);
  EXPECT_TRUE(Make("def __getattr__(name): ...\n").keep_literals);
  EXPECT_TRUE(Make("globals()['a'] = 1\n").keep_literals);
  EXPECT_TRUE(Make("for n in T:\n  setattr(module, n, T[n])\n").keep_literals);
  EXPECT_TRUE(Make("def f():\n  vars()['a'] = 1\n").keep_literals);
  EXPECT_TRUE(Make("x = _LazyModule(__name__, _import_structure)\n").keep_literals);
  EXPECT_FALSE(Make("def f(self):\n  setattr(self, 'a', 1)\n").keep_literals);
  EXPECT_FALSE(Make("import a\n").keep_literals);
}

TEST(OutlineTest, RejectsWhatTheLexerRejects) {
  EXPECT_EQ(Rejection("x = 'a\n"), "unterminated string");
  Outline outline = Make("x = 1\ny = (\n");
  EXPECT_EQ(outline.at, 10u);
  EXPECT_TRUE(outline.items.empty());
}

TEST(OutlineTest, RejectsPrintStatements) {
  for (const char *text :
       {"print 'a'\n", "print \"a\" % b\n", "print x, y\n", "print r'a'\n", "print not_x\n",
        "print 1\n", "if a: print 'x'\n", "def f():\n  print x\n", "a; print b\n", "print {}\n",
        "class A:\n  def f(self):\n    for x in y: print x\n", "print'x'\n"}) {
    EXPECT_TRUE(IsPython2(text)) << text;
  }
  for (const char *text :
       {"print\n", "print(x)\n", "print (x), y\n", "print >>f, x\n", "print = 1\n", "print.x\n",
        "print -1\n", "print in x\n", "print if a else b\n", "print and a\n", "print: int\n",
        "print[1]\n", "print, x\n", "print == x\n", "print is None\n", "print not in x\n",
        "print \\\n  (x)\n", "prints\n", "print;\n"}) {
    EXPECT_EQ(Rejection(text), "") << text;
  }
}

TEST(OutlineTest, RejectsExecAndRaiseStatements) {
  for (const char *text : {"exec 'a = 1'\n", "exec code in ns\n", "exec code\n", "raise E, 'x'\n",
                           "raise E, 'x', tb\n", "def f():\n  raise E(1), None\n"}) {
    EXPECT_TRUE(IsPython2(text)) << text;
  }
  for (const char *text : {"exec(code)\n", "exec (code, ns)\n", "exec = 1\n", "raise E(a, b)\n",
                           "raise E[a, b]\n", "raise lambda a, b: 1\n", "raise E('x, y')\n"}) {
    EXPECT_EQ(Rejection(text), "") << text;
  }
}

TEST(OutlineTest, RejectsHandlersWithANameBehindAComma) {
  for (const char *text : {"try: a\nexcept E, e: b\n", "try: a\nexcept E, (errno, text): b\n",
                           "try:\n  a\nexcept (A, B), exc:\n  b\n",
                           "def f():\n  try:\n    a\n  except a.E, err:\n    b\n"}) {
    EXPECT_TRUE(IsPython2(text)) << text;
  }
  for (const char *text : {"try: a\nexcept A, B: b\n", "try: a\nexcept (A, e): b\n",
                           "try: a\nexcept OSError, error: b\n", "try: a\nexcept A, m.e: b\n",
                           "try: a\nexcept A, (B, C): b\n", "try: a\nexcept (A, B) as e: b\n",
                           "try: a\nexcept f(a, b): c\n"}) {
    EXPECT_EQ(Rejection(text), "") << text;
  }
}

TEST(OutlineTest, Python2BeforeATroubleOfTheLexerCounts) {
  EXPECT_TRUE(IsPython2("print 'a'\nx = 'b\n"));
  EXPECT_FALSE(IsPython2("x = 'b\nprint 'a'\n"));
}

TEST(OutlineTest, RejectsArmsWithoutTheirStatement) {
  const char *why = "this arm does not follow the statement that it needs";
  for (const char *text :
       {"else:\n  a\n", "if a:\n  b\nc\nelse:\n  d\n", "elif a:\n  b\n", "except E:\n  a\n",
        "try:\n  a\nfinally:\n  b\nexcept E:\n  c\n", "if a:\n  b\nfinally:\n  c\n",
        "with a:\n  b\nelse:\n  c\n", "try:\n  a\nexcept E:\n  b\nexcept* F:\n  c\n",
        "if a:\n  b\nelse:\n  c\nelse:\n  d\n", "if a: b\nc\nelse: d\n"}) {
    EXPECT_EQ(Rejection(text), why) << text;
  }
  EXPECT_EQ(Rejection("try:\n  a\nexcept E:\n  b\nexcept:\n  c\nelse:\n  d\nfinally:\n  e\n"), "");
  EXPECT_EQ(Rejection("for a in b:\n  c\nelse:\n  d\nwhile a:\n  b\nelse:\n  c\n"), "");
}

TEST(OutlineTest, RejectsTryWithoutHandlers) {
  for (const char *text : {"try:\n  a\nb\n", "try:\n  a\n", "def f():\n  try:\n    a\nb\n",
                           "try: a\nelse: b\n", "try:\n  a\ntry:\n  b\nfinally:\n  c\n"}) {
    EXPECT_NE(Rejection(text), "") << text;
  }
}

TEST(OutlineTest, RejectsHeadersWithoutColonAndCompoundsInLists) {
  EXPECT_EQ(Rejection("if a\n"), "expected `:`");
  EXPECT_EQ(Rejection("def f()\n"), "expected `:`");
  EXPECT_EQ(Rejection("a; if b: c\n"), "a compound statement must start its line");
  EXPECT_EQ(Rejection("if a: if b: c\n"), "a compound statement must start its line");
  EXPECT_EQ(Rejection("a;; b\n"), "a statement is missing beside `;`");
}

TEST(OutlineTest, RejectsDecoratorsWithoutDefinition) {
  EXPECT_EQ(Rejection("@a\nx = 1\n"), "decorator without a definition");
  EXPECT_EQ(Rejection("@a\n"), "decorator without a definition");
  EXPECT_EQ(Rejection("@a\nif b:\n  c\n"), "decorator without a definition");
  EXPECT_EQ(Rejection("class A:\n  @a\nb\n"), "decorator without a definition");
}

TEST(OutlineTest, RejectsBlocksUnderOtherStatements) {
  const char *why = "a block under something that is no compound statement";
  for (const char *text : {"unless a:\n  b\n", "case 1:\n  b\n", "x:\n  y\n", "async x:\n  y\n"}) {
    EXPECT_EQ(Rejection(text), why) << text;
  }
}

TEST(OutlineTest, SoftKeywordsAreNamesInOldVersions) {
  EXPECT_EQ(Kinds("async = 1\nexec = 2\nlazy = 3\nmatch = 4\n"), KindList(4, K::Expression));
}

TEST(OutlineTest, ReusedOutlineForgetsTheLastFile) {
  Outline outline;
  OutlineLines("#!x\nimport a # pydefrag: ignore\nif __name__ == '__main__': globals()\n", outline);
  EXPECT_EQ(outline.suppressions.size(), 1u);
  OutlineLines("x = 'a\n", outline);
  EXPECT_EQ(outline.status, LexStatus::Rejected);
  OutlineLines("import b\n", outline);
  EXPECT_EQ(outline.status, LexStatus::Certain);
  EXPECT_EQ(outline.why, "");
  EXPECT_EQ(outline.items.size(), 1u);
  EXPECT_TRUE(outline.suppressions.empty());
  EXPECT_FALSE(outline.has_shebang);
  EXPECT_FALSE(outline.has_main_guard);
  EXPECT_FALSE(outline.keep_literals);
}

} // namespace
} // namespace pydefrag
