// Three finders of the same events, held equal by tests. The AVX2 one looks up both nibbles of a
// byte (two pshufb) to find most event bytes at once; SSE2 has no byte shuffle and compares,
// merging bytes that differ in one bit; the scalar one is the reference and serves other
// architectures. Bytes that are events only before certain others are found by a second load, one
// byte further.
#include "scan/lines/events.h"

#include "scan/lines/bytes.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

static constexpr std::array<bool, 256> MakeEventTable() {
  std::array<bool, 256> table{};
  for (char c : {'"', '#', '$', '\'', '(', ')', ';', '?', '[', '\\', ']', '`', '{', '}'}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

static constexpr std::array<bool, 256> kIsEvent = MakeEventTable();

// \r\n is one line break, at its \n; a lone \r is one too.
static bool IsLineBreak(char c, char next) {
  return c == '\n' || (c == '\r' && next != '\n');
}

// `<>`, the 0 of 0777, the last digit of 10L.
static bool IsEventPair(char c, char next) {
  return (c == '<' && next == '>') || (c == '0' && IsDigit(next)) ||
         (IsDigit(c) && (next == 'l' || next == 'L'));
}

// Appends the places of the events of a block that begins at `begin`; bit i speaks of byte i.
static uint32_t *AppendPlaces(uint64_t events, uint32_t begin, uint32_t *out) {
  for (; events != 0; events &= events - 1) {
    *out++ = begin + static_cast<uint32_t>(std::countr_zero(events));
  }
  return out;
}

static FoundEvents FindScalar(const char *text, size_t blocks, uint32_t begin, uint32_t *out) {
  bool nul = false;
  const size_t size = blocks * kBlockBytes;
  for (size_t i = 0; i < size; ++i) {
    const char c = text[i];
    if (IsLineBreak(c, text[i + 1]) || kIsEvent[static_cast<unsigned char>(c)] ||
        IsEventPair(c, text[i + 1])) {
      *out++ = begin + static_cast<uint32_t>(i);
    }
    nul |= c == '\0';
  }
  return {.end = out, .saw_nul = nul};
}

#if defined(__x86_64__)

// Sixteen bytes, and the sixteen that begin one byte further.
struct Sse2Bytes {
  __m128i here;
  __m128i next;

  explicit Sse2Bytes(const char *text)
      : here(_mm_loadu_si128(reinterpret_cast<const __m128i *>(text))),
        next(_mm_loadu_si128(reinterpret_cast<const __m128i *>(text + 1))) {}
};

static __m128i Equal(__m128i bytes, char c) {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

// Bytes that are `c` once the bits of `merged` are set.
static __m128i EqualMerged(__m128i bytes, char merged, char c) {
  return Equal(_mm_or_si128(bytes, _mm_set1_epi8(merged)), c);
}

static __m128i Digits(__m128i bytes) {
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)),
                       _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
}

static __m128i LineBreaks(Sse2Bytes bytes) {
  __m128i lone = _mm_andnot_si128(Equal(bytes.next, '\n'), Equal(bytes.here, '\r'));
  return _mm_or_si128(Equal(bytes.here, '\n'), lone);
}

static __m128i EventPairs(Sse2Bytes bytes) {
  __m128i diamond = _mm_and_si128(Equal(bytes.here, '<'), Equal(bytes.next, '>'));
  __m128i octal = _mm_and_si128(Equal(bytes.here, '0'), Digits(bytes.next));
  __m128i big = _mm_and_si128(Digits(bytes.here), EqualMerged(bytes.next, 0x20, 'l'));
  return _mm_or_si128(diamond, _mm_or_si128(octal, big));
}

static __m128i Events(Sse2Bytes bytes) {
  __m128i events = _mm_or_si128(EventPairs(bytes), LineBreaks(bytes));
  events = _mm_or_si128(events, EqualMerged(bytes.here, 1, '#'));    // " #
  events = _mm_or_si128(events, EqualMerged(bytes.here, 1, ')'));    // ( )
  events = _mm_or_si128(events, EqualMerged(bytes.here, 4, '?'));    // ; ?
  events = _mm_or_si128(events, EqualMerged(bytes.here, 0x20, '{')); // [ {
  events = _mm_or_si128(events, EqualMerged(bytes.here, 0x20, '}')); // ] }
  for (char c : {'$', '\'', '\\', '`'}) {
    events = _mm_or_si128(events, Equal(bytes.here, c));
  }
  return events;
}

static FoundEvents FindSse2(const char *text, size_t blocks, uint32_t begin, uint32_t *out) {
  __m128i lowest = _mm_set1_epi8(-1);
  for (size_t block = 0; block < blocks; ++block) {
    uint64_t events = 0;
    for (unsigned shift = 0; shift < kBlockBytes; shift += 16, text += 16) {
      Sse2Bytes bytes(text);
      lowest = _mm_min_epu8(lowest, bytes.here);
      events |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(Events(bytes)))} << shift;
    }
    out = AppendPlaces(events, begin, out);
    begin += kBlockBytes;
  }
  return {.end = out, .saw_nul = _mm_movemask_epi8(Equal(lowest, '\0')) != 0};
}

[[gnu::target("avx2")]] static inline __m256i Load(const char *text) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text));
}

[[gnu::target("avx2")]] static inline __m256i Equal(__m256i bytes, char c) {
  return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c));
}

