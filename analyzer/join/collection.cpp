#include "join/collection.h"

#include "source/glob.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

// The order in which a folder's entries are taken: its conftest, then __init__.py, then by name.
bool CollectedBefore(llvm::StringRef a, llvm::StringRef b) {
  while (true) {
    const auto [head_a, rest_a] = a.split('/');
    const auto [head_b, rest_b] = b.split('/');
    if (head_a != head_b) {
      auto rank = [](llvm::StringRef name) {
        return std::make_tuple(name != "conftest.py", name != "__init__.py", name);
      };
      return rank(head_a) < rank(head_b);
    }
    if (rest_a.empty() || rest_b.empty()) {
      return rest_a.empty() && !rest_b.empty();
    }
    a = rest_a;
    b = rest_b;
  }
}

class SessionPlanner {
public:
  SessionPlanner(const Project &project, const SettingsResult &settings, const ProjectSettings &own)
      : project_(project), settings_(settings), own_(own) {}

  TestSession Plan() {
    TestSession session;
    session.rootdir = own_.folder;
    session.by_path = own_.pytest.import_mode == "importlib";
    session.plugins = own_.pytest.plugins;
    std::vector<llvm::StringRef> paths = Arguments();
    std::vector<bool> taken(project_.file_count, false);
    for (llvm::StringRef argument : paths) {
      AddInitialConftests(argument, taken, session);
    }
    for (llvm::StringRef argument : paths) {
      AddFilesBelow(argument, taken, session);
    }
    return session;
  }

private:
  // What the run is given: the testpaths that hold something, else the folder itself.
  std::vector<llvm::StringRef> Arguments() const {
    std::vector<llvm::StringRef> found;
    for (const std::string &path : own_.pytest.testpaths) {
      const bool glob = path.find_first_of("*?[") != std::string::npos;
      for (size_t i = 0; i < project_.file_count; ++i) {
        llvm::StringRef folder = project_.PathOf(FileId(i));
        if (!glob && IsInFolder(folder, path)) {
          found.push_back(path);
          break;
        }
        while (glob && !folder.empty()) {
          if (MatchGlob(path, folder) && !llvm::is_contained(found, folder)) {
            found.push_back(folder);
          }
          folder = FolderOf(folder);
        }
      }
    }
    if (found.empty()) {
      found.push_back(own_.folder);
    }
    return found;
  }

  // Whether a deeper folder with settings of its own has the file.
  bool BelongsHere(llvm::StringRef path) const {
    return IsInFolder(path, own_.folder) &&
           llvm::none_of(settings_.projects, [&](const ProjectSettings &other) {
             return other.pytest.present && other.folder.size() > own_.folder.size() &&
                    IsInFolder(other.folder, own_.folder) && IsInFolder(path, other.folder);
           });
  }

  bool IsPassedOver(llvm::StringRef path, llvm::StringRef argument) const {
    for (const std::string &ignored : own_.pytest.ignored) {
      if (IsInFolder(path, ignored)) {
        return true;
      }
    }
    llvm::StringRef rest = FolderOf(path);
    if (!argument.empty()) {
      rest = rest.size() > argument.size() ? rest.drop_front(argument.size() + 1) : "";
    }
    while (!rest.empty()) {
      llvm::StringRef folder;
      std::tie(folder, rest) = rest.split('/');
      for (const std::string &pattern : own_.pytest.norecursedirs) {
        if (MatchGlob(pattern, folder)) {
          return true;
        }
      }
    }
    return false;
  }

  bool IsTestFile(llvm::StringRef path) const {
    return llvm::any_of(own_.pytest.python_files, [&](llvm::StringRef pattern) {
      return pattern.contains('/')
                 ? MatchGlob(pattern, path) || MatchGlob(("**/" + pattern).str(), path)
                 : MatchGlob(pattern, FileNameOf(path));
    });
  }

  // The conftests at and above the argument, and those of test* folders directly below it.
  void AddInitialConftests(llvm::StringRef argument, std::vector<bool> &taken,
                           TestSession &session) const {
    for (size_t i = 0; i < project_.file_count; ++i) {
      const llvm::StringRef path = project_.PathOf(FileId(i));
      if (FileNameOf(path) != "conftest.py" || !BelongsHere(path) || taken[i]) {
        continue;
      }
      const llvm::StringRef folder = FolderOf(path);
      const bool above = IsInFolder(argument, folder);
      const bool in_test_folder = folder != argument && FolderOf(folder) == argument &&
                                  FileNameOf(folder).starts_with("test");
      if (above || in_test_folder) {
        taken[i] = true;
        session.files.push_back(Collected(FileId(i), true));
        session.files.back().initial = true;
      }
    }
    llvm::stable_sort(session.files, [&](const CollectedFile &a, const CollectedFile &b) {
      return FolderOf(project_.PathOf(a.file)).size() < FolderOf(project_.PathOf(b.file)).size();
    });
  }

  void AddFilesBelow(llvm::StringRef argument, std::vector<bool> &taken,
                     TestSession &session) const {
    std::vector<FileId> files;
    for (size_t i = 0; i < project_.file_count; ++i) {
      const llvm::StringRef path = project_.PathOf(FileId(i));
      const bool wanted = IsTestFile(path) || FileNameOf(path) == "conftest.py";
      const Module &module = project_.modules[project_.module_of_file[FileId(i)]];
      if (wanted && !taken[i] && module.reported && IsInFolder(path, argument) &&
          BelongsHere(path) && !IsPassedOver(path, argument)) {
        taken[i] = true;
        files.push_back(FileId(i));
      }
    }
    llvm::sort(files, [&](FileId a, FileId b) {
      return CollectedBefore(project_.PathOf(a), project_.PathOf(b));
    });
    for (FileId file : files) {
      session.files.push_back(Collected(file, FileNameOf(project_.PathOf(file)) == "conftest.py"));
    }
  }

  CollectedFile Collected(FileId file, bool conftest) const {
    CollectedFile collected;
    collected.file = file;
    collected.module = project_.module_of_file[file];
    collected.conftest = conftest;
    llvm::StringRef stem = project_.PathOf(file);
    stem.consume_back(".py");
    stem.consume_back("/__init__");
    llvm::StringRef base = FolderOf(project_.PathOf(file));
    while (!base.empty() && HasInit(base)) {
      base = FolderOf(base);
    }
    collected.base = base.str();
    collected.import_name = stem.drop_front(base.empty() ? 0 : base.size() + 1).str();
    std::replace(collected.import_name.begin(), collected.import_name.end(), '/', '.');
    return collected;
  }

  bool HasInit(llvm::StringRef folder) const {
    const std::string init = (folder + "/__init__.py").str();
    const auto &paths = project_.scanned.paths.raw();
    const auto end = paths.begin() + static_cast<std::ptrdiff_t>(project_.file_count);
    return std::binary_search(paths.begin(), end, init);
  }

  const Project &project_;
  const SettingsResult &settings_;
  const ProjectSettings &own_;
};

} // namespace

std::vector<TestSession> PlanCollection(const Project &project, const SettingsResult &settings) {
  std::vector<TestSession> sessions;
  for (const ProjectSettings &own : settings.projects) {
    if (!own.pytest.present && !own.folder.empty()) {
      continue;
    }
    TestSession session = SessionPlanner(project, settings, own).Plan();
    const bool collects =
        llvm::any_of(session.files, [](const CollectedFile &file) { return !file.conftest; });
    if (collects) {
      sessions.push_back(std::move(session));
    }
  }
  return sessions;
}

} // namespace pydefrag
