#include "fix/import_text.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

std::string Without(std::string statement, size_t index) {
  RemoveName(statement, index);
  return statement;
}

std::string With(std::string statement, llvm::StringRef clause, ImportLayout layout = {}) {
  AddName(statement, clause, "", layout);
  return statement;
}

TEST(ImportText, ReadsModulesNamesAndBrackets) {
  const llvm::StringRef text = "x = 1\nfrom .. shop . cart import (Cart as C, # c\n  Item,)\nx";
  const std::optional<ImportText> import = ReadImport(text, 6);
  ASSERT_TRUE(import);
  EXPECT_EQ(text.slice(import->module.begin, import->module.end), ".. shop . cart");
  ASSERT_EQ(import->names.size(), 2u);
  EXPECT_EQ(text.slice(import->names[0].all.begin, import->names[0].all.end), "Cart as C");
  EXPECT_EQ(text.slice(import->names[1].all.begin, import->names[1].all.end), "Item");
  EXPECT_TRUE(import->comments);
  EXPECT_EQ(text.substr(import->end), "\nx");
}

TEST(ImportText, NamesThatBeginLikeKeywordsAreNames) {
  const std::optional<ImportText> import = ReadImport("from imports import asset as as_", 0);
  ASSERT_TRUE(import);
  EXPECT_EQ(import->names.size(), 1u);
  EXPECT_FALSE(ReadImport("fromage = 1", 0));
  EXPECT_FALSE(ReadImport("from a import (b", 0));
}

TEST(ImportText, RemovesFromOneLine) {
  EXPECT_EQ(Without("from m import a, b, c", 0), "from m import b, c");
  EXPECT_EQ(Without("from m import a, b, c", 1), "from m import a, c");
  EXPECT_EQ(Without("from m import a, b as x, c", 2), "from m import a, b as x");
  EXPECT_EQ(Without("from m import (a, b,)", 1), "from m import (a,)");
}

TEST(ImportText, RemovesAcrossLines) {
  EXPECT_EQ(Without("from m import (\n    a,\n    b,  # why\n    c,\n)", 1),
            "from m import (\n    a,\n    c,\n)");
  EXPECT_EQ(Without("from m import (a,\n               b)", 0), "from m import (b)");
  EXPECT_EQ(Without("from m import (a,  # why\n               b)", 0),
            "from m import (  # why\n               b)");
  EXPECT_EQ(Without("from m import (a,  # why\n               b)", 1),
            "from m import (a,  # why\n               )");
  EXPECT_EQ(Without("from m import a, \\\n    b", 0), "from m import b");
  EXPECT_EQ(Without("from m import a, \\\n    b", 1), "from m import a");
  EXPECT_EQ(Without("from m import (\r\n    a,\r\n    b\r\n)", 1),
            "from m import (\r\n    a,\r\n)");
}

TEST(ImportText, RemovedCommentIsHandedOver) {
  std::string statement = "from m import (\n    a,  # why a\n    b,\n)";
  EXPECT_EQ(RemoveName(statement, 0), "# why a");
}

TEST(ImportText, AddsWhereNamesAreSorted) {
  EXPECT_EQ(With("from m import a, c", "b"), "from m import a, b, c");
  EXPECT_EQ(With("from m import c, a", "b"), "from m import c, a, b");
  EXPECT_EQ(With("from m import B, a", "C as x"), "from m import B, C as x, a");
  EXPECT_EQ(With("from m import (a)", "b"), "from m import (a, b)");
}

TEST(ImportText, AddsALineWhereNamesHaveLines) {
  EXPECT_EQ(With("from m import (\n  a,\n  c,\n)", "b"), "from m import (\n  a,\n  b,\n  c,\n)");
  EXPECT_EQ(With("from m import (\n  a,\n  c  # why\n)", "d"),
            "from m import (\n  a,\n  c,  # why\n  d\n)");
}

TEST(ImportText, BreaksALineThatGetsTooLong) {
  const ImportLayout layout{.indentation = "  ", .line_end = "\r\n", .width = 24};
  EXPECT_EQ(With("from m import aaaa", "bbbb", layout),
            "from m import (\r\n      aaaa,\r\n      bbbb,\r\n  )");
}

} // namespace
} // namespace pydefrag