// A byte is found when the entries for its two nibbles share a bit. One bit for each high nibble:
// 1: 2_ (" # $ ' ( ))   2: 3_ (; ?)   4: 5_ ([ \ ])   8: 6_ (`)   16: 7_ ({ })   32: 0_ (\n).
// A byte over 0x7f finds 0, as pshufb does for an index with its high bit set.
[[gnu::target("avx2")]] static inline __m256i NotLoneEvents(__m256i bytes) {
  const __m256i by_low = _mm256_setr_epi8(8, 0, 1, 1, 1, 0, 0, 1, 1, 1, 32, 22, 4, 20, 0, 2, //
                                          8, 0, 1, 1, 1, 0, 0, 1, 1, 1, 32, 22, 4, 20, 0, 2);
  const __m256i by_high = _mm256_setr_epi8(32, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0, //
                                           32, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0);
  __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
  __m256i shared =
      _mm256_and_si256(_mm256_shuffle_epi8(by_low, bytes), _mm256_shuffle_epi8(by_high, high));
  return _mm256_cmpeq_epi8(shared, _mm256_setzero_si256());
}

// A distance from `0` of at most 9, unsigned.
[[gnu::target("avx2")]] static inline __m256i Digits(__m256i bytes) {
  __m256i distance = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(distance, _mm256_set1_epi8(9)), distance);
}

// Of 32 bytes; bit i speaks of byte i.
[[gnu::target("avx2")]] static inline uint32_t Events(__m256i here, __m256i next) {
  __m256i lone_return = _mm256_andnot_si256(Equal(next, '\n'), Equal(here, '\r'));
  __m256i diamond = _mm256_and_si256(Equal(here, '<'), Equal(next, '>'));
  __m256i octal = _mm256_and_si256(Equal(here, '0'), Digits(next));
  __m256i letter_l = Equal(_mm256_or_si256(next, _mm256_set1_epi8(0x20)), 'l');
  __m256i big = _mm256_and_si256(Digits(here), letter_l);
  __m256i pairs =
      _mm256_or_si256(_mm256_or_si256(lone_return, diamond), _mm256_or_si256(octal, big));
  return static_cast<uint32_t>(_mm256_movemask_epi8(pairs)) |
         ~static_cast<uint32_t>(_mm256_movemask_epi8(NotLoneEvents(here)));
}

// AppendPlaces without a jump for each event: a block has few, and their number is hard to guess.
// Those that are not there are written too, and overwritten by the next block's.
[[gnu::target("avx2,bmi,popcnt")]] static inline uint32_t *
AppendPlacesAtOnce(uint64_t events, uint32_t begin, uint32_t *out) {
  uint32_t *const end = out + _mm_popcnt_u64(events);
  do {
    for (size_t i = 0; i < kSpareEvents; ++i) {
      out[i] = begin + static_cast<uint32_t>(_tzcnt_u64(events));
      events &= events - 1;
    }
    out += kSpareEvents;
  } while (events != 0);
  return end;
}

[[gnu::target("avx2,bmi,popcnt")]] static FoundEvents FindAvx2(const char *text, size_t blocks,
                                                               uint32_t begin, uint32_t *out) {
  __m256i lowest = _mm256_set1_epi8(-1);
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes, begin += kBlockBytes) {
    const __m256i low = Load(text);
    const __m256i high = Load(text + 32);
    lowest = _mm256_min_epu8(lowest, _mm256_min_epu8(low, high));
    const uint64_t events =
        uint64_t{Events(high, Load(text + 33))} << 32 | Events(low, Load(text + 1));
    out = AppendPlacesAtOnce(events, begin, out);
  }
  return {.end = out, .saw_nul = _mm256_movemask_epi8(Equal(lowest, '\0')) != 0};
}

static bool HasAvx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("popcnt") != 0;
}

SimdLevel BestSimdLevel() {
  static const SimdLevel level = HasAvx2() ? SimdLevel::Avx2 : SimdLevel::Sse2;
  return level;
}

FoundEvents FindEvents(const char *text, size_t blocks, uint32_t begin, uint32_t *events,
                       SimdLevel level) {
  switch (level) {
  case SimdLevel::Avx2:
    return FindAvx2(text, blocks, begin, events);
  case SimdLevel::Sse2:
    return FindSse2(text, blocks, begin, events);
  case SimdLevel::Scalar:
    break;
  }
  return FindScalar(text, blocks, begin, events);
}

#else

SimdLevel BestSimdLevel() {
  return SimdLevel::Scalar;
}

FoundEvents FindEvents(const char *text, size_t blocks, uint32_t begin, uint32_t *events,
                       SimdLevel) {
  return FindScalar(text, blocks, begin, events);
}

#endif

// Counts in bytes, 255 at a time, so that the compiler counts in whole vectors.
template <typename Test> static size_t CountBytes(const char *begin, const char *end, Test test) {
  size_t count = 0;
  while (begin != end) {
    const char *stop = end - begin > 255 ? begin + 255 : end;
    uint8_t few = 0;
    for (; begin != stop; ++begin) {
      few = static_cast<uint8_t>(few + (test(begin) ? 1 : 0));
    }
    count += few;
  }
  return count;
}

size_t CountLineBreaks(const char *begin, const char *end) {
  size_t count = CountBytes(begin, end, [](const char *at) { return *at == '\n'; });
  if (std::memchr(begin, '\r', static_cast<size_t>(end - begin)) != nullptr) {
    count += CountBytes(begin, end, [end](const char *at) {
      return *at == '\r' && (at + 1 == end || at[1] != '\n');
    });
  }
  return count;
}

} // namespace pydefrag
