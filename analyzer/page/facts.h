// What was analysed and what the tests were run on, as labelled texts. "not recorded" stands where
// no source says. Entry points: ProjectFacts, RunFacts.
#pragma once

#include "report/report.h"

#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

using Facts = std::vector<std::pair<std::string, std::string>>; // label, text

Facts ProjectFacts(const Report &report);

// Empty when no report of a test run was read.
Facts RunFacts(const RunHeader &run);

// Suites whose time was recorded, the slowest first, at most ten. Points into `joined`.
std::vector<const Suite *> SlowestSuites(const Joined &joined);

// "0.42 s", "3 min 12 s".
std::string DurationText(double seconds);

// "120 MB".
std::string MemoryText(uint64_t bytes);

// "2026-11-28 01:02:03", with " UTC" where that is known.
std::string TimeText(int64_t seconds_since_epoch, bool utc);

// The last part of the root as people call the project: "shop" for "/home/me/shop".
std::string ProjectTitle(const Report &report);

} // namespace pydefrag
