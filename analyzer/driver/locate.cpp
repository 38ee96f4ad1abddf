#include "driver/locate.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

namespace path = llvm::sys::path;
static constexpr path::Style kPosix = path::Style::posix;

std::string AbsolutePath(llvm::StringRef text, llvm::StringRef cwd) {
  llvm::SmallString<256> full;
  if (!path::is_absolute(text, kPosix)) {
    full = cwd;
  }
  path::append(full, kPosix, text);
  path::remove_dots(full, true, kPosix);
  while (full.size() > 1 && full.ends_with("/")) {
    full.pop_back();
  }
  return full.str().str();
}

static llvm::SmallVector<llvm::StringRef, 16> PartsOf(llvm::StringRef absolute) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  absolute.split(parts, '/', -1, false);
  return parts;
}

static size_t SharedParts(llvm::ArrayRef<llvm::StringRef> a, llvm::ArrayRef<llvm::StringRef> b) {
  size_t shared = 0;
  while (shared < a.size() && shared < b.size() && a[shared] == b[shared]) {
    ++shared;
  }
  return shared;
}

std::string RelativeTo(llvm::StringRef target, llvm::StringRef base) {
  const llvm::SmallVector<llvm::StringRef, 16> to = PartsOf(target);
  const llvm::SmallVector<llvm::StringRef, 16> from = PartsOf(base);
  const size_t shared = SharedParts(to, from);
  llvm::SmallVector<llvm::StringRef, 16> way(from.size() - shared, "..");
  way.append(to.begin() + static_cast<ptrdiff_t>(shared), to.end());
  return llvm::join(way, "/");
}

std::string RepositoryPrefix(llvm::StringRef root, const Disk &disk) {
  for (llvm::StringRef folder = root; !folder.empty(); folder = path::parent_path(folder, kPosix)) {
    const std::string marker = (folder + (folder == "/" ? ".git" : "/.git")).str();
    if (disk.IsDirectory(marker) || disk.IsFile(marker)) { // a file in worktrees
      const std::string way = RelativeTo(root, folder);
      return way.empty() ? "" : way + "/";
    }
  }
  return "";
}

// The deepest folder that holds all PATHs; the working directory when there are none.
static std::string CommonFolder(const std::vector<std::string> &files, const Environment &env) {
  if (files.empty()) {
    return env.cwd;
  }
  std::string common;
  for (const std::string &file : files) {
    const std::string folder =
        env.disk->IsDirectory(file) ? file : path::parent_path(file, kPosix).str();
    if (common.empty()) {
      common = folder;
      continue;
    }
    const llvm::SmallVector<llvm::StringRef, 16> parts = PartsOf(common);
    const size_t shared = SharedParts(parts, PartsOf(folder));
    common = "/" + llvm::join(llvm::ArrayRef(parts).take_front(shared), "/");
  }
  return common;
}

// What FindRoot saw in the folder it chose.
static std::string RootMarker(const std::string &root, const Environment &env) {
  for (llvm::StringRef marker : {"pydefrag.toml", ".pydefrag.toml", "pyproject.toml", ".git"}) {
    const std::string place = (root + "/" + marker).str();
    if (env.disk->IsFile(place) || env.disk->IsDirectory(place)) {
      return marker.str();
    }
  }
  return "no project file above";
}

llvm::Expected<ProjectPlace> LocateProject(const CommandLine &line, const Environment &env) {
  std::vector<std::string> files;
  for (const std::string &file : line.paths) {
    files.push_back(AbsolutePath(file == "-" ? line.stdin_filename : file, env.cwd));
  }
  ProjectPlace place;
  if (line.root.empty()) {
    place.root = AbsolutePath(FindRoot(*env.disk, CommonFolder(files, env)), env.cwd);
    place.because = RootMarker(place.root, env);
  } else {
    place.root = AbsolutePath(line.root, env.cwd);
    place.because = "--root";
  }
  const std::string seen = RelativeTo(place.root, env.cwd);
  place.shown = seen.empty() ? "." : seen;
  const std::string inside = RelativeTo(env.cwd, place.root);
  const bool is_inside = !llvm::StringRef(inside).starts_with("..");
  place.path_prefix = PathPrefix(seen.empty() ? "" : seen + "/", is_inside ? inside : "");
  for (const std::string &file : files) {
    const std::string relative = RelativeTo(file, place.root);
    if (relative == ".." || llvm::StringRef(relative).starts_with("../")) {
      return llvm::createStringError("`" + file + "` is outside the root `" + place.root + "`");
    }
    place.paths.push_back(relative);
  }
  if (llvm::is_contained(place.paths, "")) {
    place.paths.clear(); // the root itself was named
  }
  return place;
}

// `folder` itself, or the environment that the interpreter `folder/bin/python` belongs to.
static std::string EnvironmentOf(const std::string &named, const Disk &disk) {
  if (!disk.IsFile(named)) {
    return named;
  }
  const llvm::StringRef folder = path::parent_path(named, kPosix);
  const bool in_bin = folder.ends_with("/bin") || folder.ends_with("/Scripts");
  return in_bin ? path::parent_path(folder, kPosix).str() : named;
}

static bool IsVirtualEnvironment(const std::string &folder, const Disk &disk) {
  return disk.IsFile(folder + "/pyvenv.cfg");
}

llvm::Expected<std::string> LocateEnvironment(const CommandLine &line, const Config &config,
                                              const std::string &root, const Environment &env) {
  const Disk &disk = *env.disk;
  std::string named;
  if (!line.python.empty()) {
    named = AbsolutePath(line.python, env.cwd);
  } else if (line.isolated) {
    return "";
  } else if (config.python) {
    named = AbsolutePath(*config.python, root);
  }
  if (!named.empty()) {
    const std::string folder = EnvironmentOf(named, disk);
    if (!disk.IsDirectory(folder)) {
      return llvm::createStringError("no Python environment at `" + named + "`");
    }
    return folder;
  }
  for (llvm::StringRef usual : {".venv", "venv"}) {
    const std::string folder = (root + "/" + usual).str();
    if (IsVirtualEnvironment(folder, disk)) {
      return folder;
    }
  }
  const std::optional<std::string> active = env.variable("VIRTUAL_ENV");
  return active && IsVirtualEnvironment(*active, disk) ? *active : "";
}

} // namespace pydefrag
