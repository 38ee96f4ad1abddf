#include "source/git_ignore.h"

#include "source/git_index.h"
#include "source/paths.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace pydefrag {

constexpr uint64_t kLargestIgnoreFile = 4u << 20;
constexpr uint64_t kLargestIndex = 512u << 20;
constexpr auto kStyle = llvm::sys::path::Style::posix;

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

std::string GitIgnore::RepositoryOf(llvm::StringRef root) const {
  llvm::SmallString<256> clean(root);
  llvm::sys::path::remove_dots(clean, true, kStyle);
  llvm::StringRef folder = clean;
  while (true) {
    const std::string git = JoinPath(folder, ".git");
    if (disk_.IsDirectory(git) || disk_.IsFile(git)) {
      return folder.empty() ? "." : folder.str();
    }
    // What is above a relative root has no name here.
    if (folder.size() <= 1 || !llvm::sys::path::is_absolute(clean, kStyle)) {
      return {};
    }
    folder = llvm::sys::path::parent_path(folder, kStyle);
  }
}

// The way from `repository` to `root`, with a `/` at its end; empty when they are the same.
static std::string PrefixOf(llvm::StringRef repository, llvm::StringRef root) {
  llvm::SmallString<256> clean(root);
  llvm::sys::path::remove_dots(clean, true, kStyle);
  llvm::StringRef rest = clean;
  rest.consume_front(repository);
  rest = rest.trim('/');
  return rest.empty() || repository == "." ? std::string() : rest.str() + "/";
}

GitIgnore::Scope GitIgnore::Above(llvm::StringRef root) {
  const std::string repository = RepositoryOf(root);
  const std::string whole = repository.empty() ? "" : PrefixOf(repository, root);
  if (whole.empty()) {
    return -1; // no repository, or the root is its top
  }
  Scope scope = Add(JoinPath(repository, ".git/info/exclude"), "", whole, -1);
  llvm::StringRef prefix = whole;
  std::string folder = repository;
  while (!prefix.empty()) {
    scope = Add(JoinPath(folder, ".gitignore"), "", prefix, scope);
    const auto [step, rest] = prefix.split('/');
    folder = JoinPath(folder, step);
    prefix = rest;
  }
  return scope;
}

std::vector<std::string> GitIgnore::TrackedFiles(llvm::StringRef root) const {
  const std::string repository = RepositoryOf(root);
  llvm::SmallVector<char, 0> bytes;
  if (repository.empty() || disk_.Read(JoinPath(repository, ".git/index"), kLargestIndex, bytes)) {
    return {};
  }
  std::vector<std::string> tracked = ReadGitIndex({bytes.data(), bytes.size()});
  const std::string prefix = PrefixOf(repository, root);
  if (!prefix.empty()) {
    std::erase_if(tracked, [&](const std::string &path) {
      return !llvm::StringRef(path).starts_with(prefix);
    });
    for (std::string &path : tracked) {
      path.erase(0, prefix.size());
    }
  }
  return tracked;
}

GitIgnore::Scope GitIgnore::Enter(llvm::StringRef root, llvm::StringRef folder, Scope outer,
                                  llvm::ArrayRef<DirectoryEntry> entries) {
  bool rules = false;
  Scope scope = outer;
  // Names that start with `.git` stand together in the sorted list.
  auto entry = std::lower_bound(
      entries.begin(), entries.end(), llvm::StringRef(".git"),
      [](const DirectoryEntry &e, llvm::StringRef name) { return llvm::StringRef(e.name) < name; });
  const std::string path = JoinPath(root, folder);
  for (; entry != entries.end() && llvm::StringRef(entry->name).starts_with(".git"); ++entry) {
    if (entry->name == ".git") {
      scope = Add(JoinPath(path, ".git/info/exclude"), folder, "", -1);
    }
    rules |= entry->name == ".gitignore" && entry->kind == EntryKind::File;
  }
  return rules ? Add(JoinPath(path, ".gitignore"), folder, "", scope) : scope;
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
            result.push_back(JoinPath(folder, module));
          }
        }
      } else if (file.prefix.empty() || module.consume_front(file.prefix)) {
        result.push_back(JoinPath(file.base, module));
      } // else it names something outside the root
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace pydefrag
