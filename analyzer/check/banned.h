// Paths that the configuration declares retired, met at an import row. Shared by banned-path, which
// reports them, and by missing-module and missing-symbol, which then leave the row alone.
#pragma once

#include "config/config.h"
#include "link/project.h"

#include <string>

namespace pydefrag {

struct Ban {
  const BannedPath *entry = nullptr; // nullptr: nothing is banned here
  bool whole_module = false;         // the module of the row, so all its names
  std::string replacement;           // "shop.new.x" or "shop.new:Cart"; may be empty
};

// What bans the path that the row spells. The banned module's own imports are free.
Ban BanOf(const Project &project, const Config &config, const ImportRow &row);

} // namespace pydefrag
