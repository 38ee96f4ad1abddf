// How a path to a definition is made known: private by its name, through a package around the
// definition, declared by whoever holds it.
#pragma once

#include "base/identifier.h"
#include "link/identity/own_mentions.h"
#include "link/project.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseMap.h"

#include <cstdint>

namespace pydefrag {

// So many imports of a module are no slip.
inline constexpr uint32_t kHabit = 5;
// From a module that they take so many names from, consumers hardly import one by oversight.
inline constexpr uint32_t kSeveral = 3;

// How a module makes a name of another one its own.
enum class Declared : uint8_t {
  No,      // imported for the module's own use: nobody promised that it stays
  Idiom,   // by the `__init__` of a package around the definition
  Written, // listed in `__all__`, or imported as `X as X`
};

inline const PathInfo &CanonicalOf(const Definition &definition) {
  return definition.paths[static_cast<size_t>(definition.canonical)];
}
// How many imports go through `module`, by whatever name.
size_t UsesThrough(const Definition &definition, ModuleId module);
// How many of these are there for type checkers.
size_t TypesThrough(const Definition &definition, ModuleId module);
// The rows of the path that stand in the file: rows are in the order of files.
llvm::ArrayRef<RowId> RowsIn(const Project &project, const PathInfo &path, FileId file);
// Modules through which the definition is really used.
size_t ModulesInUse(const Definition &definition);

// Whether the module is `package`, stands in it, or in `_package` or `_package_impl` beside it,
// which are a part of it that others are not to see.
bool BelongsTo(llvm::StringRef module, llvm::StringRef package);

// Refers to the project and its resolver, which outlive it.
class DeclaredPaths {
public:
  DeclaredPaths(Project &project, Resolver &resolver, const Disk &disk)
      : project_(project), resolver_(resolver), mentions_(project, resolver, disk) {}

  llvm::StringRef ModuleText(ModuleId module) const {
    return project_.Text(project_.modules[module].name);
  }
  bool IsPackage(ModuleId module) const {
    return project_.modules[module].kind == ModuleKind::Package;
  }
  // `module` is `package`, or in it.
  bool IsWithin(ModuleId module, ModuleId package) const {
    return module == package || IsBelow(ModuleText(module), ModuleText(package));
  }
  bool BelongsTo(ModuleId module, ModuleId package) const {
    return pydefrag::BelongsTo(ModuleText(module), ModuleText(package));
  }
  // How many of its parts are private. `_` alone is not: that is how gettext is called.
  size_t PrivacyOf(const PathInfo &path) const;
  // Whether it is a path through a package that the defining module stands in.
  bool IsAround(const Definition &definition, const PathInfo &path) const {
    return IsPackage(path.module) &&
           IsBelow(ModuleText(definition.module), ModuleText(path.module));
  }
  Declared HowDeclared(const Definition &definition, const PathInfo &path);
  // Whether a package around the definition holds it for others: lists it, has it by `import *` or
  // a module's `__getattr__`, or imports it and does not use it.
  bool Offers(const Definition &definition, const PathInfo &path);
  // The same of any module. What one has by `import *` that holds nothing but imports is for
  // others, though its `__all__` leaves it out.
  bool HoldsForOthers(const PathInfo &path);
  // Whether the module imports the name for its own use alone: it offers it to nobody.
  bool IsIncidental(const Definition &definition, const PathInfo &path);
  // By `import *` or a module's `__getattr__`.
  bool IsUnnamed(const PathInfo &path);
  // Whether a package lists, or has from below, so many names that it is there for others.
  bool GathersSeveral(ModuleId package);
  // `pkg._impl.core` is private to `pkg`, `_impl` to whoever it came with.
  bool MayUsePrivate(ModuleId importer, ModuleId module) const;

private:
  bool IsFace(ModuleId module); // imports alone, one of them `import *`

  Project &project_;
  Resolver &resolver_;
  OwnMentions mentions_;
  llvm::DenseMap<ModuleId, bool> faces_; // as far as somebody asked
};

} // namespace pydefrag
