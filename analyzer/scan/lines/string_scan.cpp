// A format string is scanned with one stack of open brackets, in which a replacement field is 'F'
// until its `:` and 'S' (format spec) after it. The top of the stack tells the mode: nothing of
// this string open, or 'S': literal text; anything else: an expression. An expression may hold
// another format string: a frame remembers its quote and where its brackets start. O(bytes), no
// recursion; CPython's own limits bound both stacks.
#include "scan/lines/string_scan.h"

#include "scan/lines/bytes.h"

#include <algorithm>
#include <array>

namespace pydefrag {

using ByteSet = std::array<bool, 256>;

static constexpr ByteSet MakeSet(std::string_view bytes) {
  ByteSet set{};
  for (char c : bytes) {
    set[static_cast<unsigned char>(c)] = true;
  }
  return set;
}

static constexpr ByteSet kLiteralStops = MakeSet("'\"{}\\\n\r");
static constexpr ByteSet kExpressionStops = MakeSet("'\"()[]{}:#\\`$?");

static size_t FindAny(llvm::StringRef text, const ByteSet &set, size_t at) {
  while (at < text.size() && !set[static_cast<unsigned char>(text[at])]) {
    ++at;
  }
  return at;
}

static constexpr size_t kMaxBrackets = 200; // CPython: MAXLEVEL
static constexpr size_t kMaxFrames = 150;   // CPython: MAXFSTRINGLEVEL

StringPrefix ReadStringPrefix(llvm::StringRef text, size_t quote) {
  size_t begin = quote;
  while (begin > 0 && quote - begin < 3 && IsWordByte(text[begin - 1])) {
    --begin;
  }
  std::string word = text.slice(begin, quote).lower();
  StringPrefix prefix;
  if (word.empty() || word.size() > 2) {
    return prefix;
  }
  for (char c : word) {
    prefix.format |= c == 'f' || c == 't';
    prefix.raw |= c == 'r';
    prefix.bytes |= c == 'b';
    if (llvm::StringRef("rbuft").find(c) == llvm::StringRef::npos) {
      return {};
    }
  }
  if (word.size() == 2) {
    prefix.python2 = word == "ur";
    bool one_raw = (word[0] == 'r') != (word[1] == 'r');
    bool unicode = word.find('u') != std::string::npos;
    if (!prefix.python2 && (!one_raw || unicode)) {
      return {};
    }
  }
  prefix.length = static_cast<unsigned>(word.size());
  return prefix;
}

static size_t SkipEscaped(llvm::StringRef text, size_t backslash) {
  size_t after = backslash + 2;
  return text.substr(backslash + 1, 2) == "\r\n" ? after + 1 : after;
}

static bool IsTriple(llvm::StringRef text, size_t quote) {
  char c = text[quote];
  return quote + 2 < text.size() && text[quote + 1] == c && text[quote + 2] == c;
}

// Docstrings and tables are long: from quote to quote, and from backslash to backslash between.
static SkippedString SkipTriple(llvm::StringRef text, size_t quote) {
  const char c = text[quote];
  size_t at = quote + 3;
  size_t next = text.find(c, at);
  while (next != llvm::StringRef::npos) {
    const size_t backslash = text.slice(at, next).find('\\');
    if (backslash != llvm::StringRef::npos) {
      at = SkipEscaped(text, at + backslash);
    } else if (IsTriple(text, next)) {
      return {.end = next + 3};
    } else {
      at = next + 1;
    }
    if (at > next) {
      next = text.find(c, at);
    }
  }
  return {.end = quote, .why = "unterminated triple-quoted string"};
}

static SkippedString SkipPlain(llvm::StringRef text, size_t quote) {
  if (IsTriple(text, quote)) {
    return SkipTriple(text, quote);
  }
  const char c = text[quote];
  size_t at = quote + 1;
  while (at < text.size()) {
    const char next = text[at];
    if (next == '\\') {
      at = SkipEscaped(text, at);
    } else if (next == c) {
      return {.end = at + 1};
    } else if (next == '\n' || next == '\r') {
      break;
    } else {
      ++at;
    }
  }
  return {.end = quote, .why = "unterminated string"};
}

namespace {

class FormatScanner {
public:
  FormatScanner(llvm::StringRef text, std::vector<Span> *comments)
      : text_(text), comments_(comments) {}

  SkippedString Skip(size_t quote, bool raw) {
    Enter(quote, raw);
    while (frame_count_ > 0 && why_ == nullptr) {
      if (at_ >= text_.size()) {
        Fail(frames_[0].quote_at, "unterminated string");
      } else if (InLiteral()) {
        StepLiteral();
      } else {
        StepExpression();
      }
    }
    return {.end = why_ == nullptr ? at_ : trouble_, .why = why_};
  }

private:
  struct Frame {
    size_t quote_at;
    size_t brackets; // number of brackets open around this string
    char quote;
    bool triple;
    bool raw;
    bool in_name; // between the braces of \N{...}
  };

  void Fail(size_t at, const char *why) {
    trouble_ = at;
    why_ = why;
  }

