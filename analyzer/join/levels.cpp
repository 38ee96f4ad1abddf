#include "join/levels.h"

#include "source/glob.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

struct FolderLevel {
  const char *folder;
  const char *level;
};

constexpr FolderLevel kFolders[] = {
    {"unit", "unit"},
    {"unittests", "unit"},
    {"unit_tests", "unit"},
    {"integration", "integration"},
    {"integration_tests", "integration"},
    {"functional", "integration"},
    {"e2e", "e2e"},
    {"end_to_end", "e2e"},
    {"end2end", "e2e"},
    {"system", "e2e"},
    {"acceptance", "e2e"},
};

constexpr const char *kLevels[] = {"unit", "integration", "e2e"};

llvm::StringRef LevelOfFolder(llvm::StringRef name) {
  for (const FolderLevel &known : kFolders) {
    if (name.equals_insensitive(known.folder)) {
      return known.level;
    }
  }
  return "";
}

bool HoldsTests(llvm::StringRef name) {
  return name == "tests" || name == "test" || name == "testing";
}

bool MatchesLevel(llvm::StringRef pattern, llvm::StringRef file) {
  pattern = pattern.rtrim('/');
  return MatchGlob(pattern, file) || MatchGlob((pattern + "/**").str(), file);
}

} // namespace

SuiteName LevelTable::Of(llvm::StringRef file) const {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  file.split(parts, '/', -1, false);
  if (file.ends_with(".py") && !parts.empty()) {
    parts.pop_back();
  }
  SuiteName name;
  size_t length = 0; // of the folder, in components
  for (size_t i = 0; i < parts.size(); ++i) {
    const llvm::StringRef level = LevelOfFolder(parts[i]);
    if (!level.empty()) {
      name.level = level.str();
      length = i + 1;
      break;
    }
    length = HoldsTests(parts[i]) ? i + 1 : length;
  }
  length = length == 0 ? parts.size() : length;
  name.folder = llvm::join(llvm::ArrayRef(parts).take_front(length), "/");
  for (const auto &[level, patterns] : config_.levels) {
    if (llvm::any_of(patterns, [&](const std::string &p) { return MatchesLevel(p, file); })) {
      name.level = level;
      break;
    }
  }
  if (name.level.empty()) {
    name.level = "other";
  }
  return name;
}

size_t LevelTable::Rank(llvm::StringRef level) const {
  size_t rank = 0;
  for (const auto &[name, patterns] : config_.levels) {
    if (name == level) {
      return rank;
    }
    ++rank;
  }
  for (const char *known : kLevels) {
    if (level == known) {
      return rank;
    }
    ++rank;
  }
  return rank;
}

} // namespace pydefrag
