#include "link/site_directories.h"

#include "link/modules/path_fold.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

void AddSite(const Disk &disk, std::string path, std::vector<std::string> &sites) {
  if (disk.IsDirectory(path) && !llvm::is_contained(sites, path)) {
    sites.push_back(std::move(path));
  }
}

// setuptools' editable installs without a path: the .pth file imports a finder, a generated module
// with `MAPPING = {'pkg': '/abs/pkg'}` written by repr(). The folders above count as sites: they
// may hold more than the mapping says, which can only make something found.
void ReadEditableFinder(const Disk &disk, const std::string &finder,
                        std::vector<std::string> &sites) {
  llvm::SmallVector<char, 0> buffer;
  if (disk.Read(finder, 1u << 20, buffer)) {
    return;
  }
  llvm::StringRef rest(buffer.data(), buffer.size());
  while (!rest.empty()) {
    const auto [line, behind] = rest.split('\n');
    rest = behind;
    if (!line.starts_with("MAPPING") && !line.starts_with("NAMESPACES")) {
      continue;
    }
    llvm::SmallVector<llvm::StringRef, 16> quoted;
    line.split(quoted, '\'');
    for (size_t i = 1; i < quoted.size(); i += 2) {
      if (quoted[i].starts_with("/")) {
        AddSite(disk, quoted[i].rsplit('/').first.str(), sites);
      }
    }
  }
}

// `/abs/dir` lines, and the finders of editable installs; other code and comments are left out
// (CPython site.py addpackage).
void ReadPathFile(const Disk &disk, const std::string &site, const std::string &name,
                  std::vector<std::string> &sites) {
  llvm::SmallVector<char, 0> buffer;
  if (disk.Read(site + "/" + name, 1u << 20, buffer)) {
    return;
  }
  llvm::SmallVector<llvm::StringRef, 16> lines;
  llvm::StringRef(buffer.data(), buffer.size()).split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines) {
    line = line.rtrim();
    if (line.starts_with("import __editable__")) {
      const llvm::StringRef module = line.drop_front(7).split(';').first.trim();
      ReadEditableFinder(disk, site + "/" + module.str() + ".py", sites);
    }
    if (line.starts_with("#") || line.starts_with("import ") || line.starts_with("import\t") ||
        line.empty()) {
      continue;
    }
    AddSite(disk, line.starts_with("/") ? line.str() : NormalizePath(site + "/" + line.str()),
            sites);
  }
}

} // namespace

std::vector<std::string> SiteDirectories(const Disk &disk, llvm::StringRef folder,
                                         PythonVersion target) {
  std::vector<std::string> sites;
  const std::string prefix = folder.str();
  const std::string version = "/lib/python3." + std::to_string(target.minor);
  std::vector<std::string> candidates = {
      prefix + version + "/site-packages", prefix + "/local" + version + "/dist-packages",
      prefix + version + "/dist-packages", prefix + "/lib/python3/dist-packages",
      prefix + "/Lib/site-packages"};
  if (folder.ends_with("-packages")) {
    candidates.push_back(prefix);
  }
  // An environment of another version than the target: what is installed is installed.
  std::vector<DirectoryEntry> libraries;
  if (!disk.List(prefix + "/lib", libraries)) {
    for (const DirectoryEntry &entry : libraries) {
      if (llvm::StringRef(entry.name).starts_with("python3.")) {
        candidates.push_back(prefix + "/lib/" + entry.name + "/site-packages");
      }
    }
  }
  for (const std::string &candidate : candidates) {
    if (!disk.IsDirectory(candidate) || llvm::is_contained(sites, candidate)) {
      continue;
    }
    sites.push_back(candidate);
    std::vector<DirectoryEntry> entries;
    if (disk.List(candidate, entries)) {
      continue;
    }
    for (const DirectoryEntry &entry : entries) {
      const llvm::StringRef name = entry.name;
      if (name.ends_with(".pth") && !name.starts_with(".")) {
        ReadPathFile(disk, candidate, entry.name, sites);
      }
    }
  }
  return sites;
}

} // namespace pydefrag
