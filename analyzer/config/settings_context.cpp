#include "config/settings_context.h"

#include "config/requirements.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace pydefrag {

static constexpr uint64_t kLargestSettings = 16u << 20;
static constexpr auto kStyle = llvm::sys::path::Style::posix;

static std::string Joined(llvm::StringRef folder, llvm::StringRef name) {
  if (folder.empty() || name.empty()) {
    return (folder + name).str();
  }
  return (folder + "/" + name).str();
}

static std::string Slashed(llvm::StringRef dotted) {
  std::string result = dotted.str();
  std::replace(result.begin(), result.end(), '.', '/');
  return result;
}

SettingsContext::SettingsContext(const Disk &disk, llvm::StringRef root, const Discovery &discovery,
                                 llvm::StringRef folder)
    : disk_(disk), root_(root), discovery_(discovery) {
  project.folder = folder.str();
  project.pytest.rootdir = folder.str();
}

std::optional<std::string> SettingsContext::Read(llvm::StringRef name) {
  const std::string path = Joined(project.folder, name);
  const std::string full = Joined(root_, path);
  if (!disk_.IsFile(full)) {
    return std::nullopt;
  }
  llvm::SmallString<4096> text;
  if (const std::error_code error = disk_.Read(full, kLargestSettings, text)) {
    AddProblem(name, 0, "this file cannot be read: " + error.message());
    return std::nullopt;
  }
  return text.str().str();
}

std::optional<std::string> SettingsContext::Path(llvm::StringRef relative) const {
  if (llvm::sys::path::is_absolute(relative, kStyle)) {
    return std::nullopt;
  }
  llvm::SmallString<128> path(Joined(project.folder, relative.trim()));
  llvm::sys::path::remove_dots(path, true, kStyle);
  while (path.ends_with("/")) {
    path.pop_back();
  }
  if (path == ".." || path.starts_with("../")) {
    return std::nullopt;
  }
  return path == "." ? std::string() : path.str().str();
}

bool SettingsContext::HasFolder(llvm::StringRef relative) const {
  const std::optional<std::string> path = Path(relative);
  return path &&
         std::binary_search(discovery_.directories.begin(), discovery_.directories.end(), *path);
}

bool SettingsContext::HasFile(llvm::StringRef relative) const {
  const std::optional<std::string> path = Path(relative);
  if (!path) {
    return false;
  }
  const auto file = llvm::lower_bound(
      discovery_.files, *path,
      [](const DiscoveredFile &f, const std::string &key) { return f.path < key; });
  return file != discovery_.files.end() && file->path == *path;
}

// Of a path from the project's root.
bool SettingsContext::IsPackageFolder(llvm::StringRef path) const {
  const std::string init = (path + "/__init__.py").str();
  const auto file = llvm::lower_bound(
      discovery_.files, init,
      [](const DiscoveredFile &f, const std::string &key) { return f.path < key; });
  return file != discovery_.files.end() && file->path == init;
}

void SettingsContext::AddRoot(llvm::StringRef relative, llvm::StringRef because) {
  AddPackage("", relative, because);
}

void SettingsContext::AddPackage(llvm::StringRef package, llvm::StringRef relative,
                                 llvm::StringRef because) {
  std::optional<std::string> folder = Path(relative);
  if (!folder) {
    return;
  }
  llvm::StringRef above = *folder;
  const std::string tail = Slashed(package);
  // Not the root of its neighbours where that is a package: `google/cloud/shop` of `{"ray":
  // "google/cloud/shop/ray"}`.
  if (!package.empty() && above.consume_back(tail) && (above.empty() || above.ends_with("/")) &&
      (above.empty() || !IsPackageFolder(above.rtrim('/')))) {
    if (package.contains('.')) { // what is above it may stand elsewhere
      AddPackageDir(package, *folder, because);
    }
    folder = above.rtrim('/').str();
    package = "";
  }
  AddPackageDir(package, *folder, because);
}

void SettingsContext::AddPackageDir(llvm::StringRef package, llvm::StringRef folder,
                                    llvm::StringRef because) {
  const bool known = llvm::any_of(project.package_dirs, [&](const PackageDir &dir) {
    return dir.package == package && dir.folder == folder;
  });
  if (!known) {
    project.package_dirs.push_back(
        {.package = package.str(), .folder = folder.str(), .because = because.str()});
  }
}

