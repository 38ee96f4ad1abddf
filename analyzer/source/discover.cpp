// The walk: depth first with a stack of open folders, each folder's entries in the order that makes
// whole paths come out sorted (a folder sorts as `name/`). Most folders were listed beforehand, in
// parallel (folder_tree.h); those behind links or in environments are when they are come to. One
// listing per folder, no stat per file.
#include "source/discover.h"

#include "source/folder_tree.h"
#include "source/git_ignore.h"
#include "source/glob.h"
#include "source/paths.h"
#include "source/test_files.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace pydefrag {
namespace {

// Folders reached through links; far above real projects, and a bound where links multiply.
constexpr size_t kMostLinkedFolders = 20000;

std::string Joined(llvm::StringRef folder, llvm::StringRef name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path += folder;
  if (!folder.empty()) {
    path += '/';
  }
  path += name;
  return path;
}

bool IsNeverWalked(llvm::StringRef name) {
  const bool known = llvm::StringSwitch<bool>(name)
                         .Cases(".git", ".hg", ".svn", ".bzr", "node_modules", true)
                         .Cases("__pycache__", ".tox", ".nox", ".eggs", "site-packages", true)
                         .Cases(".mypy_cache", ".ruff_cache", ".pytest_cache", true)
                         .Default(false);
  return known || name.ends_with(".egg-info") || name.ends_with(".dist-info");
}

// Unless the user or a package marker says otherwise.
bool IsExcludedByDefault(llvm::StringRef name) {
  return name == "build" || name == "dist" || name == "_build" || name == ".direnv" ||
         name.contains("{{cookiecutter") || name.contains("{{ cookiecutter");
}

bool IsEnvironmentMark(llvm::StringRef name) {
  return name == "pyvenv.cfg" || name == "conda-meta";
}

struct Folder {
  std::string path; // relative to the root
  bool excluded = false;
  bool default_excluded = false; // taken back when the folder turns out to be a package
  bool git_ignored = false;
  bool git_hidden = false; // git-ignored, and not named on the command line
  bool only_named = false; // walked for the sake of a named path below it
  bool through_link = false;
};

struct Frame {
  Folder folder;
  GitIgnore::Scope scope = -1;
  ListedFolder listing;
  size_t next = 0;
  FileIdentity identity; // filled when a link asks for it
};

class Walker {
public:
  Walker(const Disk &disk, const DiscoverOptions &options)
      : disk_(disk), root_(options.root), jobs_(options.jobs), git_(disk),
        exclude_(IgnoreRules::FromPatterns(options.exclude)) {
    for (llvm::StringRef name : options.named) {
      AddNamed(name);
    }
  }

  Discovery Run();

private:
  void AddNamed(llvm::StringRef path);
  bool KeepsFile(llvm::StringRef name) const;
  void ListAhead();
  ListedFolder TakeListing(uint32_t listed, llvm::StringRef path);
  void Open(Folder folder, uint32_t listed);
  void Visit(const DirectoryEntry &entry, uint32_t listed);
  void VisitFile(const Frame &frame, const DirectoryEntry &entry, std::string path);
  void VisitFolder(const DirectoryEntry &entry, uint32_t listed, std::string path);
  Folder Inherit(const Frame &frame, std::string path, PathKind kind) const;
  bool IsLoop(const std::string &path);
  void ClearTracked();
  bool IsNamed(llvm::StringRef path) const { return named_.contains(path); }
  bool IsBelowNamed(llvm::StringRef path) const;
  bool LeadsToNamed(llvm::StringRef path) const { return above_named_.contains(path); }
  void Report(ProblemKind kind, llvm::StringRef path, const llvm::Twine &message) {
    result_.problems.push_back({.kind = kind, .path = path.str(), .message = message.str()});
  }