  void Enter(size_t quote, bool raw) {
    if (frame_count_ == kMaxFrames) {
      return Fail(quote, "too many nested format strings");
    }
    bool triple = IsTriple(text_, quote);
    frames_[frame_count_++] = {.quote_at = quote,
                               .brackets = bracket_count_,
                               .quote = text_[quote],
                               .triple = triple,
                               .raw = raw,
                               .in_name = false};
    at_ = quote + (triple ? 3 : 1);
  }

  Frame &frame() { return frames_[frame_count_ - 1]; }
  char top() const {
    bool own = bracket_count_ > frames_[frame_count_ - 1].brackets;
    return own ? brackets_[bracket_count_ - 1] : '\0';
  }
  bool InLiteral() const { return top() == '\0' || top() == 'S'; }

  void Push(char bracket) {
    if (bracket_count_ == kMaxBrackets) {
      return Fail(at_, "too many nested brackets");
    }
    brackets_[bracket_count_++] = bracket;
    ++at_;
  }

  void Pop() {
    --bracket_count_;
    ++at_;
  }

  bool NextIs(char c) const { return at_ + 1 < text_.size() && text_[at_ + 1] == c; }

  void StepLiteral() {
    at_ = FindAny(text_, kLiteralStops, at_);
    if (at_ == text_.size()) {
      return;
    }
    switch (text_[at_]) {
    case '{':
      if (frame().in_name || (top() == '\0' && NextIs('{'))) {
        at_ += frame().in_name ? 1 : 2;
      } else {
        Push('F');
      }
      return;
    case '}':
      return CloseBraceInLiteral();
    case '\\':
      return StepEscape();
    case '\n':
    case '\r':
      return BreakLineInLiteral();
    default:
      return StepQuote();
    }
  }

  void CloseBraceInLiteral() {
    if (frame().in_name) {
      frame().in_name = false;
      ++at_;
    } else if (top() == 'S') {
      Pop();
    } else if (NextIs('}')) {
      at_ += 2;
    } else {
      Fail(at_, "single `}` in a format string");
    }
  }

  void StepEscape() {
    if (NextIs('{') || NextIs('}')) {
      ++at_;
    } else if (!frame().raw && text_.substr(at_ + 1, 2) == "N{") {
      frame().in_name = true;
      at_ += 3;
    } else {
      at_ = SkipEscaped(text_, at_);
    }
  }

  void BreakLineInLiteral() {
    if (!frame().triple) {
      if (top() != 'S') {
        return Fail(frame().quote_at, "unterminated string");
      }
      brackets_[bracket_count_ - 1] = 'F'; // the line break ends a format spec
    }
    ++at_;
  }

  void StepQuote() {
    if (text_[at_] != frame().quote || (frame().triple && !IsTriple(text_, at_))) {
      ++at_;
      return;
    }
    if (top() == 'S') {
      return Fail(at_, "unterminated replacement field in a format string");
    }
    at_ += frame().triple ? 3 : 1;
    --frame_count_;
  }

  void StepExpression() {
    at_ = FindAny(text_, kExpressionStops, at_);
    if (at_ == text_.size()) {
      return;
    }
    switch (char c = text_[at_]) {
    case '(':
    case '[':
    case '{':
      return Push(c);
    case ')':
      return Close('(');
    case ']':
      return Close('[');
    case '}':
      return top() == 'F' ? Pop() : Close('{');
    case ':':
      if (top() == 'F') {
        brackets_[bracket_count_ - 1] = 'S';
      }
      ++at_;
      return;
    case '#':
      return SkipComment();
    case '\\':
      return StepContinuation();
    case '\'':
    case '"':
      return SkipInner();
    default:
      return Fail(at_, "invalid character in a format string");
    }
  }

  void Close(char opener) {
    if (top() != opener) {
      return Fail(at_, "closing bracket does not match in a format string");
    }
    Pop();
  }

  void SkipComment() {
    size_t end = std::min(text_.find_first_of("\n\r", at_), text_.size());
    if (comments_ != nullptr) {
      comments_->push_back({static_cast<uint32_t>(at_), static_cast<uint32_t>(end)});
    }
    at_ = end;
  }

  void StepContinuation() {
    if (!NextIs('\n') && !NextIs('\r')) {
      return Fail(at_, "unexpected character after a line continuation");
    }
    at_ = SkipEscaped(text_, at_);
  }

  void SkipInner() {
    StringPrefix prefix = ReadStringPrefix(text_, at_);
    if (prefix.format) {
      return Enter(at_, prefix.raw);
    }
    SkippedString inner = SkipPlain(text_, at_);
    at_ = inner.end;
    if (inner.why != nullptr) {
      Fail(inner.end, inner.why);
    }
  }

  llvm::StringRef text_;
  std::vector<Span> *comments_;
  size_t at_ = 0;
  size_t trouble_ = 0;
  const char *why_ = nullptr;
  size_t frame_count_ = 0;
  size_t bracket_count_ = 0;
  std::array<Frame, kMaxFrames> frames_;
  std::array<char, kMaxBrackets> brackets_;
};

} // namespace

SkippedString SkipString(llvm::StringRef text, size_t quote, const StringPrefix &prefix,
                         std::vector<Span> *comments) {
  if (prefix.format) {
    return FormatScanner(text, comments).Skip(quote, prefix.raw);
  }
  return SkipPlain(text, quote);
}

} // namespace pydefrag
