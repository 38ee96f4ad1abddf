// Positions as editors count them (lines and code units from 0) in a text, and incremental changes.
#pragma once

#include "source/source_file.h"
#include "source/span.h"

#include "llvm/Support/JSON.h"

#include <string>

namespace pydefrag {

enum class PositionEncoding : uint8_t { Utf8, Utf16 };

// {"line": ..., "character": ...} of a byte offset. A byte order mark has no column.
llvm::json::Object PositionAt(const SourceText &text, uint32_t offset, PositionEncoding encoding);
llvm::json::Object RangeOf(const SourceText &text, Span span, PositionEncoding encoding);

// The byte offset of a position; past the end of its line or of the text: that end.
uint32_t OffsetOf(const SourceText &text, const llvm::json::Object &position,
                  PositionEncoding encoding);

// One element of `contentChanges` applied: a range and its new text, or the whole text.
std::string WithChange(std::string text, const llvm::json::Object &change,
                       PositionEncoding encoding);

} // namespace pydefrag
