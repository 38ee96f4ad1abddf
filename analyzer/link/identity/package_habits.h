// What consumers are in the habit of, counted from all imports.
#pragma once

#include "link/identity/attribute_uses.h"
#include "link/identity/declared_paths.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

struct OutsideUses {
  size_t all = 0;
  size_t in_code = 0; // not in tests
};

// Refers to what it is made of, which outlives it. Reads the uses when it is first asked.
class PackageHabits {
public:
  PackageHabits(const Project &project, llvm::ArrayRef<AttributeUse> attribute_uses,
                const DeclaredPaths &declared)
      : project_(project), attribute_uses_(attribute_uses), declared_(declared) {}

  // Whether consumers take five or more different names from the module that are defined elsewhere,
  // and more of them than it defines.
  bool IsFace(ModuleId module);
  // How many imports of the definition outside of `package` go through `module`. Tests are outside
  // of what they test, wherever they stand.
  OutsideUses UsesOutside(const Definition &definition, ModuleId module, ModuleId package) const;

private:
  bool IsOutside(ModuleId importer, ModuleId package) const;
  void ReadTaken();

  const Project &project_;
  llvm::ArrayRef<AttributeUse> attribute_uses_;
  const DeclaredPaths &declared_;
  bool taken_read_ = false;
  llvm::DenseMap<ModuleId, llvm::DenseSet<NameId>> taken_; // names of others, by source
  llvm::DenseMap<ModuleId, llvm::DenseSet<NameId>> own_;   // names that the source defines
};

} // namespace pydefrag
