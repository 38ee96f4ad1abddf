#include "scan/words/mentions.h"

#include "scan/lines/bytes.h"
#include "scan/lines/line_lexer.h"

#include "llvm/ADT/STLExtras.h"

#include <iterator>
#include <utility>

namespace pydefrag {
namespace {

// Offsets of the wanted names, ascending. In strings and comments too.
std::vector<uint32_t> FindMentions(llvm::StringRef text,
                                   llvm::function_ref<bool(llvm::StringRef)> wanted) {
  std::vector<uint32_t> mentions;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && IsWordByte(text[end])) {
      ++end;
    }
    if (end > begin && wanted(text.slice(begin, end))) {
      mentions.push_back(static_cast<uint32_t>(begin));
    }
    begin = end + 1;
  }
  return mentions;
}

class Keeper {
public:
  Keeper(llvm::StringRef text, const std::vector<LogicalLine> &lines,
         std::vector<uint32_t> mentions)
      : text_(text), lines_(lines), mentions_(std::move(mentions)) {}

  Excerpt Run() && {
    for (size_t i = 0; i < lines_.size();) {
      const size_t header = HeaderAt(i);
      const size_t behind = EndOfBlock(header);
      if (!IsDropped(i, header, behind)) {
        for (; i <= header; ++i) {
          Keep(lines_[i]);
        }
        continue;
      }
      if (IsFirstOfBlock(i)) {
        Keep(lines_[i], "0");
      }
      i = IsDefinition(header) ? behind : i + 1;
    }
    return std::move(kept_);
  }

private:
  // The line itself; of a decorator, the header of what it decorates.
  size_t HeaderAt(size_t i) const {
    while (lines_[i].keyword == Keyword::Decorator && i + 1 < lines_.size()) {
      ++i;
    }
    return i;
  }

  size_t EndOfBlock(size_t header) const {
    size_t behind = header + 1;
    while (behind < lines_.size() && lines_[behind].level > lines_[header].level) {
      ++behind;
    }
    return behind;
  }

  bool IsDefinition(size_t i) const {
    return lines_[i].keyword == Keyword::Def || lines_[i].keyword == Keyword::Class;
  }

  bool IsFirstOfBlock(size_t i) const { return i == 0 || lines_[i - 1].level < lines_[i].level; }

  bool IsMentioned(size_t first, size_t last) const {
    const auto mention = llvm::lower_bound(mentions_, lines_[first].begin);
    return mention != mentions_.end() && *mention < lines_[last].end;
  }

  bool IsDropped(size_t i, size_t header, size_t behind) const {
    if (IsDefinition(header)) {
      return !IsMentioned(i, behind - 1);
    }
    return i == header && behind == header + 1 && IsSimple(lines_[i].keyword) && !IsMentioned(i, i);
  }

  // Clauses depend on each other: `if` and `else`, `try` and `except`, decorators and their `def`.
  static bool IsSimple(Keyword keyword) {
    switch (keyword) {
    case Keyword::Decorator:
    case Keyword::Async:
    case Keyword::Case:
    case Keyword::Class:
    case Keyword::Def:
    case Keyword::Elif:
    case Keyword::Else:
    case Keyword::Except:
    case Keyword::Finally:
    case Keyword::For:
    case Keyword::If:
    case Keyword::Match:
    case Keyword::Try:
    case Keyword::While:
    case Keyword::With:
      return false;
    default:
      return true;
    }
  }

  void Keep(const LogicalLine &line) { Keep(line, text_.slice(line.begin, line.end)); }

  void Keep(const LogicalLine &line, llvm::StringRef said) {
    size_t indent = line.begin;
    while (indent > 0 && IsBlank(text_[indent - 1])) {
      --indent;
    }
    kept_.pieces.push_back({static_cast<uint32_t>(kept_.text.size()), //
                            static_cast<uint32_t>(indent)});
    kept_.text += text_.slice(indent, line.begin);
    kept_.text += said;
    kept_.text += '\n';
  }

  static bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

  llvm::StringRef text_;
  const std::vector<LogicalLine> &lines_;
  std::vector<uint32_t> mentions_;
  Excerpt kept_;
};

} // namespace

uint32_t Excerpt::OriginOf(uint32_t at) const {
  const auto behind =
      llvm::partition_point(pieces, [&](const Piece &piece) { return piece.begin <= at; });
  return behind == pieces.begin() ? at
                                  : std::prev(behind)->origin + (at - std::prev(behind)->begin);
}

Excerpt KeepMentions(llvm::StringRef text, llvm::function_ref<bool(llvm::StringRef)> wanted) {
  Lines lines;
  LexLines(text, lines);
  if (lines.status != LexStatus::Certain) {
    return {text.str(), {}};
  }
  return Keeper(text, lines.lines, FindMentions(text, wanted)).Run();
}

} // namespace pydefrag
