// Reading one import statement. Its grammar is regular: names, dots, commas, one pair of brackets.
// What the scanner has already accepted is read again here, because its trees keep no commas,
// brackets and comments.
#include "fix/import_text.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || (c & 0x80) != 0;
}

class ImportReader {
public:
  ImportReader(llvm::StringRef text, uint32_t begin) : text_(text), at_(begin) {}

  std::optional<ImportText> Read() {
    const Span first = Word();
    const llvm::StringRef keyword = text_.slice(first.begin, first.end);
    import_.from = keyword == "from";
    if (!import_.from && keyword != "import") {
      return std::nullopt;
    }
    if (import_.from && !ReadModule()) {
      return std::nullopt;
    }
    Skip();
    if (import_.from && Take('(')) {
      import_.brackets = true;
      import_.open = at_ - 1;
    }
    return ReadNames() ? std::optional(std::move(import_)) : std::nullopt;
  }

private:
  // Blanks and continuations; between brackets line ends and comments too.
  void Skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool line_end = c == '\n' || c == '\r';
      if (c == ' ' || c == '\t' || c == '\f' || (line_end && import_.brackets)) {
        ++at_;
      } else if (c == '\\' && text_.substr(at_ + 1).starts_with("\r\n")) {
        at_ += 3;
      } else if (c == '\\' && at_ + 1 < text_.size() && llvm::isSpace(text_[at_ + 1])) {
        at_ += 2;
      } else if (c == '#' && import_.brackets) {
        import_.comments = true;
        at_ = static_cast<uint32_t>(std::min(text_.find_first_of("\r\n", at_), text_.size()));
      } else {
        return;
      }
    }
  }

  bool Take(char wanted) {
    if (at_ < text_.size() && text_[at_] == wanted) {
      ++at_;
      return true;
    }
    return false;
  }

  Span Word() {
    const uint32_t begin = at_;
    while (at_ < text_.size() && IsNameByte(text_[at_])) {
      ++at_;
    }
    return {begin, at_};
  }

  // Names and dots up to something else; blanks may stand between.
  Span Dotted(llvm::StringRef stop_word) {
    Span span{at_, at_};
    while (at_ < text_.size()) {
      if (Take('.')) {
        span.end = at_;
      } else {
        const uint32_t before = at_;
        const Span word = Word();
        if (word.begin == word.end || text_.slice(word.begin, word.end) == stop_word) {
          at_ = before;
          return span;
        }
        span.end = at_;
      }
      Skip();
    }
    return span;
  }

  bool ReadModule() {
    Skip();
    import_.module = Dotted("import");
    const Span word = Word();
    return import_.module.begin < import_.module.end &&
           text_.slice(word.begin, word.end) == "import";
  }

  bool ReadNames() {
    while (true) {
      Skip();
      if (import_.brackets && Take(')')) {
        import_.close = at_ - 1;
        import_.end = at_;
        return !import_.names.empty();
      }
      if (!ReadName()) {
        return false;
      }
      import_.end = at_;
      Skip();
      if (Take(',')) {
        import_.names.back().comma = at_ - 1;
      } else if (!import_.brackets) {
        return true;
      } else if (at_ >= text_.size() || text_[at_] != ')') {
        return false;
      }
    }
  }

  bool ReadName() {
    ImportName name;
    if (Take('*')) {
      name.name = {at_ - 1, at_};
    } else {
      name.name = Dotted("as");
    }
    name.all = name.name;
    if (name.name.begin == name.name.end) {
      return false;
    }
    at_ = name.all.end;
    Skip();
    const uint32_t before = at_;
    const Span word = Word();
    if (text_.slice(word.begin, word.end) == "as") {
      Skip();
      name.as = Word();
      name.all.end = name.as.end;
    } else {
      at_ = before;
    }
    at_ = name.all.end;
    import_.names.push_back(name);
    return true;
  }

  llvm::StringRef text_;
  uint32_t at_;
  ImportText import_;
};

} // namespace

std::optional<ImportText> ReadImport(llvm::StringRef text, uint32_t begin) {
  return ImportReader(text, begin).Read();
}

} // namespace pydefrag
