// See import_grammar.h. One walk from left to right; every CPython since 3.0 has this grammar.
#include "scan/syntax/import_grammar.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

// `async` and `await` were names until 3.7.
bool IsHardKeyword(llvm::StringRef word) {
  static constexpr llvm::StringLiteral kWords[] = {
      "False", "None",   "True", "and",   "as",     "assert",   "break", "class", "continue",
      "def",   "del",    "elif", "else",  "except", "finally",  "for",   "from",  "global",
      "if",    "import", "in",   "is",    "lambda", "nonlocal", "not",   "or",    "pass",
      "raise", "return", "try",  "while", "with",   "yield"};
  return llvm::is_contained(kWords, word);
}

bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class ImportReader {
public:
  explicit ImportReader(llvm::StringRef text) : rest_(text) {}

  ImportForm Read() {
    if (TakeWord("import")) {
      return ReadModules();
    }
    return TakeWord("from") ? ReadFrom() : ImportForm::Bad;
  }

private:
  ImportForm ReadModules() {
    for (bool first = true;; first = false) {
      if (AtEnd()) {
        return first ? ImportForm::NoNames : ImportForm::TrailingComma;
      }
      if (!TakeDotted() || !TakeAlias()) {
        return ImportForm::Bad;
      }
      if (!Take(',')) {
        return AtEnd() ? ImportForm::Good : ImportForm::Bad;
      }
    }
  }

  ImportForm ReadFrom() {
    bool relative = false;
    while (Take('.')) {
      relative = true;
    }
    if (TakeWord("import")) {
      return relative ? ReadNames() : ImportForm::Bad;
    }
    return TakeDotted() && TakeWord("import") ? ReadNames() : ImportForm::Bad;
  }

  ImportForm ReadNames() {
    if (AtEnd()) {
      return ImportForm::NoNames;
    }
    if (Take('*')) {
      return AtEnd() ? ImportForm::Good : ImportForm::Bad;
    }
    in_brackets_ = Take('(');
    for (bool first = true;; first = false) {
      if (in_brackets_ && Take(')')) {
        in_brackets_ = false;
        return !first && AtEnd() ? ImportForm::Good : ImportForm::Bad;
      }
      if (!first && AtEnd()) {
        return in_brackets_ ? ImportForm::Bad : ImportForm::TrailingComma;
      }
      if (!TakeName() || !TakeAlias()) {
        return ImportForm::Bad;
      }
      if (!Take(',')) {
        const bool closed = !in_brackets_ || Take(')');
        in_brackets_ = false;
        return closed && AtEnd() ? ImportForm::Good : ImportForm::Bad;
      }
    }
  }

  // Blanks, continued lines and, in brackets, line ends and comments.
  void SkipSpace() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == ' ' || c == '\t' || c == '\f' || (in_brackets_ && (c == '\n' || c == '\r'))) {
        rest_ = rest_.drop_front();
      } else if (c == '\\' && rest_.size() > 1 && (rest_[1] == '\n' || rest_[1] == '\r')) {
        rest_ = rest_.drop_front(rest_.starts_with("\\\r\n") ? 3 : 2);
      } else if (c == '#') {
        rest_ = rest_.drop_until([](char end) { return end == '\n' || end == '\r'; });
        if (!in_brackets_) {
          return;
        }
      } else {
        return;
      }
    }
  }

  bool AtEnd() {
    SkipSpace();
    return rest_.trim(" \t\f\r\n").empty();
  }

  bool Take(char c) {
    SkipSpace();
    return rest_.consume_front(llvm::StringRef(&c, 1));
  }

  llvm::StringRef Word() {
    SkipSpace();
    return rest_.take_while(IsNameByte);
  }

  bool TakeWord(llvm::StringRef word) {
    const bool there = Word() == word;
    rest_ = rest_.drop_front(there ? word.size() : 0);
    return there;
  }

  bool TakeName() {
    const llvm::StringRef word = Word();
    if (word.empty() || llvm::isDigit(word.front()) || IsHardKeyword(word)) {
      return false;
    }
    rest_ = rest_.drop_front(word.size());
    return true;
  }

  bool TakeDotted() {
    while (TakeName()) {
      if (!Take('.')) {
        return true;
      }
    }
    return false;
  }

  bool TakeAlias() { return !TakeWord("as") || TakeName(); }

  llvm::StringRef rest_;
  bool in_brackets_ = false;
};

} // namespace

ImportForm CheckImport(llvm::StringRef text) {
  const ImportForm form = ImportReader(text).Read();
  // `from {{ cookiecutter.slug }} import app` is no Python yet.
  const bool is_template = form != ImportForm::Good && text.find_first_of("{$<") != text.npos;
  return is_template ? ImportForm::Good : form;
}

} // namespace pydefrag
