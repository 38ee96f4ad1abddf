// Three makers of the same masks, held equal by tests. The AVX2 one looks up both nibbles of a byte
// (two pshufb) to find the event bytes at once; SSE2 has no byte shuffle and compares, merging
// bytes that differ in one bit; the scalar one is the reference and serves other architectures.
#include "scan/byte_masks.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

// \r\n is one line break, at its \n; a lone \r is one too. `<` is an event only before `>`.
static void FinishMasks(const char *block, uint64_t line_feeds, uint64_t returns, uint64_t less,
                        uint64_t greater, ByteMasks &masks) {
  masks.newlines = line_feeds;
  if (returns != 0) [[unlikely]] {
    uint64_t next_is_feed = line_feeds >> 1 | uint64_t{block[kBlockBytes] == '\n'} << 63;
    masks.newlines |= returns & ~next_is_feed;
  }
  if (less != 0) {
    masks.events |= less & (greater >> 1 | uint64_t{block[kBlockBytes] == '>'} << 63);
  }
  masks.events |= masks.newlines;
}

static constexpr std::array<bool, 256> MakeEventTable() {
  std::array<bool, 256> table{};
  for (char c : {'"', '#', '$', '\'', '(', ')', ';', '?', '[', '\\', ']', '`', '{', '}'}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

static constexpr std::array<bool, 256> kIsEvent = MakeEventTable();

static bool ClassifyScalar(const char *text, size_t blocks, ByteMasks *masks) {
  bool nul = false;
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    ByteMasks out = {};
    uint64_t line_feeds = 0;
    uint64_t returns = 0;
    uint64_t less = 0;
    uint64_t greater = 0;
    for (size_t i = 0; i < kBlockBytes; ++i) {
      char c = text[i];
      out.events |= uint64_t{kIsEvent[static_cast<unsigned char>(c)]} << i;
      out.single_quotes |= uint64_t{c == '\''} << i;
      out.double_quotes |= uint64_t{c == '"'} << i;
      out.backslashes |= uint64_t{c == '\\'} << i;
      out.nonspace |= uint64_t{c != ' '} << i;
      line_feeds |= uint64_t{c == '\n'} << i;
      returns |= uint64_t{c == '\r'} << i;
      less |= uint64_t{c == '<'} << i;
      greater |= uint64_t{c == '>'} << i;
      nul |= c == '\0';
    }
    FinishMasks(text, line_feeds, returns, less, greater, out);
    masks[block] = out;
  }
  return nul;
}

#if defined(__x86_64__)

struct Sse2Block {
  __m128i part[4];

  explicit Sse2Block(const char *text) {
    for (size_t i = 0; i < 4; ++i) {
      part[i] = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + 16 * i));
    }
  }

  template <typename Test> uint64_t Mask(Test test) const {
    uint64_t mask = 0;
    for (size_t i = 0; i < 4; ++i) {
      auto bits = static_cast<uint32_t>(_mm_movemask_epi8(test(part[i])));
      mask |= uint64_t{bits} << (16 * i);
    }
    return mask;
  }

  uint64_t Equal(char c) const {
    __m128i wanted = _mm_set1_epi8(c);
    return Mask([wanted](__m128i bytes) { return _mm_cmpeq_epi8(bytes, wanted); });
  }
};

// Bytes that are `c` once the bits of `merged` are set.
static __m128i EqualMerged(__m128i bytes, char merged, char c) {
  return _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(merged)), _mm_set1_epi8(c));
}

static __m128i EventsSse2(__m128i bytes) {
  __m128i events = EqualMerged(bytes, 1, '#');                  // " #
  events = _mm_or_si128(events, EqualMerged(bytes, 1, ')'));    // ( )
  events = _mm_or_si128(events, EqualMerged(bytes, 4, '?'));    // ; ?
  events = _mm_or_si128(events, EqualMerged(bytes, 0x20, '{')); // [ {
  events = _mm_or_si128(events, EqualMerged(bytes, 0x20, '}')); // ] }
  for (char c : {'$', '\'', '\\', '`'}) {
    events = _mm_or_si128(events, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
  }
  return events;
}

static bool ClassifySse2(const char *text, size_t blocks, ByteMasks *masks) {
  __m128i lowest = _mm_set1_epi8(-1);
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    Sse2Block in(text);
    for (__m128i part : in.part) {
      lowest = _mm_min_epu8(lowest, part);
    }
    ByteMasks &out = masks[block];
    out.events = in.Mask(EventsSse2);
    out.single_quotes = in.Equal('\'');
    out.double_quotes = in.Equal('"');
    out.backslashes = in.Equal('\\');
    out.nonspace = ~in.Equal(' ');
    FinishMasks(text, in.Equal('\n'), in.Equal('\r'), in.Equal('<'), in.Equal('>'), out);
  }
  return _mm_movemask_epi8(_mm_cmpeq_epi8(lowest, _mm_setzero_si128())) != 0;
}

