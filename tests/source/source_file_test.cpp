// PEP 263 and positions. What CPython does with each input was read off CPython 3.11 and 3.12.
#include "source/source_file.h"

#include "source/utf8.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

using namespace std::string_literals;

TEST(DetectEncoding, CookieOnTheFirstTwoLinesOnly) {
  EXPECT_EQ(DetectEncoding("# -*- coding: shift_jis -*-\n").name, "shift_jis");
  EXPECT_EQ(DetectEncoding("#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\n").name, "koi8-r");
  EXPECT_EQ(DetectEncoding("#!/usr/bin/python\n# coding: koi8-r").cookie_line, 2u);
  EXPECT_EQ(DetectEncoding("\r\n# coding: ascii\n").name, "ascii");
  EXPECT_EQ(DetectEncoding("\r# coding: ascii\r").name, "ascii");
  EXPECT_EQ(DetectEncoding("\n\n# coding: ascii\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("x = 1\n# coding: ascii\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("\"\"\"doc\"\"\"\n# coding: ascii\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("x = 1 # coding: ascii\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("\\\n# coding: ascii\n").name, "utf-8");
}

TEST(DetectEncoding, NeedsColonOrEqualsRightAfterTheWord) {
  EXPECT_EQ(DetectEncoding("# coding : ascii\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("# coding: \n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("# coding of coding=ascii\n").name, "ascii");
  EXPECT_EQ(DetectEncoding("# This is the encoding: of things\n").name, "of");
  EXPECT_EQ(DetectEncoding("\f \t# coding:\tascii\n").name, "ascii");
}

TEST(DetectEncoding, TwoNamesAreNormalisedWithTheirSuffixes) {
  EXPECT_EQ(DetectEncoding("# coding: UTF_8-unix\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("# coding: utf-8-sig\n").name, "utf-8");
  EXPECT_EQ(DetectEncoding("# coding: Latin_1-dos\n").name, "iso-8859-1");
  EXPECT_EQ(DetectEncoding("# coding: utf8\n").name, "utf8");
  EXPECT_EQ(DetectEncoding("# coding: iso-8859-15\n").name, "iso-8859-15");
}

TEST(DecodeSource, Utf8IsTakenAsItStands) {
  const Decoded plain = DecodeSource("x = 'é'\n");
  EXPECT_EQ(plain.status, DecodeStatus::Ok);
  EXPECT_FALSE(plain.converted);
  EXPECT_EQ(DecodeSource("").status, DecodeStatus::Ok);
  EXPECT_EQ(DecodeSource("\xEF\xBB\xBFx = 1\n").status, DecodeStatus::Ok);
  EXPECT_EQ(DecodeSource("# coding: utf8\nx = 'é'").status, DecodeStatus::Ok);
}

TEST(DecodeSource, OtherEncodingsBecomeUtf8) {
  const Decoded latin = DecodeSource("# coding: latin-1\nx = '\xe9'\n");
  EXPECT_EQ(latin.status, DecodeStatus::Ok);
  EXPECT_TRUE(latin.converted);
  EXPECT_EQ(latin.text, "# coding: latin-1\nx = 'é'\n");
  EXPECT_EQ(DecodeSource("# coding: cp1252\n'\x80'").text, "# coding: cp1252\n'€'");
  EXPECT_EQ(DecodeSource("# coding: koi8-r\n'\xc1'").text, "# coding: koi8-r\n'а'");
  EXPECT_EQ(DecodeSource("# coding: gbk\n'\xc4\xe3'").text, "# coding: gbk\n'你'");
  EXPECT_EQ(DecodeSource("# coding: euc_jp\n'\xc6\xfc'").text, "# coding: euc_jp\n'日'");
  EXPECT_EQ(DecodeSource("# coding: utf-7\n'+AOk-'").text, "# coding: utf-7\n'é'");
  EXPECT_EQ(DecodeSource("# coding: CP-1252\n'\x80'").status, DecodeStatus::Unknown);
  EXPECT_EQ(DecodeSource("# coding: windows-1252\n'\x80'").text, "# coding: windows-1252\n'€'");
}

TEST(DecodeSource, SecondByteOfShiftJisIsNoBackslash) {
  const Decoded decoded = DecodeSource("# coding: shift_jis\nx = '\x83\x5c'  # \\ ~\n");
  EXPECT_EQ(decoded.status, DecodeStatus::Ok);
  EXPECT_EQ(decoded.text, "# coding: shift_jis\nx = 'ソ'  # \\ ~\n");
}

TEST(DecodeSource, LongConvertedTextIsComplete) {
  std::string bytes = "# coding: latin-1\n# ";
  std::string expected = bytes;
  for (int i = 0; i < 100000; ++i) {
    bytes += '\xe9';
    expected += "é";
  }
  EXPECT_EQ(DecodeSource(bytes).text, expected);
}

TEST(DecodeSource, UnknownEncodingIsNamedAsCPythonDoes) {
  const Decoded decoded = DecodeSource("# This is the encoding: of things\n");
  EXPECT_EQ(decoded.status, DecodeStatus::Unknown);
  EXPECT_EQ(decoded.message, "unknown encoding: of");
  EXPECT_EQ(DecodeSource("# coding: rot13\n").status, DecodeStatus::Unknown);
  EXPECT_EQ(DecodeSource("# coding: iso-8859-15-dos\n").status, DecodeStatus::Unknown);
}

TEST(DecodeSource, CookieThatContradictsTheMarkIsAnError) {
  const Decoded decoded = DecodeSource("\xEF\xBB\xBF# coding: latin-1\n");
  EXPECT_EQ(decoded.status, DecodeStatus::Invalid);
  EXPECT_EQ(decoded.message, "encoding problem: iso-8859-1 with BOM");
  EXPECT_EQ(DecodeSource("\xEF\xBB\xBF# coding: utf8\n").status, DecodeStatus::Invalid);
  EXPECT_EQ(DecodeSource("\xEF\xBB\xBF# coding: utf-8\n").status, DecodeStatus::Ok);
}

TEST(DecodeSource, BadBytesInCodeAreErrors) {
  const Decoded decoded = DecodeSource("x = '\xff'\n");
  EXPECT_EQ(decoded.status, DecodeStatus::Invalid);
  EXPECT_EQ(decoded.bad_offset, 5u);
  EXPECT_EQ(
      decoded.message,
      "(unicode error) 'utf-8' codec can't decode byte 0xff in position 5: invalid start byte");
  EXPECT_EQ(DecodeSource("x = \xff\n").status, DecodeStatus::Invalid);
  EXPECT_EQ(DecodeSource("'''\n# \xff\n'''\n").status, DecodeStatus::Invalid);
  EXPECT_EQ(DecodeSource("x = 'a\\'#\xff'\n").status, DecodeStatus::Invalid);
  const Decoded ascii = DecodeSource("# coding: ascii\n'\xff'");
  EXPECT_EQ(ascii.status, DecodeStatus::Invalid);
  EXPECT_EQ(ascii.message,
            "'ascii' codec can't decode byte 0xff in position 17: ordinal not in range(128)");
  EXPECT_EQ(DecodeSource("# coding: cp932\nx = '\x81'\n").status, DecodeStatus::Invalid);
}

TEST(DecodeSource, BadBytesInCommentsDoNoHarmWithoutACookie) {
  const Decoded decoded = DecodeSource("x = '# \"'  # caf\xe9\n# \xff\nimport y\n");
  EXPECT_EQ(decoded.status, DecodeStatus::Ok);
  EXPECT_TRUE(decoded.converted);
  EXPECT_EQ(decoded.text, "x = '# \"'  # caf?\n# ?\nimport y\n");
  EXPECT_EQ(DecodeSource("# coding: utf8\nx = 1\n# \xff\n").status, DecodeStatus::Invalid);
}

TEST(DecodeSource, NulIsAnErrorAnywhere) {
  const Decoded decoded = DecodeSource("# \0\n"s);
  EXPECT_EQ(decoded.status, DecodeStatus::Nul);
  EXPECT_EQ(decoded.bad_offset, 2u);
  EXPECT_EQ(decoded.message, "source code string cannot contain null bytes");
}

TEST(FindInvalidUtf8, TellsWhatIsWrong) {
  EXPECT_STREQ(FindInvalidUtf8("a\xc0\x80", 0).reason, "invalid start byte");
  EXPECT_STREQ(FindInvalidUtf8("\xed\xa0\x80", 0).reason, "invalid continuation byte");
  EXPECT_STREQ(FindInvalidUtf8("\xf4\x90\x80\x80", 0).reason, "invalid continuation byte");
  EXPECT_STREQ(FindInvalidUtf8("\xe0\x80\x80", 0).reason, "invalid continuation byte");
  EXPECT_STREQ(FindInvalidUtf8("\xe2\x82", 0).reason, "unexpected end of data");
  EXPECT_EQ(FindInvalidUtf8("é€😀\xed\x9f\xbf", 0).offset, llvm::StringRef::npos);
  EXPECT_EQ(FindInvalidUtf8(std::string(200, 'a') + "\xff", 0).offset, 200u);
  EXPECT_EQ(FindNonAscii(std::string(129, 'a') + "é"), 129u);
  EXPECT_EQ(FindNonAscii("abc"), 3u);
}

TEST(SourceText, CountsScalarsAndAllThreeLineEnds) {
  const SourceText text("a\r\nbé😀c\rd\n");
  EXPECT_EQ(text.line_count(), 4u);
  EXPECT_EQ(text.Line(1), "a");
  EXPECT_EQ(text.Line(2), "bé😀c");
  EXPECT_EQ(text.Line(3), "d");
  EXPECT_EQ(text.Line(4), "");
  EXPECT_EQ(text.Line(5), "");
  const uint32_t c = static_cast<uint32_t>(text.text().find('c'));
  EXPECT_EQ(text.At(c).line, 2u);
  EXPECT_EQ(text.At(c).column, 4u);
  EXPECT_EQ(text.LineOf(0), 1u);
  EXPECT_EQ(text.LineOf(2), 1u);
  EXPECT_EQ(text.LineOf(3), 2u);
  EXPECT_EQ(text.LineBegin(2), 3u);
}

TEST(SourceText, ByteOrderMarkIsNoColumn) {
  const SourceText text("\xEF\xBB\xBFimport x\n");
  EXPECT_EQ(text.At(3).column, 1u);
  EXPECT_EQ(text.At(10).column, 8u);
}

TEST(LoadSource, GivesTheDecodedText) {
  auto disk = MakeMemoryDisk({{"a.py", "# coding: latin-1\n'\xe9'"}});
  EXPECT_EQ(LoadSource(*disk, "a.py")->Line(2), "'é'");
  EXPECT_FALSE(LoadSource(*disk, "b.py").has_value());
}

} // namespace
} // namespace pydefrag
