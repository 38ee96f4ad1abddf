// Which statements of a file say something about imports. Both makers of outlines (the line lexer
// and the whole-file parse) list every statement and then call KeepRelevant. Entry points:
// InterestFinder, KeepRelevant. Does not parse.
#pragma once

#include "scan/outline/outline.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

// Where words of interest (words.h) stand in a text. Reused from file to file.
class InterestFinder {
public:
  void Reset(llvm::StringRef text);
  // Whether a word of interest begins in [begin, end). Goes from where it was asked about before to
  // there: statements come nearly in the order of the text.
  bool In(uint32_t begin, uint32_t end);
  // The names that the text assigns to `__getattr__`: `__getattr__ = serve`. Parts of the text.
  const std::vector<llvm::StringRef> &hooks() const { return hooks_; }

private:
  std::vector<uint32_t> offsets_; // begins of all words of interest, ascending
  std::vector<llvm::StringRef> hooks_;
  size_t next_ = 0; // the first one at or behind the last `begin`
};

// What KeepRelevant needs besides the outline; reused from file to file to keep its capacity. The
// caller resets `interest` to the text first.
struct RelevanceScratch {
  InterestFinder interest;
  std::vector<uint8_t> keep;
  std::vector<int32_t> previous;
  std::vector<uint32_t> new_index;
};

// `outline.items` holds every statement of `text` with kind, places, parent, subtree_end,
// in_function and in_class set; those that would be dropped anyway may be missing. Drops those that
// no fact needs (the rules stand atop facts/facts.h), renumbers parent and subtree_end, and sets
// `interesting`, `has_main_guard` and `keep_literals`.
void KeepRelevant(llvm::StringRef text, Outline &outline, RelevanceScratch &scratch);

// Whether the item is a function whose whole body is kept: a module's `__getattr__` or `__dir__`,
// one of `hooks` (InterestFinder::hooks), the `__getattr__` of a class of modules, or of any class
// beside the module's own.
bool KeepsWholeBody(llvm::StringRef text, const Outline &outline, const OutlineItem &item,
                    const std::vector<llvm::StringRef> &hooks);

} // namespace pydefrag
