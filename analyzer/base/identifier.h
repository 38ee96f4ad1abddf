// Words that an import statement can spell, in settings and strings that nobody parses as Python.
#pragma once

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// In ASCII.
inline bool IsIdentifier(llvm::StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

// Parts with dots between them, or one: `shop.cart`.
inline bool IsDottedIdentifier(llvm::StringRef text) {
  return llvm::all_of(llvm::split(text, '.'), IsIdentifier);
}

// Letters of other alphabets pass without being looked at.
inline bool MayBeIdentifier(llvm::StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) && llvm::all_of(text, [](char c) {
    return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

// `Cart` of `shop.cart.Cart`; all of it where there is no dot.
inline llvm::StringRef LastPart(llvm::StringRef dotted) {
  const size_t dot = dotted.rfind('.');
  return dot == llvm::StringRef::npos ? dotted : dotted.substr(dot + 1);
}

// `shop.cart` is below `shop`; `shop` itself and `shops` are not.
inline bool IsBelow(llvm::StringRef dotted, llvm::StringRef package) {
  return dotted.consume_front(package) && dotted.starts_with(".");
}

inline bool IsWithin(llvm::StringRef dotted, llvm::StringRef package) {
  return dotted == package || IsBelow(dotted, package);
}

} // namespace pydefrag
