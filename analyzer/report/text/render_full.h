// The report for people: what was analysed, then one block per cause, worst first, then what to do
// next. Entry point: RenderFull. Also the one-line summary that goes to stderr beside a machine
// format, and the table of counts by rule.
#pragma once

#include "base/path_prefix.h"
#include "report/report.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

enum class HowMuch : uint8_t { Quiet /* no header */, Normal, Verbose /* every detail */ };

struct FullOptions {
  ColorUse color = ColorUse::Off;
  HowMuch how_much = HowMuch::Normal;
  PathPrefix path_prefix{}; // put before the paths shown
  size_t max_blocks = 20;   // causes shown; 0: all
  size_t max_sites = 3;     // places shown per cause; 0: all
  bool links = false;       // the terminal follows links
  uint32_t width = 120;     // columns of a source line that are shown
};

void RenderFull(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                const FullOptions &options);

// "Found 3 errors and 2 warnings in 4 files." / "No findings."
std::string SummaryLine(const Report &report);

// What is not shown because it is known, and what the baseline knows in vain; a line each.
void RenderKnown(llvm::raw_ostream &os, const Report &report, HowMuch how_much);

// Problems, one a line.
void RenderProblems(llvm::raw_ostream &os, const Report &report, const FullOptions &options);

// `count<TAB>code<TAB>name`, most frequent first.
void RenderStatistics(llvm::raw_ostream &os, const Report &report);

} // namespace pydefrag
