#include "scan/words/whole_word.h"

#include "scan/lines/bytes.h"

namespace pydefrag {

bool HasWord(llvm::StringRef text, llvm::StringRef word) {
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !IsWordByte(text[at - 1]);
    const size_t end = at + word.size();
    if (starts && (end >= text.size() || !IsWordByte(text[end]))) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
