#include "outcomes/errors/traceback.h"

#include "support.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

std::string Frames(const ErrorSegment &segment) {
  std::string text;
  for (const Frame &frame : segment.frames) {
    text += (text.empty() ? "" : " ") + Place(frame) +
            (frame.function.empty() ? "" : "(" + frame.function + ")");
  }
  return text;
}

TEST(Traceback, EmptyTextIsAnEmptyChain) {
  EXPECT_TRUE(ParseErrorText("").empty());
  EXPECT_TRUE(ParseErrorText(" \n\n").empty());
  EXPECT_TRUE(ParseErrorMessage("  ").empty());
}

TEST(Traceback, LongStyleTakesFunctionsFromTheShownSource) {
  const ErrorChain chain =
      ParseErrorText("def test_a():\n>       load()\n\ntests/test_a.py:7: \n"
                     "_ _ _ _ _\n\n    async def load():\n>       import x\nE       "
                     "ModuleNotFoundError: No module named 'x'\n\n"
                     "shop/late.py:2: ModuleNotFoundError");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(Frames(chain.segments[0]), "tests/test_a.py:7(test_a) shop/late.py:2(load)");
  EXPECT_EQ(chain.segments[0].type, "ModuleNotFoundError");
  EXPECT_EQ(chain.segments[0].message, "No module named 'x'");
}

TEST(Traceback, ShortStyleWithCarets) {
  const ErrorChain chain =
      ParseErrorText("tests/test_a.py:1: in <module>\n    import b\n    ^^^^^^^^\n"
                     "b.py:3: in helper\n    x = 1 / 0\n        ^^^^^\n"
                     "E   ZeroDivisionError: division by zero");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(Frames(chain.segments[0]), "tests/test_a.py:1(<module>) b.py:3(helper)");
  EXPECT_EQ(Headline(chain.segments[0]), "ZeroDivisionError: division by zero");
}

TEST(Traceback, NativeStyleDropsMachinery) {
  const ErrorChain chain = ParseErrorText(
      "Traceback (most recent call last):\n"
      "  File \"/v/lib/python3.11/site-packages/_pytest/runner.py\", line 341, in from_call\n"
      "    result = func()\n"
      "  File \"<frozen importlib._bootstrap>\", line 1204, in _gcd_import\n"
      "  File \"/p/tests/test_a.py\", line 9, in test_a\n    boom()\n    ^^^^^^\n"
      "ValueError: first\nsecond\n");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(Frames(chain.segments[0]), "/p/tests/test_a.py:9(test_a)");
  EXPECT_EQ(chain.segments[0].message, "first\nsecond");
}

TEST(Traceback, RootCauseComesFirstAndLinksAreTold) {
  const ErrorChain chain =
      ParseErrorText("a.py:1: in f\n    import x\nE   ModuleNotFoundError: No module named 'x'\n\n"
                     "During handling of the above exception, another exception occurred:\n"
                     "a.py:3: in f\n    d['k']\nE   KeyError: 'k'\n\n"
                     "The above exception was the direct cause of the following exception:\n"
                     "a.py:5: in f\n    raise RuntimeError\nE   RuntimeError");
  ASSERT_EQ(chain.segments.size(), 3U);
  EXPECT_EQ(chain.segments[0].type, "ModuleNotFoundError");
  EXPECT_EQ(chain.segments[0].link, ErrorLink::ContextOf);
  EXPECT_EQ(chain.segments[1].link, ErrorLink::CauseOf);
  EXPECT_EQ(chain.segments[2].link, ErrorLink::Final);
  EXPECT_EQ(chain.segments[2].type, "RuntimeError");
  EXPECT_EQ(chain.segments[2].message, "");
}

TEST(Traceback, SyntaxErrorsPlaceIsAFrame) {
  const ErrorChain chain =
      ParseErrorText("/usr/lib/python3.11/ast.py:50: in parse\n    return compile(\n"
                     "E     File \"/p/test_s.py\", line 4\nE       def x(:\n"
                     "E             ^\nE   SyntaxError: invalid syntax");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(Frames(chain.segments[0]), "/usr/lib/python3.11/ast.py:50(parse) /p/test_s.py:4");
  EXPECT_EQ(Headline(chain.segments[0]), "SyntaxError: invalid syntax");
}

TEST(Traceback, IndentationOfMessageLinesIsKept) {
  const ErrorChain chain =
      ParseErrorText(">       assert a == b\nE       AssertionError: assert 'a' == ''\n"
                     "E         \nE         + a\n\nt.py:4: AssertionError");
  EXPECT_EQ(chain.segments[0].message, "assert 'a' == ''\n  \n  + a");
}

TEST(Traceback, RewrittenAssertTakesItsTypeFromTheFrameLine) {
  const ErrorChain chain =
      ParseErrorText(">       assert x: 1\nE       assert 1 == 2\n\nt.py:4: AssertionError");
  EXPECT_EQ(chain.segments[0].type, "AssertionError");
  EXPECT_EQ(chain.segments[0].message, "assert 1 == 2");
}

TEST(Traceback, CapturedOutputIsNotSearchedForErrors) {
  const ErrorChain chain = ParseErrorText("t.py:4: in f\nE   ValueError: no\n"
                                          "----------- Captured stdout call -----------\n"
                                          "E   KeyError: 'printed'\nx.py:1: in g");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(Headline(chain.segments[0]), "ValueError: no");
  EXPECT_EQ(Frames(chain.segments[0]), "t.py:4(f)");
}

