// Relevance: see relevance.h. A statement is kept for what it is, for a word of interest in it, or
// because something kept needs it: the headers above, the arms before it in its if/try chain, the
// handlers of a try. O(bytes + statements).
#include "scan/outline/relevance.h"

#include "scan/lines/bytes.h"
#include "scan/lines/split.h"
#include "scan/words/words.h"

#include <algorithm>

namespace pydefrag {

namespace {

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

llvm::StringRef FunctionName(llvm::StringRef header) {
  header.consume_front("async");
  header = header.ltrim();
  header.consume_front("def");
  header = header.ltrim();
  return header.take_while(IsWordByte);
}

// Whether a glance tells that the function is called neither `__getattr__` nor `__dir__`.
bool IsSurelyOrdinary(llvm::StringRef header) {
  header.consume_front("async ");
  return header.consume_front("def ") && IsWordByte(header.front()) &&
         !header.starts_with("__getattr__") && !header.starts_with("__dir__");
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
    return item.interesting ||
           (!item.in_function && !IsPlainLiteral(text, {item.head, item.text_end}));
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

// Whether the statement may give the module names that stand in literals elsewhere in the file.
// Objects get attributes by setattr in many functions; a module mostly at its own level.
bool ServesNames(llvm::StringRef words, bool in_function) {
  constexpr llvm::StringLiteral kServers[] = {
      "__getattr__", "globals(",    "locals(",     "vars(",       "sys.modules",
      "_LazyModule", "lazy_loader", "lazy.attach", "lazy_import", "_import_structure"};
  return (!in_function && words.contains("setattr(")) ||
         std::any_of(std::begin(kServers), std::end(kServers),
                     [words](llvm::StringRef server) { return words.contains(server); });
}

} // namespace

bool KeepsWholeBody(llvm::StringRef text, const Outline &outline, const OutlineItem &item,
                    const std::vector<llvm::StringRef> &hooks) {
  if (item.kind != StatementKind::Function) {
    return false;
  }
  const llvm::StringRef header = TextOf(text, item);
  if (hooks.empty() && IsSurelyOrdinary(header)) {
    return false;
  }
  const llvm::StringRef name = FunctionName(header);
  if (!item.in_class) {
    return name == "__getattr__" || name == "__dir__" ||
           std::find(hooks.begin(), hooks.end(), name) != hooks.end();
  }
  // An instance may be what the module's own hook asks, or what is put in the module's place.
  return name == "__getattr__" && item.parent >= 0 &&
         (TextOf(text, outline.items[static_cast<size_t>(item.parent)]).contains("ModuleType") ||
          text.contains("\ndef __getattr__(") || text.contains("sys.modules[__name__] ="));
}

// `serve` of `__getattr__ = serve`, where the text begins so. Longer chains of names count as well.
static llvm::StringRef AssignedToHook(llvm::StringRef text) {
  constexpr llvm::StringLiteral kBetween = " \t\f\r\n\\(";
  if (!text.consume_front("__getattr__")) {
    return {};
  }
  text = text.ltrim(kBetween);
  return text.consume_front("=") ? text.ltrim(kBetween).take_while(IsWordByte) : llvm::StringRef();
}

void InterestFinder::Reset(llvm::StringRef text) {
  FindWords(text, offsets_);
  next_ = 0;
  hooks_.clear();
  for (uint32_t offset : offsets_) {
    if (const llvm::StringRef name = AssignedToHook(text.substr(offset)); !name.empty()) {
      hooks_.push_back(name);
    }
  }
}

bool InterestFinder::In(uint32_t begin, uint32_t end) {
  while (next_ < offsets_.size() && offsets_[next_] < begin) {
    ++next_;
  }
  while (next_ > 0 && offsets_[next_ - 1] >= begin) {
    --next_;
  }
  return next_ < offsets_.size() && offsets_[next_] < end;
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
      outline.keep_literals = ServesNames(words, item.in_function);
    }
  }
}

void KeepRelevant(llvm::StringRef text, Outline &outline, RelevanceScratch &scratch) {
  std::vector<uint8_t> &keep = scratch.keep;
  keep.assign(outline.items.size(), 0);
  for (size_t i = 0; i < outline.items.size(); ++i) {
    OutlineItem &item = outline.items[i];
    item.interesting = scratch.interest.In(item.begin, item.text_end);
    if (KeepsItself(text, outline, item)) {
      keep[i] = 1;
    }
    if (KeepsWholeBody(text, outline, item, scratch.interest.hooks())) {
      KeepSubtree(outline, i, keep);
      for (size_t inner = i + 1; inner < item.subtree_end; ++inner) {
        outline.items[inner].in_hook = true;
      }
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
