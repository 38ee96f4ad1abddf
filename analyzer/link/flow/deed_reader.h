// Deed reader: reads one function for name_deeds.h. The name, the module that is looked up by it
// and what stands in for that are followed through the function; any place that is of no known form
// ends it.
#pragma once

#include "link/flow/name_deeds.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

class DeedReader {
public:
  DeedReader(const Project &project, NameDeedsTable &table, const SourceTree &tree,
             uint32_t function)
      : project_(project), table_(table), tree_(tree), function_(function),
        scope_(tree.ScopeMadeBy(function)), parameters_(tree.Parameters(function)) {}

  // What the function does to the module whose name the parameter at `position` holds.
  NameDeeds Read(size_t position);

private:
  void Fail() { fine_ = false; }
  bool NoteUses();
  bool IsParameter(uint32_t identifier) const;
  size_t PositionOf(uint32_t identifier) const;
  size_t ParameterAt(uint32_t node) const;

  // the name
  void UseName(uint32_t node);
  bool IsModules(uint32_t node);
  bool NoteLookUp(uint32_t node);
  bool SetsModuleOf(uint32_t target) const;
  bool ComparesName(uint32_t comparison, uint32_t node);
  void UseEntry(uint32_t entry);
  void GiveName(uint32_t node, uint32_t call);

  // the module
  void FollowModules();
  void UseModule(uint32_t node);
  void AssignModule(uint32_t value, uint32_t assignment);
  void UseAttribute(uint32_t attribute);
  void GiveModule(uint32_t node, uint32_t call);
  void NoteTested(uint32_t node);
  void SetKey(uint32_t key);

  // deed_stand_ins.cpp: what serves names
  uint32_t ClassNamed(uint32_t node) const;
  bool StandsIn(uint32_t node);
  bool Makes(uint32_t call);
  bool TakeClass(uint32_t call);
  unsigned ArgumentGiven(uint32_t call, uint32_t node) const;
  uint32_t GivenFor(uint32_t call, unsigned argument) const;
  bool Serves(uint32_t table);
  void SetClass(uint32_t value);
  void SetHook(uint32_t value);
  bool IsConsistent();
  bool LooksUpNothingElse();
  bool TablesAreLeftAlone();

  const Project &project_;
  NameDeedsTable &table_;
  const SourceTree &tree_;
  const uint32_t function_;
  const uint32_t scope_;
  const llvm::SmallVector<TreeParameter, 8> parameters_;
  NameDeeds deeds_;
  bool fine_ = false;
  bool shows_name_ = false;
  llvm::StringRef name_;
  std::map<llvm::StringRef, std::vector<uint32_t>> uses_;
  llvm::SmallVector<llvm::StringRef, 2> modules_; // local names that stand for the module
  llvm::DenseSet<uint32_t> bindings_;             // that make them so
  llvm::DenseSet<uint32_t> entries_;              // targets `sys.modules[name]`
  llvm::DenseSet<uint32_t> filled_;               // that get the module, or its stand-in
  llvm::DenseSet<uint32_t> known_;                // parts of look-ups
  llvm::DenseSet<uint32_t> made_;                 // calls that make the stand-in
  llvm::SmallVector<uint32_t, 2> tested_;         // classes
  llvm::SmallVector<std::pair<llvm::StringRef, uint32_t>, 2> stored_;
  std::map<llvm::StringRef, llvm::DenseSet<uint32_t>> tables_; // parameters, where they are given
  std::pair<uint32_t, llvm::StringRef> hook_{0, ""}; // and what it calls the name asked for
  const ModuleClass *class_ = nullptr;
};

} // namespace pydefrag
