// One pass over the lines with a small state per exception. A chain is cut into segments at
// CPython's two sentences ("The above exception was the direct cause ...", "During handling ...").
// In a group every margin (`  | `) is one level; what is printed under a level is read like a plain
// traceback.
//
//     + Exception Group Traceback (most recent call last):     level 1: the group
//     | ExceptionGroup: both failed (2 sub-exceptions)
//     +-+---------------- 1 ----------------
//       | ImportError: cannot import name ...                  level 2: a member, before the group
//
// Linear in the length of the text.
#include "outcomes/errors/traceback.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/traceback_segment.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>
#include <utility>

namespace pydefrag {
namespace {

constexpr llvm::StringLiteral kCauseSentence =
    "The above exception was the direct cause of the following exception:";
constexpr llvm::StringLiteral kContextSentence =
    "During handling of the above exception, another exception occurred:";

std::optional<ErrorLink> LinkOfSentence(llvm::StringRef line) {
  const llvm::StringRef text = line.trim();
  if (text == kCauseSentence) {
    return ErrorLink::CauseOf;
  }
  return text == kContextSentence ? std::optional(ErrorLink::ContextOf) : std::nullopt;
}

// The segments of one level, joined by CPython's sentences.
class ChainReader {
public:
  bool Line(llvm::StringRef line) {
    if (const std::optional<ErrorLink> link = LinkOfSentence(line)) {
      Close(*link);
      return true;
    }
    return reader_.Line(line);
  }

  // The segments so far; the last one is linked outwards by `link`.
  void Finish(ErrorLink link, std::vector<ErrorSegment> &into) {
    if (reader_.HasContent() || segments_.empty()) {
      Close(link);
    }
    for (ErrorSegment &segment : segments_) {
      if (into.size() < kMaxSegments) {
        into.push_back(std::move(segment));
      }
    }
    *this = ChainReader();
  }

  bool HasContent() const { return reader_.HasContent() || !segments_.empty(); }

private:
  void Close(ErrorLink link) {
    ErrorSegment segment = reader_.Finish();
    segment.link = link;
    if (segments_.size() < kMaxSegments) {
      segments_.push_back(std::move(segment));
    }
    reader_ = SegmentReader();
  }

  SegmentReader reader_;
  std::vector<ErrorSegment> segments_;
};

// A line of a group: how deep its margin is, and what stands behind it.
struct MarginLine {
  enum class Kind : uint8_t { Text, GroupHead, MemberHead, End } kind = Kind::Text;
  size_t level = 0; // 0: no margin
  llvm::StringRef content;
};

MarginLine ReadMargin(llvm::StringRef line) {
  MarginLine result;
  result.content = line;
  const size_t indent = line.find_first_not_of(' ');
  if (indent == llvm::StringRef::npos || indent < 2) {
    // JUnit bodies are trimmed: the first head may stand at the margin.
    if (line.starts_with("+ Exception Group Traceback")) {
      result = {MarginLine::Kind::GroupHead, 1, line.drop_front(2)};
    }
    return result;
  }
  const llvm::StringRef rest = line.drop_front(indent);
  const size_t level = indent / 2;
  if (rest.starts_with("| ") || rest == "|") {
    result.level = level;
    result.content = rest.drop_front(std::min<size_t>(rest.size(), 2));
  } else if (rest.starts_with("+ Exception Group Traceback")) {
    result = {MarginLine::Kind::GroupHead, level, rest.drop_front(2)};
  } else if (rest.starts_with("+-+------") || rest.starts_with("+------")) {
    const bool opens = rest.starts_with("+-+");
    const bool ends = rest.find_first_not_of("+-") == llvm::StringRef::npos;
    result.level = opens ? level + 1 : level;
    result.kind = ends ? MarginLine::Kind::End : MarginLine::Kind::MemberHead;
  }
  return result;
}

class GroupReader {
public:
  GroupReader() : levels_(1) {}

