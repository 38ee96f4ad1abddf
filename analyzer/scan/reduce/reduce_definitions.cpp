// Reducer: what is left of definitions and their decorators. See reduce.h.
#include "scan/reduce/reduce.h"

#include "scan/lines/bytes.h"
#include "scan/reduce/reduce_tokens.h"

namespace pydefrag {

void Reducer::AppendDecorator(llvm::StringRef decorator, bool whole) {
  out_.push_back('@');
  if (whole || decorator.contains_insensitive("deprecat") || HasWalrus(decorator) ||
      decorator.find_first_of("([") == llvm::StringRef::npos) {
    AppendVerbatim(decorator);
  } else {
    AppendShallow(decorator, "0");
  }
  out_.push_back('\n');
}

// Decorators of tests that may be skipped.
static bool MaySkip(llvm::StringRef decorators) {
  return decorators.contains_insensitive("skip") || decorators.contains("requires");
}

// Those of methods say nothing that a fact needs, but for whether a test may be skipped. Parameters
// are not kept: a default that gives the module's own dict away, `g=globals()`, is evaluated when
// decorators are and stands among them.
void Reducer::AppendDecorators(const OutlineItem &item) {
  if (item.kind == StatementKind::Function && item.interesting &&
      HeaderText(item).contains("=globals()")) {
    out_ += "@globals()\n";
    reduced_ = true;
  }
  if (item.begin == item.head) {
    return;
  }
  const llvm::StringRef text = text_.slice(item.begin, item.head);
  const bool is_method = item.kind == StatementKind::Function && item.in_class;
  if (is_method && !item.interesting && !MaySkip(text)) {
    reduced_ = true;
    return;
  }
  Token token = NextToken(text, 0);
  while (token.kind != TokenKind::End) {
    const uint32_t begin = NextToken(text, token.end).begin;
    uint32_t end = begin;
    for (token = NextToken(text, begin); token.kind != TokenKind::End;
         token = NextToken(text, end)) {
      if (token.on_new_line && text[token.begin] == '@') {
        break;
      }
      end = token.kind == TokenKind::Open ? SkipBrackets(text, token.begin) : token.end;
    }
    AppendDecorator(text.slice(begin, end), item.interesting);
  }
}

// Past the name that is defined: `async def NAME`, `class NAME`, `type NAME`.
static uint32_t EndOfName(llvm::StringRef header) {
  if (header.starts_with("def ") && IsWordByte(header[4])) { // most
    uint32_t end = 5;
    while (end < header.size() && IsWordByte(header[end])) {
      ++end;
    }
    return end;
  }
  Token token = NextToken(header, 0);
  if (header.slice(token.begin, token.end) == "async") {
    token = NextToken(header, token.end);
  }
  return NextToken(header, token.end).end;
}

void Reducer::ReduceFunction(const OutlineItem &item) {
  const llvm::StringRef header = HeaderText(item);
  if (HasWalrus(header)) {
    return AppendVerbatim(header);
  }
  AppendVerbatim(header.take_front(EndOfName(header)));
  out_ += "():";
}

void Reducer::ReduceClass(const OutlineItem &item) {
  const llvm::StringRef header = HeaderText(item);
  const size_t begin = out_.size();
  AppendVerbatim(header);
  const Token open = NextToken(header, EndOfName(header));
  if (header.substr(open.begin).starts_with("[") && !HasWalrus(header)) {
    for (uint32_t i = open.begin, end = SkipBrackets(header, open.begin); i < end; ++i) {
      out_[begin + i] = ' ';
    }
  }
}

void Reducer::ReduceTypeAlias(const OutlineItem &item) {
  const llvm::StringRef whole = HeaderText(item);
  AppendVerbatim(whole.take_front(EndOfName(whole)));
  out_ += " = 0";
  reduced_ = true;
}

} // namespace pydefrag
