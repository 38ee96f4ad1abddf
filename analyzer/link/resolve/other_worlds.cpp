#include "link/resolve/other_worlds.h"

#include <algorithm>

namespace pydefrag {

// Whether a file of the project has this path, or stands below it.
static bool HasPathAt(const Project &project, llvm::StringRef path) {
  const std::vector<std::string> &paths = project.scanned.paths.raw();
  const auto end = paths.begin() + static_cast<std::ptrdiff_t>(project.file_count);
  const auto at = std::lower_bound(paths.begin(), end, path,
                                   [](llvm::StringRef a, llvm::StringRef b) { return a < b; });
  return at != end && llvm::StringRef(*at).starts_with(path);
}

bool MeansOtherElsewhere(const Project &project, Resolver &resolver, FileId file,
                         llvm::StringRef dotted) {
  const llvm::StringRef top = dotted.take_until([](char c) { return c == '.' || c == ':'; });
  const ModuleId source = resolver.FindModule(ModuleId(), top).module;
  const FileId found = source.valid() ? project.modules[source].file : FileId();
  llvm::StringRef folder = project.PathOf(file);
  while (folder.contains('/')) {
    folder = folder.rsplit('/').first;
    const std::string base = (folder + "/" + top).str();
    const llvm::StringRef path = found.valid() ? project.PathOf(found) : "";
    const bool the_same = path == base + ".py" || path == base + "/__init__.py";
    if (!the_same && (HasPathAt(project, base + "/") || HasPathAt(project, base + ".py"))) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
