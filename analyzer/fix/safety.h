// FixJudge: how sure it is that a row may import something else: the same object, from a module
// that can be imported, without closing an import cycle or coming too early in one. Looks at the
// linked project only; that no module starts to fail is seen when the result is analysed again
// (driver/fix_rounds.h).
#pragma once

#include "check/finding.h"
#include "link/identity/import_order.h"
#include "link/project.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// Not to be used from two threads at once. `project` must outlive it.
class FixJudge {
public:
  explicit FixJudge(const Project &project);

  // Safe or Unsafe; Display when the change would be wrong: there is no such name, or the module
  // would import itself.
  Applicability Judge(const ImportChange &change);

private:
  bool ClosesCycle(const ImportRow &row, ModuleId target);
  bool Runs(ModuleId from, ModuleId to);

  const Project &project_;
  llvm::DenseSet<std::pair<ModuleId, NameId>> named_in_strings_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, bool> runs_;
  ImportOrder order_;
};

} // namespace pydefrag
