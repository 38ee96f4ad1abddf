#include "scan/reduce/shallow.h"

#include "scan/reduce/reduce_tokens.h"
#include "scan/words/word_set.h"

namespace pydefrag {

// Parentheses that are looked into; each costs a walk over what it holds.
static constexpr unsigned kMaxGroups = 32;

static bool IsGroup(llvm::StringRef text, const Token &before, const Token &open) {
  if (text[open.begin] != '(' || before.kind == TokenKind::Close ||
      before.kind == TokenKind::String) {
    return false;
  }
  static const WordSet keywords = {"in",    "not",   "and",    "or",    "if",    "else",   "is",
                                   "for",   "with",  "return", "raise", "from",  "lambda", "as",
                                   "await", "yield", "assert", "del",   "while", "elif"};
  const llvm::StringRef word = text.slice(before.begin, before.end);
  return before.kind != TokenKind::Word || keywords.Contains(word);
}

// Whether a comma stands directly between the brackets.
static bool HasComma(llvm::StringRef text, uint32_t open, uint32_t end) {
  for (Token token = NextToken(text, open + 1); token.end < end;
       token = NextToken(text, token.end)) {
    if (token.kind == TokenKind::Open) {
      token.end = SkipBrackets(text, token.begin);
    } else if (text[token.begin] == ',') {
      return true;
    }
  }
  return false;
}

// What stands for a string of which only its kind is kept: not empty, and nobody knows what it
// says.
static llvm::StringRef SomeString(llvm::StringRef token) {
  for (char c : token.take_until([](char q) { return q == '"' || q == '\''; })) {
    switch (c) {
    case 'b':
    case 'B':
      return "b\"\"[0]";
    case 'f':
    case 'F':
    case 't':
    case 'T':
      return "f\"{0}\"";
    default:
      break;
    }
  }
  return "\"\"[0]";
}

static bool IsEmptyString(llvm::StringRef token) {
  return token == "\"\"" || token == "''";
}

// Past the bracket that closes the one at `open`. The last of a statement is known, and mostly it
// is the long one.
uint32_t EndOfBrackets(llvm::StringRef text, uint32_t open, const char *last_open) {
  return text.data() + open == last_open ? static_cast<uint32_t>(text.size())
                                         : SkipBrackets(text, open);
}

// What stands for the items of a display: it is not empty, and nobody knows what it holds.
static const char *Something(llvm::StringRef open) {
  return open == "{" ? "**0" : open == "[" ? "..." : "...,";
}

// Keeps names and operators; what stands in brackets and strings goes. `arguments` stands for the
// arguments of a call that has some.
void AppendShallow(llvm::StringRef text, llvm::StringRef arguments, const char *last_open,
                   llvm::SmallString<1024> &out) {
  unsigned groups = 0;
  Token before;
  for (Token token = NextToken(text, 0); token.kind != TokenKind::End;) {
    // Of strings that follow each other the first stands for all.
    const bool goes_on = token.kind == TokenKind::String && before.kind == TokenKind::String;
    if (token.spaced && before.kind != TokenKind::End && !goes_on) {
      out.push_back(' ');
    }
    uint32_t next = token.end;
    const llvm::StringRef spelled = text.slice(token.begin, token.end);
    if (token.kind == TokenKind::String) {
      const bool alone = NextToken(text, token.end).kind != TokenKind::String;
      if (!goes_on) {
        out += alone && IsEmptyString(spelled) ? spelled : SomeString(spelled);
      }
    } else if (token.kind != TokenKind::Open) {
      out += spelled;
    } else {
      const uint32_t end = EndOfBrackets(text, token.begin, last_open);
      const bool group = IsGroup(text, before, token);
      const llvm::StringRef word = text.slice(before.begin, before.end);
      const bool with = word == "with";
      if (word == "as") { // what `with` binds
        out += text.slice(token.begin, end);
        next = end;
        token.kind = TokenKind::Close;
      } else if (group && groups < kMaxGroups && (with || !HasComma(text, token.begin, end))) {
        ++groups;
        out += spelled;
      } else {
        const bool empty = NextToken(text, token.end).end == end;
        const bool operand =
            !group && (before.kind == TokenKind::Word || before.kind == TokenKind::Close);
        out += spelled;
        if (!empty && operand && spelled != "{") {
          out += spelled == "[" ? llvm::StringRef("0") : arguments;
        } else if (!empty) {
          out += Something(spelled);
        }
        out.push_back(text[end - 1]);
        next = end;
        token.kind = TokenKind::Close;
      }
    }
    before = token;
    token = NextToken(text, next);
  }
}

} // namespace pydefrag
