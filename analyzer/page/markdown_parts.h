// The parts of the Markdown report, in two files: what the tests did, and what the code says.
#pragma once

#include "page/page.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

// "root cause 3", "unexplained 1", or nothing.
std::string MarkdownReason(const ReasonRef &reason);
// "`shop/cart.py:3`", or nothing.
std::string MarkdownPlace(llvm::StringRef path, uint32_t line);

void MarkdownSuites(llvm::raw_ostream &os, const Page &page);
void MarkdownSlowest(llvm::raw_ostream &os, const Page &page);
void MarkdownClusters(llvm::raw_ostream &os, const Page &page);
void MarkdownForecast(llvm::raw_ostream &os, const Page &page);
void MarkdownPlan(llvm::raw_ostream &os, const Page &page);
void MarkdownWarnings(llvm::raw_ostream &os, const Page &page);
void MarkdownDisagreements(llvm::raw_ostream &os, const Page &page);

} // namespace pydefrag
