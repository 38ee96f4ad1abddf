#include "link/names/platforms.h"

namespace pydefrag {

llvm::StringRef PlatformWord(Platforms platform, bool os_name) {
  switch (platform) {
  case Platforms::Linux:
    return os_name ? "posix" : "linux";
  case Platforms::Windows:
    return os_name ? "nt" : "win32";
  case Platforms::Mac:
    return os_name ? "posix" : "darwin";
  case Platforms::All:
  case Platforms::Other:
    break;
  }
  return "";
}

// Other platforms have none of the words of those that are known, but for "posix".
Tri IsPlatformWord(Platforms platform, bool os_name, llvm::StringRef text) {
  if (const llvm::StringRef word = PlatformWord(platform, os_name); !word.empty()) {
    return word == text ? Tri::Yes : Tri::No;
  }
  const bool known = text == "linux" || text == "win32" || text == "darwin" || text == "nt";
  return known && platform == Platforms::Other ? Tri::No : Tri::Unknown;
}

Tri PlatformStartsWith(Platforms platform, llvm::StringRef text) {
  if (const llvm::StringRef word = PlatformWord(platform, false); !word.empty()) {
    return word.starts_with(text) ? Tri::Yes : Tri::No;
  }
  const bool known = text == "linux" || text == "win" || text == "darwin";
  return known && platform == Platforms::Other ? Tri::No : Tri::Unknown;
}

llvm::StringRef PlatformSystem(Platforms platform) {
  switch (platform) {
  case Platforms::Linux:
    return "Linux";
  case Platforms::Windows:
    return "Windows";
  case Platforms::Mac:
    return "Darwin";
  case Platforms::All:
  case Platforms::Other:
    break;
  }
  return "";
}

} // namespace pydefrag