  const Disk &disk_;
  std::string root_;
  unsigned jobs_;
  GitIgnore git_;
  IgnoreRules exclude_;
  llvm::StringSet<> named_;
  llvm::StringSet<> last_names_;  // of the named paths
  llvm::StringSet<> above_named_; // the folders on the way to a named path
  std::vector<std::string> named_in_order_;
  std::vector<ListedFolder> tree_; // listed ahead, the root first
  std::vector<Frame> frames_;      // the open folders, the root first
  struct IgnoredFile {
    size_t index = 0; // in result_.files
    bool excluded = false;
  };
  std::vector<IgnoredFile> ignored_; // by git
  size_t linked_folders_ = 0;
  Discovery result_;
};

void Walker::AddNamed(llvm::StringRef path) {
  const auto style = llvm::sys::path::Style::posix;
  llvm::SmallString<256> clean(path);
  llvm::sys::path::remove_dots(clean, true, style);
  while (clean.ends_with("/")) {
    clean.pop_back();
  }
  if (clean.empty() || clean == "." || clean.starts_with("..")) {
    return;
  }
  named_.insert(clean);
  last_names_.insert(llvm::sys::path::filename(clean, style));
  named_in_order_.push_back(clean.str().str());
  llvm::StringRef above = llvm::sys::path::parent_path(clean, style);
  while (!above.empty()) {
    above_named_.insert(above);
    above = llvm::sys::path::parent_path(above, style);
  }
}

Discovery Walker::Run() {
  if (!disk_.IsDirectory(root_)) {
    Report(ProblemKind::NoSources, "", "`" + root_ + "` is not a folder");
    return std::move(result_);
  }
  ListAhead();
  Open(Folder{}, 0);
  while (!frames_.empty()) {
    Frame &frame = frames_.back();
    if (frame.next == frame.listing.entries.size()) {
      frames_.pop_back();
      continue;
    }
    const uint32_t listed = frame.listing.listed[frame.next];
    const DirectoryEntry entry = std::move(frame.listing.entries[frame.next++]);
    Visit(entry, listed);
  }
  ClearTracked();
  for (const std::string &path : named_in_order_) {
    const std::string full = Joined(root_, path);
    if (!disk_.IsFile(full) && !disk_.IsDirectory(full)) {
      Report(ProblemKind::NoSources, path, "no such file or folder");
    }
  }
  const bool any =
      std::any_of(result_.files.begin(), result_.files.end(), [](const DiscoveredFile &file) {
        return file.kind == FileKind::Source || file.kind == FileKind::Stub;
      });
  if (!any) {
    Report(ProblemKind::NoSources, "", "no Python file found");
  }
  std::sort(result_.directories.begin(), result_.directories.end());
  result_.ignored_modules = git_.Modules(result_.directories);
  std::sort(result_.environments.begin(), result_.environments.end());
  std::stable_sort(result_.problems.begin(), result_.problems.end(),
                   [](const Problem &a, const Problem &b) { return a.path < b.path; });
  return std::move(result_);
}

// What git tracks it does not ignore, whatever .gitignore says.
void Walker::ClearTracked() {
  if (ignored_.empty()) {
    return;
  }
  const std::vector<std::string> tracked = git_.TrackedFiles(root_);
  for (const IgnoredFile &ignored : ignored_) {
    DiscoveredFile &file = result_.files[ignored.index];
    if (std::binary_search(tracked.begin(), tracked.end(), file.path)) {
      file.git_ignored = false;
      file.reported = !ignored.excluded;
    }
  }
}

// Files that the walk lists or looks for.
bool Walker::KeepsFile(llvm::StringRef name) const {
  return KindOfFileName(name) || IsEnvironmentMark(name) || name.starts_with(".git") ||
         last_names_.contains(name);
}

void Walker::ListAhead() {
  auto keeps_file = [this](llvm::StringRef name) { return KeepsFile(name); };
  auto enters = [](llvm::StringRef name) { return !IsNeverWalked(name); };
  tree_ =
      ListFolders(disk_, root_,
                  {.keeps_file = keeps_file, .is_end = IsEnvironmentMark, .enters = enters}, jobs_);
}

// What was listed ahead, or the folder listed now.
ListedFolder Walker::TakeListing(uint32_t listed, llvm::StringRef path) {
  if (listed != 0 || path.empty()) {
    return std::move(tree_[listed]);
  }
  auto keeps_file = [this](llvm::StringRef name) { return KeepsFile(name); };
  return ListFolder(disk_, Joined(root_, path),
                    {.keeps_file = keeps_file, .is_end = IsEnvironmentMark, .enters = {}});
}

// Makes a folder the one in work, unless it is an environment.
void Walker::Open(Folder folder, uint32_t listed) {
  Frame frame;
  frame.listing = TakeListing(listed, folder.path);
  const ListedFolder &listing = frame.listing;
  if (listing.error) {
    Report(ProblemKind::Unreadable, folder.path,
           "this folder cannot be read: " + listing.error.message());
    return;
  }
  if (listing.is_end) {
    result_.environments.push_back(folder.path);
    if (!folder.path.empty() && !IsNamed(folder.path) && !LeadsToNamed(folder.path)) {
      return;
    }
    folder.only_named |= !folder.path.empty() && !IsNamed(folder.path);
  }
  folder.excluded |=
      folder.default_excluded && llvm::none_of(listing.entries, [](const DirectoryEntry &entry) {
        return entry.name == "__init__.py";
      });
  frame.scope =
      git_.Enter(root_, folder.path, frames_.empty() ? git_.Above(root_) : frames_.back().scope,
                 listing.entries);
  result_.directories.push_back(folder.path);
  frame.folder = std::move(folder);
  frames_.push_back(std::move(frame));
}

void Walker::Visit(const DirectoryEntry &entry, uint32_t listed) {
  const Frame &frame = frames_.back();
  std::string path = Joined(frame.folder.path, entry.name);
  if (frame.folder.only_named && !IsNamed(path) && !LeadsToNamed(path)) {
    return;
  }
  switch (entry.kind) {
  case EntryKind::File:
    VisitFile(frame, entry, std::move(path));
    return;
  case EntryKind::Directory:
    VisitFolder(entry, listed, std::move(path));
    return;
  case EntryKind::Other:
    // Editors' lock files are dangling links called `.#x.py`.
    if (entry.name.ends_with(".py") && !entry.name.starts_with(".#")) {
      Report(ProblemKind::NotAFile, path,
             entry.is_link ? "a link that leads nowhere" : "not a regular file");
    }
    return;
  }
}

// What the exclusions say of `path`, on top of what they say of the folder it is in.
Folder Walker::Inherit(const Frame &frame, std::string path, PathKind kind) const {
  const Folder &parent = frame.folder;
  Folder result{.path = {},
                .excluded = parent.excluded,
                .default_excluded = false,
                .git_ignored = parent.git_ignored,
                .git_hidden = parent.git_hidden,
                .only_named = parent.only_named,
                .through_link = parent.through_link};
  const IgnoreVerdict verdict = exclude_.empty() ? IgnoreVerdict::None : exclude_.Match(path, kind);
  result.excluded |= verdict == IgnoreVerdict::Ignored;
  result.default_excluded = verdict == IgnoreVerdict::None && kind == PathKind::Directory &&
                            IsExcludedByDefault(llvm::sys::path::filename(path));
  if (!parent.git_ignored && git_.Ignores(frame.scope, path, kind)) {
    result.git_ignored = true;
    result.git_hidden = true;
  }
  if (!named_.empty() && IsNamed(path)) {
    result.excluded = false;
    result.default_excluded = false;
    result.git_hidden = false;
    result.only_named = false;
  }
  result.path = std::move(path);
  return result;
}

// Whether the file lies in a folder of material for tests (semantics.md P19). Files that pytest
// collects are none.
static bool IsSample(llvm::StringRef path, llvm::StringRef name) {
  if (IsTestFileName(name)) {
    return false;
  }
  bool in_tests = false;
  for (llvm::StringRef rest = path; rest.contains('/'); rest = rest.split('/').second) {
    const llvm::StringRef folder = rest.split('/').first;
    const bool material = llvm::StringSwitch<bool>(folder)
                              .Cases("testdata", "test-data", "test_data", true)
                              .Cases("data", "fixtures", in_tests)
                              .Default(folder.starts_with("{{"));
    if (material) {
      return true;
    }
    in_tests |= folder == "tests" || folder == "test" || folder == "testing";
  }
  return false;
}

bool Walker::IsBelowNamed(llvm::StringRef path) const {
  for (; !named_.empty() && !path.empty(); path = FolderOf(path)) {
    if (IsNamed(path)) {
      return true;
    }
  }
  return false;
}

void Walker::VisitFile(const Frame &frame, const DirectoryEntry &entry, std::string path) {
  const std::optional<FileKind> kind = KindOfFileName(entry.name);
  if (!kind && !(IsNamed(path) && IsPythonScript(disk_, Joined(root_, path)))) {
    return;
  }
  Folder file = Inherit(frame, std::move(path), PathKind::File);
  if (file.git_ignored) {
    ignored_.push_back({result_.files.size(), file.excluded});
  }
  // A script is listed only because it was named.
  result_.files.push_back({.path = std::move(file.path),
                           .kind = kind.value_or(FileKind::Source),
                           .reported = !file.excluded && !file.git_hidden,
                           .git_ignored = file.git_ignored});
  DiscoveredFile &added = result_.files.back();
  added.sample = IsSample(added.path, entry.name) && !IsBelowNamed(added.path);
}

void Walker::VisitFolder(const DirectoryEntry &entry, uint32_t listed, std::string path) {
  const bool towards_named = IsNamed(path) || LeadsToNamed(path);
  const bool never_walked = IsNeverWalked(entry.name);
  if (never_walked && !towards_named) {
    return;
  }
  if (llvm::StringRef(entry.name).ends_with(".py")) {
    Report(ProblemKind::NotAFile, path, "a folder that is called like a Python file");
  }
  if (entry.is_link && IsLoop(path)) {
    Report(ProblemKind::SymlinkLoop, path, "a link to a folder that it is in; not followed");
    return;
  }
  const bool linked = entry.is_link || frames_.back().folder.through_link;
  if (linked && ++linked_folders_ > kMostLinkedFolders) {
    if (entry.is_link) {
      Report(ProblemKind::SymlinkLoop, path, "too many folders behind links; not followed");
    }
    return;
  }
  Folder folder = Inherit(frames_.back(), std::move(path), PathKind::Directory);
  folder.through_link = linked;
  folder.only_named |= never_walked && !IsNamed(folder.path);
  Open(std::move(folder), listed);
}

// Whether the folder that the link `path` leads to is one of those it stands in.
bool Walker::IsLoop(const std::string &path) {
  const FileIdentity target = disk_.Identity(Joined(root_, path));
  for (Frame &frame : frames_) {
    if (frame.identity == FileIdentity{}) {
      frame.identity =
          disk_.Identity(frame.folder.path.empty() ? root_ : Joined(root_, frame.folder.path));
    }
    if (frame.identity == target) {
      return true;
    }
  }
  return false;
}

} // namespace

Discovery Discover(const Disk &disk, const DiscoverOptions &options) {
  return Walker(disk, options).Run();
}

} // namespace pydefrag
