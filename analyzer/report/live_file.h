// LiveFile: a file that is being edited after the project was linked: its text as it is now, what
// became of the places of the linked text, and what is found in it.
#pragma once

#include "check/finding.h"
#include "source/source_file.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <optional>
#include <vector>

namespace pydefrag {

// The bytes [begin, old_end) of a text were replaced; they are [begin, new_end) now.
struct TextStep {
  uint32_t begin = 0;
  uint32_t old_end = 0;
  uint32_t new_end = 0;
};

struct LiveFile {
  std::unique_ptr<SourceText> text;
  std::vector<TextStep> steps;   // from the linked text to `text`, in order
  std::vector<Finding> findings; // sorted; places in this file are those of `text`
  size_t known_steps = 0;        // of `steps`: those that the analysis under way has read
};

// What is different between two texts, as one step; nothing when they are equal.
std::optional<TextStep> StepBetween(llvm::StringRef before, llvm::StringRef after);

// Where bytes of the linked text stand now; nothing when one of the steps changed them or a word
// that they are part of.
std::optional<Span> SpanNow(Span span, llvm::ArrayRef<TextStep> steps, llvm::StringRef now);
// The same, and as near as can be when they were changed.
Span NearestSpanNow(Span span, llvm::ArrayRef<TextStep> steps);
// Where a byte of now stood in the linked text; nothing when it is new.
std::optional<uint32_t> OffsetThen(uint32_t offset, llvm::ArrayRef<TextStep> steps);

// The finding of the linked project as it is now, with places in its own file moved; nothing when
// `extent`, the bytes that it hangs on, was edited. What points to edited bytes is left out of it.
std::optional<Finding> FindingNow(const Finding &finding, Span extent, const LiveFile &live);

} // namespace pydefrag
