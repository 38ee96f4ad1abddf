#include "report/places.h"

#include <algorithm>

namespace pydefrag {

std::optional<TextRange> RangeOf(SourceCache &sources, Location where) {
  const SourceText *text = sources.Get(where.file);
  if (!text) {
    return std::nullopt;
  }
  return TextRange{.begin = text->At(where.span.begin), .end = text->At(where.span.end)};
}

Location FirstLineOf(SourceCache &sources, Location where) {
  const SourceText *text = sources.Get(where.file);
  if (text) {
    const uint32_t line = text->LineOf(where.span.begin);
    const uint32_t end = text->LineBegin(line) + static_cast<uint32_t>(text->Line(line).size());
    where.span.end = std::max(where.span.begin, std::min(where.span.end, end));
  }
  return where;
}

} // namespace pydefrag
