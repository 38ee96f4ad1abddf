// Values of tokens: identifiers as the compiler normalises them, string literals decoded, numbers.
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

using TokenText = llvm::SmallString<128>;

// The NFKC form when `text` is not ASCII; else `text`. `scratch` holds what had to be made.
llvm::StringRef NormaliseIdentifier(llvm::StringRef text, TokenText &scratch);

struct StringLiteral {
  bool raw = false;
  bool bytes = false;
  bool format = false;  // f"" or t"": has interpolations
  llvm::StringRef body; // between the quotes, undecoded
};

// Takes a literal token apart. `token` begins with its prefix and ends with its quote.
StringLiteral SplitLiteral(llvm::StringRef token);

// Appends the value of `part`, a piece of the literal's body. In a format literal `{{` is `{`.
void AppendValue(const StringLiteral &literal, llvm::StringRef part, TokenText &value);

// A number's spelling without `_`.
llvm::StringRef NumberText(llvm::StringRef token, TokenText &scratch);

// A number that only Python 2 takes: `10L`, `0777`.
bool IsPython2Number(llvm::StringRef token);

} // namespace pydefrag
