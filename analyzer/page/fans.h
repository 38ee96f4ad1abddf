// Path fans: for each class or function that is imported by several paths, where it is defined, the
// modules that hand it on, and how many imports take which path. Entry point: BuildFans.
#pragma once

#include "report/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct FanHop { // a binding that hands the name on
  std::string path;
  uint32_t line = 0;
};

struct FanPath {
  std::string path; // "shop.api:Cart"
  bool canonical = false;
  bool deprecated = false;
  uint32_t uses = 0, in_tests = 0;
  std::vector<FanHop> via; // from the path to the definition
};

struct Fan {
  std::string symbol; // where it is defined: "shop.cart:Cart"
  std::string name;
  llvm::StringRef kind; // "class", "function"
  std::string file;
  uint32_t line = 0;
  std::string because;        // why the canonical path is canonical, as a clause
  std::vector<FanPath> paths; // the canonical one first, then by uses; at most kMaxFanPaths
  size_t paths_total = 0;     // in use, and the canonical one
  size_t paths_in_use = 0;    // modules through which it is used
  size_t canonical_uses = 0, stray_uses = 0;
};

constexpr size_t kMaxFanPaths = 12;

struct Fans {
  std::vector<Fan> fans; // most stray imports first; at most `limit`
  size_t total = 0;
  size_t stray_uses = 0; // of all
};

Fans BuildFans(const Report &report, SourceCache &sources, size_t limit);

} // namespace pydefrag
