// Loads: under which names files are loaded, and by whom. One file that is reached as `src.pkg.m`
// and as `pkg.m` is two module objects; a relative import goes on under the name that its module
// was loaded by (semantics.md R01, R20, R21), so it counts only for names that some absolute import
// or a start of the program leads to. Names that need a folder which only a script run from
// there has on its path do not count.
#pragma once

#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct Load { // a file under a name
  ModuleId module;
  std::string name;
};

struct LoadedBy {    // an import that loads something
  uint32_t load = 0; // by whom
  RowId row;
};

class Loads {
public:
  explicit Loads(const Project &project);

  // Whether any row spells a file by another name than its primary one; else all is well.
  bool AnyOtherName() const { return any_other_; }

  size_t size() const { return loads_.size(); }
  const Load &At(size_t load) const { return loads_[load]; }
  // All loads of a file, the one under its primary name first.
  llvm::ArrayRef<size_t> Of(ModuleId module) const { return of_module_[module]; }
  llvm::ArrayRef<LoadedBy> LoadersOf(size_t load) const { return loaders_[load]; }

  // The loads that one row makes when its module runs under its primary name: what is imported
  // first, then the packages above. Nothing when each of these files has one name only.
  std::vector<size_t> OfRow(RowId row) const;

  // Whether some module, or the tests of the project together, load both.
  bool MeetInOneWorld(size_t a, size_t b);

private:
  size_t Find(ModuleId module, llvm::StringRef name) const; // npos: none
  size_t Add(ModuleId module, llvm::StringRef name);
  enum class Rows : uint8_t { All, Absolute, Relative };
  void ReadRows(size_t load, Rows which);
  void ReadRow(size_t load, RowId row);
  bool IsEntry(size_t load) const;
  std::string NameForPytest(ModuleId module) const;
  bool IsCollected(size_t load) const;
  void AddChain(size_t by, RowId row, ModuleId module, llvm::StringRef name);
  llvm::StringRef NameUnder(size_t load, const ImportRow &row, std::string &made) const;
  bool IsReachable(const ImportRow &row, ModuleId module, llvm::StringRef name) const;
  bool HasOtherNames(ModuleId module) const; // the file, or that of a package above
  const std::vector<bool> &Ancestors(size_t load);

  const Project &project_;
  bool any_other_ = false;
  std::vector<Load> loads_;
  std::vector<std::vector<LoadedBy>> loaders_;
  std::vector<bool> happens_;  // by load: somebody spells the name, or starts there
  std::vector<size_t> unread_; // loads that happen, whose rows are still to be read
  IdVector<ModuleId, std::vector<size_t>> of_module_;
  std::vector<uint32_t> row_begin_; // by file
  std::vector<std::unique_ptr<std::vector<bool>>> ancestors_;
};

} // namespace pydefrag
