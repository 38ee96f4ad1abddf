// One pass over the *events* of a text, the few bytes that decide where a logical line ends; their
// places come as a list (events.h), so that all bytes between cost nothing. A plain string ends at
// the first of its events that is its quote and not escaped; those before mean nothing in it.
// Example: `f(a, "x)")` has the events ( " ) " ) of which the first ) is passed over.
// O(bytes); over 1 GB/s on ordinary code.
#include "scan/lines/line_lexer.h"

#include "scan/lines/bracket_stack.h"
#include "scan/lines/byte_events.h"
#include "scan/lines/bytes.h"
#include "scan/lines/event_cursor.h"
#include "scan/lines/line_start.h"
#include "scan/lines/python2.h"
#include "scan/lines/string_scan.h"

#include <algorithm>

namespace pydefrag {

namespace {

constexpr bool IsLineBreak(char c) {
  return c == '\n' || c == '\r';
}

constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\r';
}

class LineLexer {
public:
  LineLexer(llvm::StringRef text, Lines &out, SimdLevel level)
      : text_(text), out_(out), events_(text, level) {}

  void Run() {
    size_t from = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
    while (BeginLine(from) && FinishLine(from)) {
    }
    if (out_.status == LexStatus::Certain) {
      CheckEnd();
    }
    if (line_open_) {
      out_.lines.pop_back();
    }
    if (events_.saw_nul()) {
      out_.python2 = false;
      Reject(text_.find('\0'), "source contains a NUL byte");
    }
    char last = text_.empty() ? '\n' : text_.back();
    out_.line_count = line_ - (IsLineBreak(last) ? 1 : 0);
  }

private:
  bool Fail(LexStatus status, size_t at, const char *why) {
    out_.status = status;
    out_.at = static_cast<uint32_t>(at);
    out_.why = why;
    return false;
  }
  bool Reject(size_t at, const char *why) { return Fail(LexStatus::Rejected, at, why); }

  bool RejectPython2(size_t at, const char *why) {
    out_.python2 = true;
    return Reject(at, why);
  }

  // Takes the events of the open line. At its line break sets `next` behind it; false when the text
  // is at its end or in trouble.
  bool FinishLine(size_t &next) {
    for (;;) {
      size_t at = events_.Take();
      if (at >= text_.size()) {
        return false;
      }
      char c = text_[at];
      // Ordered by frequency: a jump for each event is mispredicted too often.
      if (IsLineBreak(c)) {
        ++line_;
        if (brackets_.empty()) {
          EndLine(at, line_ - 1);
          next = at + 1;
          return true;
        }
        continue;
      }
      ByteEvent event = kByteEvents[static_cast<unsigned char>(c)];
      bool more = event == ByteEvent::Open || event == ByteEvent::Close
                      ? TakeBracket(at, c, event == ByteEvent::Open)
                  : event == ByteEvent::Quote ? SkipQuoted(at, c)
                                              : TakeRareEvent(at, c, event);
      if (!more) {
        return false;
      }
    }
  }

  bool TakeBracket(size_t at, char c, bool opens) {
    return brackets_.Take(at, c, opens) || Reject(at, brackets_.WhyNot(opens));
  }

  bool TakeRareEvent(size_t at, char c, ByteEvent event) {
    switch (event) {
    case ByteEvent::Comment:
      SkipComment(at);
      return true;
    case ByteEvent::Backslash:
      return ContinueLine(at);
    case ByteEvent::Semicolon:
      out_.lines.back().has_semicolon |= brackets_.empty();
      return true;
    case ByteEvent::Number:
      return CheckNumber(at);
    case ByteEvent::Bad:
      return RejectByte(at, c);
    case ByteEvent::None:
    case ByteEvent::LineBreak:
    case ByteEvent::Open:
    case ByteEvent::Close:
    case ByteEvent::Quote:
      return true;
    }
    return true;
  }

  bool RejectByte(size_t at, char c) {
    if (c == '`') {
      return RejectPython2(at, "backticks are Python 2 syntax");
    }
    if (c == '<') {
      // `from __future__ import barry_as_FLUFL` makes `<>` valid.
      return text_.contains("barry_as_FLUFL") ||
             RejectPython2(at, "the operator `<>` is Python 2 syntax");
    }
    return Reject(at, "invalid character");
  }