  bool Line(llvm::StringRef text) {
    const MarginLine line = ReadMargin(text);
    const bool is_blank = line.level == 0 && line.content.trim().empty();
    if (is_blank || line.level > kMaxLevels) {
      return true;
    }
    switch (line.kind) {
    case MarginLine::Kind::MemberHead:
    case MarginLine::Kind::End:
      CloseDownTo(line.level);
      return true;
    case MarginLine::Kind::GroupHead:
      // What a chain printed before the group stands one level further out and is complete.
      CloseDownTo(line.level);
      Open(line.level);
      if (line.level > 0 && levels_[line.level - 1].HasContent() && !in_group_[line.level - 1]) {
        levels_[line.level - 1].Finish(ErrorLink::ContextOf, chain_.segments);
      }
      in_group_[line.level] = true;
      return levels_[line.level].Line(line.content);
    case MarginLine::Kind::Text:
      CloseDownTo(line.level + 1);
      Open(line.level);
      if (LinksFinished(line)) {
        return true;
      }
      return levels_[line.level].Line(line.content);
    }
    return true;
  }

  ErrorChain Finish() {
    CloseDownTo(0);
    if (!chain_.segments.empty()) {
      chain_.segments.back().link = ErrorLink::Final;
    }
    return std::move(chain_);
  }

private:
  static constexpr size_t kMaxLevels = 64;

  void Open(size_t level) {
    while (levels_.size() <= level) {
      levels_.emplace_back();
    }
    in_group_.resize(std::max(in_group_.size(), levels_.size()));
  }

  // A sentence after a whole group speaks of what was written last.
  bool LinksFinished(const MarginLine &line) {
    const std::optional<ErrorLink> link = LinkOfSentence(line.content);
    if (!link || levels_[line.level].HasContent() || chain_.segments.empty()) {
      return false;
    }
    chain_.segments.back().link = *link;
    return true;
  }

  // Members come before the group that holds them: the deepest level is written first.
  void CloseDownTo(size_t level) {
    while (levels_.size() > level) {
      const size_t last = levels_.size() - 1;
      if (levels_[last].HasContent()) {
        const size_t from = chain_.segments.size();
        levels_[last].Finish(last > 1 ? ErrorLink::MemberOf : ErrorLink::Final, chain_.segments);
        SplitBareMembers(from);
      }
      levels_.pop_back();
    }
    in_group_.resize(levels_.size());
  }

  // A member that was never raised is one line: "ImportError: no".
  void SplitBareMembers(size_t from) {
    for (ErrorSegment &segment : llvm::MutableArrayRef(chain_.segments).drop_front(from)) {
      const TypedMessage typed = SplitTyped(segment.message);
      if (segment.type.empty() && !typed.type.empty()) {
        segment.type = typed.type.str();
        segment.message = typed.message.str();
      }
    }
  }

  std::vector<ChainReader> levels_;
  std::vector<bool> in_group_;
  ErrorChain chain_;
};

bool HoldsGroup(llvm::StringRef text) {
  return text.contains("+ Exception Group Traceback (most recent call last)");
}

} // namespace

std::string CutMessage(llvm::StringRef message) {
  if (message.size() <= kMaxMessage) {
    return message.str();
  }
  size_t end = kMaxMessage;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) {
    --end;
  }
  return message.take_front(end).str();
}

ErrorChain ParseErrorText(llvm::StringRef text) {
  if (text.trim().empty()) {
    return ErrorChain();
  }
  const bool is_group = HoldsGroup(text);
  GroupReader group;
  ChainReader chain;
  while (!text.empty()) {
    llvm::StringRef line;
    std::tie(line, text) = text.split('\n');
    line = line.rtrim('\r');
    if (!(is_group ? group.Line(line) : chain.Line(line))) {
      break;
    }
  }
  if (is_group) {
    return group.Finish();
  }
  ErrorChain result;
  chain.Finish(ErrorLink::Final, result.segments);
  return result;
}

ErrorChain ParseErrorMessage(llvm::StringRef text) {
  ErrorChain result;
  const llvm::StringRef trimmed = text.trim();
  if (trimmed.empty()) {
    return result;
  }
  const TypedMessage typed = SplitTyped(trimmed);
  ErrorSegment segment;
  segment.type = typed.type.str();
  segment.message = CutMessage(typed.message);
  result.segments.push_back(std::move(segment));
  return result;
}

} // namespace pydefrag
