// Words of interest: where a text names functions that import by string, patch, warn, or change
// what a module offers. Entry point: FindWords. A statement in a function body that holds one is
// kept (relevance.h); the list, with the reason for each word, stands in words.cpp.
#pragma once

#include "scan/lines/events.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

// Replaces `begins` by the begins of all words of interest, ascending.
void FindWords(llvm::StringRef text, std::vector<uint32_t> &begins,
               SimdLevel level = BestSimdLevel());

// Whether a word of interest begins at `begin`. Slow; FindWords is held equal to it by tests.
bool IsWordOfInterest(llvm::StringRef text, size_t begin);

} // namespace pydefrag