void SettingsContext::AddRequirement(llvm::StringRef requirement) {
  std::string name = RequirementName(requirement);
  if (!name.empty()) {
    project.dependencies.push_back(std::move(name));
  }
}

void SettingsContext::AddEntryPoint(EntryPoint entry_point) {
  entry_point.path = Joined(project.folder, entry_point.path);
  project.entry_points.push_back(std::move(entry_point));
}

void SettingsContext::AddNamedModule(EntryPoint named) {
  named.path = Joined(project.folder, named.path);
  project.named_modules.push_back(std::move(named));
}

void SettingsContext::AddGenerated(llvm::StringRef relative) {
  const std::optional<std::string> path = Path(relative);
  if (path && llvm::StringRef(*path).ends_with(".py")) {
    project.generated.push_back(*path);
  }
}

void SettingsContext::AddExtension(llvm::StringRef dotted) {
  if (!dotted.empty()) {
    extensions_.push_back(dotted.str());
  }
}

void SettingsContext::AddHint(llvm::StringRef relative) {
  if (const std::optional<std::string> path = Path(relative)) {
    project.hinted_roots.push_back(*path);
  }
}

void SettingsContext::SetRequiresPython(llvm::StringRef specifiers) {
  if (!project.requires_python) {
    project.requires_python = LowestPython(specifiers);
  }
}

void SettingsContext::AddProblem(llvm::StringRef name, uint32_t line, const llvm::Twine &message) {
  problems.push_back({.kind = ProblemKind::Settings,
                      .path = Joined(project.folder, name),
                      .line = line,
                      .message = message.str()});
}

std::string SettingsContext::ModuleName() const {
  std::string name = project.name;
  std::replace(name.begin(), name.end(), '-', '_');
  const std::string lower = llvm::StringRef(name).lower();
  for (const llvm::StringRef folder : {"src", ""}) {
    for (const std::string &spelling : {name, lower}) {
      if (HoldsModule(folder, spelling)) {
        return spelling;
      }
    }
  }
  return name;
}

bool SettingsContext::HoldsModule(llvm::StringRef relative, llvm::StringRef module) const {
  if (module.empty()) {
    return false;
  }
  const std::string path = Joined(relative, Slashed(module));
  return HasFolder(path) || HasFile(path + ".py");
}

// Of `{"pkg": "lib", "pkg.part": "part"}` and `pkg.part._native`: `part/_native.py`; empty: none of
// these packages holds it.
static std::string PathInMapped(llvm::ArrayRef<PackageDir> dirs, llvm::StringRef module) {
  const PackageDir *nearest = nullptr;
  for (const PackageDir &dir : dirs) {
    llvm::StringRef rest = module;
    const bool holds =
        !dir.package.empty() && rest.consume_front(dir.package) && rest.starts_with(".");
    if (holds && (nearest == nullptr || nearest->package.size() < dir.package.size())) {
      nearest = &dir;
    }
  }
  return nearest == nullptr
             ? std::string()
             : Joined(nearest->folder, Slashed(module.drop_front(nearest->package.size() + 1))) +
                   ".py";
}

// Everything is sorted and listed once, but for roots, whose order says which comes first.
void SettingsContext::Finish() {
  for (const std::string &extension : extensions_) {
    if (std::string path = PathInMapped(project.package_dirs, extension); !path.empty()) {
      project.generated.push_back(std::move(path));
      continue;
    }
    const llvm::StringRef top = llvm::StringRef(extension).split('.').first;
    std::vector<std::string> roots;
    for (const PackageDir &dir : project.package_dirs) {
      if (dir.package.empty()) {
        roots.push_back(dir.folder);
      }
    }
    roots.push_back(project.folder);
    // Where the package stands; a module without one is put beside the others.
    const auto holds = [&](const std::string &root) {
      return std::binary_search(discovery_.directories.begin(), discovery_.directories.end(),
                                Joined(root, top));
    };
    const auto found = llvm::find_if(roots, holds);
    const std::string &root = found == roots.end() ? roots.front() : *found;
    project.generated.push_back(Joined(root, Slashed(extension)) + ".py");
  }
  for (std::vector<std::string> *list :
       {&project.dependencies, &project.generated, &project.hinted_roots}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

} // namespace pydefrag
