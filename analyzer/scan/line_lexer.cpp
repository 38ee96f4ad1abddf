// One pass over the *events* of a text, the few bytes that decide where a logical line ends; their
// positions come as bit masks of 64 bytes (byte_masks.h), so that all bytes between cost nothing.
// A plain string is skipped by its own mask: closing quote, backslash or line break, whichever
// comes first. Example: `f(a, "x)")` has the events ( " ) and the ) inside the string is never
// looked at. O(bytes); about 1.5 cycles a byte on ordinary code.
#include "scan/line_lexer.h"

#include "scan/bytes.h"
#include "scan/python2.h"
#include "scan/string_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace pydefrag {

namespace {

constexpr size_t kWindowBlocks = 64;
constexpr size_t kMaxBrackets = 200;    // CPython: MAXLEVEL
constexpr size_t kMaxIndentation = 100; // CPython: MAXINDENT

enum class Event : uint8_t {
  None,
  LineBreak,
  Open,
  Close,
  Quote,
  Comment,
  Backslash,
  Semicolon,
  Number,
  Bad
};

constexpr std::array<Event, 256> MakeEvents() {
  std::array<Event, 256> events{};
  auto set = [&events](std::string_view bytes, Event event) {
    for (char c : bytes) {
      events[static_cast<unsigned char>(c)] = event;
    }
  };
  set("\n\r", Event::LineBreak);
  set("([{", Event::Open);
  set(")]}", Event::Close);
  set("'\"", Event::Quote);
  set("#", Event::Comment);
  set("\\", Event::Backslash);
  set(";", Event::Semicolon);
  set("0123456789", Event::Number);
  set("`$?<", Event::Bad);
  return events;
}

constexpr std::array<Event, 256> kEvents = MakeEvents();

constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\r';
}

constexpr uint64_t From(size_t bit) {
  return ~uint64_t{0} << bit;
}

// The masks of the text, one block at a time, forward only.
class BlockCursor {
public:
  BlockCursor(llvm::StringRef text, SimdLevel level) : text_(text), level_(level) { Fill(); }

  size_t base() const { return base_; }
  const ByteMasks &masks() const { return *masks_; }
  bool saw_nul() const { return saw_nul_; }

  // Moves to the next block; false at the end of the text.
  bool Advance() {
    if (base_ + kBlockBytes > text_.size()) {
      return false;
    }
    base_ += kBlockBytes;
    ++masks_;
    if (masks_ == window_.data() + window_blocks_) {
      Fill();
    }
    return true;
  }

  // Moves to the block of `at`, which is at or behind the current one.
  void AdvanceTo(size_t at) {
    while (at - base_ >= kBlockBytes) {
      Advance();
    }
  }

private:
  // Classifies the blocks from `base_` on. The last block, which may be empty, is classified in a
  // padded copy, since the masks need a byte behind it.
  void Fill() {
    size_t whole = (text_.size() - base_) / kBlockBytes;
    if (whole * kBlockBytes == text_.size() - base_ && whole > 0) {
      --whole;
    }
    whole = std::min(whole, kWindowBlocks);
    window_blocks_ = whole;
    masks_ = window_.data();
    if (whole > 0) {
      saw_nul_ |= ClassifyBlocks(text_.data() + base_, whole, window_.data(), level_);
      return;
    }
    std::array<char, kBlockBytes + 1> last;
    last.fill(' ');
    size_t rest = std::min(text_.size() - base_, kBlockBytes);
    std::memcpy(last.data(), text_.data() + base_, rest);
    saw_nul_ |= ClassifyBlocks(last.data(), 1, window_.data(), level_);
    window_blocks_ = 1;
  }

  llvm::StringRef text_;
  SimdLevel level_;
  size_t base_ = 0;
  size_t window_blocks_ = 0;
  const ByteMasks *masks_ = nullptr;
  bool saw_nul_ = false;
  std::array<ByteMasks, kWindowBlocks> window_;
};

class LineLexer {
public:
  LineLexer(llvm::StringRef text, Lines &out, SimdLevel level)
      : text_(text), out_(out), blocks_(text, level) {}

  void Run() {
    size_t start = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
    bool more = BeginLine(start);
    while (more) {
      while (events_ == 0) {
        if (!blocks_.Advance()) {
          return Finish();
        }
        events_ = blocks_.masks().events;
      }
      size_t at = blocks_.base() + static_cast<size_t>(std::countr_zero(events_));
      events_ &= events_ - 1;
      more = Step(at);
    }
    Finish();
  }

private:
  // Everything before `at` is done with.
  void Seek(size_t at) {
    blocks_.AdvanceTo(at);
    events_ = blocks_.masks().events & From(at - blocks_.base());
  }

