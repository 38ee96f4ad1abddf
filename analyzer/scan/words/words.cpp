// One pass for all words. Each word is looked for by three of its bytes that are rare in Python
// code; a table for each of the three says which groups of words may have that byte there, so the
// AND of three look-ups names the groups whose three bytes may stand here (the idea of "Teddy" in
// Hyperscan). AVX2 looks up 64 places at once, by the nibbles of the bytes; elsewhere by whole
// bytes. Only candidates are compared. Example: "globals" is found by its "bal". O(bytes), about
// 0.3 cycles a byte with AVX2.
#include "scan/words/words.h"

#include "scan/lines/bytes.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

namespace {

enum class Bound : uint8_t {
  None,  // anywhere
  Left,  // no identifier byte before
  Both,  // nor behind
  Warn,  // `warn` but not the logging method `warning`
  Patch, // `patch` but neither `dispatch` nor `patches`
};

struct Word {
  llvm::StringLiteral text;
  Bound bound;
  uint8_t rare;  // offset of the three bytes that it is looked for by
  uint8_t group; // 0 to 7; words with similar bytes share one
};

// The offsets and groups are those with the fewest false candidates over a few thousand files.

// clang-format off
constexpr std::array kWords = {
    // Imports by name, and what loaders do.
    Word{"import_", Bound::None, 4, 6},       // import_module, __import__, import_string, import_object
    Word{"importlib", Bound::None, 4, 6},     // importlib.reload, importlib.util
    Word{"importorskip", Bound::None, 4, 6},  // pytest: imports or skips the test
    Word{"find_spec", Bound::None, 4, 0},     // asks whether a module exists
    Word{"load_source", Bound::None, 4, 0},   // imp.load_source
    Word{"set_source", Bound::None, 3, 0},    // cffi: names a module that a build makes
    Word{"spec_from_", Bound::None, 3, 2},    // importlib.util.spec_from_file_location
    Word{"walk_packages", Bound::None, 0, 6}, // pkgutil: imports all it finds
    Word{"create_module", Bound::None, 10, 3}, // loaders, and the last steps of an import by hand
    Word{"exec_module", Bound::None, 1, 4},
    Word{"load_module", Bound::None, 8, 3},
    Word{"find_module", Bound::None, 8, 3},
    Word{"iter_modules", Bound::None, 8, 3},
    Word{"autodiscover", Bound::None, 7, 7},  // Django, Celery: import submodules by convention
    Word{"resolve_name", Bound::None, 3, 1},  // pkgutil.resolve_name, zope
    Word{"runpy", Bound::Left, 1, 3},
    Word{"exec", Bound::Both, 1, 4},          // may bind anything
    Word{"DJANGO_SETTINGS_MODULE", Bound::None, 14, 2},
    // What a module offers is changed or made on demand.
    Word{"lazy", Bound::None, 0, 7},
    Word{"Lazy", Bound::None, 0, 7},          // lazy loaders by many names
    Word{"globals", Bound::Both, 3, 6},
    Word{"f_globals", Bound::Left, 0, 1},     // names of whoever calls
    Word{"__globals__", Bound::None, 5, 6},   // names of a function's module
    Word{"getmodule", Bound::None, 6, 3},     // inspect.getmodule(frame)
    Word{"vars(", Bound::Left, 0, 1},
    Word{"locals(", Bound::Left, 4, 7},
    Word{"setattr", Bound::None, 1, 5},       // monkeypatch.setattr("a.b.C", ...), setattr(module, ...)
    Word{"__getattr__", Bound::None, 3, 5},
    Word{"__path__", Bound::None, 0, 2},
    Word{"__all__", Bound::None, 4, 2},       // a function that adds to it
    Word{"sys.path", Bound::Left, 1, 0},      // also sys.path_hooks
    Word{"sys.modules", Bound::Left, 7, 3},
    Word{"sys.meta_path", Bound::Left, 1, 0},
    Word{"addsitedir", Bound::None, 2, 7},
    // Tests that name things by string.
    Word{"patch", Bound::Patch, 1, 4},
    // Deprecations.
    Word{"warn", Bound::Warn, 0, 1},          // warnings.warn, _warn, warn_deprecated
    Word{"deprecat", Bound::None, 4, 5},
    Word{"Deprecat", Bound::None, 4, 5},
    Word{"DEPRECAT", Bound::None, 1, 3},
};
// clang-format on

constexpr size_t kRareBytes = 3;

// Which groups may have a byte at each of the three places.
using GroupTable = std::array<std::array<uint8_t, 256>, kRareBytes>;

constexpr GroupTable MakeGroups() {
  GroupTable groups{};
  for (const Word &word : kWords) {
    for (size_t i = 0; i < kRareBytes; ++i) {
      uint8_t &entry = groups[i][static_cast<unsigned char>(word.text.data()[word.rare + i])];
      entry = static_cast<uint8_t>(entry | 1u << word.group);
    }
  }
  return groups;
}

constexpr GroupTable kGroups = MakeGroups();

struct WordList {
  std::array<uint8_t, kWords.size()> indices{};
  size_t count = 0;
};

constexpr std::array<WordList, 8> ListWords() {
  std::array<WordList, 8> lists{};
  for (size_t i = 0; i < kWords.size(); ++i) {
    WordList &list = lists[kWords[i].group];
    list.indices[list.count++] = static_cast<uint8_t>(i);
  }
  return lists;
}

constexpr std::array<WordList, 8> kWordsOfGroup = ListWords();

} // namespace

