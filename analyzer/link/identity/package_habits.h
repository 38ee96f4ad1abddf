// What consumers are in the habit of, told from all imports of a package instead of those of one
// name: few import any one name of a package so often that its numbers tell.
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
  PackageHabits(Project &project, Resolver &resolver, llvm::ArrayRef<AttributeUse> attribute_uses,
                const DeclaredPaths &declared)
      : project_(project), resolver_(resolver), attribute_uses_(attribute_uses),
        declared_(declared) {}

  // Whether consumers take so many different names from the module that are defined elsewhere that
  // it is an API, not a detour.
  bool IsApi(ModuleId module) { return NamesTaken(module) >= kHabit; }
  // How many different names that are defined elsewhere.
  size_t NamesTaken(ModuleId module);
  // Whether those outside of the package take the classes and functions that it holds rather from
  // it than from the modules below that define them; of an API. Tests are outside of what they
  // test, wherever they stand.
  bool Prefers(ModuleId package);
  // How many imports of the definition outside of `package` go through `module`.
  OutsideUses UsesOutside(const Definition &definition, ModuleId module, ModuleId package) const;

private:
  struct Votes {
    size_t package = 0;
    size_t below = 0;
  };

  bool IsOutside(ModuleId importer, ModuleId package) const;
  void ReadTaken();
  void ReadVotes();
  void Vote(ModuleId importer, DefinitionId id, ModuleId source, NameId name);
  bool Holds(ModuleId package, NameId name);

  Project &project_;
  Resolver &resolver_;
  llvm::ArrayRef<AttributeUse> attribute_uses_;
  const DeclaredPaths &declared_;
  bool taken_read_ = false;
  bool votes_read_ = false;
  llvm::DenseMap<ModuleId, llvm::DenseSet<NameId>> taken_; // names of others', by source
  llvm::DenseMap<ModuleId, Votes> votes_;                  // of APIs that are packages
};

} // namespace pydefrag
