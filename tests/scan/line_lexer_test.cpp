// LexLines: logical lines, their ranges, block depth and keywords; what CPython's tokenizer
// rejects; equality of the SIMD levels.
#include "scan/lines/line_lexer.h"

#include "scan/lines/string_scan.h"

#include <gtest/gtest.h>

#include <string>

namespace pydefrag {
namespace {

struct Lexed {
  std::string text;
  Lines lines;

  llvm::StringRef Line(size_t index) const {
    const LogicalLine &line = lines.lines.at(index);
    return llvm::StringRef(text).slice(line.begin, line.end);
  }
};

Lexed Lex(std::string text) {
  Lexed lexed = {.text = std::move(text), .lines = {}};
  LexLines(lexed.text, lexed.lines);
  return lexed;
}

// The texts of the logical lines, or why there are none.
std::vector<std::string> LinesOf(std::string text) {
  Lexed lexed = Lex(std::move(text));
  if (lexed.lines.status != LexStatus::Certain) {
    return {std::string("trouble: ") + lexed.lines.why};
  }
  std::vector<std::string> result;
  for (size_t i = 0; i < lexed.lines.lines.size(); ++i) {
    result.push_back(lexed.Line(i).str());
  }
  return result;
}

using Texts = std::vector<std::string>;

std::string Rejection(std::string text) {
  Lexed lexed = Lex(std::move(text));
  return lexed.lines.status == LexStatus::Rejected ? lexed.lines.why : "";
}

TEST(LineLexerTest, EmptyTextHasNoLines) {
  EXPECT_EQ(LinesOf(""), Texts{});
  EXPECT_EQ(LinesOf("\n"), Texts{});
  EXPECT_EQ(LinesOf("  "), Texts{});
  EXPECT_EQ(LinesOf("\t\f \n\n"), Texts{});
}

TEST(LineLexerTest, CommentsAndBlankLinesAreSkipped) {
  EXPECT_EQ(LinesOf("# only\n   # comments"), Texts{});
  EXPECT_EQ(LinesOf("\n# one\nx = 1\n\n   # two\ny = 2"), (Texts{"x = 1", "y = 2"}));
}

TEST(LineLexerTest, LineEndsBeforeTrailingBlanksAndComment) {
  EXPECT_EQ(LinesOf("x = 1  # why\ny = 2 \t\n"), (Texts{"x = 1", "y = 2"}));
  EXPECT_EQ(LinesOf("x = '#'#\n"), (Texts{"x = '#'"}));
}

TEST(LineLexerTest, CommentsAreListedWithTheirRanges) {
  Lexed lexed = Lex("# a\nx = (1, # b\r\n 2)\n");
  ASSERT_EQ(lexed.lines.comments.size(), 2u);
  EXPECT_EQ(lexed.lines.comments[0], (Span{0, 3}));
  EXPECT_EQ(lexed.lines.comments[1], (Span{12, 15}));
}

TEST(LineLexerTest, LineNumbersAreThoseOfFirstAndLastByte) {
  Lexed lexed = Lex("\nx = (1,\n  2)  # c\n'''a\nb'''\ny = \\\n  3\n");
  ASSERT_EQ(lexed.lines.lines.size(), 3u);
  EXPECT_EQ(lexed.lines.lines[0].first_line, 2u);
  EXPECT_EQ(lexed.lines.lines[0].last_line, 3u);
  EXPECT_EQ(lexed.lines.lines[1].first_line, 4u);
  EXPECT_EQ(lexed.lines.lines[1].last_line, 5u);
  EXPECT_EQ(lexed.lines.lines[2].first_line, 6u);
  EXPECT_EQ(lexed.lines.lines[2].last_line, 7u);
  EXPECT_EQ(lexed.lines.line_count, 7u);
}

TEST(LineLexerTest, LastLineWithoutNewlineCounts) {
  EXPECT_EQ(Lex("a\nb").lines.line_count, 2u);
  EXPECT_EQ(Lex("a\nb\n").lines.line_count, 2u);
  EXPECT_EQ(Lex("a\r\nb\r\n").lines.line_count, 2u);
  EXPECT_EQ(Lex("a\rb\r").lines.line_count, 2u);
  EXPECT_EQ(Lex("").lines.line_count, 0u);
}

TEST(LineLexerTest, EveryKindOfLineBreakEndsALine) {
  EXPECT_EQ(LinesOf("a = 1\r\nb = 2\rc = 3\nd = 4"), (Texts{"a = 1", "b = 2", "c = 3", "d = 4"}));
  EXPECT_EQ(LinesOf("if a:\r  b\r\rc"), (Texts{"if a:", "b", "c"}));
}

TEST(LineLexerTest, CarriageReturnAtTheBorderOfABlock) {
  for (size_t length = 60; length < 68; ++length) {
    std::string name(length, 'a');
    EXPECT_EQ(LinesOf(name + "\r\nb\r\n"), (Texts{name, "b"})) << length;
    EXPECT_EQ(LinesOf(name + "\rb"), (Texts{name, "b"})) << length;
    EXPECT_EQ(Lex(name + "\r\nb\r\n").lines.line_count, 2u) << length;
  }
}

TEST(LineLexerTest, ByteOrderMarkIsNotPartOfTheFirstLine) {
  Lexed lexed = Lex("\xef\xbb\xbfimport os\n");
  ASSERT_EQ(lexed.lines.lines.size(), 1u);
  EXPECT_EQ(lexed.Line(0), "import os");
  EXPECT_EQ(lexed.lines.lines[0].keyword, Keyword::Import);
}

TEST(LineLexerTest, BracketsJoinLines) {
  EXPECT_EQ(LinesOf("f(a,\n\n  [b,\n c], {d:\ne})\ng\n"),
            (Texts{"f(a,\n\n  [b,\n c], {d:\ne})", "g"}));
}

TEST(LineLexerTest, BackslashJoinsLines) {
  EXPECT_EQ(LinesOf("x = 1 + \\\n 2\ny"), (Texts{"x = 1 + \\\n 2", "y"}));
  EXPECT_EQ(LinesOf("x = 1 + \\\r\n 2\r\ny"), (Texts{"x = 1 + \\\r\n 2", "y"}));
}

TEST(LineLexerTest, ContinuationBeforeABlankLineEndsTheLine) {
  Lexed lexed = Lex("x = 1 \\\n\ny = 2\n");
  ASSERT_EQ(lexed.lines.lines.size(), 2u);
  EXPECT_EQ(lexed.Line(0), "x = 1");
  EXPECT_EQ(lexed.lines.lines[0].last_line, 1u);
  EXPECT_EQ(lexed.lines.lines[1].first_line, 3u);
}

TEST(LineLexerTest, StringsHideWhatStandsInThem) {
  EXPECT_EQ(LinesOf("a = '(#\"' + \"]'\"\nb"), (Texts{"a = '(#\"' + \"]'\"", "b"}));
  EXPECT_EQ(LinesOf("a = 'it\\'s (' \nb"), (Texts{"a = 'it\\'s ('", "b"}));
  EXPECT_EQ(LinesOf("a = '\\\\'\nb"), (Texts{"a = '\\\\'", "b"}));
  EXPECT_EQ(LinesOf("a = ''\nb = \"\"\n"), (Texts{"a = ''", "b = \"\""}));
}

TEST(LineLexerTest, EscapedLineBreakGoesOnInTheString) {
  EXPECT_EQ(LinesOf("a = 'x\\\ny'\nb"), (Texts{"a = 'x\\\ny'", "b"}));
  EXPECT_EQ(LinesOf("a = 'x\\\r\ny'\r\nb"), (Texts{"a = 'x\\\r\ny'", "b"}));
  EXPECT_EQ(Lex("a = 'x\\\r\ny'\r\nb").lines.lines.at(1).first_line, 3u);
}

TEST(LineLexerTest, TripleQuotedStringsSpanLines) {
  EXPECT_EQ(LinesOf("'''a\n# ( '' \\''' b\n'''\nc"), (Texts{"'''a\n# ( '' \\''' b\n'''", "c"}));
  EXPECT_EQ(LinesOf("x = \"\"\"\"\"\"\ny"), (Texts{"x = \"\"\"\"\"\"", "y"}));
  EXPECT_EQ(LinesOf("x = \"\"\"a\"\"b\"\"\"\ny"), (Texts{"x = \"\"\"a\"\"b\"\"\"", "y"}));
}

TEST(LineLexerTest, RawStringsKeepTheQuoteBehindABackslash) {
  EXPECT_EQ(LinesOf("a = r'\\'(' \nb"), (Texts{"a = r'\\'('", "b"}));
  EXPECT_EQ(LinesOf("a = Rb'\\\\'\nb"), (Texts{"a = Rb'\\\\'", "b"}));
}

TEST(LineLexerTest, FormatStringsNestTheirOwnQuotes) {
  const char *lines[] = {
      "f'{a['b']}'",          "f\"{f\"{f'{1}'}\"}\"",
      "f'{x:{'#' + \"(\"}}'", "f'{{' + f'}}' + f'{{}}'",
      "f'{x!r:>{width}}'",    "rf'\\{x}'",
      "f'\\N{DIGIT ONE}{x}'", "fr'\\N{x}'",
      "f'{(lambda x: 1)}'",   "f'{x:%H:%M \"q\"}'",
      "f'{ {1: 2}[1] }'",     "t'{a['b']}'",
      "F'{x}' Rt'{y}'",       "f'{a!=b}'",
      "f'{x:\\'}'",           "f'\\{x}'",
  };
  for (const char *line : lines) {
    EXPECT_EQ(LinesOf(std::string(line) + "\nb = 1\n"), (Texts{line, "b = 1"}));
  }
}

TEST(LineLexerTest, FormatStringsHoldLineBreaksAndComments) {
  EXPECT_EQ(LinesOf("f'{\n  a  # }'\n}'\nb"), (Texts{"f'{\n  a  # }'\n}'", "b"}));
  EXPECT_EQ(LinesOf("f'''{\na}\n{b:\n}'''\nb"), (Texts{"f'''{\na}\n{b:\n}'''", "b"}));
  Lexed lexed = Lex("f'{\n  a  # }'\n}'\nb");
  ASSERT_EQ(lexed.lines.comments.size(), 1u);
  EXPECT_EQ(lexed.lines.comments[0], (Span{9, 13}));
  EXPECT_EQ(lexed.lines.lines.at(1).first_line, 4u);
}

TEST(LineLexerTest, AWordThatEndsLikeAPrefixIsNotOne) {
  EXPECT_EQ(LinesOf("x if'{'else 1\ny"), (Texts{"x if'{'else 1", "y"}));
  EXPECT_EQ(LinesOf("x or'\\N{'\ny"), (Texts{"x or'\\N{'", "y"}));
  EXPECT_EQ(LinesOf("not'{'\ny"), (Texts{"not'{'", "y"}));
}

TEST(LineLexerTest, PrefixesAreReadInAnyCase) {
  EXPECT_TRUE(ReadStringPrefix("f''", 1).format);
  EXPECT_TRUE(ReadStringPrefix("rF''", 2).format);
  EXPECT_TRUE(ReadStringPrefix("Tr''", 2).raw);
  EXPECT_TRUE(ReadStringPrefix("bR''", 2).bytes);
  EXPECT_EQ(ReadStringPrefix("u''", 1).length, 1u);
  EXPECT_TRUE(ReadStringPrefix("uR''", 2).python2);
  EXPECT_EQ(ReadStringPrefix("bf''", 2).length, 0u);
  EXPECT_EQ(ReadStringPrefix("elif''", 4).length, 0u);
}

TEST(LineLexerTest, LevelsAreThoseOfTheBlocks) {
  Lexed lexed = Lex("def f():\n    if a:\n      b\n    c\nd\n");
  std::vector<int> levels;
  for (const LogicalLine &line : lexed.lines.lines) {
    levels.push_back(line.level);
  }
  EXPECT_EQ(levels, (std::vector<int>{0, 1, 2, 1, 0}));
}

TEST(LineLexerTest, TabsCountToMultiplesOfEight) {
  EXPECT_EQ(LinesOf("if a:\n\tb\n\tif c:\n\t\td\n"), (Texts{"if a:", "b", "if c:", "d"}));
  EXPECT_EQ(Rejection("if a:\n\tb\n        c\n"),
            "inconsistent use of tabs and spaces in indentation");
  EXPECT_EQ(Rejection("if a:\n        b\n\tc\n"),
            "inconsistent use of tabs and spaces in indentation");
  EXPECT_EQ(Rejection("if a:\n    if b:\n\tc\n"),
            "inconsistent use of tabs and spaces in indentation");
}

TEST(LineLexerTest, FormFeedStartsTheIndentationAnew) {
  EXPECT_EQ(LinesOf("a\n  \fb\n"), (Texts{"a", "b"}));
  EXPECT_EQ(LinesOf("if a:\n\f    b\n    c\n"), (Texts{"if a:", "b", "c"}));
}

TEST(LineLexerTest, LeadingContinuationIsLeftToTheParserUnlessVersionsAgree) {
  EXPECT_EQ(LinesOf("\\\nx = 1\n"), (Texts{"x = 1"}));
  EXPECT_EQ(LinesOf("if a:\n  \\\n    x\n  y\n"), (Texts{"if a:", "x", "y"}));
  EXPECT_EQ(Lex("\\\n  x = 1\n").lines.status, LexStatus::Uncertain);
  EXPECT_EQ(Lex("a\n\\\n\nb\n").lines.status, LexStatus::Uncertain);
}

TEST(LineLexerTest, ContinuationAtTheEndIsLeftToTheParser) {
  EXPECT_EQ(Lex("a = 1 \\").lines.status, LexStatus::Uncertain);
  EXPECT_EQ(Lex("a = 1 \\\n").lines.status, LexStatus::Uncertain);
}

TEST(LineLexerTest, FlagsTellOfColonAndSemicolon) {
  Lexed lexed = Lex("if a:  # c\n  b; c\nx = (';', {1:\n2})\n");
  ASSERT_EQ(lexed.lines.lines.size(), 3u);
  EXPECT_TRUE(lexed.lines.lines[0].ends_with_colon);
  EXPECT_FALSE(lexed.lines.lines[0].has_semicolon);
  EXPECT_TRUE(lexed.lines.lines[1].has_semicolon);
  EXPECT_FALSE(lexed.lines.lines[2].has_semicolon);
  EXPECT_FALSE(lexed.lines.lines[2].ends_with_colon);
}

TEST(LineLexerTest, KeywordIsTheWholeFirstWord) {
  const std::pair<const char *, Keyword> cases[] = {
      {"import a", Keyword::Import},
      {"imports", Keyword::None},
      {"from . import a", Keyword::From},
      {"from.a import b", Keyword::From},
      {"if(a): b", Keyword::If},
      {"iff", Keyword::None},
      {"if", Keyword::If},
      {"nonlocal a", Keyword::Nonlocal},
      {"nonlocal_ = 1", Keyword::None},
      {"continue", Keyword::Continue},
      {"continue1", Keyword::None},
      {"del a", Keyword::Del},
      {"def f(): a", Keyword::Def},
      {"defer()", Keyword::None},
      {"async def f(): a", Keyword::Async},
      {"match x", Keyword::Match},
      {"type X = int", Keyword::Type},
      {"lazy import a", Keyword::Lazy},
      {"@a", Keyword::Decorator},
      {"'a'", Keyword::Quote},
      {"else", Keyword::Else},
      {"else\xc3\xa9", Keyword::None},
      {"pass", Keyword::Pass},
      {"try", Keyword::Try},
      {"print 'a'", Keyword::Print},
      {"with a: b", Keyword::With},
      {"finally", Keyword::Finally},
      {"x", Keyword::None},
  };
  for (const auto &[text, keyword] : cases) {
    EXPECT_EQ(ReadKeyword(text, 0), keyword) << text;
    EXPECT_EQ(ReadKeyword(std::string(text) + "          ", 0), keyword) << text;
  }
}

TEST(LineLexerTest, RejectsUnterminatedStrings) {
  EXPECT_EQ(Rejection("a = 'x\ny'\n"), "unterminated string");
  EXPECT_EQ(Rejection("a = 'x"), "unterminated string");
  EXPECT_EQ(Rejection("a = 'x\\"), "unterminated string");
  EXPECT_EQ(Rejection("a = '''x''\n"), "unterminated triple-quoted string");
  EXPECT_EQ(Rejection("a = f'x\n'"), "unterminated string");
  EXPECT_EQ(Rejection("a = f'{x'\n"), "unterminated string");
  EXPECT_EQ(Lex("b\na = 'x\n").lines.at, 6u);
}

TEST(LineLexerTest, RejectsBadFormatStrings) {
  EXPECT_EQ(Rejection("f'}'\n"), "single `}` in a format string");
  EXPECT_EQ(Rejection("f'{a)}'\n"), "closing bracket does not match in a format string");
  EXPECT_EQ(Rejection("f'{a:'\n"), "unterminated replacement field in a format string");
}

TEST(LineLexerTest, RejectsBracketsThatDoNotMatch) {
  EXPECT_EQ(Rejection("a = (1]\n"), "closing bracket does not match the opening one");
  EXPECT_EQ(Rejection("a = {1)\n"), "closing bracket does not match the opening one");
  EXPECT_EQ(Rejection("a = 1)\n"), "closing bracket without an opening one");
  EXPECT_EQ(Rejection("a = (1\nb = 2\n"), "opening bracket was never closed");
  EXPECT_EQ(Lex("a = (1\nb = [\n").lines.at, 11u);
}

TEST(LineLexerTest, RejectsBadIndentation) {
  EXPECT_EQ(Rejection("a\n  b\n"), "unexpected indent");
  EXPECT_EQ(Rejection("  a\n"), "unexpected indent");
  EXPECT_EQ(Rejection("if a:\nb\n"), "expected an indented block");
  EXPECT_EQ(Rejection("if a:\n"), "expected an indented block");
  EXPECT_EQ(Rejection("if a:\n  # only a comment\n"), "expected an indented block");
  EXPECT_EQ(Rejection("if a:\n    b\n  c\n"),
            "unindent does not match any outer indentation level");
  EXPECT_EQ(Lex("if a:\n    b\n  c\n").lines.at, 14u);
}

TEST(LineLexerTest, RejectsStrayBytes) {
  EXPECT_EQ(Rejection("a = \\ 1\n"), "unexpected character after a line continuation");
  EXPECT_EQ(Rejection("a = $b\n"), "invalid character");
  EXPECT_EQ(Rejection("a?\n"), "invalid character");
  EXPECT_EQ(Rejection(std::string("a = 'b\0'\n", 9)), "source contains a NUL byte");
  EXPECT_EQ(Rejection(std::string("a\0\n", 3)), "source contains a NUL byte");
}

TEST(LineLexerTest, TellsPython2ByItsTokens) {
  for (const char *text : {"a = `b`\n", "if a <> b: pass\n", "a = ur'x'\n"}) {
    EXPECT_NE(Rejection(text), "") << text;
    EXPECT_TRUE(Lex(text).lines.python2) << text;
  }
  EXPECT_EQ(Rejection("from __future__ import barry_as_FLUFL\na <> b\n"), "");
  EXPECT_EQ(Rejection("a = '`<>' # `<>\nb = a < c > d\n"), "");
}

TEST(LineLexerTest, TellsPython2ByItsNumbers) {
  for (const char *text : {"a = 0777\n", "f(10L)\n", "a = 0xF1L\n", "a = 1l\n", "x = 0L",
                           "a = 08\n", "a[-100L:2]\n", "a = 0_1 + 0012\n"}) {
    EXPECT_TRUE(Lex(text).lines.python2) << text;
  }
  for (const char *text :
       {"a = 0o777\n", "a = 00\n", "a = 1e-05\n", "a = 1.05\n", "a = 0777.5\n", "a = 1E+08\n",
        "a = x01 + _02\n", "a = '0777' # 0777\n", "a = 1000000\n", "a = 0777e1\n", "a = 1.e-05\n",
        "a = 0x0F\n", "a = 0b0101\n", "x1l = y2L\n", "a = 0 if 1else 2\n", "a = 00_0\n",
        "a = 1if x else 2\n", "a = 01j\n"}) {
    EXPECT_EQ(Rejection(text), "") << text;
  }
}

TEST(LineLexerTest, DiamondAtTheBorderOfABlock) {
  for (size_t length = 58; length < 68; ++length) {
    EXPECT_TRUE(Lex(std::string(length, 'a') + " <> b\n").lines.python2) << length;
  }
}

TEST(LineLexerTest, DeepNestingIsRejectedAsCPythonDoes) {
  std::string open(10000, '(');
  EXPECT_EQ(Rejection(open + std::string(10000, ')')), "too many nested brackets");
  EXPECT_EQ(Rejection(std::string(200, '(') + "a" + std::string(200, ')') + "\n"), "");
  std::string blocks;
  for (size_t i = 0; i < 10000; ++i) {
    blocks += std::string(i, ' ') + "if a:\n";
  }
  EXPECT_EQ(Rejection(blocks), "too many levels of indentation");
  std::string strings = "x";
  for (int i = 0; i < 300; ++i) {
    strings = "f'{" + strings + "}'";
  }
  EXPECT_EQ(Rejection(strings + "\n"), "too many nested format strings");
}

TEST(LineLexerTest, OneVeryLongLine) {
  std::string text = "x = [" + std::string(100u << 20, '1') + "]";
  Lexed lexed = Lex(std::move(text));
  ASSERT_EQ(lexed.lines.lines.size(), 1u);
  EXPECT_EQ(lexed.lines.lines[0].end, (100u << 20) + 6);
}

TEST(LineLexerTest, LinesUpToTheTroubleAreKept) {
  Lexed lexed = Lex("a\nb\nc = 'x\n");
  EXPECT_EQ(lexed.lines.status, LexStatus::Rejected);
  EXPECT_EQ(lexed.lines.lines.size(), 2u);
}

} // namespace
} // namespace pydefrag
