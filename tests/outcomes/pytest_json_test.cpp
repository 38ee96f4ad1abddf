#include "outcomes/reports/pytest_json.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

StoredError Read(const char *json) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk({{"p/tests/test_a.py", ""}});
  TestIdResolver ids(*disk, "p", {});
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(json);
  EXPECT_TRUE(static_cast<bool>(value));
  return ReadLongRepr(&*value, ids);
}

constexpr char kShort[] = R"json({"reprtraceback": {"reprentries": [
  {"type": "ReprEntry", "data": {
    "lines": ["    reserve(-1)"],
    "reprfileloc": {"path": "tests/test_a.py", "lineno": 4, "message": "in test_own"},
    "style": "short"}},
  {"type": "ReprEntry", "data": {
    "lines": ["    raise ValueError(n)", "E   ValueError: -1"],
    "reprfileloc": {"path": "shop/stock.py", "lineno": 14, "message": "in reserve"},
    "style": "short"}}]}})json";

constexpr char kLong[] = R"json({"reprtraceback": {"reprentries": [
  {"type": "ReprEntry", "data": {
    "lines": ["    def test_own():", ">       import gone",
              "E       ModuleNotFoundError: No module named 'gone'"],
    "reprfileloc": {"path": "tests/test_a.py", "lineno": 2, "message": "ModuleNotFoundError"},
    "style": "long"}}]}})json";

TEST(LongRepr, ShortEntriesStartWithTheirPlace) {
  const StoredError error = Read(kShort);
  ASSERT_EQ(error.chain.segments.size(), 1u);
  const std::vector<Frame> &frames = error.chain.segments[0].frames;
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].source, HashOfLine("reserve(-1)"));
  EXPECT_EQ(frames[1].source, HashOfLine("raise ValueError(n)"));
  EXPECT_EQ(frames[1].function, "reserve");
  EXPECT_EQ(error.chain.segments[0].type, "ValueError");
}

TEST(LongRepr, LongEntriesEndWithTheirPlace) {
  const StoredError error = Read(kLong);
  ASSERT_EQ(error.chain.segments.size(), 1u);
  const std::vector<Frame> &frames = error.chain.segments[0].frames;
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].source, HashOfLine("import gone"));
  EXPECT_EQ(frames[0].function, "test_own");
}

} // namespace
} // namespace pydefrag
