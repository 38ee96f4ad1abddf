// Writing JSON text by hand where there is too much of it for a general writer: the graph of a
// large project is over a hundred megabytes. Strings that need no escapes are copied as they are.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

// `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void WriteJsonString(llvm::raw_ostream &os, llvm::StringRef text);

} // namespace pydefrag
