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
#include "outcomes/traceback.h"

#include "outcomes/python_errors.h"

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

// Where one exception's text is being read.
class SegmentReader {
public:
  // Returns false when the line ends everything that is of interest (captured output).
  bool Line(llvm::StringRef line);
  bool HasContent() const {
    return !segment_.frames.empty() || !text_.empty() || !message_.empty() || has_type_line_;
  }
  ErrorSegment Finish();

private:
  enum class Mode : uint8_t { Prose, Error, Native, NativeMessage };

  void ErrorLine(llvm::StringRef line);
  void NativeLine(llvm::StringRef line);
  void AddFrame(llvm::StringRef path, uint32_t line, llvm::StringRef function);
  bool TakeFileLine(llvm::StringRef line);
  void TakeFrameLine(const FrameLine &frame);
  void AddMessageLine(llvm::StringRef line);
  void NoteDefinition(llvm::StringRef line);

  ErrorSegment segment_;
  Mode mode_ = Mode::Prose;
  std::string message_;       // lines after `E`, or a native traceback's last lines
  std::string text_;          // prose, used when nothing better is found
  std::string doctest_;       // from "Expected:" or "UNEXPECTED EXCEPTION:" on
  std::string frame_type_;    // of "path:12: ValueError"
  llvm::StringRef function_;  // of the long-style entry being read
  size_t indent_ = 0;         // of the first `E` line of a block
  bool syntax_error_ = false; // the `E` block starts with `File "x", line 1`
  bool has_type_line_ = false;
  bool has_message_ = false;
};

// "    def load():" -> "load": in long style the entry shows its function from the start.
void SegmentReader::NoteDefinition(llvm::StringRef line) {
  if (!function_.empty()) {
    return;
  }
  llvm::StringRef code = line.ltrim("> ");
  code.consume_front("async ");
  if (code.consume_front("def ")) {
    function_ = code.take_until([](char c) { return c == '(' || c == '[' || c == ' '; });
  }
}

void SegmentReader::AddFrame(llvm::StringRef path, uint32_t line, llvm::StringRef function) {
  if (IsMachineryPath(path) || segment_.frames.size() >= kMaxFrames) {
    return;
  }
  Frame frame;
  frame.path = path.str();
  frame.line = line;
  frame.function = function.take_front(256).str();
  segment_.frames.push_back(std::move(frame));
}

void SegmentReader::AddMessageLine(llvm::StringRef line) {
  if (message_.size() > kMaxMessage) {
    return;
  }
  if (has_message_) {
    message_ += '\n';
  }
  has_message_ = true;
  message_ += line.rtrim("\r").take_front(kMaxMessage);
}

// `  File "x.py", line 3, in f`
bool SegmentReader::TakeFileLine(llvm::StringRef line) {
  llvm::StringRef rest = line.ltrim(' ');
  if (!rest.consume_front("File \"")) {
    return false;
  }
  const size_t quote = rest.find('"');
  if (quote == llvm::StringRef::npos) {
    return false;
  }
  const llvm::StringRef path = rest.take_front(quote);
  rest = rest.drop_front(quote + 1);
  uint32_t number = 0;
  if (!rest.consume_front(", line ") || rest.consumeInteger(10, number)) {
    return false;
  }
  rest.consume_front(", in ");
  AddFrame(path, number, rest);
  return true;
}

void SegmentReader::TakeFrameLine(const FrameLine &frame) {
  const bool is_short = !frame.function.empty();
  AddFrame(frame.path, frame.line, is_short ? frame.function : function_);
  if (!frame.type.empty()) {
    frame_type_ = frame.type.str();
    has_type_line_ = true;
  }
  function_ = {};
}

// E       ValueError: first line
// E       second line
void SegmentReader::ErrorLine(llvm::StringRef line) {
  llvm::StringRef text = line.drop_front(1);
  if (mode_ != Mode::Error) {
    // The last block counts: pytest prints one per exception.
    mode_ = Mode::Error;
    message_.clear();
    has_message_ = false;
    indent_ = text.size() - text.ltrim(' ').size();
    syntax_error_ = TakeFileLine(text);
    if (syntax_error_) {
      return;
    }
  }
  const size_t blanks = text.size() - text.ltrim(' ').size();
  const llvm::StringRef content = text.drop_front(std::min(blanks, indent_));
  if (syntax_error_) {
    // The source line and its caret stand further in than the exception's own line.
    if (blanks < indent_ && !content.empty()) {
      AddMessageLine(text.ltrim(' '));
    }
    return;
  }
  AddMessageLine(content);
}

