// LineHashes: the `primaryLocationLineHash` by which GitHub code scanning recognises an alert whose
// line has moved. It must come out as GitHub's own upload action computes it, or alerts are opened
// anew.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

// The hashes of the lines `wanted` (1-based, ascending) of a file's bytes, in that order; empty for
// a line that the file does not have. Bytes that are not UTF-8 count as U+FFFD.
std::vector<std::string> LineHashes(llvm::StringRef bytes, llvm::ArrayRef<uint32_t> wanted);

// The hashes of lines of one file after the other.
class FileHashes {
public:
  // Makes the hashes of `lines` (ascending) of `path` the current ones.
  void Load(const Disk &disk, llvm::StringRef path, std::vector<uint32_t> lines);
  llvm::StringRef Of(uint32_t line) const; // empty when it cannot be told

private:
  std::vector<uint32_t> lines_;
  std::vector<std::string> hashes_;
};

} // namespace pydefrag
