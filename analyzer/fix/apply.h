// Edits as text, and text as bytes of a file.
#pragma once

#include "check/finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// The edit that gives the bytes at `where` of `text` the new `content`, without what is the same at
// both ends, in whole words; nothing when all is the same.
std::optional<Edit> ChangedPart(Location where, llvm::StringRef text, llvm::StringRef content);

// Adds `more` to `edits`, both sorted and of one file; not when one of them touches the same bytes
// as one that is there, or inserts at the same place. Tells whether it did.
bool AddEdits(std::vector<Edit> &edits, llvm::ArrayRef<Edit> more);

// `edits` are sorted and none overlaps another.
std::string ApplyEdits(llvm::StringRef text, llvm::ArrayRef<Edit> edits);

// The bytes of a file after `edits`, which speak of its decoded text. Encoding, byte order mark and
// line ends stay. Nothing when the file cannot be written as it was read.
std::optional<std::string> EditBytes(llvm::StringRef bytes, llvm::ArrayRef<Edit> edits);

} // namespace pydefrag
