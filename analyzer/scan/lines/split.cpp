// Splitting: see split.h. One forward walk over the tokens that matter: strings, brackets,
// comments,
// `:`, `;` and the word `lambda`, whose colon is not the header's. O(bytes of the line).
#include "scan/lines/split.h"

#include "scan/lines/bytes.h"
#include "scan/lines/string_scan.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

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

uint32_t FindAtTopLevel(llvm::StringRef text, Span span, char wanted) {
  return TopLevelWalker(text, span.begin, span.end).Find(wanted);
}

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

// The quote of the string that begins at `at`, possibly behind a prefix; `end` if none does.
static uint32_t FindOpeningQuote(llvm::StringRef text, uint32_t at, uint32_t end) {
  uint32_t quote = at;
  while (quote < end && quote - at < 2 && IsWordByte(text[quote])) {
    ++quote;
  }
  return quote < end && (text[quote] == '"' || text[quote] == '\'') ? quote : end;
}

bool IsPlainLiteral(llvm::StringRef text, Span statement) {
  llvm::StringRef slice = text.slice(statement.begin, statement.end);
  if (slice == "..." || IsDigit(slice[0])) {
    return llvm::all_of(slice, [](char c) { return IsWordByte(c) || c == '.'; });
  }
  uint32_t at = statement.begin;
  while (at < statement.end) {
    uint32_t quote = FindOpeningQuote(text, at, statement.end);
    if (quote == statement.end) {
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