  bool CheckNumber(size_t at) {
    if (at > 0 && IsDigit(text_[at - 1]) && at + 1 < text_.size() && IsDigit(text_[at + 1])) {
      return true; // the middle of 1000
    }
    const char *why = FindPython2Number(text_, at);
    return why == nullptr || RejectPython2(at, why);
  }

  bool SkipQuoted(size_t at, char quote) {
    if (at > 0 && IsPrefixByte(text_[at - 1])) {
      StringPrefix prefix = ReadStringPrefix(text_, at);
      if (prefix.python2) {
        return RejectPython2(at, "the string prefix `ur` is Python 2 syntax");
      }
      if (prefix.format) {
        return SkipFormat(at, prefix);
      }
    }
    if (at + 2 < text_.size() && text_[at + 1] == quote && text_[at + 2] == quote) {
      return SkipTriple(at, quote);
    }
    return SkipSingle(at, quote);
  }

  // The last byte of a prefix that matters.
  static bool IsPrefixByte(char c) {
    char lower = static_cast<char>(c | 0x20);
    return lower == 'f' || lower == 't' || lower == 'r';
  }

  bool SkipFormat(size_t at, const StringPrefix &prefix) {
    SkippedString skipped = SkipString(text_, at, prefix, &out_.comments);
    if (skipped.why != nullptr) {
      return Reject(skipped.end, skipped.why);
    }
    line_ += static_cast<uint32_t>(CountLineBreaks(text_.data() + at, text_.data() + skipped.end));
    events_.SkipTo(skipped.end);
    return true;
  }

  // Behind a backslash and its escaped byte or line break.
  size_t AfterEscape(size_t backslash) const {
    size_t after = std::min(backslash + 2, text_.size());
    bool both = text_[after - 1] == '\r' && after < text_.size() && text_[after] == '\n';
    return both ? after + 1 : after;
  }

  // Passes over what a backslash in a string escapes; tells whether that is a line break.
  bool SkipEscaped(size_t backslash) {
    events_.SkipTo(AfterEscape(backslash));
    return backslash + 1 < text_.size() && IsLineBreak(text_[backslash + 1]);
  }

  bool SkipSingle(size_t at, char quote) {
    for (;;) {
      size_t stop = events_.Take();
      if (stop >= text_.size()) {
        return Reject(at, "unterminated string");
      }
      char c = text_[stop];
      if (c == quote) [[likely]] {
        return true;
      }
      if (IsLineBreak(c)) {
        return Reject(at, "unterminated string");
      }
      if (c == '\\') {
        line_ += SkipEscaped(stop) ? 1 : 0;
      }
    }
  }

  bool SkipTriple(size_t at, char quote) {
    uint32_t line_breaks = 0;
    events_.SkipTo(at + 3);
    for (;;) {
      size_t stop = events_.Take();
      if (stop >= text_.size()) {
        return Reject(at, "unterminated triple-quoted string");
      }
      char c = text_[stop];
      if (c == quote) {
        if (stop + 2 < text_.size() && text_[stop + 1] == quote && text_[stop + 2] == quote) {
          events_.SkipTo(stop + 3);
          line_ += line_breaks;
          return true;
        }
      } else if (c == '\\') {
        line_breaks += SkipEscaped(stop) ? 1 : 0;
      } else {
        line_breaks += IsLineBreak(c) ? 1 : 0;
      }
    }
  }

  void SkipComment(size_t at) {
    if (brackets_.empty() && comment_ == 0) {
      comment_ = at;
    }
    AddComment(at);
  }

  // Returns where the line break behind the comment is, or the size of the text. That is the next
  // event then.
  size_t AddComment(size_t at) {
    size_t line_break = events_.Peek();
    while (line_break < text_.size() && !IsLineBreak(text_[line_break])) {
      events_.Take();
      line_break = events_.Peek();
    }
    bool both =
        line_break < text_.size() && text_[line_break] == '\n' && text_[line_break - 1] == '\r';
    size_t end = both ? line_break - 1 : line_break;
    out_.comments.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
    return line_break;
  }

  // A backslash outside strings must stand before a line break.
  bool ContinueLine(size_t at) {
    size_t after = AfterEscape(at);
    if (at + 1 < text_.size() && !IsLineBreak(text_[at + 1])) {
      return Reject(at, "unexpected character after a line continuation");
    }
    if (after == text_.size()) {
      return Fail(LexStatus::Uncertain, at, "line continuation at the end of the file");
    }
    ++line_;
    events_.SkipTo(after);
    return true;
  }

