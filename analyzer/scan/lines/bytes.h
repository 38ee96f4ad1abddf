// Byte tests that several parts of the scanner share.
#pragma once

#include <array>

namespace pydefrag {

inline constexpr std::array<bool, 256> kWordBytes = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    table[byte] = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                  (byte >= 'a' && byte <= 'z') || byte == '_' || byte >= 0x80;
  }
  return table;
}();

// Letters, digits, `_` and all bytes of non-ASCII characters: what identifiers, keywords and
// numbers are made of.
constexpr bool IsWordByte(char c) {
  return kWordBytes[static_cast<unsigned char>(c)];
}

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace pydefrag
