// Relevance: see relevance.h. A statement is kept for what it is, for a word of interest in it, or
// because something kept needs it: the headers above, the arms before it in its if/try chain, the
// handlers of a try.
//
// The words are found by a table of byte pairs: one look-up a byte, and only where a pair begins a
// word are the words compared. O(bytes + statements).
#include "scan/relevance.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pydefrag {

namespace {

enum class Bound : uint8_t {
  None,  // anywhere
  Left,  // no identifier character before
  Both,  // nor behind
  Warn,  // `warn`, but not the logging method `warning`
  Patch, // `patch`, but neither `dispatch` nor `patches`
};

struct Word {
  llvm::StringLiteral text;
  Bound bound;
};

// Lower case first letters only, but for `deprecat`, which is found in both cases.
constexpr std::array<Word, 26> kWords = {{
    {"import_", Bound::None},       {"importlib", Bound::None},
    {"importorskip", Bound::None},  {"__import__", Bound::None},
    {"find_spec", Bound::None},     {"resolve_name", Bound::None},
    {"create_module", Bound::None}, {"exec_module", Bound::None},
    {"spec_from_", Bound::None},    {"warn", Bound::Warn},
    {"deprecat", Bound::None},      {"Deprecat", Bound::None},
    {"DEPRECAT", Bound::None},      {"patch", Bound::Patch},
    {"setattr", Bound::None},       {"sys.", Bound::Left},
    {"globals", Bound::Both},       {"exec", Bound::Both},
    {"runpy", Bound::Left},         {"addsitedir", Bound::None},
    {"__getattr__", Bound::None},   {"__path__", Bound::None},
    {"autodiscover", Bound::None},  {"DJANGO_SETTINGS_MODULE", Bound::None},
    {"lazy", Bound::None},          {"Lazy", Bound::None},
}};

bool IsIdentifierByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// One bit for each pair of bytes that begins a word.
struct PairTable {
  std::array<uint8_t, 65536 / 8> bits{};
  constexpr PairTable() {
    for (const Word &word : kWords) {
      const unsigned pair = Pair(word.text.data()[0], word.text.data()[1]);
      bits[pair / 8] = static_cast<uint8_t>(bits[pair / 8] | (1u << (pair % 8)));
    }
  }
  static constexpr unsigned Pair(char a, char b) {
    return static_cast<unsigned char>(a) |
           (static_cast<unsigned>(static_cast<unsigned char>(b)) << 8);
  }
  bool Has(char a, char b) const {
    const unsigned pair = Pair(a, b);
    return (bits[pair / 8] >> (pair % 8)) & 1u;
  }
};

constexpr PairTable kPairs;

bool BoundHolds(Bound bound, llvm::StringRef text, size_t begin, size_t end) {
  const char before = begin == 0 ? ' ' : text[begin - 1];
  const llvm::StringRef behind = text.substr(end);
  switch (bound) {
  case Bound::None:
    return true;
  case Bound::Left:
    return !IsIdentifierByte(before);
  case Bound::Both:
    return !IsIdentifierByte(before) && (behind.empty() || !IsIdentifierByte(behind[0]));
  case Bound::Warn:
    return !behind.starts_with("ing") || behind.starts_with("ings");
  case Bound::Patch:
    return !text.substr(0, begin).ends_with("dis") && !behind.starts_with("e");
  }
  return false;
}

bool IsChainMember(StatementKind kind) {
  switch (kind) {
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::Except:
  case StatementKind::ExceptStar:
  case StatementKind::Finally:
    return true;
  default:
    return false;
  }
}

bool IsHandler(StatementKind kind) {
  return kind == StatementKind::Except || kind == StatementKind::ExceptStar;
}

llvm::StringRef TextOf(llvm::StringRef text, const OutlineItem &item) {
  return text.slice(item.head, item.text_end);
}

// A statement that is one literal: a docstring, `...`, a number. It does nothing.
bool IsPlainLiteral(llvm::StringRef text) {
  const size_t prefix = std::min(text.find_first_not_of("rRbBuU"), text.size());
  const llvm::StringRef body = text.substr(prefix);
  if (prefix > 2 || body.empty()) {
    return false;
  }
  if (body == "..." ||
      (prefix == 0 && text.find_first_not_of("0123456789._") == llvm::StringRef::npos)) {
    return true;
  }
  const char quote = body[0];
  if (quote != '"' && quote != '\'') {
    return false;
  }
  const bool triple = body.size() >= 6 && body[1] == quote && body[2] == quote;
  for (size_t i = triple ? 3 : 1; i < body.size(); ++i) {
    if (body[i] == '\\') {
      ++i;
    } else if (body[i] == quote &&
               (!triple || (i + 2 < body.size() && body[i + 1] == quote && body[i + 2] == quote))) {
      return i + (triple ? 3 : 1) == body.size();
    }
  }
  return false;
}

llvm::StringRef FunctionName(llvm::StringRef header) {
  header.consume_front("async");
  header = header.ltrim();
  header.consume_front("def");
  header = header.ltrim();
  return header.take_while(IsIdentifierByte);
}

bool IsModuleGetattr(llvm::StringRef text, const OutlineItem &item) {
  return item.kind == StatementKind::Function && !item.in_function && !item.in_class &&
         FunctionName(TextOf(text, item)) == "__getattr__";
}

// Whether the item is kept for its own sake.
bool KeepsItself(llvm::StringRef text, const Outline &outline, const OutlineItem &item) {
  switch (item.kind) {
  case StatementKind::Import:
  case StatementKind::FromImport:
  case StatementKind::Global:
    return true;
  case StatementKind::Pass: {
    const bool in_handler =
        item.parent >= 0 && IsHandler(outline.items[static_cast<size_t>(item.parent)].kind);
    return !item.in_function && (in_handler || TextOf(text, item) != "pass");
  }
  case StatementKind::Expression:
  case StatementKind::Docstring:
    return item.interesting || (!item.in_function && !IsPlainLiteral(TextOf(text, item)));
  default:
    return item.interesting || !item.in_function;
  }
}

void KeepSubtree(const Outline &outline, size_t index, std::vector<uint8_t> &keep) {
  std::fill(keep.begin() + static_cast<ptrdiff_t>(index),
            keep.begin() + outline.items[index].subtree_end, uint8_t{1});
}

// The handlers of a try whose body holds something kept, with all that stands in them; the other
// arms' headers.
void KeepHandlers(const Outline &outline, size_t index, std::vector<uint8_t> &keep) {
  const OutlineItem &header = outline.items[index];
  const auto body = keep.begin() + static_cast<ptrdiff_t>(index) + 1;
  if (std::find(body, keep.begin() + header.subtree_end, uint8_t{1}) ==
      keep.begin() + header.subtree_end) {
    return;
  }
  for (size_t next = header.subtree_end; next < outline.items.size();
       next = outline.items[next].subtree_end) {
    const OutlineItem &arm = outline.items[next];
    if (arm.parent != header.parent || !IsChainMember(arm.kind)) {
      return;
    }
    if (IsHandler(arm.kind)) {
      KeepSubtree(outline, next, keep);
    } else {
      keep[next] = 1;
    }
  }
}

bool ServesNames(llvm::StringRef words) {
  return words.contains("__getattr__") || words.contains("globals()") ||
         words.contains("sys.modules[__name__]") || words.contains("_LazyModule") ||
         words.contains("lazy_loader") || words.contains("lazy.attach");
}

} // namespace

