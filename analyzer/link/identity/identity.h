// Identity: every object that a module-level statement makes (a Definition), every `module:name`
// that reaches this very object once all modules are imported, who uses which path, and which path
// is canonical (cli-and-json.md, Words).
//
// identity.cpp finds definitions and paths (with direct_paths.h, definition_kinds.h,
// outside_twins.h and chosen_names.h), path_uses.cpp counts uses, canonical.cpp chooses.
#pragma once

#include "config/config.h"
#include "link/identity/chain_reader.h"
#include "link/resolve/resolve.h"

#include <utility>
#include <vector>

namespace pydefrag {

struct AttributeUse;

// How much is to be found. A check looks at classes and functions, and at the constants that rows
// reach; it lists the paths of those only that several modules are asked for.
enum class IdentityScope : uint8_t { Checked, All };

struct ReachedPath { // of one definition
  ModuleId module;
  NameId name;
};

// All paths to all definitions, in a flat table.
class PathTable {
public:
  llvm::ArrayRef<ReachedPath> Of(DefinitionId id) const {
    const size_t at = static_cast<size_t>(id.index);
    return llvm::ArrayRef(paths).slice(begin[at], begin[at + 1] - begin[at]);
  }
  // What the event of a module makes, as a definition; invalid when it is none.
  DefinitionId MadeBy(ModuleId module, uint32_t event) const {
    return definition_of[event_begin[static_cast<size_t>(module.index)] + event];
  }
  // Whether `package`, which stands above the definition's module, holds a path to it.
  bool IsHeldBy(DefinitionId id, ModuleId package) const;

  std::vector<uint32_t> begin;    // of each definition in `paths`, and the end
  std::vector<ReachedPath> paths; // in order of modules
  std::vector<std::pair<DefinitionId, ModuleId>> holders; // packages above; sorted
  std::vector<uint32_t> event_begin;                      // of each module, numbering all events
  std::vector<DefinitionId> definition_of;                // by number of the event
};

// Where the name stands that an event of a module binds.
Location PlaceOfName(const Project &project, const Resolver &resolver, ModuleId module,
                     uint32_t event);

// The definition that an event of a module makes; invalid when it is none.
DefinitionId FindDefinition(const Project &project, const Resolver &resolver, ModuleId module,
                            uint32_t event);

// Fills project.definitions, without their paths, and the definition ids in the rows' targets.
// `chains` by file: what else asks for names.
PathTable CollectDefinitions(Project &project, Resolver &resolver,
                             llvm::ArrayRef<std::vector<Chain>> chains, IdentityScope scope,
                             unsigned jobs);

// Whether a row whose target is a definition only hands it on: a module-level import in a module
// that re-exports it from below, or in the module that defines it.
bool IsPlumbing(const Project &project, const ImportRow &row);

// Counts the uses, lists the paths of the definitions that `scope` asks for and of those that are
// named like something missing, and picks their canonical paths. After deprecations are known.
void CountUses(Project &project, const PathTable &table,
               llvm::ArrayRef<AttributeUse> attribute_uses, IdentityScope scope, unsigned jobs);
void ChooseCanonical(Project &project, Resolver &resolver,
                     llvm::ArrayRef<AttributeUse> attribute_uses, const Config &config,
                     const Disk &disk);
// The bindings that make the hop of each path of one definition.
void FillHops(Project &project, Resolver &resolver, Definition &definition);
// The same where several paths are in use; in a check only of those and of the canonical one.
void FillUsedHops(Project &project, Resolver &resolver, IdentityScope scope);

} // namespace pydefrag
