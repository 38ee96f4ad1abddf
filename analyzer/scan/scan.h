// Scan: files -> facts. Entry point: ScanFiles.
// Phase 1 (parallel, per file): read, decode, lex lines, outline, reduce the relevant statements.
// Phase 2 (parallel, per shard): each distinct reduced text is parsed by tree-sitter once.
// Phase 3 (ids serial, the rest parallel): one table of them all. Nothing depends on `jobs`.
#pragma once

#include "base/names.h"
#include "base/problem.h"
#include "facts/facts.h"
#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

// Everything scanned so far. More files can be added later (third-party modules on demand): ids
// already given stay valid.
struct Scanned {
  NameTable names;
  SyntaxTable syntax;
  IdVector<FileId, std::string> paths; // as given to ScanFiles
  IdVector<FileId, ModuleFacts> facts;
  std::vector<Problem> problems; // sorted by path
};

struct ScanOptions {
  std::string root; // put before each path to read it; may be empty
  unsigned jobs = 0;
  uint64_t max_file_bytes = 100u << 20;     // larger files become a Problem
  uint64_t max_whole_file_bytes = 4u << 20; // largest text given to a whole-file parse
  bool hash_contents = false;               // ModuleFacts::content_hash is wanted
  bool always_whole_file = false;           // tests: take the whole-file route for every file
  llvm::function_ref<void(size_t done, size_t total)> *progress = nullptr; // called from workers
};

// Appends `paths` (sorted by the caller; their FileIds are consecutive in that order).
void ScanFiles(const Disk &disk, llvm::ArrayRef<std::string> paths, const ScanOptions &options,
               Scanned &scanned);

} // namespace pydefrag
