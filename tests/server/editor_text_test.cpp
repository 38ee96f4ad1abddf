#include "server/editor_text.h"

#include "server/rpc.h"
#include "server/uri.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

llvm::json::Object At(int64_t line, int64_t character) {
  return llvm::json::Object{{"line", line}, {"character", character}};
}

TEST(EditorText, CountsCodeUnitsOfTheEncoding) {
  const SourceText text("a\n\xC3\xA9\xF0\x9D\x84\x9Ex\r\nz"); // é, a clef outside the BMP, x
  EXPECT_EQ(PositionAt(text, 8, PositionEncoding::Utf16), At(1, 3));
  EXPECT_EQ(PositionAt(text, 8, PositionEncoding::Utf8), At(1, 6));
  EXPECT_EQ(OffsetOf(text, At(1, 3), PositionEncoding::Utf16), 8u);
  EXPECT_EQ(OffsetOf(text, At(1, 6), PositionEncoding::Utf8), 8u);
  EXPECT_EQ(OffsetOf(text, At(1, 2), PositionEncoding::Utf16), 8u) << "inside a pair: behind it";
  EXPECT_EQ(OffsetOf(text, At(1, 99), PositionEncoding::Utf16), 9u) << "the line's end";
  EXPECT_EQ(OffsetOf(text, At(9, 0), PositionEncoding::Utf16), 12u) << "the text's end";
}

TEST(EditorText, ByteOrderMarkIsNoColumn) {
  const SourceText text("\xEF\xBB\xBFx = 1\n");
  EXPECT_EQ(PositionAt(text, 3, PositionEncoding::Utf16), At(0, 0));
  EXPECT_EQ(OffsetOf(text, At(0, 1), PositionEncoding::Utf16), 4u);
}

TEST(EditorText, AppliesChanges) {
  const llvm::json::Object change{
      {"range", llvm::json::Object{{"start", At(0, 2)}, {"end", At(1, 1)}}}, {"text", "-"}};
  EXPECT_EQ(WithChange("abc\ndef\n", change, PositionEncoding::Utf16), "ab-ef\n");
  EXPECT_EQ(WithChange("abc", llvm::json::Object{{"text", "new"}}, PositionEncoding::Utf16), "new");
}

TEST(Uri, PathsGoThereAndBack) {
  EXPECT_EQ(PathOfUri("file:///a%20b/%C3%A9.py"), "/a b/\xC3\xA9.py");
  EXPECT_EQ(UriOfPath("/a b/\xC3\xA9.py"), "file:///a%20b/%C3%A9.py");
  EXPECT_EQ(PathOfUri("untitled:Untitled-1"), "");
}

TEST(Rpc, MessagesComeInPieces) {
  MessageReader reader;
  reader.Add("Content-Length: 2\r\nContent-Type: x\r\n\r\n{");
  EXPECT_FALSE(reader.Next());
  reader.Add("}content-length: 4\r\n\r\nnope");
  EXPECT_EQ(reader.Next(), llvm::json::Value(llvm::json::Object{}));
  EXPECT_EQ(reader.Next(), llvm::json::Value(nullptr)) << "no JSON";
  EXPECT_FALSE(reader.Next());
}

} // namespace
} // namespace pydefrag
