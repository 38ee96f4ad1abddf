// Wildcards as .gitignore has them. Entry points: MatchGlob for one path, IgnoreRules for the lines
// of one file. `*` and `?` do not cross a `/`; `**/`, `/**/` and a final `/**` do. No regular
// expressions, no recursion: time is at worst the product of both lengths.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

// Whether the whole of `path` matches the whole of `pattern`.
bool MatchGlob(llvm::StringRef pattern, llvm::StringRef path);

enum class IgnoreVerdict : uint8_t { None, Ignored, Included /* by a `!` line */ };
enum class PathKind : uint8_t { File, Directory };

// Rules in the order of their lines, for paths relative to the folder they stand in.
class IgnoreRules {
public:
  IgnoreRules() = default;
  // The text of a .gitignore: comments, blank lines, `!`, trailing blanks and `\` as git reads
  // them.
  static IgnoreRules FromText(llvm::StringRef text);
  static IgnoreRules FromPatterns(llvm::ArrayRef<std::string> patterns);

  // What the last matching rule says of `path` itself; the folders above it are the caller's
  // business, since git does not look into an ignored folder.
  IgnoreVerdict Match(llvm::StringRef path, PathKind kind) const;

  bool empty() const { return rule_count_ == 0; }
  // Rules without wildcards that name a .py file: `pkg/_version.py`, or `**/_version.py` where the
  // line has no slash.
  const std::vector<std::string> &module_lines() const { return module_lines_; }

private:
  enum class Shape : uint8_t { Suffix /* *.x */, Name /* wildcards, no slash */, Path };
  struct Rule {
    std::string pattern; // Suffix: what follows the star
    Shape shape = Shape::Name;
    bool directories_only = false;
    bool include = false;
    uint32_t number = 0;
  };
  struct Literal { // the last rules that are just this name or path, by what they apply to
    int32_t for_any = -1;
    int32_t for_directories = -1;
    bool any_includes = false;
    bool directories_include = false;
  };

  void AddLine(llvm::StringRef line);
  void AddLiteral(llvm::StringMap<Literal> &table, const Rule &rule);
  static bool Matches(const Rule &rule, llvm::StringRef path, llvm::StringRef name);

  std::vector<Rule> rules_;        // those with wildcards, in order
  llvm::StringMap<Literal> names_; // match the last component
  llvm::StringMap<Literal> paths_; // match the whole path
  std::vector<std::string> module_lines_;
  uint32_t rule_count_ = 0;
};

} // namespace pydefrag