  // Ends the logical line at the line break (or end of text) at `at`, on physical line `line`.
  void EndLine(size_t at, uint32_t line) {
    size_t end = comment_ != 0 ? comment_ : at;
    comment_ = 0;
    while (IsBlank(text_[end - 1])) {
      --end;
    }
    LogicalLine &current = out_.lines.back();
    current.last_line = line;
    if (text_[end - 1] == '\n') [[unlikely]] {
      end = TrimContinuation(end, current);
    }
    current.end = static_cast<uint32_t>(end);
    char last = text_[end - 1];
    current.ends_with_colon = last == ':';
    const uint32_t closes =
        kByteEvents[static_cast<unsigned char>(last)] == ByteEvent::Close ? 1 : 0;
    current.last_open = closes * brackets_.outermost();
    line_open_ = false;
  }

  // The line ends with continuations that nothing follows.
  size_t TrimContinuation(size_t end, LogicalLine &current) {
    while (IsBlank(text_[end - 1]) || text_[end - 1] == '\n' || text_[end - 1] == '\\') {
      current.last_line -= text_[end - 1] == '\n';
      --end;
    }
    return end;
  }

  // Finds the next logical line at or behind `from` and opens it; false if there is none.
  bool BeginLine(size_t from) {
    for (;;) {
      LineStart start = ReadIndentation(text_, from);
      if (start.at >= text_.size()) {
        return false;
      }
      char c = text_[start.at];
      if (c == '#') {
        start.at = AddComment(start.at);
        if (start.at >= text_.size()) {
          return false;
        }
        c = text_[start.at];
      }
      if (IsLineBreak(c)) {
        ++line_;
        from = start.at + 1;
        if (c == '\r') [[unlikely]] {
          from += from < text_.size() && text_[from] == '\n';
        }
        events_.SkipTo(from);
        continue;
      }
      return (c != '\\' || SkipLeadingContinuation(start)) && OpenLine(start);
    }
  }

  // A line that starts with a continuation. CPython's versions agree only where the first backslash
  // is indented, or where nothing is.
  bool SkipLeadingContinuation(LineStart &start) {
    LineStart first = start;
    while (start.at < text_.size() && text_[start.at] == '\\') {
      size_t backslash = start.at;
      if (!ContinueLine(backslash)) {
        return false;
      }
      start = ReadIndentation(text_, AfterEscape(backslash));
    }
    bool nothing = start.at >= text_.size() || llvm::StringRef("#\r\n").contains(text_[start.at]);
    if (nothing || (first.indent.column == 0 && start.indent.column != 0)) {
      return Fail(LexStatus::Uncertain, first.at, "line continuation at the start of a line");
    }
    start.indent = first.indent;
    return true;
  }

  bool OpenLine(const LineStart &start) {
    bool expect_block = !out_.lines.empty() && out_.lines.back().ends_with_colon;
    if (const char *why = indentation_.MoveTo(start.indent, expect_block)) {
      return Reject(start.at, why);
    }
    LogicalLine &line = out_.lines.emplace_back();
    line.begin = static_cast<uint32_t>(start.at);
    line.first_line = line_;
    line.level = static_cast<uint8_t>(indentation_.level());
    line.keyword = ReadKeyword(text_, start.at);
    line_open_ = true;
    return true;
  }

  // The text has ended without trouble so far.
  void CheckEnd() {
    if (line_open_ && !brackets_.empty()) {
      Reject(brackets_.last(), "opening bracket was never closed");
      return;
    }
    if (line_open_) {
      EndLine(text_.size(), line_);
    }
    if (!out_.lines.empty() && out_.lines.back().ends_with_colon) {
      Reject(text_.size(), "expected an indented block");
    }
  }

  llvm::StringRef text_;
  Lines &out_;
  EventCursor events_;
  uint32_t line_ = 1;
  size_t comment_ = 0;     // where the comment behind the open line starts; 0: none
  bool line_open_ = false; // the last logical line has not ended yet
  IndentationStack indentation_;
  BracketStack brackets_;
};

} // namespace

void LexLines(llvm::StringRef text, Lines &lines, SimdLevel level) {
  lines.lines.clear();
  lines.comments.clear();
  lines.status = LexStatus::Certain;
  lines.at = 0;
  lines.why = nullptr;
  lines.python2 = false;
  LineLexer(text, lines, level).Run();
}

} // namespace pydefrag