TEST(Traceback, GroupsMembersComeBeforeTheGroup) {
  const ErrorChain chain = ParseErrorText(
      "  + Exception Group Traceback (most recent call last):\n"
      "  |   File \"/p/t.py\", line 1, in f\n  |     raise g\n"
      "  | ExceptionGroup: both (2 sub-exceptions)\n"
      "  +-+---------------- 1 ----------------\n"
      "    | Traceback (most recent call last):\n    |   File \"/p/a.py\", line 2, in a\n"
      "    | KeyError: 'k'\n    | \n"
      "    | During handling of the above exception, another exception occurred:\n    | \n"
      "    | Traceback (most recent call last):\n    |   File \"/p/a.py\", line 4, in a\n"
      "    | ValueError: v\n"
      "    +---------------- 2 ----------------\n"
      "    | ExceptionGroup: inner (1 sub-exception)\n"
      "    +-+---------------- 1 ----------------\n"
      "      | OSError: o\n"
      "      +------------------------------------\n\n"
      "The above exception was the direct cause of the following exception:\n\n"
      "Traceback (most recent call last):\n  File \"/p/t.py\", line 9, in g\nRuntimeError: r\n");
  ASSERT_EQ(chain.segments.size(), 6U);
  const char *expected[] = {"KeyError: 'k'",
                            "ValueError: v",
                            "OSError: o",
                            "ExceptionGroup: inner (1 sub-exception)",
                            "ExceptionGroup: both (2 sub-exceptions)",
                            "RuntimeError: r"};
  const ErrorLink links[] = {ErrorLink::ContextOf, ErrorLink::MemberOf, ErrorLink::MemberOf,
                             ErrorLink::MemberOf,  ErrorLink::CauseOf,  ErrorLink::Final};
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(Headline(chain.segments[i]), expected[i]) << i;
    EXPECT_EQ(chain.segments[i].link, links[i]) << i;
  }
  EXPECT_EQ(Frames(chain.segments[4]), "/p/t.py:1(f)");
}

TEST(Traceback, WindowsPathsAreFrames) {
  const TracebackLine line = MatchFrameLine("C:\\work\\t.py:12: in f");
  EXPECT_TRUE(line.matched);
  EXPECT_EQ(line.path, "C:\\work\\t.py");
  EXPECT_EQ(line.line, 12U);
  EXPECT_EQ(line.function, "f");
}

TEST(Traceback, ProseIsNoFrame) {
  EXPECT_FALSE(MatchFrameLine("note: 12: this is said").matched);
  EXPECT_FALSE(MatchFrameLine("12:30:45: started").matched);
  EXPECT_FALSE(MatchFrameLine("    t.py:1: in f").matched);
  EXPECT_FALSE(MatchFrameLine("").matched);
  EXPECT_FALSE(MatchFrameLine(":1: in f").matched);
}

TEST(Traceback, PlainTextIsOneSegmentWithoutAType) {
  const ErrorChain chain = ParseErrorText("worker 'gw0' crashed while running 'a.py::t'\n");
  ASSERT_EQ(chain.segments.size(), 1U);
  EXPECT_EQ(chain.segments[0].type, "");
  EXPECT_EQ(chain.segments[0].message, "worker 'gw0' crashed while running 'a.py::t'");
}

TEST(Traceback, LongMessagesAreCutAtACharactersBorder) {
  const std::string text(kMaxMessage - 1, 'x');
  const std::string cut = CutMessage(text + "é and more");
  EXPECT_EQ(cut, text);
}

TEST(Traceback, FramesOfEndlessRecursionAreBounded) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "a.py:1: in f\n    f()\n";
  }
  const ErrorChain chain =
      ParseErrorText(text + "E   RecursionError: maximum recursion depth exceeded");
  EXPECT_EQ(chain.segments[0].frames.size(), kMaxFrames);
  EXPECT_EQ(chain.segments[0].type, "RecursionError");
}

TEST(Traceback, FramesRememberTheirSourceLine) {
  const ErrorChain brief =
      ParseErrorText("a.py:3: in <module>\n    import b\n    ^^^^^^^^\nb.py:1: in <module>\n"
                     "    ???\nE   ModuleNotFoundError: No module named 'c'");
  EXPECT_EQ(brief.segments[0].frames[0].source, HashOfLine("import b"));
  EXPECT_EQ(brief.segments[0].frames[1].source, 0u);
  const ErrorChain full = ParseErrorText(
      "    def test_a():\n        x = 1\n>       load(\"café\")\n\ntests/test_a.py:7: \n"
      "_ _ _\n\n    def load(x):\n>       raise ValueError(x)\n"
      "E       ValueError: 1\n\nshop/late.py:2: ValueError");
  EXPECT_EQ(full.segments[0].frames[0].source, 0u) << "a report may spell it otherwise";
  EXPECT_EQ(full.segments[0].frames[1].source, HashOfLine("  raise ValueError(x)\r"));
}

TEST(Traceback, EveryCutOfATracebackIsRead) {
  const std::string text = ReadFixture("pytest9/unit.log");
  for (size_t end = 0; end <= text.size(); end += 7) {
    ParseErrorText(llvm::StringRef(text).take_front(end));
  }
  EXPECT_FALSE(ParseErrorText(text).empty());
}

} // namespace
} // namespace pydefrag
