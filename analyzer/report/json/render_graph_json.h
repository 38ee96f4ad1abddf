// The whole linked model for programs: schema pydefrag/graph/1, one row a line inside the arrays.
#pragma once

#include "report/report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace pydefrag {

struct GraphOptions {
  std::string root_shown = ".";
  llvm::ArrayRef<std::string> paths; // rows wanted, relative to the root; empty: all
  unsigned jobs = 0;
};

void RenderGraphJson(llvm::raw_ostream &os, const Project &project, const Disk &disk,
                     const GraphOptions &options);

// The word used for a row's status in the JSON.
llvm::StringRef RowStatusName(RowStatus status);
// The words for what surrounds a row, in a fixed order.
llvm::SmallVector<llvm::StringRef, 4> ContextNames(const RowContext &context);
// "shop.cart:Cart", "shop.cart"; empty when the row reaches nothing known.
std::string TargetText(const Project &project, const Target &target);

} // namespace pydefrag
