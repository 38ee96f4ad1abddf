// The SIMD levels give the same events and the same logical lines as the scalar reference.
#include "scan/lines/events.h"

#include "scan/lines/line_lexer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {
namespace {

// Text that looks like Python, with all that the lexer cares about.
std::string RandomText(std::mt19937 &random) {
  static const char *const kParts[] = {"import os\n",
                                       "if a:\n",
                                       "    ",
                                       "  ",
                                       "\n",
                                       "\r\n",
                                       "\r",
                                       "\t",
                                       "\f",
                                       "(",
                                       ")",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       "'",
                                       "\"",
                                       "'''",
                                       "\"\"\"",
                                       "f'",
                                       "rf\"",
                                       "\\",
                                       "\\\n",
                                       "# c\n",
                                       "#",
                                       ":",
                                       ";",
                                       "x = 1\n",
                                       "name",
                                       "`",
                                       "<",
                                       ">",
                                       "<>",
                                       "$",
                                       "!r",
                                       "=",
                                       "def f():\n",
                                       "\xc3\xa9",
                                       "\\N{",
                                       "'abc'",
                                       "\"d\"",
                                       "{{",
                                       "}}",
                                       "aaaaaaaaaaaaaaaa",
                                       "            ",
                                       "else:\n",
                                       "t'",
                                       "lambda",
                                       "return",
                                       "pass",
                                       "ur'x'",
                                       "\x01"};
  std::string text;
  size_t count = random() % 60;
  for (size_t i = 0; i < count; ++i) {
    text += kParts[random() % std::size(kParts)];
  }
  return text;
}

bool SameLines(const Lines &a, const Lines &b) {
  auto same = [](const LogicalLine &x, const LogicalLine &y) {
    return x.begin == y.begin && x.end == y.end && x.first_line == y.first_line &&
           x.last_line == y.last_line && x.level == y.level && x.keyword == y.keyword &&
           x.has_semicolon == y.has_semicolon && x.ends_with_colon == y.ends_with_colon;
  };
  return a.status == b.status && a.at == b.at && a.why == b.why && a.python2 == b.python2 &&
         a.comments == b.comments && a.line_count == b.line_count &&
         std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(), same);
}

std::vector<SimdLevel> LevelsHere() {
  std::vector<SimdLevel> levels;
  for (SimdLevel level : {SimdLevel::Sse2, SimdLevel::Avx2}) {
    if (level <= BestSimdLevel()) {
      levels.push_back(level);
    }
  }
  return levels;
}

TEST(SimdLevelsTest, AgreeOnRandomText) {
  std::mt19937 random(20240229);
  Lines scalar;
  Lines simd;
  for (int i = 0; i < 20000; ++i) {
    std::string text = RandomText(random);
    LexLines(text, scalar, SimdLevel::Scalar);
    for (SimdLevel level : LevelsHere()) {
      LexLines(text, simd, level);
      ASSERT_TRUE(SameLines(scalar, simd)) << "round " << i << "\n" << text;
    }
  }
}

TEST(SimdLevelsTest, AgreeOnMutatedPython) {
  const std::string sample =
      "#!/usr/bin/env python3\n'''Doc (with \\''' quotes).\n'''\r\n"
      "from os import (  # why\n    path,\n\tsep)\n\n"
      "class A(B[int], metaclass=C):\n    x: dict = {'a': [1, 2], \"b\": ()}\n"
      "    async def f(self, *, y=0x1F) -> 'A':\n"
      "        if y <= 10 and not (self.z or r'\\d'): return f'{y!r:>{10}}'\n"
      "        for i in range(1000): pass; print(i, end='')\n"
      "        try:\n            import json\n        except ImportError:\n"
      "            json = None\n\fdef g(a, b=\"\"\"x\n#y\"\"\"):\n"
      "    return a + \\\n        b\r\n";
  std::mt19937 random(1991);
  Lines scalar;
  Lines simd;
  size_t certain = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = sample;
    for (size_t edits = random() % 3; edits > 0; --edits) {
      std::string part = RandomText(random);
      text.replace(random() % text.size(), random() % 4, part.substr(0, random() % 6));
    }
    LexLines(text, scalar, SimdLevel::Scalar);
    certain += scalar.status == LexStatus::Certain ? 1 : 0;
    for (SimdLevel level : LevelsHere()) {
      LexLines(text, simd, level);
      ASSERT_TRUE(SameLines(scalar, simd)) << "round " << i << "\n" << text;
    }
  }
  EXPECT_GT(certain, 6000u) << "too few mutants get past their first error";
}

TEST(SimdLevelsTest, EventsAgreeOnRandomBytes) {
  constexpr size_t kBlocks = 4;
  constexpr uint32_t kBegin = 1000;
  auto find = [](const std::string &bytes, SimdLevel level) {
    std::vector<uint32_t> events(kBlocks * kBlockBytes + kSpareEvents);
    const FoundEvents found = FindEvents(bytes.data(), kBlocks, kBegin, events.data(), level);
    events.resize(static_cast<size_t>(found.end - events.data()));
    return std::pair(events, found.saw_nul);
  };
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string bytes;
    for (size_t i = 0; i < kBlocks * kBlockBytes + 1; ++i) {
      bytes += round % 2 == 0 ? static_cast<char>(random() % 256)
                              : "\n\r<>'\"\\ ([{#`019lL"[random() % 18];
    }
    const auto expected = find(bytes, SimdLevel::Scalar);
    for (SimdLevel level : LevelsHere()) {
      EXPECT_EQ(find(bytes, level), expected);
    }
  }
}

TEST(FindEventsTest, FindsWhatTheLexerLooksAt) {
  const std::string bytes = "a = \"b\" # [c]\r\n\rd <> 0777 + 10L < 1000;";
  std::string padded = bytes;
  padded.resize(kBlockBytes + 1, ' ');
  for (int level = 0; level <= static_cast<int>(BestSimdLevel()); ++level) {
    std::vector<uint32_t> events(kBlockBytes + kSpareEvents);
    const FoundEvents found =
        FindEvents(padded.data(), 1, 0, events.data(), static_cast<SimdLevel>(level));
    EXPECT_FALSE(found.saw_nul);
    std::string text;
    for (const uint32_t *event = events.data(); event != found.end; ++event) {
      text += padded[*event];
    }
    EXPECT_EQ(text, "\"\"#[]\n\r<0000;");
  }
}

TEST(CountLineBreaksTest, CountsEveryKindOnce) {
  auto count = [](const std::string &text) {
    return CountLineBreaks(text.data(), text.data() + text.size());
  };
  EXPECT_EQ(count(""), 0u);
  EXPECT_EQ(count("a\nb\r\nc\rd"), 3u);
  EXPECT_EQ(count("\r\r\n\n"), 3u);
  EXPECT_EQ(count(std::string(1000, '\n')), 1000u);
  EXPECT_EQ(count(std::string(1000, '\r')), 1000u);
}

} // namespace
} // namespace pydefrag
