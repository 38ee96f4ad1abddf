// Levels and suites of tests, told from paths: the configuration's patterns, else the names that
// people give to folders. Entry point: LevelTable.
#pragma once

#include "config/config.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

struct SuiteName {
  std::string folder; // "tests/unit"
  std::string level;  // "unit"
};

class LevelTable {
public:
  // `config` must outlive it.
  explicit LevelTable(const Config &config) : config_(config) {}

  // `file`: of a test, or a folder that could not be collected.
  SuiteName Of(llvm::StringRef file) const;
  // Where a level stands in reports: configured ones in their order, then unit, integration, e2e.
  size_t Rank(llvm::StringRef level) const;

private:
  const Config &config_;
};

} // namespace pydefrag
