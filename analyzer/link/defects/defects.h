// Defects: what only the resolver can tell and rules only report. Entry point: FindDefects, after
// everything else is linked; the resolver remembers answers, so rules, which run side by side, may
// not ask it.
#pragma once

#include "base/id.h"
#include "source/span.h"

#include <string>
#include <vector>

namespace pydefrag {

struct Config;
class Disk;
struct Project;
class Resolver;

// A name in a module's known `__all__` that the module neither binds nor has as a submodule.
struct UndefinedExport {
  ModuleId module;
  NameId name;
  Location where; // the string
};

struct ClassPlace {
  ModuleId module;
  NameId name;
  Location where; // of the name in the class statement
};

// An empty subclass of a first-party class that stands for an old name or place of it.
struct ShimSubclass {
  enum Sign : uint8_t { SameName, Warns, ShimModule } sign = SameName;
  ClassPlace shim, base;
};

// Two module-level imports of one module bind one name to two objects; nothing uses the first.
struct BindingConflict {
  RowId first, second;
};

// Two class statements of one name in two modules.
struct DuplicateClass {
  enum Kind : uint8_t { Identical, Drifted, Homonym } kind = Identical;
  ClassPlace original, copy;
  std::vector<std::string> different;   // members that both have, with other text
  std::vector<std::string> in_original; // members that only the original has
  std::vector<std::string> in_copy;     // members that only the copy has
  size_t same = 0;                      // members with the same text
};

struct Defects { // each sorted by place
  std::vector<UndefinedExport> undefined_exports;
  std::vector<ShimSubclass> shim_subclasses;
  std::vector<BindingConflict> binding_conflicts;
  std::vector<DuplicateClass> duplicate_classes;
};

// Fills project.defects.
void FindDefects(Project &project, Resolver &resolver, const Config &config, const Disk &disk,
                 unsigned jobs);

std::vector<UndefinedExport> FindUndefinedExports(Project &project, Resolver &resolver);
std::vector<ShimSubclass> FindShimSubclasses(Project &project, Resolver &resolver);
std::vector<BindingConflict> FindBindingConflicts(Project &project, Resolver &resolver);
std::vector<DuplicateClass> FindDuplicateClasses(const Project &project, const Config &config,
                                                 const Disk &disk, unsigned jobs);

} // namespace pydefrag