static bool BoundHolds(Bound bound, llvm::StringRef text, size_t begin, size_t end) {
  const char before = begin == 0 ? ' ' : text[begin - 1];
  const llvm::StringRef behind = text.substr(end);
  switch (bound) {
  case Bound::None:
    return true;
  case Bound::Left:
    return !IsWordByte(before);
  case Bound::Both:
    return !IsWordByte(before) && (behind.empty() || !IsWordByte(behind[0]));
  case Bound::Warn:
    return !behind.starts_with("ing") || behind.starts_with("ings");
  case Bound::Patch:
    return !text.substr(0, begin).ends_with("dis") && !behind.starts_with("e");
  }
  return false;
}

static bool StandsAt(const Word &word, llvm::StringRef text, size_t begin) {
  return text.substr(begin).starts_with(word.text) &&
         BoundHolds(word.bound, text, begin, begin + word.text.size());
}

bool IsWordOfInterest(llvm::StringRef text, size_t begin) {
  for (const Word &word : kWords) {
    if (StandsAt(word, text, begin)) {
      return true;
    }
  }
  return false;
}

// Rare bytes come in order, begins of words nearly so.
static void Insert(std::vector<uint32_t> &begins, uint32_t begin) {
  size_t at = begins.size();
  while (at > 0 && begins[at - 1] > begin) {
    --at;
  }
  if (at == 0 || begins[at - 1] != begin) {
    begins.insert(begins.begin() + static_cast<ptrdiff_t>(at), begin);
  }
}

// Compares the words of `groups` whose rare bytes would stand at `rare`.
static void Compare(llvm::StringRef text, size_t rare, unsigned groups,
                    std::vector<uint32_t> &begins) {
  for (; groups != 0; groups &= groups - 1) {
    const WordList &list = kWordsOfGroup[static_cast<size_t>(std::countr_zero(groups))];
    for (size_t i = 0; i < list.count; ++i) {
      const Word &word = kWords[list.indices[i]];
      if (rare >= word.rare && StandsAt(word, text, rare - word.rare)) {
        Insert(begins, static_cast<uint32_t>(rare - word.rare));
      }
    }
  }
}

static unsigned GroupsAt(const char *at) {
  return kGroups[0][static_cast<unsigned char>(at[0])] &
         kGroups[1][static_cast<unsigned char>(at[1])] &
         kGroups[2][static_cast<unsigned char>(at[2])];
}

