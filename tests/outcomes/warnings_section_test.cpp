// The "warnings summary" of a log, line by line. Whole logs: recorded_run_test.cpp.
#include "outcomes/logs/warnings_section.h"

#include "support.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

constexpr const char *kPlace = "tests/warn/test_warnings.py::test_old";
constexpr const char *kWarning = "  tests/warn/test_warnings.py:3: UserWarning: two lines:";

TEST(WarningsSection, ABlankLineEndsAWarning) {
  ShopProject project;
  WarningsSection section(project.ids());
  EXPECT_FALSE(section.Read(kPlace).has_value());
  EXPECT_FALSE(section.Read(kWarning).has_value());
  EXPECT_FALSE(section.Read("  the second").has_value());
  EXPECT_FALSE(section.Read("    warnings.warn(text)").has_value()); // its source
  const std::optional<WarningRecord> warning = section.Read("");
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ(warning->message, "two lines:\nthe second");
  EXPECT_EQ(warning->locations, std::vector<std::string>{kPlace});
  EXPECT_FALSE(section.Finish().has_value());
}

TEST(WarningsSection, WhereTheLogEndsTheWarningUnderWayIsKept) {
  ShopProject project;
  WarningsSection section(project.ids());
  section.Read(kPlace);
  section.Read(kWarning);
  const std::optional<WarningRecord> warning = section.Finish();
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ(warning->category, "UserWarning");
  EXPECT_EQ(warning->line, 3U);
  EXPECT_EQ(warning->count, 1U);
}

} // namespace
} // namespace pydefrag
