// See literals.h. The only user of utf8proc.
#include "scan/trees/literals.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

#include <utf8proc.h>

#include <cstdlib>
#include <optional>

namespace pydefrag {

llvm::StringRef NormaliseIdentifier(llvm::StringRef text, TokenText &scratch) {
  if (llvm::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return text;
  }
  utf8proc_uint8_t *made = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t *>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &made,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (size < 0) {
    return text;
  }
  scratch.assign(llvm::StringRef(reinterpret_cast<const char *>(made), static_cast<size_t>(size)));
  std::free(made);
  return scratch;
}

StringLiteral SplitLiteral(llvm::StringRef token) {
  StringLiteral literal;
  while (!token.empty() && token[0] != '"' && token[0] != '\'') {
    const char c = llvm::toLower(token[0]);
    literal.raw |= c == 'r';
    literal.bytes |= c == 'b';
    literal.format |= c == 'f' || c == 't';
    token = token.drop_front();
  }
  const bool triple = token.size() >= 6 && token[1] == token[0] && token[2] == token[0];
  const size_t quotes = triple ? 3 : 1;
  if (token.size() >= 2 * quotes) {
    literal.body = token.drop_front(quotes).drop_back(quotes);
  }
  return literal;
}

// Surrogates too: a Python string may hold them, and two spellings of one must stay equal.
static void AppendCodePoint(uint32_t code, TokenText &value) {
  if (code < 0x80) {
    value.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    value.push_back(static_cast<char>(0xc0 | (code >> 6)));
    value.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    value.push_back(static_cast<char>(0xe0 | (code >> 12)));
    value.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    value.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    value.push_back(static_cast<char>(0xf0 | ((code >> 18) & 7)));
    value.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3f)));
    value.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    value.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

static void AppendCode(const StringLiteral &literal, uint32_t code, TokenText &value) {
  if (literal.bytes) {
    value.push_back(static_cast<char>(code));
  } else {
    AppendCodePoint(code, value);
  }
}

// `\x41` and its like: exactly `digits` hexadecimal digits at `at`.
static std::optional<uint32_t> Hexadecimal(llvm::StringRef part, size_t at, size_t digits) {
  uint32_t code = 0;
  const llvm::StringRef text = part.substr(at, digits);
  if (text.size() != digits || text.getAsInteger(16, code)) {
    return std::nullopt;
  }
  return code;
}

// The escape at part[at] (the backslash); returns the index behind it.
static size_t AppendNumericEscape(const StringLiteral &literal, llvm::StringRef part, size_t at,
                                  TokenText &value) {
  const char letter = part[at + 1];
  if (letter >= '0' && letter <= '7') {
    uint32_t code = 0;
    size_t i = at + 1;
    for (; i < part.size() && i < at + 4 && part[i] >= '0' && part[i] <= '7'; ++i) {
      code = code * 8 + static_cast<uint32_t>(part[i] - '0');
    }
    AppendCode(literal, code, value);
    return i;
  }
  const size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
  if (const std::optional<uint32_t> code = Hexadecimal(part, at + 2, digits)) {
    AppendCode(literal, *code, value);
    return at + 2 + digits;
  }
  value.push_back('\\');
  return at + 1;
}

static size_t AppendNamedEscape(llvm::StringRef part, size_t at, TokenText &value) {
  const size_t close = part.find('}', at);
  if (part.substr(at + 2).starts_with("{") && close != llvm::StringRef::npos) {
    const llvm::StringRef name = part.slice(at + 3, close);
    if (const auto found = llvm::sys::unicode::nameToCodepointStrict(name.upper())) {
      AppendCodePoint(static_cast<uint32_t>(*found), value);
      return close + 1;
    }
  }
  value.push_back('\\');
  return at + 1;
}

static char SimpleEscape(char letter) {
  switch (letter) {
  case 'a':
    return '\a';
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  case 'v':
    return '\v';
  case '\\':
  case '\'':
  case '"':
    return letter;
  default:
    return '\0';
  }
}

// The backslash at part[at]; returns the index behind the escape.
static size_t AppendEscape(const StringLiteral &literal, llvm::StringRef part, size_t at,
                           TokenText &value) {
  if (literal.raw || at + 1 >= part.size()) {
    value.push_back('\\');
    return at + 1;
  }
  const char letter = part[at + 1];
  if (const char simple = SimpleEscape(letter)) {
    value.push_back(simple);
    return at + 2;
  }
  if (letter == '\n' || letter == '\r') {
    return at + (part.substr(at + 1).starts_with("\r\n") ? 3 : 2);
  }
  if ((letter >= '0' && letter <= '7') || letter == 'x' ||
      (!literal.bytes && (letter == 'u' || letter == 'U'))) {
    return AppendNumericEscape(literal, part, at, value);
  }
  if (letter == 'N' && !literal.bytes) {
    return AppendNamedEscape(part, at, value);
  }
  value.push_back('\\');
  return at + 1;
}

void AppendValue(const StringLiteral &literal, llvm::StringRef part, TokenText &value) {
  for (size_t i = 0; i < part.size();) {
    const char c = part[i];
    if (c == '\\') {
      i = AppendEscape(literal, part, i, value);
    } else if (c == '\r') { // line ends in a literal are read as \n
      value.push_back('\n');
      i += part.substr(i).starts_with("\r\n") ? 2 : 1;
    } else if (literal.format && (c == '{' || c == '}') && i + 1 < part.size() &&
               part[i + 1] == c) {
      value.push_back(c);
      i += 2;
    } else {
      value.push_back(c);
      ++i;
    }
  }
}

llvm::StringRef NumberText(llvm::StringRef token, TokenText &scratch) {
  if (!token.contains('_')) {
    return token;
  }
  scratch.clear();
  for (char c : token) {
    if (c != '_') {
      scratch.push_back(c);
    }
  }
  return scratch;
}

bool IsPython2Number(llvm::StringRef token) {
  if (token.ends_with_insensitive("l")) {
    return true;
  }
  return token.size() > 1 && token[0] == '0' && llvm::all_of(token, llvm::isDigit) &&
         token.find_first_not_of('0') != llvm::StringRef::npos;
}

} // namespace pydefrag
