// What the tests did, for the terminal: lines for the head of the report, notes under a block, and
// the sections behind the blocks. Entry points: TestHeaderLines, TestNote, RenderTestSections.
#pragma once

#include "base/path_prefix.h"
#include "join/joined.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

struct TestTextOptions {
  const Palette *palette = nullptr;
  PathPrefix path_prefix; // put before the paths shown
  size_t max_items = 10;  // of a list; 0: all
};

// {label, text} of the lines that belong to the head; none for a project without tests.
std::vector<std::pair<std::string, std::string>> TestHeaderLines(const Joined &joined);

// "confirmed: 12 tests failed with this"; "" when the tests say nothing of it.
std::string TestNote(const RootCause &cause);

// Unexplained clusters, related assertions, warnings, where pydefrag was wrong, the plan, next
// steps. Nothing when no report was read.
void RenderTestSections(llvm::raw_ostream &os, const Joined &joined,
                        const TestTextOptions &options);

} // namespace pydefrag
