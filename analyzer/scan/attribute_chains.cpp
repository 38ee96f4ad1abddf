#include "scan/attribute_chains.h"

#include "scan/string_scan.h"

#include "llvm/ADT/StringExtras.h"

#include <array>

namespace pydefrag {

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Bytes at which something may begin or end: quotes, comments, dots.
static constexpr std::array<bool, 256> MakeStops() {
  std::array<bool, 256> stops{};
  for (char c : {'"', '\'', '#', '.'}) {
    stops[static_cast<unsigned char>(c)] = true;
  }
  return stops;
}
static constexpr std::array<bool, 256> kStops = MakeStops();

// The end of `a.b.c` that goes on at `at` (a dot); chains over several lines end at the line.
static size_t EndOfChain(llvm::StringRef text, size_t at) {
  while (at + 1 < text.size() && text[at] == '.' && IsNameByte(text[at + 1]) &&
         !llvm::isDigit(text[at + 1])) {
    ++at;
    while (at < text.size() && IsNameByte(text[at])) {
      ++at;
    }
  }
  return at;
}

void FindAttributeChains(llvm::StringRef text, llvm::function_ref<bool(llvm::StringRef)> wanted,
                         llvm::function_ref<void(const AttributeChain &)> visit) {
  size_t at = 0;
  while (at < text.size()) {
    if (!kStops[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    if (text[at] == '#') {
      at = std::min(text.find_first_of("\r\n", at), text.size());
      continue;
    }
    if (text[at] != '.') {
      const SkippedString skipped = SkipString(text, at, ReadStringPrefix(text, at), nullptr);
      at = std::max(skipped.end, at + 1);
      continue;
    }
    size_t begin = at;
    while (begin > 0 && IsNameByte(text[begin - 1])) {
      --begin;
    }
    const size_t end = EndOfChain(text, at);
    const bool starts_chain = begin < at && !llvm::isDigit(text[begin]) &&
                              (begin == 0 || text[begin - 1] != '.') && end > at;
    if (starts_chain && wanted(text.slice(begin, at))) {
      visit({static_cast<uint32_t>(begin), text.slice(begin, at), text.slice(at + 1, end)});
    }
    at = std::max(end, at + 1);
  }
}

} // namespace pydefrag
