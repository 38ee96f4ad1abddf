// Phase 1 of the scan: a group of files -> their facts, still without syntax, and the distinct
// texts of their statements. Entry point: ScanGroup. One thread works on a group; groups know
// nothing of each other.
#pragma once

#include "scan/scan.h"
#include "scan/statement_memo.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

enum class Route : uint8_t {
  Lines,     // the line lexer, and a whole-file parse where it is not certain
  WholeFile, // a whole-file parse at once
};

struct FileScan {
  ModuleFacts facts; // PlacedStatement::statement: an index into Group::statements
  std::optional<Problem> problem;
};

struct Group {
  std::vector<FileScan> files;
  DistinctStatements statements;
  llvm::BumpPtrAllocator texts; // of `statements`
};

void ScanGroup(const Disk &disk, llvm::ArrayRef<std::string> paths, const ScanOptions &options,
               Route route, Group &group);

// The Problem of a file that neither route understands.
Problem UncertainProblem(llvm::StringRef path, uint32_t line, llvm::StringRef why);

} // namespace pydefrag
