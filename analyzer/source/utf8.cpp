#include "source/utf8.h"

#include <cstring>

namespace pydefrag {

constexpr uint64_t kHighBits = 0x8080808080808080u;

size_t FindNonAscii(llvm::StringRef bytes) {
  const char *data = bytes.data();
  const size_t size = bytes.size();
  size_t i = 0;
  // Eight words together: the compiler makes vector instructions of it.
  for (; i + 64 <= size; i += 64) {
    uint64_t words[8];
    std::memcpy(words, data + i, sizeof words);
    uint64_t any = 0;
    for (const uint64_t word : words) {
      any |= word;
    }
    if ((any & kHighBits) != 0) {
      break;
    }
  }
  while (i < size && static_cast<unsigned char>(data[i]) < 0x80) {
    ++i;
  }
  return i;
}

// What may follow a lead byte: how many bytes, and the range of the first of them (which keeps out
// overlong forms, surrogates and values past U+10FFFF).
struct Lead {
  uint8_t more = 0; // 0: not a lead byte
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
};

static Lead LeadOf(unsigned char c) {
  if (c >= 0xc2 && c <= 0xdf) {
    return {.more = 1};
  }
  if (c >= 0xe0 && c <= 0xef) {
    return {.more = 2,
            .low = static_cast<uint8_t>(c == 0xe0 ? 0xa0 : 0x80),
            .high = static_cast<uint8_t>(c == 0xed ? 0x9f : 0xbf)};
  }
  if (c >= 0xf0 && c <= 0xf4) {
    return {.more = 3,
            .low = static_cast<uint8_t>(c == 0xf0 ? 0x90 : 0x80),
            .high = static_cast<uint8_t>(c == 0xf4 ? 0x8f : 0xbf)};
  }
  return {};
}

Utf8Error FindInvalidUtf8(llvm::StringRef bytes, size_t from) {
  size_t i = from;
  while (true) {
    i += FindNonAscii(bytes.substr(i));
    if (i >= bytes.size()) {
      return {};
    }
    const Lead lead = LeadOf(static_cast<unsigned char>(bytes[i]));
    if (lead.more == 0) {
      return {.offset = i, .length = 1, .reason = "invalid start byte"};
    }
    for (uint8_t k = 1; k <= lead.more; ++k) {
      if (i + k >= bytes.size()) {
        return {.offset = i, .length = k, .reason = "unexpected end of data"};
      }
      const auto c = static_cast<unsigned char>(bytes[i + k]);
      const bool fits = k == 1 ? c >= lead.low && c <= lead.high : (c & 0xc0) == 0x80;
      if (!fits) {
        return {.offset = i, .length = k, .reason = "invalid continuation byte"};
      }
    }
    i += lead.more + 1u;
  }
}

} // namespace pydefrag
