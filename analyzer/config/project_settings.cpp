// Finds the folders that hold project files and has each read by the readers of settings_readers.h.
// A folder whose files declare no distribution and no pytest settings is no project of its own:
// what it says goes to the nearest project above.
#include "config/project_settings.h"

#include "config/settings_readers.h"
#include "source/paths.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace pydefrag {
namespace {

struct SettingsFolder {
  std::vector<std::string> requirement_files; // names in the folder, or below it
  // setup_package.py files, of the root only; setup_zstd.py beside a setup.py
  std::vector<std::string> extension_scripts;
  bool sample = false;
  bool has_setup = false; // a setup.py
};

bool HoldsRequirements(llvm::StringRef directory) {
  return directory == "requirements" || directory.ends_with("/requirements");
}

// Folders by path, the root always among them.
std::map<std::string, SettingsFolder> FindFolders(const Disk &disk, llvm::StringRef root,
                                                  const Discovery &discovery) {
  std::map<std::string, SettingsFolder> folders;
  folders[""];
  std::vector<std::pair<std::string, std::string>> beside; // setup_zstd.py: its folder, its name
  for (const DiscoveredFile &file : discovery.files) {
    const llvm::StringRef folder = FolderOf(file.path);
    const llvm::StringRef name =
        llvm::StringRef(file.path).drop_front(folder.empty() ? 0 : folder.size() + 1);
    const bool settings = file.kind == FileKind::Settings || name == "setup.py";
    if (!file.reported) {
      continue;
    }
    if (name == "setup_package.py") {
      folders[""].extension_scripts.push_back(file.path);
    }
    if (name.starts_with("setup_") && name.ends_with(".py") && name != "setup_package.py") {
      beside.push_back({folder.str(), name.str()});
    }
    if (!settings) {
      continue;
    }
    SettingsFolder &found = folders[folder.str()];
    found.sample |= file.sample;
    found.has_setup |= name == "setup.py";
    if (name.ends_with(".txt")) {
      found.requirement_files.push_back(name.str());
    }
  }
  for (const auto &[folder, name] : beside) {
    const auto found = folders.find(folder);
    if (found != folders.end() && found->second.has_setup) {
      found->second.extension_scripts.push_back(name);
    }
  }
  // requirements/base.txt and requirements/extras/fast.txt belong to the folder that holds
  // requirements/.
  for (const std::string &directory : discovery.directories) {
    const llvm::StringRef holder =
        HoldsRequirements(directory) ? llvm::StringRef(directory) : FolderOf(directory);
    if (!HoldsRequirements(holder)) {
      continue;
    }
    const llvm::StringRef project = FolderOf(holder);
    const llvm::StringRef below =
        llvm::StringRef(directory).drop_front(project.empty() ? 0 : project.size() + 1);
    std::vector<DirectoryEntry> entries;
    if (disk.List(JoinPath(root, directory), entries)) {
      continue; // reported by the walk
    }
    for (const DirectoryEntry &entry : entries) {
      if (entry.kind == EntryKind::File && llvm::StringRef(entry.name).ends_with(".txt")) {
        folders[project.str()].requirement_files.push_back((below + "/" + entry.name).str());
      }
    }
  }
  return folders;
}

// A src folder that is no package itself and holds packages or modules.
bool HasSrcLayout(const SettingsContext &context, const Discovery &discovery) {
  if (!context.HasFolder("src") || context.HasFile("src/__init__.py")) {
    return false;
  }
  const std::string prefix = *context.Path("src") + "/";
  const auto first = std::lower_bound(
      discovery.files.begin(), discovery.files.end(), prefix,
      [](const DiscoveredFile &file, const std::string &key) { return file.path < key; });
  for (auto file = first; file != discovery.files.end(); ++file) {
    if (!llvm::StringRef(file->path).starts_with(prefix)) {
      return false;
    }
    if (file->kind == FileKind::Source) {
      return true;
    }
  }
  return false;
}

void ReadFolder(SettingsContext &context, const SettingsFolder &folder,
                const Discovery &discovery) {
  ReadPyproject(context);
  ReadSetupCfg(context);
  ReadSetupPy(context);
  ReadSetupPackages(context, folder.extension_scripts);
  ReadBuildBackends(context);
  ReadRequirementFiles(context, folder.requirement_files);
  ReadPytestSettings(context);
  ReadToolHints(context);
  ReadMesonBuild(context);
  if (context.project.package_dirs.empty() && HasSrcLayout(context, discovery)) {
    context.AddRoot("src", "src layout");
  }
  context.Finish();
}

void Append(std::vector<std::string> &to, const std::vector<std::string> &from) {
  to.insert(to.end(), from.begin(), from.end());
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

// The project that `folder` stands in; the root's at least.
ProjectSettings &ProjectAbove(std::vector<ProjectSettings> &projects, llvm::StringRef folder) {
  for (auto project = projects.rbegin(); project != projects.rend(); ++project) {
    llvm::StringRef rest = folder;
    if (project->folder.empty() || (rest.consume_front(project->folder) && rest.starts_with("/"))) {
      return *project;
    }
  }
  return projects.front();
}

} // namespace

SettingsResult ReadProjectSettings(const Disk &disk, llvm::StringRef root,
                                   const Discovery &discovery) {
  SettingsResult result;
  for (const auto &[path, folder] : FindFolders(disk, root, discovery)) {
    SettingsContext context(disk, root, discovery, path);
    ReadFolder(context, folder, discovery);
    std::move(context.problems.begin(), context.problems.end(),
              std::back_inserter(result.problems));
    context.project.sample = folder.sample && !path.empty();
    if (path.empty() || context.is_project) {
      result.projects.push_back(std::move(context.project));
      continue;
    }
    ProjectSettings &above = ProjectAbove(result.projects, path);
    Append(above.dependencies, context.project.dependencies);
    Append(above.generated, context.project.generated);
    Append(above.hinted_roots, context.project.hinted_roots);
  }
  return result;
}

} // namespace pydefrag
