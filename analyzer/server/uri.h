// file: URIs and paths.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// "file:///home/a%20b.py" -> "/home/a b.py"; empty for other schemes.
std::string PathOfUri(llvm::StringRef uri);
std::string UriOfPath(llvm::StringRef path);

} // namespace pydefrag