[[gnu::target("avx2")]] static inline uint64_t Join(__m256i low, __m256i high) {
  auto low_bits = static_cast<uint32_t>(_mm256_movemask_epi8(low));
  auto high_bits = static_cast<uint32_t>(_mm256_movemask_epi8(high));
  return uint64_t{high_bits} << 32 | low_bits;
}

[[gnu::target("avx2")]] static inline uint64_t EqualAvx2(__m256i low, __m256i high, char c) {
  __m256i wanted = _mm256_set1_epi8(c);
  return Join(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

// A byte is an event when the entries for its two nibbles share a bit. One bit for each high
// nibble: 1: 2_ (" # $ ' ( ))   2: 3_ (; ?)   4: 5_ ([ \ ])   8: 6_ (`)   16: 7_ ({ }). A byte over
// 0x7f finds 0, as pshufb does for an index with its high bit set.
[[gnu::target("avx2")]] static inline __m256i NotEventsAvx2(__m256i bytes) {
  const __m256i by_low = _mm256_setr_epi8(8, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 22, 4, 20, 0, 2, //
                                          8, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 22, 4, 20, 0, 2);
  const __m256i by_high = _mm256_setr_epi8(0, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0, //
                                           0, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0);
  __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
  __m256i shared =
      _mm256_and_si256(_mm256_shuffle_epi8(by_low, bytes), _mm256_shuffle_epi8(by_high, high));
  return _mm256_cmpeq_epi8(shared, _mm256_setzero_si256());
}

[[gnu::target("avx2")]] static bool ClassifyAvx2(const char *text, size_t blocks,
                                                 ByteMasks *masks) {
  __m256i lowest = _mm256_set1_epi8(-1);
  for (size_t block = 0; block < blocks; ++block, text += kBlockBytes) {
    __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text));
    __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + 32));
    lowest = _mm256_min_epu8(lowest, _mm256_min_epu8(low, high));
    ByteMasks &out = masks[block];
    out.events = ~Join(NotEventsAvx2(low), NotEventsAvx2(high));
    out.single_quotes = EqualAvx2(low, high, '\'');
    out.double_quotes = EqualAvx2(low, high, '"');
    out.backslashes = EqualAvx2(low, high, '\\');
    out.nonspace = ~EqualAvx2(low, high, ' ');
    FinishMasks(text, EqualAvx2(low, high, '\n'), EqualAvx2(low, high, '\r'),
                EqualAvx2(low, high, '<'), EqualAvx2(low, high, '>'), out);
  }
  __m256i zero = _mm256_cmpeq_epi8(lowest, _mm256_setzero_si256());
  return _mm256_movemask_epi8(zero) != 0;
}

SimdLevel BestSimdLevel() {
  static const SimdLevel level =
      __builtin_cpu_supports("avx2") != 0 ? SimdLevel::Avx2 : SimdLevel::Sse2;
  return level;
}

bool ClassifyBlocks(const char *text, size_t blocks, ByteMasks *masks, SimdLevel level) {
  switch (level) {
  case SimdLevel::Avx2:
    return ClassifyAvx2(text, blocks, masks);
  case SimdLevel::Sse2:
    return ClassifySse2(text, blocks, masks);
  case SimdLevel::Scalar:
    break;
  }
  return ClassifyScalar(text, blocks, masks);
}

#else

SimdLevel BestSimdLevel() {
  return SimdLevel::Scalar;
}

bool ClassifyBlocks(const char *text, size_t blocks, ByteMasks *masks, SimdLevel) {
  return ClassifyScalar(text, blocks, masks);
}

#endif

size_t CountLineBreaks(const char *begin, const char *end) {
  size_t count = 0;
  bool returns = false;
  for (const char *at = begin; at != end; ++at) {
    count += *at == '\n';
    returns |= *at == '\r';
  }
  if (returns) {
    for (const char *at = begin; at != end; ++at) {
      count += *at == '\r' && (at + 1 == end || at[1] != '\n');
    }
  }
  return count;
}

} // namespace pydefrag
