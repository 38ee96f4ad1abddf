#include "link/modules/served_by_finders.h"

#include <algorithm>

namespace pydefrag {

// Larger files are data.
static constexpr uint64_t kMostBytes = 1u << 20;

bool ServedByFinder::Covers(llvm::StringRef module) const {
  return module.consume_front(name) && (mere_prefix || module.empty() || module.starts_with("."));
}

bool ServedByFinder::CoversAllBelow(llvm::StringRef package) const {
  return Covers(package) || (mere_prefix && (package + ".").str() == name);
}

// `sys.meta_path.append(`, `meta_path.insert(`, `sys.path_hooks[:0] = `, `sys.meta_path += `
static bool AddsFinder(llvm::StringRef text) {
  for (llvm::StringRef list : {"meta_path", "path_hooks"}) {
    for (size_t at = text.find(list); at != llvm::StringRef::npos; at = text.find(list, at + 1)) {
      const llvm::StringRef behind = text.drop_front(at + list.size()).ltrim();
      const bool of_sys = text.take_front(at).ends_with("sys.");
      const auto follows = [&](llvm::StringRef way) { return behind.starts_with(way); };
      if (follows(".append") || follows(".insert") || follows(".extend") ||
          (of_sys && (follows("[") || follows("+=") || (follows("=") && !follows("=="))))) {
        return true;
      }
    }
  }
  return false;
}

// Whether the line at `at` stands in a function.
static bool IsInFunction(llvm::StringRef text, size_t at) {
  llvm::StringRef before = text.take_front(at);
  before = before.take_front(before.rfind('\n') + 1); // all lines before
  size_t indent = at - before.size();
  indent -= text.slice(before.size(), at).ltrim(" \t").size();
  while (indent != 0 && !before.empty()) {
    before = before.drop_back();
    const size_t begin = before.rfind('\n') + 1;
    const llvm::StringRef line = before.drop_front(begin);
    const llvm::StringRef words = line.ltrim(" \t");
    before = before.take_front(begin);
    if (words.empty() || words.starts_with("#") || words.starts_with(")") ||
        line.size() - words.size() >= indent) {
      continue;
    }
    indent = line.size() - words.size();
    if (words.starts_with("def ") || words.starts_with("async def ")) {
      return true;
    }
  }
  return false;
}

// `sys.modules[name] = `, `sys.modules["package.x"] = `; other packages' modules are named whole.
static void ReadPuts(llvm::StringRef text, llvm::StringRef package,
                     InstalledSources::Signs &signs) {
  constexpr llvm::StringLiteral table = "sys.modules";
  for (size_t at = text.find(table); at != llvm::StringRef::npos; at = text.find(table, at + 1)) {
    llvm::StringRef rest = text.drop_front(at + table.size());
    if (!rest.consume_front("[")) {
      continue;
    }
    int depth = 1;
    const size_t end = rest.find_if([&](char c) {
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      return depth == 0 || c == '\n';
    });
    llvm::StringRef key = rest.take_front(end).trim();
    const llvm::StringRef behind = rest.drop_front(std::min(rest.size(), end + 1)).ltrim(' ');
    if (!behind.starts_with("=") || behind.starts_with("==") || key == "__name__") {
      continue;
    }
    const bool quoted = key.consume_front("\"") || key.consume_front("'");
    if (!quoted || (key.consume_front(package) && key.starts_with("."))) {
      (IsInFunction(text, at) ? signs.puts_in_functions : signs.puts_modules) = true;
    }
  }
}

void InstalledSources::Read(const std::string &folder, llvm::StringRef package,
                            Signs &signs) const {
  std::vector<DirectoryEntry> entries;
  if (disk_->List(folder, entries)) {
    return;
  }
  llvm::SmallVector<char, 0> buffer;
  for (const DirectoryEntry &entry : entries) {
    const std::string path = folder + "/" + entry.name;
    if (entry.kind == EntryKind::Directory) {
      const bool tests = entry.name == "tests" || entry.name == "test";
      if (!tests && entry.name != "__pycache__") {
        Read(path, package, signs);
      }
    } else if (llvm::StringRef(entry.name).ends_with(".py") &&
               !disk_->Read(path, kMostBytes, buffer)) {
      const llvm::StringRef text(buffer.data(), buffer.size());
      signs.adds_finder |= AddsFinder(text);
      ReadPuts(text, package, signs);
    }
  }
}

InstalledSources::Signs InstalledSources::In(llvm::StringRef folder) {
  const auto known = known_.find(folder);
  if (known != known_.end()) {
    return known->second;
  }
  Signs signs;
  if (disk_ != nullptr) {
    Read(folder.str(), folder.rsplit('/').second, signs);
    known_[folder] = signs;
  }
  return signs;
}

} // namespace pydefrag
