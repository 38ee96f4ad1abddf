#include "server/uri.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

std::string PathOfUri(llvm::StringRef uri) {
  if (!uri.consume_front("file://")) {
    return "";
  }
  uri = uri.drop_front(std::min(uri.find('/'), uri.size())); // a host name says nothing here
  std::string path;
  for (size_t i = 0; i < uri.size(); ++i) {
    unsigned byte = 0;
    if (uri[i] == '%' && !uri.substr(i + 1, 2).getAsInteger(16, byte) && i + 2 < uri.size()) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path;
}

std::string UriOfPath(llvm::StringRef path) {
  std::string uri = "file://";
  for (const char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("/-._~").contains(c)) {
      uri += c;
    } else {
      const unsigned byte = static_cast<unsigned char>(c);
      (uri += '%') += llvm::hexdigit(byte >> 4);
      uri += llvm::hexdigit(byte & 15);
    }
  }
  return uri;
}

} // namespace pydefrag
