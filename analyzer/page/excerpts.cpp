#include "page/excerpts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace pydefrag {

static constexpr size_t kMaxSide = 100; // bytes of a line shown before and behind what is marked

static bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

static std::string CutFront(llvm::StringRef text) {
  if (text.size() <= kMaxSide) {
    return text.str();
  }
  text = text.take_back(kMaxSide);
  return ("..." + text.drop_while(IsContinuation)).str();
}

static std::string CutBack(llvm::StringRef text) {
  if (text.size() <= kMaxSide) {
    return text.str();
  }
  size_t end = kMaxSide;
  while (end > 0 && IsContinuation(text[end])) {
    --end;
  }
  return (text.take_front(end) + "...").str();
}

SourceExcerpt Excerpt(const Project &project, SourceCache &sources, Location where) {
  SourceExcerpt excerpt;
  excerpt.path = where.file.valid() ? project.PathOf(where.file).str() : "";
  const SourceText *text = where.file.valid() ? sources.Get(where.file) : nullptr;
  if (!text) {
    return excerpt;
  }
  const LineColumn at = text->At(where.span.begin);
  excerpt.line = at.line;
  excerpt.column = at.column;
  const llvm::StringRef line = text->Line(at.line);
  const size_t begin = std::min<size_t>(where.span.begin - text->LineBegin(at.line), line.size());
  const size_t end = std::min<size_t>(
      std::max(where.span.end, where.span.begin) - text->LineBegin(at.line), line.size());
  if (end <= begin + 1) { // the place is a point: nothing to mark
    excerpt.before = CutBack(line);
    return excerpt;
  }
  excerpt.before = CutFront(line.take_front(begin));
  excerpt.marked = line.slice(begin, end).str();
  excerpt.after = CutBack(line.drop_front(end));
  return excerpt;
}

namespace {

// Edits of one file whose lines touch.
struct Hunk {
  uint32_t first = 0, last = 0; // lines
  llvm::SmallVector<const Edit *, 2> edits;
};

} // namespace

static void AddHunk(const SourceText &text, const Hunk &hunk, llvm::StringRef path,
                    std::vector<DiffLine> &diff) {
  const uint32_t begin = text.LineBegin(hunk.first);
  std::string after;
  uint32_t at = begin;
  for (const Edit *edit : hunk.edits) {
    after += text.text().slice(at, edit->where.span.begin);
    after += edit->content;
    at = edit->where.span.end;
  }
  const llvm::StringRef last = text.Line(hunk.last);
  after += text.text().slice(at, text.LineBegin(hunk.last) + static_cast<uint32_t>(last.size()));
  for (uint32_t line = hunk.first; line <= hunk.last; ++line) {
    diff.push_back({'-', path.str(), line, text.Line(line).str()});
  }
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(after).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    diff.push_back({'+', path.str(), hunk.first, line.rtrim('\r').str()});
  }
}

std::vector<DiffLine> DiffOf(const Project &project, SourceCache &sources, const Fix &fix,
                             size_t limit) {
  std::vector<const Edit *> edits;
  for (const Edit &edit : fix.edits) {
    edits.push_back(&edit);
  }
  llvm::stable_sort(edits, [](const Edit *a, const Edit *b) {
    return std::tie(a->where.file, a->where.span.begin) <
           std::tie(b->where.file, b->where.span.begin);
  });
  std::vector<DiffLine> diff;
  for (size_t i = 0; i < edits.size();) {
    const FileId file = edits[i]->where.file;
    const SourceText *text = sources.Get(file);
    if (!text) {
      return {};
    }
    Hunk hunk;
    hunk.first = hunk.last = text->LineOf(edits[i]->where.span.begin);
    for (; i < edits.size() && edits[i]->where.file == file &&
           text->LineOf(edits[i]->where.span.begin) <= hunk.last;
         ++i) {
      hunk.last = std::max(hunk.last, text->LineOf(edits[i]->where.span.end));
      hunk.edits.push_back(edits[i]);
    }
    AddHunk(*text, hunk, project.PathOf(file), diff);
  }
  diff.resize(std::min(diff.size(), limit));
  return diff;
}

} // namespace pydefrag