  bool Fail(OutlineStatus status, size_t at, const char *why) {
    out_.status = status;
    out_.at = static_cast<uint32_t>(at);
    out_.why = why;
    return false;
  }
  bool Reject(size_t at, const char *why) { return Fail(OutlineStatus::Rejected, at, why); }

  bool RejectPython2(size_t at, const char *why) {
    out_.python2 = true;
    return Reject(at, why);
  }

  // Handles the event at `at`; false when the text is at its end or in trouble.
  bool Step(size_t at) {
    char c = text_[at];
    switch (kEvents[static_cast<unsigned char>(c)]) {
    case Event::LineBreak:
      ++line_;
      if (bracket_count_ > 0) {
        return true;
      }
      EndLine(at, line_ - 1);
      return BeginLine(at + 1);
    case Event::Open:
      if (bracket_count_ == kMaxBrackets) {
        return Reject(at, "too many nested brackets");
      }
      brackets_[bracket_count_++] = {.at = static_cast<uint32_t>(at), .bracket = c};
      return true;
    case Event::Close:
      return CloseBracket(at, c);
    case Event::Quote:
      return SkipQuoted(at, c);
    case Event::Comment:
      SkipComment(at);
      return true;
    case Event::Backslash:
      return ContinueLine(at);
    case Event::Semicolon:
      out_.lines.back().has_semicolon |= bracket_count_ == 0;
      return true;
    case Event::Number:
      return CheckNumber(at);
    case Event::Bad:
      return RejectByte(at, c);
    case Event::None:
      return true;
    }
    return true;
  }

