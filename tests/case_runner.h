// Runs a .pycase through the whole program, in memory, and says what is not as it expects. Entry
// point: RunCase.
#pragma once

#include "pycase.h"

#include <map>
#include <string>
#include <vector>

namespace pydefrag {

struct ProgramRun {
  int status = 0;
  std::string out;
  std::string err;
};

// `pydefrag ARGS...` in a folder that holds just `files`. What it writes goes into `written`, by
// path below that folder; without one, nothing can be written.
ProgramRun RunProgram(const std::vector<MemoryFile> &files, const std::vector<std::string> &args,
                      std::map<std::string, std::string> *written = nullptr);

struct CaseResult {
  std::vector<std::string> failures; // empty: as expected
  std::vector<CaseGolden> goldens;   // what the case's goldens should be
};

// Findings, labels, exit status, goldens; then, when there are safe fixes, that they mend what they
// say and that fixing comes to an end.
CaseResult RunCase(const PyCase &expected);

} // namespace pydefrag
