#include "fix/apply.h"

#include "source/source_file.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

static bool Collide(const Edit &a, const Edit &b) {
  const Span x = a.where.span;
  const Span y = b.where.span;
  return x.begin == y.begin || (x.begin < y.end && y.begin < x.end);
}

std::optional<Edit> ChangedPart(Location where, llvm::StringRef text, llvm::StringRef content) {
  const auto in_word = [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '.' || (c & 0x80) != 0;
  };
  const llvm::StringRef old = text.slice(where.span.begin, where.span.end);
  const size_t most = std::min(old.size(), content.size());
  size_t front = 0;
  while (front < most && old[front] == content[front]) {
    ++front;
  }
  while (front > 0 && in_word(old[front - 1])) {
    --front;
  }
  size_t back = 0;
  while (back < most - front && old[old.size() - 1 - back] == content[content.size() - 1 - back]) {
    ++back;
  }
  while (back > 0 && in_word(old[old.size() - back])) {
    --back;
  }
  if (front == old.size() && front == content.size()) {
    return std::nullopt;
  }
  where.span.begin += static_cast<uint32_t>(front);
  where.span.end -= static_cast<uint32_t>(back);
  return Edit{.where = where, .content = content.drop_front(front).drop_back(back).str()};
}

bool AddEdits(std::vector<Edit> &edits, llvm::ArrayRef<Edit> more) {
  for (const Edit &edit : more) {
    // The first that ends behind the beginning of `edit`, and its neighbours, are the only ones
    // that may collide with it.
    auto near = llvm::lower_bound(edits, edit, [](const Edit &a, const Edit &b) {
      return a.where.span.end < b.where.span.begin;
    });
    for (; near != edits.end() && near->where.span.begin <= edit.where.span.end; ++near) {
      if (Collide(*near, edit)) {
        return false;
      }
    }
  }
  edits.insert(edits.end(), more.begin(), more.end());
  llvm::stable_sort(edits, [](const Edit &a, const Edit &b) { return a.where < b.where; });
  return true;
}

std::string ApplyEdits(llvm::StringRef text, llvm::ArrayRef<Edit> edits) {
  std::string result;
  size_t at = 0;
  for (const Edit &edit : edits) {
    result += text.slice(at, edit.where.span.begin);
    result += edit.content;
    at = edit.where.span.end;
  }
  return result + text.drop_front(at).str();
}

std::optional<std::string> EditBytes(llvm::StringRef bytes, llvm::ArrayRef<Edit> edits) {
  const Decoded decoded = DecodeSource(bytes);
  if (decoded.status != DecodeStatus::Ok) {
    return std::nullopt;
  }
  const llvm::StringRef text = decoded.converted ? llvm::StringRef(decoded.text) : bytes;
  const std::optional<std::string> same = EncodeSource(text, bytes);
  if (!same || *same != bytes) {
    return std::nullopt;
  }
  return EncodeSource(ApplyEdits(text, edits), bytes);
}

} // namespace pydefrag
