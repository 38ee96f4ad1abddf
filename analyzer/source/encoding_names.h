// FindEncoding: what a PEP 263 cookie's name means.
#pragma once

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

struct EncodingName {
  const char *codec; // CPython's module: "shift_jis"
  const char *name;  // as CPython's messages spell it
  const char *iconv; // empty: UTF-8
};

// Nothing when CPython has no text encoding of this name.
const EncodingName *FindEncoding(llvm::StringRef name);

} // namespace pydefrag
