// The leading keyword of a statement by a perfect hash of its first three bytes, found at compile
// time; one load, one lookup and one compare for each logical line.
#include "scan/lines/bytes.h"
#include "scan/lines/line_lexer.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace pydefrag {

namespace {

struct Word {
  std::string_view text;
  Keyword keyword;
};

constexpr Word kWords[] = {
    {"assert", Keyword::Assert},   {"async", Keyword::Async},       {"break", Keyword::Break},
    {"case", Keyword::Case},       {"class", Keyword::Class},       {"continue", Keyword::Continue},
    {"def", Keyword::Def},         {"del", Keyword::Del},           {"elif", Keyword::Elif},
    {"else", Keyword::Else},       {"except", Keyword::Except},     {"exec", Keyword::Exec},
    {"finally", Keyword::Finally}, {"for", Keyword::For},           {"from", Keyword::From},
    {"global", Keyword::Global},   {"import", Keyword::Import},     {"lazy", Keyword::Lazy},
    {"match", Keyword::Match},     {"nonlocal", Keyword::Nonlocal}, {"pass", Keyword::Pass},
    {"print", Keyword::Print},     {"raise", Keyword::Raise},       {"return", Keyword::Return},
    {"try", Keyword::Try},         {"type", Keyword::Type},         {"while", Keyword::While},
    {"with", Keyword::With},
}; // `if` is too short for the hash and is asked for by itself

struct Slot {
  uint64_t value = 1; // the word's bytes, first byte lowest; with no mask: nothing is equal
  uint64_t mask = 0;
  uint8_t length = 0;
  Keyword keyword = Keyword::None;
};

constexpr unsigned kSlotBits = 7;

constexpr uint64_t Pack(std::string_view text) {
  uint64_t value = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    value |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return value;
}

constexpr size_t Hash(uint64_t bytes, uint32_t factor) {
  return (static_cast<uint32_t>(bytes & 0xffffff) * factor) >> (32 - kSlotBits);
}

constexpr bool IsPerfect(uint32_t factor) {
  std::array<bool, 1u << kSlotBits> taken{};
  for (const Word &word : kWords) {
    bool &slot = taken[Hash(Pack(word.text), factor)];
    if (slot) {
      return false;
    }
    slot = true;
  }
  return true;
}

constexpr uint32_t FindFactor() {
  uint32_t factor = 0x9e3779b1u;
  while (!IsPerfect(factor)) {
    factor += 0x61c88646u;
  }
  return factor;
}

constexpr uint32_t kFactor = FindFactor();

constexpr std::array<Slot, 1u << kSlotBits> MakeSlots() {
  std::array<Slot, 1u << kSlotBits> slots{};
  for (const Word &word : kWords) {
    size_t length = word.text.size();
    slots[Hash(Pack(word.text), kFactor)] = {
        .value = Pack(word.text),
        .mask = length == 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * length)) - 1,
        .length = static_cast<uint8_t>(length),
        .keyword = word.keyword,
    };
  }
  return slots;
}

constexpr std::array<Slot, 1u << kSlotBits> kSlots = MakeSlots();

} // namespace

// What a statement is that starts with this byte, where that byte alone tells.
constexpr std::array<Keyword, 256> kFirstBytes = [] {
  std::array<Keyword, 256> keywords{};
  keywords['"'] = keywords['\''] = Keyword::Quote;
  keywords['@'] = Keyword::Decorator;
  return keywords;
}();

static unsigned OrNone(bool is, Keyword keyword) {
  static_assert(Keyword::None == Keyword{});
  return (0u - static_cast<unsigned>(is)) & static_cast<unsigned>(keyword);
}

// `a && b` without a jump.
static bool Both(bool a, bool b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

// `bytes` are the first eight, the first one lowest. No jumps: which keyword a line starts with
// cannot be guessed.
static Keyword Recognise(uint64_t bytes, unsigned char ninth) {
  const Slot &slot = kSlots[Hash(bytes, kFactor)];
  const uint64_t next = slot.length == 8 ? ninth : bytes >> (8 * slot.length) & 0xff;
  const bool word = Both((bytes & slot.mask) == slot.value, !kWordBytes[next]);
  const bool is_if = Both((bytes & 0xffff) == Pack("if"), !kWordBytes[bytes >> 16 & 0xff]);
  // At most one of the three is not None.
  return static_cast<Keyword>(OrNone(word, slot.keyword) | OrNone(is_if, Keyword::If) |
                              static_cast<unsigned>(kFirstBytes[bytes & 0xff]));
}

Keyword ReadKeyword(llvm::StringRef text, size_t at) {
  uint64_t bytes = 0;
  unsigned char ninth = 0;
  if constexpr (std::endian::native == std::endian::little) {
    if (at + 9 <= text.size()) [[likely]] {
      std::memcpy(&bytes, text.data() + at, 8);
      return Recognise(bytes, static_cast<unsigned char>(text[at + 8]));
    }
  }
  for (size_t i = 0; i < 8 && at + i < text.size(); ++i) {
    bytes |= uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  }
  if (at + 8 < text.size()) {
    ninth = static_cast<unsigned char>(text[at + 8]);
  }
  return Recognise(bytes, ninth);
}

} // namespace pydefrag
