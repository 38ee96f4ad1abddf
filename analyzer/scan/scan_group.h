// Phase 1 of the scan: a group of files -> their facts, still without syntax, and the distinct
// texts of their statements. Entry point: FileScanner. One thread works on a group, with a scanner
// of its own that it keeps for the next; threads know nothing of each other.
#pragma once

#include "scan/outline/outline.h"
#include "scan/scan.h"
#include "scan/syntax/statement_memo.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

enum class Route : uint8_t {
  Lines,     // the line lexer, and a whole-file parse where it is not certain
  WholeFile, // a whole-file parse at once
};

struct FileScan {
  ModuleFacts facts; // PlacedStatement::statement: an index into the thread's statements
  std::optional<Problem> problem;
};

// The files of a group, and which thread's statements theirs are.
struct Group {
  std::vector<FileScan> files;
  unsigned worker = 0;
};

// Scans files one after the other; its buffers keep their capacity.
class FileScanner {
public:
  FileScanner(const Disk &disk, const ScanOptions &options, Route route,
              DistinctStatements &statements);
  ~FileScanner();
  FileScanner(FileScanner &&) = default;

  void Scan(const std::string &path, FileScan &file);

private:
  void Read(const std::string &path, FileScan &file);
  void ScanText(llvm::StringRef path, llvm::StringRef text, FileScan &file);
  void OutlineWhole(llvm::StringRef path, llvm::StringRef text, FileScan &file);
  void PlaceStatements(llvm::StringRef text, ModuleFacts &facts);

  const Disk &disk_;
  const ScanOptions &options_;
  Route route_;
  DistinctStatements &statements_;
  llvm::SmallVector<char, 0> bytes_;
  LineOutliner outliner_;
  Outline outline_;
  llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, size_t{64} << 10> texts_; // of `reduced_`
  std::vector<ReducedStatement> reduced_;                                     // the file's
  std::vector<uint32_t> indices_;      // in `statements_`, of `reduced_`
  std::unique_ptr<TreeParser> parser_; // made for the first file that needs it
  FlatTree tree_;
};

// The Problem of a file that neither route understands.
Problem UncertainProblem(llvm::StringRef path, uint32_t line, llvm::StringRef why);

} // namespace pydefrag
