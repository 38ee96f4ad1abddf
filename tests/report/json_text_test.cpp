#include "report/json/json_text.h"

#include "llvm/Support/JSON.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

std::string Quoted(llvm::StringRef text) {
  std::string out;
  llvm::raw_string_ostream os(out);
  WriteJsonString(os, text);
  return out;
}

TEST(WriteJsonString, PlainTextIsCopied) {
  EXPECT_EQ(Quoted("shop.cart:Cart"), "\"shop.cart:Cart\"");
}

TEST(WriteJsonString, QuotesBackslashesAndControlsAreEscaped) {
  EXPECT_EQ(Quoted("a\"b\\c\n\t\x01"), "\"a\\\"b\\\\c\\n\\t\\u0001\"");
}

TEST(WriteJsonString, EveryByteComesBackFromAParser) {
  std::string all;
  for (int c = 1; c < 128; ++c) {
    all += static_cast<char>(c);
  }
  all += "\xC3\xA9\xE5\x93\x81\xF0\x9F\x90\x8D"; // two, three and four bytes
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(Quoted(all));
  ASSERT_TRUE(bool(value));
  EXPECT_EQ(value->getAsString(), llvm::StringRef(all));
}

TEST(WriteJsonString, BytesThatAreNotUtf8AreReplaced) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(Quoted("a\xFFz"));
  ASSERT_TRUE(bool(value));
  EXPECT_EQ(value->getAsString(), llvm::StringRef("a\xEF\xBF\xBDz"));
}

TEST(JsonWriter, NestsAndSeparates) {
  std::string out;
  llvm::raw_string_ostream os(out);
  JsonWriter json(os);
  json.BeginObject();
  json.Text("a", "x");
  json.TextIfAny("left out", "");
  json.TextOrNull("b", "");
  json.BeginArray("c");
  json.Number(1);
  json.Bool(false);
  json.BeginObject();
  json.EndObject();
  json.EndArray();
  json.Key("d");
  json.Decimal(0.0625);
  json.EndObject();
  EXPECT_EQ(out, R"({"a": "x", "b": null, "c": [1, false, {}], "d": 0.062})");
}

TEST(JsonWriter, RowsCanStandOneALine) {
  std::string out;
  llvm::raw_string_ostream os(out);
  JsonWriter json(os);
  json.BeginArray();
  for (uint64_t i = 0; i < 3; ++i) {
    json.BreakLine();
    json.Number(i);
  }
  json.EndArray();
  EXPECT_EQ(out, "[\n0,\n1,\n2]");
}

} // namespace
} // namespace pydefrag
