// What the readers of one folder's project files share: the files, and the ProjectSettings that
// they fill. Paths given to it are relative to the folder in work, as the files write them.
#pragma once

#include "config/project_settings.h"
#include "config/toml_reader.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

class SettingsContext {
public:
  SettingsContext(const Disk &disk, llvm::StringRef root, const Discovery &discovery,
                  llvm::StringRef folder);

  ProjectSettings project;
  std::vector<Problem> problems;
  bool is_project = false; // some file declares a distribution or pytest settings here
  TomlValue pyproject;     // an empty table when there is none, or a broken one

  // The text of a file in the folder; nothing when there is none or it cannot be read.
  std::optional<std::string> Read(llvm::StringRef name);
  // `relative` below the project root, normalised; nothing when it leads out of it.
  std::optional<std::string> Path(llvm::StringRef relative) const;
  bool HasFolder(llvm::StringRef relative) const;
  bool HasFile(llvm::StringRef relative) const;
  bool IsPackageFolder(llvm::StringRef path) const;

  // A folder whose content is importable by its own names.
  void AddRoot(llvm::StringRef relative, llvm::StringRef because);
  // `relative` is the package `package`. Where the folder is called like the package, that makes
  // the folder above a root; one below another package is kept as well, for that may stand
  // elsewhere.
  void AddPackage(llvm::StringRef package, llvm::StringRef relative, llvm::StringRef because);
  void AddRequirement(llvm::StringRef requirement);
  void AddEntryPoint(EntryPoint entry_point);
  void AddNamedModule(EntryPoint named); // see ProjectSettings::named_modules
  void AddGenerated(llvm::StringRef relative);
  // A module that the build compiles. Its place is known once all roots are.
  void AddExtension(llvm::StringRef dotted);
  void AddHint(llvm::StringRef relative);
  void SetRequiresPython(llvm::StringRef specifiers);
  void AddProblem(llvm::StringRef name, uint32_t line, const llvm::Twine &message);

  // The distribution's name as a module, folded to what stands on the disk: "my-pkg" -> "my_pkg".
  std::string ModuleName() const;
  // Whether a package or module of this name stands in `relative`.
  bool HoldsModule(llvm::StringRef relative, llvm::StringRef module) const;

  // Puts everything in order; called once, when all files are read.
  void Finish();

private:
  void AddPackageDir(llvm::StringRef package, llvm::StringRef folder, llvm::StringRef because);

  const Disk &disk_;
  std::string root_;
  const Discovery &discovery_;
  std::vector<std::string> extensions_;
};

} // namespace pydefrag
