#include "report/ci/xml_text.h"

#include "source/utf8.h"

namespace pydefrag {

static constexpr llvm::StringRef kReplacement = "\xEF\xBF\xBD";

static llvm::StringRef EntityOf(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\n':
    return "&#10;";
  case '\r':
    return "&#13;";
  case '\t':
    return "&#9;";
  default:
    return static_cast<unsigned char>(c) < 0x20 ? kReplacement : llvm::StringRef();
  }
}

std::string EscapeXml(llvm::StringRef text) {
  std::string escaped;
  while (!text.empty()) {
    const Utf8Error error = FindInvalidUtf8(text, 0);
    const llvm::StringRef good = text.take_front(error.offset);
    for (size_t i = 0; i < good.size(); ++i) {
      const llvm::StringRef entity = EntityOf(good[i]);
      const llvm::StringRef three = good.substr(i, 3);
      if (!entity.empty()) {
        escaped += entity;
      } else if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") { // no characters of XML
        escaped += kReplacement;
        i += 2;
      } else {
        escaped += good[i];
      }
    }
    text = text.drop_front(good.size());
    if (!text.empty()) {
      escaped += kReplacement;
      text = text.drop_front(error.length);
    }
  }
  return escaped;
}

} // namespace pydefrag
