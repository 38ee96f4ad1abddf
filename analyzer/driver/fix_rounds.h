// FixInRounds: applies fixes to the project in memory, analyses the result, and goes on until
// nothing changes. A round that makes a module fail to import, closes an import cycle or brings new
// errors is taken back, and what is behind it is left alone from then on.
#pragma once

#include "driver/pipeline.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct FixedFile {
  std::string before, after; // bytes
};

struct FixRounds {
  // The last analysis, of the project with all fixes applied, and the disks it read.
  std::vector<std::unique_ptr<Disk>> disks;
  std::unique_ptr<Analysis> analysis;
  std::unique_ptr<SourceCache> sources;
  Report report;
  std::map<std::string, FixedFile> files; // by path below the root
  size_t fixed = 0;                       // findings
  size_t held_back = 0;                   // changes that would have done harm
};

// Fails where an analysis cannot start.
llvm::Expected<std::unique_ptr<FixRounds>> FixInRounds(const CommandLine &line,
                                                       const Environment &env);

} // namespace pydefrag