static void FindWordsScalar(llvm::StringRef text, size_t from, std::vector<uint32_t> &begins) {
  for (size_t at = from; at + kRareBytes <= text.size(); ++at) {
    if (unsigned groups = GroupsAt(text.data() + at)) [[unlikely]] {
      Compare(text, at, groups, begins);
    }
  }
}

#if defined(__x86_64__)

// For each nibble the groups that have some byte with it; for pshufb twice the same 16 entries.
using NibbleTable = std::array<uint8_t, 32>;

static constexpr NibbleTable FoldLow(const std::array<uint8_t, 256> &groups) {
  NibbleTable table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    table[byte & 15] = static_cast<uint8_t>(table[byte & 15] | groups[byte]);
    table[16 + (byte & 15)] = table[byte & 15];
  }
  return table;
}

static constexpr NibbleTable FoldHigh(const std::array<uint8_t, 256> &groups) {
  NibbleTable table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    table[byte >> 4] = static_cast<uint8_t>(table[byte >> 4] | groups[byte]);
    table[16 + (byte >> 4)] = table[byte >> 4];
  }
  return table;
}

static constexpr std::array<NibbleTable, kRareBytes> kLow = {
    FoldLow(kGroups[0]), FoldLow(kGroups[1]), FoldLow(kGroups[2])};
static constexpr std::array<NibbleTable, kRareBytes> kHigh = {
    FoldHigh(kGroups[0]), FoldHigh(kGroups[1]), FoldHigh(kGroups[2])};

[[gnu::target("avx2")]] static inline __m256i LoadTable(const NibbleTable &table) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(table.data()));
}

// The groups whose i-th rare byte may be the byte at each place. No word has a byte over 0x7f, for
// which pshufb finds 0.
[[gnu::target("avx2")]] static inline __m256i LookUp(const char *at, __m256i low, __m256i high) {
  __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
  __m256i high_nibbles = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
  return _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, high_nibbles));
}

struct NibbleTables {
  __m256i low[kRareBytes];
  __m256i high[kRareBytes];
};

// Where of 32 places the rare bytes of some group may stand; bit i speaks of place i.
[[gnu::target("avx2")]] static inline uint32_t Candidates(const char *at,
                                                          const NibbleTables &tables) {
  __m256i groups = LookUp(at, tables.low[0], tables.high[0]);
  for (size_t i = 1; i < kRareBytes; ++i) {
    groups = _mm256_and_si256(groups, LookUp(at + i, tables.low[i], tables.high[i]));
  }
  __m256i none = _mm256_cmpeq_epi8(groups, _mm256_setzero_si256());
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
}

[[gnu::target("avx2")]] static void FindWordsAvx2(llvm::StringRef text,
                                                  std::vector<uint32_t> &begins) {
  const NibbleTables tables = {{LoadTable(kLow[0]), LoadTable(kLow[1]), LoadTable(kLow[2])},
                               {LoadTable(kHigh[0]), LoadTable(kHigh[1]), LoadTable(kHigh[2])}};
  size_t at = 0;
  for (; at + 64 + kRareBytes <= text.size(); at += 64) {
    const char *bytes = text.data() + at;
    uint64_t candidates =
        uint64_t{Candidates(bytes + 32, tables)} << 32 | Candidates(bytes, tables);
    for (; candidates != 0; candidates &= candidates - 1) {
      auto place = at + static_cast<size_t>(std::countr_zero(candidates));
      if (unsigned exact = GroupsAt(text.data() + place)) {
        Compare(text, place, exact, begins);
      }
    }
  }
  FindWordsScalar(text, at, begins);
}

#endif

void FindWords(llvm::StringRef text, std::vector<uint32_t> &begins, SimdLevel level) {
  begins.clear();
#if defined(__x86_64__)
  if (level == SimdLevel::Avx2) {
    return FindWordsAvx2(text, begins);
  }
#else
  static_cast<void>(level);
#endif
  FindWordsScalar(text, 0, begins);
}

} // namespace pydefrag
