#include "report/json_text.h"

#include "llvm/Support/JSON.h"

namespace pydefrag {

static bool IsPlain(llvm::StringRef text) {
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') {
      return false;
    }
  }
  return true;
}

static void WriteEscaped(llvm::raw_ostream &os, llvm::StringRef text) {
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte == '"' || byte == '\\') {
      os << '\\' << c;
    } else if (byte == '\n') {
      os << "\\n";
    } else if (byte == '\t') {
      os << "\\t";
    } else if (byte < 0x20) {
      constexpr llvm::StringRef kHex = "0123456789abcdef";
      os << "\\u00" << kHex[byte >> 4] << kHex[byte & 15];
    } else {
      os << c;
    }
  }
}

void WriteJsonString(llvm::raw_ostream &os, llvm::StringRef text) {
  os << '"';
  if (IsPlain(text)) {
    os << text;
  } else if (llvm::json::isUTF8(text)) {
    WriteEscaped(os, text);
  } else {
    WriteEscaped(os, llvm::json::fixUTF8(text));
  }
  os << '"';
}

} // namespace pydefrag
