#include "server/editor_text.h"

#include <algorithm>

namespace pydefrag {

static constexpr llvm::StringRef kMark = "\xEF\xBB\xBF";

static bool IsInside(char c) { // of a character, not its first byte
  return (c & 0xC0) == 0x80;
}

// Code units of the character that starts with `c`.
static uint32_t UnitsOf(char c, PositionEncoding encoding) {
  if (encoding == PositionEncoding::Utf8) {
    return 1; // each byte is one
  }
  return IsInside(c) ? 0 : (c & 0xF8) == 0xF0 ? 2 : 1;
}

static uint32_t TextBegin(const SourceText &text, uint32_t line) {
  const uint32_t begin = text.LineBegin(line);
  return line == 1 && text.text().starts_with(kMark) ? begin + 3 : begin;
}

llvm::json::Object PositionAt(const SourceText &text, uint32_t offset, PositionEncoding encoding) {
  offset = std::min(offset, static_cast<uint32_t>(text.text().size()));
  const uint32_t line = text.LineOf(offset);
  uint32_t character = 0;
  for (uint32_t i = TextBegin(text, line); i < offset; ++i) {
    character += UnitsOf(text.text()[i], encoding);
  }
  return llvm::json::Object{{"line", line - 1}, {"character", character}};
}

llvm::json::Object RangeOf(const SourceText &text, Span span, PositionEncoding encoding) {
  return llvm::json::Object{{"start", PositionAt(text, span.begin, encoding)},
                            {"end", PositionAt(text, span.end, encoding)}};
}

uint32_t OffsetOf(const SourceText &text, const llvm::json::Object &position,
                  PositionEncoding encoding) {
  const int64_t line = position.getInteger("line").value_or(0);
  int64_t left = position.getInteger("character").value_or(0);
  if (line < 0 || line >= static_cast<int64_t>(text.line_count())) {
    return static_cast<uint32_t>(text.text().size());
  }
  const uint32_t number = static_cast<uint32_t>(line) + 1;
  uint32_t offset = TextBegin(text, number);
  const uint32_t end = text.LineBegin(number) + static_cast<uint32_t>(text.Line(number).size());
  while (left > 0 && offset < end) {
    left -= UnitsOf(text.text()[offset], encoding);
    ++offset;
  }
  while (offset < end && IsInside(text.text()[offset])) {
    ++offset;
  }
  return offset;
}

std::string WithChange(std::string text, const llvm::json::Object &change,
                       PositionEncoding encoding) {
  std::string content = change.getString("text").value_or("").str();
  const llvm::json::Object *range = change.getObject("range");
  const llvm::json::Object *start = range ? range->getObject("start") : nullptr;
  const llvm::json::Object *end = range ? range->getObject("end") : nullptr;
  if (!start || !end) {
    return content;
  }
  const SourceText lines(text);
  const uint32_t from = OffsetOf(lines, *start, encoding);
  const uint32_t to = std::max(from, OffsetOf(lines, *end, encoding));
  return text.replace(from, to - from, content);
}

} // namespace pydefrag
