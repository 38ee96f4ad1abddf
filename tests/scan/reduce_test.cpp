// What of a statement is handed to tree-sitter.
#include "scan/reduce/reduce.h"

#include "scan/outline/outline.h"

#include <gtest/gtest.h>

namespace pydefrag {

namespace {

struct Reduced {
  std::string text;
  uint32_t head = 0;
  bool reduced = false;
};

// The reduction of the `index`th relevant statement of `text`.
Reduced ReduceIn(llvm::StringRef text, size_t index = 0) {
  Outline outline;
  OutlineLines(text, outline);
  EXPECT_EQ(outline.status, LexStatus::Certain) << outline.why;
  Reducer reducer(text, outline);
  const ReducedStatement statement = reducer.Reduce(outline.items.at(index));
  return {.text = statement.text.str(), .head = statement.head, .reduced = statement.reduced};
}

const std::string kLong(130, 'x');

} // namespace

TEST(Reduce, ImportsStayAsTheyAre) {
  const llvm::StringRef text = "from a import (  # why\n    b,\n    c)";
  EXPECT_EQ(ReduceIn(text).text, text);
  EXPECT_FALSE(ReduceIn(text).reduced);
}

TEST(Reduce, LoneCarriageReturnsBecomeLineFeeds) {
  EXPECT_EQ(ReduceIn("from a import (b, # x\r c)\rd = 1\r").text, "from a import (b, # x\n c)");
}

TEST(Reduce, FunctionsKeepTheirName) {
  EXPECT_EQ(ReduceIn("async def f(a: int = 1) -> str:\n  pass\n").text, "async def f(): pass");
  EXPECT_EQ(ReduceIn("def f[T](a): pass\n").text, "def f(): pass");
  EXPECT_EQ(ReduceIn("def f(a=(b := 1)): pass\n").text, "def f(a=(b := 1)): pass");
}

TEST(Reduce, DecoratorsKeepTheirName) {
  const Reduced plain = ReduceIn("@a.b(1, 2) # x\n\n@c()\n@d\ndef f(): pass\n");
  EXPECT_EQ(plain.text, "@a.b(0)\n@c()\n@d\ndef f(): pass");
  EXPECT_EQ(plain.head, 16u);
  EXPECT_TRUE(plain.reduced);
  EXPECT_EQ(ReduceIn("@deprecated('use x')\ndef f(): pass\n").text,
            "@deprecated('use x')\ndef f(): pass");
  EXPECT_FALSE(ReduceIn("@d\nclass C: pass\n").reduced);
}

TEST(Reduce, DecoratorsOfMethodsAreDroppedUnlessOfInterest) {
  EXPECT_EQ(ReduceIn("class C:\n  @property\n  def f(self): pass\n", 1).text, "def f(): pass");
  EXPECT_EQ(ReduceIn("class C:\n  @patch('a.b')\n  def f(self): pass\n", 1).text,
            "@patch('a.b')\ndef f(): pass");
}

TEST(Reduce, ClassesKeepBasesAndPlaces) {
  EXPECT_EQ(ReduceIn("class C[T](Base[T], metaclass=M):\n  pass\n").text,
            "class C   (Base[T], metaclass=M): pass");
  EXPECT_FALSE(ReduceIn("class C[T](Base[T], metaclass=M):\n  pass\n").reduced);
}

TEST(Reduce, ShortValuesStay) {
  EXPECT_EQ(ReduceIn("X = f(a, [1], {'k': 'v'})\n").text, "X = f(a, [1], {'k': 'v'})");
  EXPECT_EQ(ReduceIn("X = True\n").text, "X = True");
}

TEST(Reduce, StringConstantsGo) {
  EXPECT_EQ(ReduceIn("X = 'text'\n").text, "X = \"\"[0]");
  EXPECT_TRUE(ReduceIn("X = 'text'\n").reduced);
  EXPECT_EQ(ReduceIn("X = ''\n").text, "X = ''");
  EXPECT_EQ(ReduceIn("X = b'text'\n").text, "X = b\"\"[0]");
  // Where things are patched by name, one may name a module.
  EXPECT_EQ(ReduceIn("X = 'a.b'\ndef f():\n  with patch(X): pass\n").text, "X = 'a.b'");
  EXPECT_EQ(ReduceIn("X = 'a b'\ndef f():\n  with patch(X): pass\n").text, "X = \"\"[0]");
}

TEST(Reduce, LongLiteralsHoldSomething) {
  EXPECT_EQ(ReduceIn("X = {'" + kLong + "': 1}\n").text, "X = {**0}");
  EXPECT_EQ(ReduceIn("X = ['" + kLong + "']\n").text, "X = [...]");
  EXPECT_EQ(ReduceIn("X = 1, ('" + kLong + "', 2)\n").text, "X = 1, (...,)");
  EXPECT_EQ(ReduceIn("X = [], {}, '" + kLong + "'\n").text, "X = [], {}, \"\"[0]");
  EXPECT_EQ(ReduceIn("X = 'a' '' '" + kLong + "', ''\n").text, "X = \"\"[0], ''");
  EXPECT_EQ(ReduceIn("X = a.f('" + kLong + "')[1]\n").text, "X = a.f()[0]");
  EXPECT_EQ(ReduceIn("X = (a.b if c else '" + kLong + "')\n").text, "X = (a.b if c else \"\"[0])");
  EXPECT_EQ(ReduceIn("X: Dict[str, int] = {'" + kLong + "': 1}\n").text,
            "X:0               = {**0}");
}

TEST(Reduce, WhatHeadersBindStays) {
  std::string names = "a0";
  for (int i = 1; i < 400; ++i) {
    names += ", a" + std::to_string(i);
  }
  EXPECT_EQ(ReduceIn("for x, (" + names + ") in f(1): import y\n").text,
            "for x, (" + names + ") in f(): pass");
  EXPECT_EQ(ReduceIn("with f(1) as (" + names + "): import y\n").text,
            "with f() as (" + names + "): pass");
}

TEST(Reduce, AnnotationsAreBlanked) {
  EXPECT_EQ(ReduceIn("x: List[int] = [1]\n").text, "x:0          = [1]");
  EXPECT_FALSE(ReduceIn("x: List[int] = [1]\n").reduced);
  EXPECT_EQ(ReduceIn("x: int\n").text, "x: 0");
}

TEST(Reduce, WantedValuesStayWhole) {
  const std::string all = "__all__ = ['" + kLong + "']";
  EXPECT_EQ(ReduceIn(all + "\n").text, all);
  const std::string more = "__all__ += ['" + kLong + "']";
  EXPECT_EQ(ReduceIn(more + "\n").text, more);
  const std::string extend = "__all__.extend(['" + kLong + "'])";
  EXPECT_EQ(ReduceIn(extend + "\n").text, extend);
  const std::string apps = "INSTALLED_APPS = ['" + kLong + "']";
  EXPECT_EQ(ReduceIn(apps + "\n").text, apps);
  const std::string tuple = "P = namedtuple('P', ['" + kLong + "'])";
  EXPECT_EQ(ReduceIn(tuple + "\n").text, tuple);
  const std::string patched = "x = patch('" + kLong + "')";
  EXPECT_EQ(ReduceIn(patched + "\n").text, patched);
  const std::string walrus = "x = f((y := 1), '" + kLong + "')";
  EXPECT_EQ(ReduceIn(walrus + "\n").text, walrus);
}

TEST(Reduce, FilesThatServeNamesKeepTheirLiterals) {
  const std::string table = "NAMES = {'" + kLong + "': 'shop'}";
  EXPECT_EQ(ReduceIn(table + "\ndef __getattr__(name): return NAMES[name]\n").text, table);
}

TEST(Reduce, ArmsGetWhatTheyNeedToStandAlone) {
  const llvm::StringRef text = "if a: pass\nelif b: pass\nelse: pass\n"
                               "try: pass\nexcept E as e: pass\nfinally: pass\n";
  EXPECT_EQ(ReduceIn(text, 0).text, "if a: pass");
  EXPECT_EQ(ReduceIn(text, 1).text, "if 0: pass\nelif b: pass");
  EXPECT_EQ(ReduceIn(text, 1).head, 11u);
  EXPECT_EQ(ReduceIn(text, 2).text, "if 0: pass\nelse: pass");
  EXPECT_EQ(ReduceIn(text, 3).text, "try: pass");
  EXPECT_EQ(ReduceIn(text, 4).text, "try: pass\nexcept E as e: pass");
}

TEST(Reduce, LongWithHeadersKeepTheirTargets) {
  EXPECT_EQ(ReduceIn("with (f('" + kLong + "') as a, g(1) as b): pass\n").text,
            "with (f() as a, g() as b): pass");
}

TEST(Reduce, TypeAliasesKeepTheirName) {
  EXPECT_EQ(ReduceIn("type T[X] = list[X]\n").text, "type T = 0");
}

// The keywords may become names of the module.
TEST(Reduce, CallsByKeywordsStayWholeAtTheTop) {
  const std::string call = "public(\n    Form=Shape,  # old\n    " + kLong + "=1,\n)";
  EXPECT_EQ(ReduceIn(call).text, call);
  EXPECT_FALSE(ReduceIn(call).reduced);
  EXPECT_EQ(ReduceIn("setup(" + kLong + ", a=1)\n").text, "setup()");
  EXPECT_EQ(ReduceIn("check(a == " + kLong + ")\n").text, "check()");
}

} // namespace pydefrag
