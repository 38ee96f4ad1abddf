// Which statements of a file say something about imports. Both makers of outlines (the line lexer
// and the whole-file parse) list every statement and then call KeepRelevant. Entry points:
// InterestFinder, KeepRelevant. Does not parse.
#pragma once

#include "scan/outline.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

// Where words of interest stand in a text: names of functions that import by string, patch, warn or
// change what a module offers. Found in one pass; reused from file to file.
class InterestFinder {
public:
  void Reset(llvm::StringRef text);
  // Whether a word of interest begins in [begin, end).
  bool In(uint32_t begin, uint32_t end) const;
  // Begins of all words of interest, ascending.
  const std::vector<uint32_t> &offsets() const { return offsets_; }

private:
  std::vector<uint32_t> offsets_;
};

// What KeepRelevant needs besides the outline; reused from file to file to keep its capacity.
struct RelevanceScratch {
  InterestFinder interest;
  std::vector<uint8_t> keep;
  std::vector<int32_t> previous;
  std::vector<uint32_t> new_index;
};

// `outline.items` holds every statement of `text` with kind, places, parent, subtree_end,
// in_function and in_class set. Drops those that no fact needs (the rules stand atop
// facts/facts.h), renumbers parent and subtree_end, and sets `interesting`, `has_main_guard` and
// `keep_literals`.
void KeepRelevant(llvm::StringRef text, Outline &outline, RelevanceScratch &scratch);

// Whether a word of interest begins at `begin`.
bool IsWordOfInterest(llvm::StringRef text, size_t begin);

} // namespace pydefrag
