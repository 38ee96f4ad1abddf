// Compares what a .pycase expects with the JSON that the program printed, and applies the fixes in
// that JSON. Entry points: ReadReport, Differences, WithSafeFixes. Runs nothing.
#pragma once

#include "pycase.h"

#include <cstddef>

namespace pydefrag {

struct SeenPlace {
  std::string path;
  uint32_t line = 0, column = 0;         // 1-based
  uint32_t end_line = 0, end_column = 0; // half open
  size_t begin = 0, end = 0;             // byte offsets
};

struct SeenLabel {
  SeenPlace where;
  std::string message;
};

struct SeenEdit {
  SeenPlace where;
  std::string content;
};

struct SeenFinding {
  SeenPlace where;
  std::string id, code, message;
  std::string texts; // message, help, note and fix title, a line each
  std::vector<SeenLabel> labels;
  bool safe_fix = false;
  std::vector<SeenEdit> edits;
};

struct SeenReport {
  std::vector<SeenFinding> findings;
};

llvm::Expected<SeenReport> ReadReport(llvm::StringRef json);

// One line for each expectation that was not met and each finding that was not expected.
std::vector<std::string> Differences(const PyCase &expected, const SeenReport &seen);

struct Fixed {
  std::vector<MemoryFile> files;
  std::vector<size_t> applied; // indices into the report's findings
};

// Applies the safe fixes, in the report's order; one that overlaps an earlier one is left out.
Fixed WithSafeFixes(const std::vector<MemoryFile> &files, const SeenReport &seen);

// What is wrong with `after`, the report on files in which fixes of `before` were applied: fixed
// findings that are still there, findings that are new.
std::vector<std::string> FixDifferences(const SeenReport &before,
                                        const std::vector<size_t> &applied,
                                        const SeenReport &after);

} // namespace pydefrag
