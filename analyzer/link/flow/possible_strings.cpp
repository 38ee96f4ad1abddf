#include "link/flow/possible_strings.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <vector>

namespace pydefrag {

void PossibleStrings::AddTo(Texts &texts, llvm::StringRef text, LetterCase change) {
  // The case of other letters depends on their neighbours, and may make two of one.
  if (change != LetterCase::AsItIs && !llvm::isASCII(text)) {
    return Fail();
  }
  switch (change) {
  case LetterCase::AsItIs:
    texts.exact.insert(text);
    return;
  case LetterCase::Lower:
    texts.exact.insert(text.lower());
    return;
  case LetterCase::Upper:
    texts.exact.insert(text.upper());
    return;
  case LetterCase::Any:
    texts.any_case.insert(text.lower());
    return;
  }
}

void PossibleStrings::Add(llvm::StringRef whole, LetterCase change) {
  AddTo(whole_, whole, change);
}

void PossibleStrings::AddPiece(llvm::StringRef piece, LetterCase change) {
  if (!piece.empty()) {
    AddTo(pieces_, piece, change);
  }
}

// A name that code binds is one of its words. Where the code is made of several texts, a name may
// begin in one and end in another.
void PossibleStrings::AddWords(llvm::StringRef code, LetterCase change) {
  const auto is_word = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  has_code_ = true;
  for (size_t at = code.find('*'); at != llvm::StringRef::npos; at = code.find('*', at + 1)) {
    const llvm::StringRef before = code.take_front(at).rtrim(" \t\\\r\n\f");
    if (before.empty() || before.ends_with("import")) {
      return Fail(); // `from x import *`
    }
  }
  if (!llvm::isASCII(code)) {
    return Fail(); // letters that the compiler makes others of
  }
  while (!code.empty()) {
    code = code.drop_until(is_word);
    AddPiece(code.take_while(is_word), change);
    code = code.drop_while(is_word);
  }
}

// `str()` of a float may be "1e+16" or "1.5", which are no names, or one of these.
void PossibleStrings::AddNumberPieces() {
  numbers_ = true;
  for (llvm::StringRef word : {"True", "False", "None", "Ellipsis", "inf", "nan", "j"}) {
    AddTo(pieces_, word, LetterCase::Any);
  }
}

bool PossibleStrings::Texts::Contains(llvm::StringRef text) const {
  return exact.contains(text) || (!any_case.empty() && any_case.contains(text.lower()));
}

// Whether the text can be put together of pieces: from the left, each place that is reached.
bool PossibleStrings::MayHold(llvm::StringRef text) const {
  const bool unseen = shortest_ > 0 && (text.size() < shortest_ || !llvm::isASCII(text));
  const bool fronted =
      llvm::any_of(fronts_, [&](const std::string &front) { return text.starts_with(front); });
  const bool backed = llvm::any_of(backs_, [&](const auto &ends) {
    return text.size() >= ends.first.size() + ends.second.size() && text.starts_with(ends.first) &&
           text.ends_with(ends.second);
  });
  if (!known_ || unseen || fronted || backed || whole_.Contains(text)) {
    return true;
  }
  if (pieces_.exact.empty() && pieces_.any_case.empty() && !numbers_) {
    return false;
  }
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (size_t begin = 0; begin < text.size(); ++begin) {
    if (!reached[begin]) {
      continue;
    }
    if (numbers_ && llvm::isDigit(text[begin])) {
      reached[begin + 1] = true;
    }
    for (size_t end = begin + 1; end <= text.size(); ++end) {
      reached[end] = reached[end] || pieces_.Contains(text.slice(begin, end));
    }
  }
  return reached[text.size()];
}

} // namespace pydefrag
