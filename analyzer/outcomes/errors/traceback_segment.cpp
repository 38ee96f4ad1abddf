#include "outcomes/errors/traceback_segment.h"

#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

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

// Short style prints the source line below the frame's, long style with a `>` above it.
void SegmentReader::NoteSource(llvm::StringRef line) {
  if (std::exchange(source_next_, false) && line.starts_with("    ")) {
    segment_.frames.back().source = HashOfLine(line);
  } else if (line.starts_with("> ") || line.starts_with(">\t")) {
    marked_ = line.drop_front(1);
  }
}

bool SegmentReader::AddFrame(llvm::StringRef path, uint32_t line, llvm::StringRef function) {
  if (IsMachineryPath(path) || segment_.frames.size() >= kMaxFrames) {
    return false;
  }
  Frame frame;
  frame.path = path.str();
  frame.line = line;
  frame.function = function.take_front(256).str();
  segment_.frames.push_back(std::move(frame));
  return true;
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

void SegmentReader::TakeFrameLine(const TracebackLine &frame) {
  const bool is_short = !frame.function.empty();
  if (AddFrame(frame.path, frame.line, is_short ? frame.function : function_)) {
    source_next_ = is_short;
    segment_.frames.back().source = is_short ? 0 : HashOfLine(marked_);
  }
  marked_ = {};
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
    source_next_ = false;
    ErrorLine(line);
    return true;
  }
  if (line.starts_with("----") && line.ends_with("----") && line.contains(" Captured ")) {
    return false;
  }
  const TracebackLine frame = MatchFrameLine(line);
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
  NoteSource(line);
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

bool IsMachineryPath(llvm::StringRef path) {
  return path.starts_with("<frozen importlib") || path.contains("/_pytest/") ||
         path.contains("\\_pytest\\") || path.contains("/pluggy/") || path.contains("\\pluggy\\") ||
         path.ends_with("/importlib/__init__.py") || path.ends_with("\\importlib\\__init__.py");
}

TracebackLine MatchFrameLine(llvm::StringRef line) {
  TracebackLine result;
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

} // namespace pydefrag
