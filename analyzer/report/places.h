// Where findings stand, in lines and columns.
#pragma once

#include "report/report.h"

#include <optional>

namespace pydefrag {

struct TextRange {
  LineColumn begin, end; // half open
};

// Nothing when the file can no longer be read.
std::optional<TextRange> RangeOf(SourceCache &sources, Location where);

// The part of `where` on its first line: what annotations of a diff can show.
Location FirstLineOf(SourceCache &sources, Location where);

} // namespace pydefrag
