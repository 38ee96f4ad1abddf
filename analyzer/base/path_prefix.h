// Paths below the project's root as they are seen from where the user stands: `base.py` for one who
// stands beside it, not the way up to the root and down again.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <string>
#include <utility>

namespace pydefrag {

class PathPrefix {
public:
  PathPrefix() = default;
  PathPrefix(const char *way) : way_(way) {} // NOLINT(google-explicit-constructor)
  // `way` leads from the working directory to the root: "", "../", "shop/". `inside`: the working
  // directory, relative to the root, when it is below that.
  explicit PathPrefix(std::string way, std::string inside = "")
      : way_(std::move(way)), inside_(std::move(inside)) {}

  const std::string &way() const { return way_; }

  friend std::string operator+(const PathPrefix &prefix, llvm::StringRef path) {
    llvm::StringRef way = prefix.way_;
    llvm::StringRef inside = prefix.inside_;
    while (!inside.empty()) { // each folder that both share is one `../` less
      const auto [folder, rest] = inside.split('/');
      if (!path.consume_front((folder + "/").str())) {
        break;
      }
      way = way.drop_front(3);
      inside = rest;
    }
    return (way + path).str();
  }

private:
  std::string way_;
  std::string inside_;
};

} // namespace pydefrag