  bool CloseBracket(size_t at, char c) {
    if (bracket_count_ == 0) {
      return Reject(at, "closing bracket without an opening one");
    }
    // The closing byte is the opening one plus 1 for (), plus 2 for [] and {}.
    int distance = c - brackets_[--bracket_count_].bracket;
    if (distance != 1 && distance != 2) {
      return Reject(at, "closing bracket does not match the opening one");
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

  static bool IsPrefixByte(char c) {
    char lower = static_cast<char>(c | 0x20);
    return lower == 'f' || lower == 't' || lower == 'r';
  }

  bool SkipFormat(size_t at, const StringPrefix &prefix) {
    SkippedString skipped = SkipString(text_, at, prefix, &out_.comments);
    if (skipped.why != nullptr) {
      return Reject(skipped.end, skipped.why);
    }
    CountLines(at, skipped.end);
    Seek(skipped.end);
    return true;
  }

  void CountLines(size_t begin, size_t end) {
    line_ += static_cast<uint32_t>(CountLineBreaks(text_.data() + begin, text_.data() + end));
  }

  // The byte behind a backslash and its escaped byte or line break.
  size_t AfterEscape(size_t backslash) {
    size_t after = std::min(backslash + 2, text_.size());
    if (after <= text_.size() && (text_[after - 1] == '\n' || text_[after - 1] == '\r')) {
      bool both = text_[after - 1] == '\r' && after < text_.size() && text_[after] == '\n';
      return both ? after + 1 : after;
    }
    return after;
  }

  // Finds the next quote, backslash or, if asked for, line break at or behind `from`. The size of
  // the text if there is none.
  template <bool kLineBreaks> size_t FindStop(size_t from) {
    blocks_.AdvanceTo(from);
    uint64_t keep = From(from - blocks_.base());
    for (;;) {
      const ByteMasks &masks = blocks_.masks();
      uint64_t stops = kLineBreaks ? masks.string_stops | masks.newlines : masks.string_stops;
      stops &= keep;
      if (stops != 0) [[likely]] {
        return blocks_.base() + static_cast<size_t>(std::countr_zero(stops));
      }
      if (!blocks_.Advance()) {
        return text_.size();
      }
      keep = ~uint64_t{0};
    }
  }

  bool SkipSingle(size_t at, char quote) {
    size_t stop = at + 1;
    for (;;) {
      stop = FindStop<true>(stop);
      if (stop >= text_.size()) {
        return Reject(at, "unterminated string");
      }
      char c = text_[stop];
      if (c == quote) [[likely]] {
        Seek(stop + 1);
        return true;
      }
      if (c == '\n' || c == '\r') {
        return Reject(at, "unterminated string");
      }
      size_t after = c == '\\' ? AfterEscape(stop) : stop + 1;
      CountLines(stop, after);
      stop = after;
    }
  }

  bool SkipTriple(size_t at, char quote) {
    size_t stop = at + 3;
    for (;;) {
      stop = FindStop<false>(stop);
      if (stop >= text_.size()) {
        return Reject(at, "unterminated triple-quoted string");
      }
      char c = text_[stop];
      if (c == '\\') {
        stop = AfterEscape(stop);
      } else if (c == quote && stop + 2 < text_.size() && text_[stop + 1] == quote &&
                 text_[stop + 2] == quote) {
        break;
      } else {
        ++stop;
      }
    }
    CountLines(at, stop);
    Seek(stop + 3);
    return true;
  }

  // Leaves the cursor at the line break behind the comment.
  void SkipComment(size_t at) {
    if (bracket_count_ == 0 && comment_ == 0) {
      comment_ = at;
    }
    size_t end = FindLineBreak(at);
    out_.comments.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
  }

  // The next line break at or behind `at`; the cursor stops there. A \r before \n is left out.
  size_t FindLineBreak(size_t at) {
    blocks_.AdvanceTo(at);
    uint64_t keep = From(at - blocks_.base());
    uint64_t breaks = blocks_.masks().newlines & keep;
    while (breaks == 0) {
      if (!blocks_.Advance()) {
        events_ = 0;
        return text_.size();
      }
      breaks = blocks_.masks().newlines;
    }
    auto bit = static_cast<size_t>(std::countr_zero(breaks));
    events_ = blocks_.masks().events & From(bit);
    size_t found = blocks_.base() + bit;
    return found > at && text_[found] == '\n' && text_[found - 1] == '\r' ? found - 1 : found;
  }

  // A backslash outside strings must stand before a line break.
  bool ContinueLine(size_t at) {
    size_t after = AfterEscape(at);
    if (at + 1 == text_.size()) {
      return Fail(OutlineStatus::Uncertain, at, "line continuation at the end of the file");
    }
    if (text_[at + 1] != '\n' && text_[at + 1] != '\r') {
      return Reject(at, "unexpected character after a line continuation");
    }
    if (after == text_.size()) {
      return Fail(OutlineStatus::Uncertain, at, "line continuation at the end of the file");
    }
    ++line_;
    Seek(after);
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
    current.ends_with_colon = text_[end - 1] == ':';
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

  struct Place {
    size_t at = 0;
    uint32_t column = 0;    // tabs to multiples of 8
    uint32_t alternate = 0; // tabs count 1
  };

  // The first byte that is not a space, at or behind `from`.
  size_t SkipSpaces(size_t from) {
    blocks_.AdvanceTo(from);
    uint64_t keep = From(from - blocks_.base());
    uint64_t nonspace = blocks_.masks().nonspace & keep;
    while (nonspace == 0) {
      if (!blocks_.Advance()) {
        return text_.size();
      }
      nonspace = blocks_.masks().nonspace;
    }
    return blocks_.base() + static_cast<size_t>(std::countr_zero(nonspace));
  }

  Place ReadIndentation(size_t from) {
    size_t at = SkipSpaces(from);
    auto column = static_cast<uint32_t>(at - from);
    Place place = {.at = at, .column = column, .alternate = column};
    if (at < text_.size() && (text_[at] == '\t' || text_[at] == '\f')) [[unlikely]] {
      ReadTabs(place);
    }
    return place;
  }

  void ReadTabs(Place &place) {
    for (; place.at < text_.size(); ++place.at) {
      switch (text_[place.at]) {
      case ' ':
        ++place.column;
        ++place.alternate;
        break;
      case '\t':
        place.column = (place.column / 8 + 1) * 8;
        ++place.alternate;
        break;
      case '\f':
        place.column = 0;
        place.alternate = 0;
        break;
      default:
        return;
      }
    }
  }

  // Finds the next logical line at or behind `from` and starts it; false if there is none.
  bool BeginLine(size_t from) {
    for (;;) {
      Place place = ReadIndentation(from);
      if (place.at >= text_.size()) {
        return false;
      }
      char c = text_[place.at];
      if (c == '#') {
        size_t end = FindLineBreak(place.at);
        out_.comments.push_back({static_cast<uint32_t>(place.at), static_cast<uint32_t>(end)});
        place.at = end;
        if (end >= text_.size()) {
          return false;
        }
        c = text_[end];
      }
      if (c == '\n' || c == '\r') {
        ++line_;
        from = place.at + 1;
        from += c == '\r' && from < text_.size() && text_[from] == '\n';
        continue;
      }
      if (c == '\\' && !SkipLeadingContinuation(place)) [[unlikely]] {
        return false;
      }
      return SetLevel(place) && StartAt(place.at);
    }
  }

  // A line that starts with a continuation. CPython's versions agree only where the first backslash
  // is indented, or where nothing is.
  bool SkipLeadingContinuation(Place &place) {
    Place first = place;
    while (place.at < text_.size() && text_[place.at] == '\\') {
      if (!ContinueLine(place.at)) {
        return false;
      }
      place = ReadIndentation(AfterEscape(place.at));
    }
    bool nothing = place.at >= text_.size() || llvm::StringRef("#\r\n").contains(text_[place.at]);
    if (nothing || (first.column == 0 && place.column != 0)) {
      return Fail(OutlineStatus::Uncertain, first.at, "line continuation at the start of a line");
    }
    place.column = first.column;
    place.alternate = first.alternate;
    return true;
  }

  bool StartAt(size_t at) {
    LogicalLine &line = out_.lines.emplace_back();
    line.begin = static_cast<uint32_t>(at);
    line.first_line = line_;
    line.level = static_cast<uint8_t>(level_);
    line.keyword = ReadKeyword(text_, at);
    line_open_ = true;
    Seek(at);
    return true;
  }

  bool SetLevel(const Place &place) {
    bool expect_block = !out_.lines.empty() && out_.lines.back().ends_with_colon;
    Indent &top = indents_[level_];
    if (place.column == top.column && !expect_block) [[likely]] {
      return place.alternate == top.alternate || RejectTabs(place.at);
    }
    if (place.column > top.column) {
      return expect_block ? PushIndent(place) : Reject(place.at, "unexpected indent");
    }
    if (expect_block) {
      return Reject(place.at, "expected an indented block");
    }
    while (level_ > 0 && place.column < indents_[level_].column) {
      --level_;
    }
    if (place.column != indents_[level_].column) {
      return Reject(place.at, "unindent does not match any outer indentation level");
    }
    return place.alternate == indents_[level_].alternate || RejectTabs(place.at);
  }

  bool RejectTabs(size_t at) {
    return Reject(at, "inconsistent use of tabs and spaces in indentation");
  }

  bool PushIndent(const Place &place) {
    if (level_ + 1 >= kMaxIndentation) {
      return Reject(place.at, "too many levels of indentation");
    }
    if (place.alternate <= indents_[level_].alternate) {
      return RejectTabs(place.at);
    }
    indents_[++level_] = {.column = place.column, .alternate = place.alternate};
    return true;
  }

  void Finish() {
    if (line_open_ && out_.status == OutlineStatus::Certain) {
      if (bracket_count_ > 0) {
        Reject(brackets_[bracket_count_ - 1].at, "opening bracket was never closed");
      } else {
        EndLine(text_.size(), line_);
      }
    }
    if (line_open_) {
      out_.lines.pop_back();
    }
    if (blocks_.saw_nul()) {
      out_.python2 = false;
      Reject(text_.find('\0'), "source contains a NUL byte");
    }
    if (out_.status == OutlineStatus::Certain && !out_.lines.empty() &&
        out_.lines.back().ends_with_colon) {
      Reject(text_.size(), "expected an indented block");
    }
    char last = text_.empty() ? '\n' : text_.back();
    out_.line_count = line_ - (last == '\n' || last == '\r' ? 1 : 0);
  }

  struct Indent {
    uint32_t column = 0;
    uint32_t alternate = 0;
  };
  struct Bracket {
    uint32_t at;
    char bracket;
  };

  llvm::StringRef text_;
  Lines &out_;
  BlockCursor blocks_;
  uint64_t events_ = 0; // those of the current block that are still to come
  uint32_t line_ = 1;
  size_t comment_ = 0;     // where the comment at the end of this logical line starts; 0: none
  bool line_open_ = false; // the last logical line has not ended yet
  size_t level_ = 0;
  size_t bracket_count_ = 0;
  std::array<Indent, kMaxIndentation> indents_{};
  std::array<Bracket, kMaxBrackets> brackets_;
};

} // namespace

void LexLines(llvm::StringRef text, Lines &lines, SimdLevel level) {
  lines.lines.clear();
  lines.comments.clear();
  lines.status = OutlineStatus::Certain;
  lines.at = 0;
  lines.why = nullptr;
  lines.python2 = false;
  LineLexer(text, lines, level).Run();
}

} // namespace pydefrag
