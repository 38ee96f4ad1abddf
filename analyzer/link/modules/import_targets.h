// ImportTargets: the module that each import statement names, found once for every statement before
// anything else is resolved. Absolute names are looked up once for each folder that can see another
// module beside itself, relative ones once for each package.
//
// Const after it is made, so it may be read from several threads.
#pragma once

#include "link/modules/module_table.h"
#include "link/syntax_view.h"

#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace pydefrag {

struct ImportTarget {
  NameId dotted;              // the absolute name; as written when there are too many dots
  ModuleId module;            // what it is
  ModuleId top;               // what its first component is; only with `module`, and no dots before
  NameId missing_part;        // else: the first dotted ancestor that does not exist
  const char *reason = "";    // why nobody can tell, or where was looked
  bool unknown = false;       // nobody can tell
  bool not_installed = false; // a third-party module that the environment does not have
  bool beyond_top = false;    // more dots than packages
  const PutModule *put = nullptr; // unknown, but code puts this there
};

class ImportTargets {
public:
  ImportTargets(Project &project, ModuleTable &table, const SyntaxView &view);

  // What an import statement names; of `import a, b` the one with this number.
  const ImportTarget &Of(FileId file, uint32_t statement, uint32_t alias = 0) const;
  // How many names the import statements of a file import, in all.
  size_t NamesIn(FileId file) const { return names_in_[file]; }

  // Reads the statements that `file` has now, for a draft of it (link/draft.h), until Lift.
  void LayOver(FileId file);
  void Lift();

private:
  struct Placed {
    uint32_t statement;
    uint32_t slot; // of its first name
  };
  struct SetPackage {
    static constexpr uint32_t kNowhere = 0xffffffff;
    uint32_t from = kNowhere; // the statement
    ModuleId base;            // invalid: nobody knows which
    bool Holds(uint32_t statement) const { return from < statement; }
  };
  SetPackage FindSetPackage(FileId file);
  uint32_t BelowSetPackage(const SetPackage &set, const Statement &statement);
  ImportTarget Unknown(const Statement &statement, const char *reason);
  void ReadFile(FileId file, std::vector<Placed> &into);
  uint32_t Absolute(uint64_t beside, FileId file, NameId dotted);
  uint32_t Relative(ModuleId importer, const Statement &statement);
  uint32_t Add(const ImportTarget &target);
  ImportTarget Below(ModuleId base, llvm::StringRef rest);

  Project &project_;
  ModuleTable &table_;
  const SyntaxView &view_;
  std::vector<ImportTarget> targets_; // distinct ones
  std::vector<uint32_t> slots_;       // index into `targets_`
  std::vector<Placed> placed_;        // by file, then by statement
  std::vector<uint32_t> begin_;       // of each file in `placed_`
  IdVector<FileId, uint32_t> names_in_;
  FileId over_;                     // the file of a draft
  std::vector<Placed> over_placed_; // its statements
  uint32_t names_below_ = 0;        // how many names it imports without the draft
  size_t slots_below_ = 0;          // `slots_` without the draft
  llvm::DenseMap<std::pair<uint64_t, NameId>, uint32_t> absolute_; // by what stands beside, name
  llvm::DenseMap<std::pair<ModuleId, NameId>, uint32_t> relative_; // by package, name
};

} // namespace pydefrag
