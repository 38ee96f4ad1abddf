// Splitting: see split.h. One forward walk over the tokens that matter: strings, brackets,
// comments,
// `:`, `;` and the word `lambda`, whose colon is not the header's. O(bytes of the line).
#include "scan/split.h"

#include "scan/string_scan.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

static bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

namespace {

// Walks over what stands outside brackets and strings.
class TopLevelWalker {
public:
  TopLevelWalker(llvm::StringRef text, uint32_t begin, uint32_t end)
      : text_(text.take_front(end)), at_(begin) {}

  // The next of `wanted` outside brackets, strings and lambdas; the end if there is none.
  uint32_t Find(char wanted) {
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == wanted && depth_ == 0 && !ConsumesColon(c)) {
        return at_;
      }
      Step(c);
    }
    return static_cast<uint32_t>(text_.size());
  }

  void Pass() { ++at_; }

private:
  // Whether a `:` belongs to a lambda or to `:=`.
  bool ConsumesColon(char c) {
    if (c != ':') {
      return false;
    }
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '=') {
      return true;
    }
    if (lambdas_ > 0) {
      --lambdas_;
      return true;
    }
    return false;
  }

  void Step(char c) {
    switch (c) {
    case '(':
    case '[':
    case '{':
      ++depth_;
      return;
    case ')':
    case ']':
    case '}':
      --depth_;
      return;
    case '"':
    case '\'':
      SkipStringLiteral();
      return;
    case '#':
      at_ = static_cast<uint32_t>(std::min(text_.find_first_of("\r\n", at_), text_.size())) - 1;
      return;
    default:
      if (c == 'l' && depth_ == 0) {
        CountLambda();
      }
      return;
    }
  }

  void SkipStringLiteral() {
    SkippedString skipped = SkipString(text_, at_, ReadStringPrefix(text_, at_), nullptr);
    at_ = static_cast<uint32_t>(skipped.why == nullptr ? skipped.end : text_.size()) - 1;
  }

  void CountLambda() {
    bool starts = at_ == 0 || !IsWordByte(text_[at_ - 1]);
    llvm::StringRef rest = text_.substr(at_);
    if (starts && rest.consume_front("lambda") && (rest.empty() || !IsWordByte(rest[0]))) {
      ++lambdas_;
    }
  }

  llvm::StringRef text_;
  uint32_t at_;
  int depth_ = 0;
  int lambdas_ = 0;
};

} // namespace

uint32_t SkipBlanks(llvm::StringRef text, uint32_t at, uint32_t end) {
  while (at < end) {
    char c = text[at];
    bool blank = c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r';
    if (!blank && c != '\\') {
      break;
    }
    ++at;
  }
  return at;
}

static uint32_t TrimEnd(llvm::StringRef text, uint32_t begin, uint32_t end) {
  while (end > begin && llvm::StringRef(" \t\f\r\n\\").contains(text[end - 1])) {
    --end;
  }
  return end;
}

SplitResult SplitLine(llvm::StringRef text, Span line, LineShape shape) {
  SplitResult result;
  TopLevelWalker walker(text, line.begin, line.end);
  uint32_t begin = line.begin;
  if (shape == LineShape::Header) {
    uint32_t colon = walker.Find(':');
    result.ok = colon < line.end;
    result.has_header = result.ok;
    if (!result.ok) {
      return result;
    }
    walker.Pass();
    result.statements.push_back({line.begin, colon + 1});
    begin = colon + 1;
  }
  while (begin < line.end) {
    uint32_t semicolon = walker.Find(';');
    walker.Pass();
    begin = SkipBlanks(text, begin, semicolon);
    uint32_t end = TrimEnd(text, begin, semicolon);
    if (begin < end) {
      result.statements.push_back({begin, end});
    } else {
      result.ok &= semicolon == line.end;
    }
    begin = semicolon + 1;
  }
  return result;
}

// Whether an expression statement may go on like this behind a name: `print in x`, `exec if a else
// b`.
static bool IsInfixWord(llvm::StringRef rest) {
  llvm::StringRef word = rest.take_while(IsWordByte);
  return llvm::is_contained({"and", "or", "in", "is", "if", "not", "else"}, word);
}

// `print "x"`, `exec code`: a name cannot stand before a literal or another name.
static bool IsStatementWord(llvm::StringRef text, uint32_t behind_word, uint32_t end) {
  if (behind_word >= end || text[behind_word] == '\\') {
    return false;
  }
  uint32_t next = behind_word;
  while (next < end && (text[next] == ' ' || text[next] == '\t')) {
    ++next;
  }
  if (next >= end) {
    return false;
  }
  char c = text[next];
  if (c == '"' || c == '\'' || c == '{') {
    return true;
  }
  return next > behind_word && IsWordByte(c) && static_cast<unsigned char>(c) < 0x80 &&
         !IsInfixWord(text.slice(next, end));
}

static bool HasTopLevelComma(llvm::StringRef text, Span statement) {
  llvm::StringRef slice = text.slice(statement.begin, statement.end);
  if (!slice.contains(',') || slice.contains("lambda")) {
    return false;
  }
  TopLevelWalker walker(text, statement.begin, statement.end);
  return walker.Find(',') < statement.end;
}

const char *FindPython2(llvm::StringRef text, Span statement, Keyword keyword) {
  switch (keyword) {
  case Keyword::Print:
    return IsStatementWord(text, statement.begin + 5, statement.end)
               ? "the print statement is Python 2 syntax"
               : nullptr;
  case Keyword::Exec:
    return IsStatementWord(text, statement.begin + 4, statement.end)
               ? "the exec statement is Python 2 syntax"
               : nullptr;
  case Keyword::Raise:
    return HasTopLevelComma(text, statement) ? "`raise E, value` is Python 2 syntax" : nullptr;
  default:
    return nullptr;
  }
}

bool IsPlainLiteral(llvm::StringRef text, Span statement) {
  llvm::StringRef slice = text.slice(statement.begin, statement.end);
  if (slice == "..." || (slice[0] >= '0' && slice[0] <= '9')) {
    return llvm::all_of(slice, [](char c) { return IsWordByte(c) || c == '.'; });
  }
  uint32_t at = statement.begin;
  while (at < statement.end) {
    auto quote = static_cast<uint32_t>(text.find_first_of("'\"", at));
    if (quote >= statement.end || quote - at > 2) {
      return false;
    }
    StringPrefix prefix = ReadStringPrefix(text, quote);
    if (prefix.format || prefix.length != quote - at) {
      return false;
    }
    SkippedString skipped = SkipString(text, quote, prefix, nullptr);
    if (skipped.why != nullptr) {
      return false;
    }
    at = SkipBlanks(text, static_cast<uint32_t>(skipped.end), statement.end);
  }
  return true;
}

} // namespace pydefrag