bool IsWordOfInterest(llvm::StringRef text, size_t begin) {
  const llvm::StringRef rest = text.substr(begin);
  for (const Word &word : kWords) {
    if (rest.starts_with(word.text) &&
        BoundHolds(word.bound, text, begin, begin + word.text.size())) {
      return true;
    }
  }
  return false;
}

void InterestFinder::Reset(llvm::StringRef text) {
  offsets_.clear();
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (kPairs.Has(text[i], text[i + 1]) && IsWordOfInterest(text, i)) {
      offsets_.push_back(static_cast<uint32_t>(i));
    }
  }
}

bool InterestFinder::In(uint32_t begin, uint32_t end) const {
  const auto it = std::lower_bound(offsets_.begin(), offsets_.end(), begin);
  return it != offsets_.end() && *it < end;
}

// Links each item to the sibling before it.
static void LinkSiblings(const Outline &outline, std::vector<int32_t> &previous) {
  previous.assign(outline.items.size(), -1);
  for (size_t i = 0; i < outline.items.size(); ++i) {
    const size_t next = outline.items[i].subtree_end;
    if (next < outline.items.size() && outline.items[next].parent == outline.items[i].parent) {
      previous[next] = static_cast<int32_t>(i);
    }
  }
}

static void Compact(Outline &outline, const std::vector<uint8_t> &keep,
                    std::vector<uint32_t> &new_index) {
  const size_t count = outline.items.size();
  new_index.resize(count + 1);
  uint32_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    new_index[i] = kept;
    kept += keep[i];
  }
  new_index[count] = kept;
  for (size_t i = 0; i < count; ++i) {
    if (keep[i] == 0) {
      continue;
    }
    OutlineItem item = outline.items[i];
    item.subtree_end = new_index[item.subtree_end];
    item.parent =
        item.parent < 0 ? -1 : static_cast<int32_t>(new_index[static_cast<size_t>(item.parent)]);
    outline.items[new_index[i]] = item;
  }
  outline.items.resize(kept);
}

// What the file as a whole says, from the statements that are kept.
static void SetFileFlags(llvm::StringRef text, Outline &outline) {
  for (const OutlineItem &item : outline.items) {
    const llvm::StringRef words = TextOf(text, item);
    if (item.kind == StatementKind::If && item.parent < 0 && words.contains("__name__") &&
        words.contains("__main__")) {
      outline.has_main_guard = true;
    }
    if (item.interesting && !item.in_class && !outline.keep_literals) {
      outline.keep_literals = ServesNames(words);
    }
  }
}

void KeepRelevant(llvm::StringRef text, Outline &outline, RelevanceScratch &scratch) {
  scratch.interest.Reset(text);
  std::vector<uint8_t> &keep = scratch.keep;
  keep.assign(outline.items.size(), 0);
  for (size_t i = 0; i < outline.items.size(); ++i) {
    OutlineItem &item = outline.items[i];
    item.interesting = scratch.interest.In(item.begin, item.text_end);
    if (KeepsItself(text, outline, item)) {
      keep[i] = 1;
    }
    if (IsModuleGetattr(text, item)) {
      KeepSubtree(outline, i, keep);
    }
  }
  // Innermost first, so that what an inner handler keeps counts for the outer try.
  for (size_t i = outline.items.size(); i-- > 0;) {
    if (outline.items[i].kind == StatementKind::Try) {
      KeepHandlers(outline, i, keep);
    }
  }
  LinkSiblings(outline, scratch.previous);
  for (size_t i = outline.items.size(); i-- > 0;) {
    const OutlineItem &item = outline.items[i];
    if (keep[i] == 0) {
      continue;
    }
    if (item.parent >= 0) {
      keep[static_cast<size_t>(item.parent)] = 1;
    }
    if (IsChainMember(item.kind) && scratch.previous[i] >= 0) {
      keep[static_cast<size_t>(scratch.previous[i])] = 1;
    }
  }
  Compact(outline, keep, scratch.new_index);
  SetFileFlags(text, outline);
}

} // namespace pydefrag
