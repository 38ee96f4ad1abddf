// PossibleStrings: what is known of the strings that an expression may have for its value. A set of
// whole strings, and a set of pieces that strings are put together of: `"%s_%d" % (kind, bits)` has
// the pieces "_", what `kind` may be, and digits. Nothing is said of the order of pieces, nor of
// how often each comes. Asked whether it may hold a string, it answers "no" or "perhaps".
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

// How a text may have been changed before it is what it is. Letters of ASCII only.
enum class LetterCase : uint8_t { AsItIs, Lower, Upper, Any };

class PossibleStrings {
public:
  bool known() const { return known_; } // there are no others
  void Fail() { known_ = false; }

  void Add(llvm::StringRef whole, LetterCase change = LetterCase::AsItIs);
  void AddPiece(llvm::StringRef piece, LetterCase change = LetterCase::AsItIs);
  // What numbers and constants of the language look like.
  void AddNumberPieces();
  // Whatever begins so.
  void AddFront(llvm::StringRef front) { fronts_.push_back(front.str()); }
  // Whatever ends so, and begins so.
  void AddBack(llvm::StringRef back, llvm::StringRef front = "") {
    backs_.push_back({front.str(), back.str()});
  }
  // Of a text that is executed as code: whatever can be put together of its words.
  void AddWords(llvm::StringRef code, LetterCase change = LetterCase::AsItIs);
  // What is shorter than this, or has other letters than those of ASCII.
  void AddAllShorterThan(size_t length) { shortest_ = std::max(shortest_, length); }

  bool has_code() const { return has_code_; } // AddWords

  bool MayHold(llvm::StringRef text) const;

private:
  struct Texts {
    llvm::StringSet<> exact;
    llvm::StringSet<> any_case; // in lower case
    bool Contains(llvm::StringRef text) const;
  };
  void AddTo(Texts &texts, llvm::StringRef text, LetterCase change);

  bool known_ = true;
  Texts whole_;
  Texts pieces_;
  std::vector<std::string> fronts_;
  std::vector<std::pair<std::string, std::string>> backs_; // with how it begins
  bool has_code_ = false;
  bool numbers_ = false; // are pieces, too
  size_t shortest_ = 0;  // text that may not be one of them
};

} // namespace pydefrag
