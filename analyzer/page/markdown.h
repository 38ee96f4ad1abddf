// The report that a person would otherwise write by hand, in GitHub's Markdown. Entry point:
// RenderMarkdownReport.
#pragma once

#include "page/page.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

void RenderMarkdownReport(llvm::raw_ostream &os, const Page &page);

// `text` in a code span, whatever backticks it holds; line ends become spaces.
std::string MarkdownCode(llvm::StringRef text);

// The same within a table, where `|` would end the cell even in a code span.
std::string MarkdownCellCode(llvm::StringRef text);

// Prose in which only `names in backticks` are marked up: what else Markdown or HTML would take for
// a mark is escaped, so that tables and lists hold.
std::string MarkdownProse(llvm::StringRef text);

} // namespace pydefrag
