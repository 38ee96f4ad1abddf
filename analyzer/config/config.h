// What the user set: [tool.pydefrag] in pyproject.toml, or pydefrag.toml / .pydefrag.toml.
// Entry points: FindRoot, LoadConfig. A wrong key or value is an error that names the file, the
// line and what was probably meant; nothing is ignored in silence. Keys are kebab-case.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

enum class Severity : uint8_t { Off, Note, Warning, Error }; // ascending

std::optional<Severity> ParseSeverity(llvm::StringRef word); // "off", "note", "warning", "error"
const char *SeverityName(Severity severity);

struct PythonVersion {
  int major = 3;
  int minor = 13;
  friend auto operator<=>(const PythonVersion &, const PythonVersion &) = default;
};
std::optional<PythonVersion> ParsePythonVersion(llvm::StringRef text); // "3.11"

struct PerPathIgnore {
  std::string pattern;            // gitignore-style, relative to the root
  std::vector<std::string> rules; // codes, code prefixes or names
};

struct CanonicalPath {
  std::string symbol; // "shop.cart:Cart", or a module "shop.cart" for all its names
  std::string path;   // "shop:Cart", or a module
};

struct BannedPath {
  std::string path;        // "shop.old" or "shop.old:Cart"
  std::string replacement; // may be empty
};

struct Config {
  std::string file;                      // relative to the root; empty when there is none
  std::vector<std::string> source_roots; // `source-roots`; empty: detected
  std::vector<std::string> exclude;
  std::vector<std::string> select, ignore, extend_select;
  std::vector<std::pair<std::string, Severity>>
      severity;                                // [tool.pydefrag.severity] code or name = word
  std::vector<PerPathIgnore> per_path_ignores; // [tool.pydefrag.per-path-ignores]
  std::vector<CanonicalPath> canonical;        // [tool.pydefrag.canonical]
  std::vector<BannedPath> banned;              // [tool.pydefrag.banned]
  std::vector<std::pair<std::string, std::vector<std::string>>>
      levels; // [tool.pydefrag.levels] name = patterns
  std::optional<PythonVersion> target_version;
  std::optional<std::string> python; // an environment folder
  std::optional<Severity> fail_on;
  bool homonyms = false;
  bool require_reason = false; // suppressions must say why
  std::string baseline;        // path; empty: none
};

// The nearest folder at or above `start` with pyproject.toml, pydefrag.toml, .pydefrag.toml or
// .git; `start` itself when there is none.
std::string FindRoot(const Disk &disk, llvm::StringRef start);

// The configuration under `root` (pydefrag.toml, .pydefrag.toml, then pyproject.toml), or `file`
// when that is not empty. No file: the defaults.
llvm::Expected<Config> LoadConfig(const Disk &disk, llvm::StringRef root, llvm::StringRef file);

} // namespace pydefrag
