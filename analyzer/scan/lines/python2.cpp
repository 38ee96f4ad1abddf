// Python 2: see python2.h. Each check looks only at the bytes that decide; none of them parses.
#include "scan/lines/python2.h"

#include "scan/lines/bytes.h"
#include "scan/lines/split.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

// Whether an expression may go on like this behind a name: `print in x`, `exec if a else b`.
static bool IsInfixWord(llvm::StringRef rest) {
  llvm::StringRef word = rest.take_while(IsWordByte);
  return llvm::is_contained({"and", "or", "in", "is", "if", "not", "else"}, word);
}

// `print "x"`, `exec code`: a name cannot stand before a literal or another name.
static bool IsStatementWord(llvm::StringRef text, uint32_t behind_word, uint32_t end) {
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
  return FindAtTopLevel(text, statement, ',') < statement.end;
}

const char *FindPython2Statement(llvm::StringRef text, Span statement, Keyword keyword) {
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

// Names that people gave to the exception itself, never to an exception class.
static bool IsUsualName(llvm::StringRef name) {
  name = name.trim(" \t");
  bool letter = name.size() == 1 && name[0] >= 'a' && name[0] <= 'z';
  return letter ||
         llvm::is_contained({"ex",      "exc",      "exn",   "err",    "exception", "msg",
                             "message", "why",      "what",  "inst",   "val",       "details",
                             "detail",  "instance", "value", "ve",     "ioe",       "code",
                             "cause",   "reason",   "errno", "errstr", "errmsg",    "strerror"},
                            name);
}

const char *FindPython2Handler(llvm::StringRef text, Span header) {
  if (!text.slice(header.begin, header.end).contains(',')) {
    return nullptr;
  }
  uint32_t comma = FindAtTopLevel(text, header, ',');
  if (comma >= header.end) {
    return nullptr;
  }
  llvm::StringRef target = text.slice(comma + 1, header.end - 1).trim(" \t");
  if (target.consume_front("(") && target.consume_back(")")) { // except E, (errno, text):
    llvm::SmallVector<llvm::StringRef, 4> names;
    target.split(names, ',');
    return llvm::any_of(names, IsUsualName) ? "`except E, name` is Python 2 syntax" : nullptr;
  }
  return IsUsualName(target) ? "`except E, name` is Python 2 syntax" : nullptr;
}

// Whether the digits that begin at `begin` are the exponent or fraction of a number.
static bool ContinuesNumber(llvm::StringRef text, size_t begin) {
  if (begin == 0) {
    return false;
  }
  char before = text[begin - 1];
  if (before == '+' || before == '-') {
    bool exponent = begin >= 3 && (text[begin - 2] == 'e' || text[begin - 2] == 'E');
    return exponent && (IsDigit(text[begin - 3]) || text[begin - 3] == '.');
  }
  return before == '.';
}

static bool IsLong(llvm::StringRef word) {
  if (word.back() != 'l' && word.back() != 'L') {
    return false;
  }
  llvm::StringRef digits = word.drop_back();
  const char *allowed = "0123456789";
  if (digits.consume_front("0x") || digits.consume_front("0X")) {
    allowed = "0123456789abcdefABCDEF";
  }
  return !digits.empty() && digits.find_first_not_of(allowed) == llvm::StringRef::npos;
}

static bool IsOldOctal(llvm::StringRef word, char behind) {
  return word.size() > 1 && word[0] == '0' && IsDigit(word[1]) && behind != '.' &&
         word.find_first_not_of("0123456789_") == llvm::StringRef::npos &&
         word.find_first_of("123456789") != llvm::StringRef::npos;
}

const char *FindPython2Number(llvm::StringRef text, size_t at) {
  size_t begin = at;
  while (begin > 0 && IsWordByte(text[begin - 1])) {
    --begin;
  }
  llvm::StringRef word = text.substr(begin).take_while(IsWordByte);
  if (!IsDigit(word[0]) || ContinuesNumber(text, begin)) {
    return nullptr;
  }
  size_t end = begin + word.size();
  if (IsLong(word)) {
    return "the number suffix `L` is Python 2 syntax";
  }
  return IsOldOctal(word, end < text.size() ? text[end] : ' ')
             ? "a number with a leading zero is Python 2 syntax"
             : nullptr;
}

} // namespace pydefrag
