#include "source/git_ignore.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace pydefrag {

constexpr uint64_t kLargestIgnoreFile = 4u << 20;

static std::string Joined(llvm::StringRef folder, llvm::StringRef name) {
  return folder.empty() ? name.str() : (folder + "/" + name).str();
}

GitIgnore::Scope GitIgnore::Add(llvm::StringRef path, llvm::StringRef base, llvm::StringRef prefix,
                                Scope outer) {
  llvm::SmallString<1024> text;
  if (disk_.Read(path, kLargestIgnoreFile, text)) {
    return outer; // as good as none: the file itself is nobody's source
  }
  IgnoreRules rules = IgnoreRules::FromText(text);
  if (rules.empty()) {
    return outer;
  }
  files_.push_back(
      {.rules = std::move(rules), .base = base.str(), .prefix = prefix.str(), .outer = outer});
  return static_cast<Scope>(files_.size() - 1);
}

GitIgnore::Scope GitIgnore::Above(llvm::StringRef root) {
  const auto style = llvm::sys::path::Style::posix;
  if (!llvm::sys::path::is_absolute(root, style)) {
    return -1;
  }
  llvm::SmallString<256> clean(root);
  llvm::sys::path::remove_dots(clean, true, style);
  std::vector<llvm::StringRef> above; // innermost first
  llvm::StringRef folder = clean;
  bool repository =
      disk_.IsDirectory(Joined(folder, ".git")) || disk_.IsFile(Joined(folder, ".git"));
  if (repository) {
    return -1; // the root is the repository
  }
  while (!repository && folder.size() > 1) {
    folder = llvm::sys::path::parent_path(folder, style);
    above.push_back(folder);
    const std::string git = Joined(folder, ".git");
    repository = disk_.IsDirectory(git) || disk_.IsFile(git);
  }
  if (!repository) {
    return -1;
  }
  Scope scope = -1;
  for (auto outer = above.rbegin(); outer != above.rend(); ++outer) {
    const std::string prefix = (clean.substr(outer->size()).ltrim('/') + "/").str();
    if (outer == above.rbegin()) {
      scope = Add(Joined(*outer, ".git/info/exclude"), "", prefix, scope);
    }
    scope = Add(Joined(*outer, ".gitignore"), "", prefix, scope);
  }
  return scope;
}

GitIgnore::Scope GitIgnore::Enter(llvm::StringRef root, llvm::StringRef folder, Scope outer,
                                  llvm::ArrayRef<DirectoryEntry> entries) {
  bool rules = false;
  Scope scope = outer;
  // Names that start with `.git` stand together in the sorted list.
  auto entry = std::lower_bound(
      entries.begin(), entries.end(), llvm::StringRef(".git"),
      [](const DirectoryEntry &e, llvm::StringRef name) { return llvm::StringRef(e.name) < name; });
  const std::string path = Joined(root, folder);
  for (; entry != entries.end() && llvm::StringRef(entry->name).starts_with(".git"); ++entry) {
    if (entry->name == ".git") {
      scope = Add(Joined(path, ".git/info/exclude"), folder, "", -1);
    }
    rules |= entry->name == ".gitignore" && entry->kind == EntryKind::File;
  }
  return rules ? Add(Joined(path, ".gitignore"), folder, "", scope) : scope;
}

bool GitIgnore::Ignores(Scope scope, llvm::StringRef path, PathKind kind) const {
  llvm::SmallString<256> prefixed;
  while (scope >= 0) {
    const File &file = files_[static_cast<size_t>(scope)];
    llvm::StringRef relative = path;
    if (!file.base.empty()) {
      relative = path.drop_front(file.base.size() + 1);
    } else if (!file.prefix.empty()) {
      prefixed = file.prefix;
      prefixed += path;
      relative = prefixed;
    }
    const IgnoreVerdict verdict = file.rules.Match(relative, kind);
    if (verdict != IgnoreVerdict::None) {
      return verdict == IgnoreVerdict::Ignored;
    }
    scope = file.outer;
  }
  return false;
}

std::vector<std::string> GitIgnore::Modules(llvm::ArrayRef<std::string> folders) const {
  std::vector<std::string> result;
  for (const File &file : files_) {
    for (const std::string &line : file.rules.module_lines()) {
      llvm::StringRef module = line;
      if (module.consume_front("**/")) { // a name: it means every folder from `base` down
        for (const std::string &folder : folders) {
          llvm::StringRef rest = folder;
          if (rest.consume_front(file.base) &&
              (rest.empty() || file.base.empty() || rest.starts_with("/"))) {
            result.push_back(Joined(folder, module));
          }
        }
      } else if (file.prefix.empty() || module.consume_front(file.prefix)) {
        result.push_back(Joined(file.base, module));
      } // else it names something outside the root
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace pydefrag