void SegmentReader::NativeLine(llvm::StringRef line) {
  if (TakeFileLine(line)) {
    return;
  }
  if (line.starts_with(" ") || line.trim().empty()) {
    return; // source, carets
  }
  mode_ = Mode::NativeMessage;
  message_.clear();
  has_message_ = false;
  AddMessageLine(line);
}

bool SegmentReader::Line(llvm::StringRef line) {
  if (line.starts_with("E   ") || line == "E") {
    ErrorLine(line);
    return true;
  }
  if (line.starts_with("----") && line.ends_with("----") && line.contains(" Captured ")) {
    return false;
  }
  const FrameLine frame = MatchFrameLine(line);
  if (frame.matched) {
    TakeFrameLine(frame);
    mode_ = Mode::Prose;
    return true;
  }
  if (line.starts_with("Traceback (most recent call last)") ||
      line.starts_with("Exception Group Traceback")) {
    mode_ = Mode::Native;
    return true;
  }
  if (mode_ == Mode::Native) {
    NativeLine(line);
    return true;
  }
  if (mode_ == Mode::NativeMessage) {
    AddMessageLine(line);
    return true;
  }
  mode_ = Mode::Prose;
  NoteDefinition(line);
  if (line == "Expected:" || line.starts_with("UNEXPECTED EXCEPTION:") || !doctest_.empty()) {
    if (doctest_.size() < kMaxMessage) {
      doctest_ += line.str() + '\n';
    }
  } else if (text_.size() < kMaxMessage && !line.starts_with("_ _ _")) {
    text_ += line.str() + '\n';
  }
  return true;
}

ErrorSegment SegmentReader::Finish() {
  const bool is_doctest = frame_type_ == "DocTestFailure" && !doctest_.empty();
  if (is_doctest || (!has_message_ && !doctest_.empty())) {
    segment_.type = frame_type_;
    segment_.message = CutMessage(llvm::StringRef(doctest_).rtrim());
    return std::move(segment_);
  }
  const llvm::StringRef message = llvm::StringRef(message_).rtrim();
  const TypedMessage typed = SplitTyped(message);
  const bool agrees = frame_type_.empty() || frame_type_ == "UnexpectedException" ||
                      BareType(typed.type) == frame_type_;
  if (!has_message_ && frame_type_.empty()) {
    segment_.message = CutMessage(llvm::StringRef(text_).trim());
  } else if (agrees && !typed.type.empty()) {
    segment_.type = typed.type.str();
    segment_.message = CutMessage(typed.message);
  } else {
    // A rewritten `assert` is shown without its type; the frame line has it.
    segment_.type = frame_type_;
    segment_.message = CutMessage(message);
  }
  return std::move(segment_);
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

bool IsMachineryPath(llvm::StringRef path) {
  return path.starts_with("<frozen importlib") || path.contains("/_pytest/") ||
         path.contains("\\_pytest\\") || path.contains("/pluggy/") || path.contains("\\pluggy\\") ||
         path.ends_with("/importlib/__init__.py") || path.ends_with("\\importlib\\__init__.py");
}

FrameLine MatchFrameLine(llvm::StringRef line) {
  FrameLine result;
  if (line.empty() || line.front() == ' ' || line.front() == '>' || line.front() == '\t') {
    return result;
  }
  // A drive letter's colon is not the one that ends the path.
  const size_t from = line.size() > 2 && line[1] == ':' && llvm::isAlpha(line[0]) ? 2 : 0;
  const size_t colon = line.find(':', from);
  if (colon == llvm::StringRef::npos || colon == 0) {
    return result;
  }
  llvm::StringRef rest = line.drop_front(colon + 1);
  if (rest.consumeInteger(10, result.line) || !rest.consume_front(":")) {
    return result;
  }
  result.path = line.take_front(colon);
  rest = rest.rtrim();
  if (rest.consume_front(" in ")) {
    result.function = rest;
    result.matched = !rest.empty();
    return result;
  }
  result.type = rest.ltrim(' ');
  result.matched =
      llvm::all_of(result.type, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
  return result;
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
