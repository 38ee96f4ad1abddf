#include "link/identity/internal_uses.h"

#include "base/identifier.h"
#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

InternalUses::InternalUses(Project &project, Resolver &resolver, const DeclaredPaths &declared,
                           AcceptedPaths &accepted)
    : project_(project), resolver_(resolver), declared_(declared), accepted_(accepted),
      order_(project, resolver, project.state->graph) {}

// Inside the package of the canonical path other packages around the definition serve as well;
// beside a private module its neighbours take from it what they like, and in a private package
// nobody takes its own from the public face (`pytest` imports `_pytest`). What a module elsewhere
// gives to the public those take from the private one who may. A private module that the modules
// of its own project have the habit of asking, rather than the public one, is their affair. What
// a module lists it takes from where it likes: that is how an API is put together.
void InternalUses::Mark(Definition &definition, bool undeclared) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const bool api = declared_.IsPackage(canonical.module);
  const ModuleId parent = project_.modules[definition.module].parent;
  const bool around_it = declared_.IsAround(definition, canonical);
  // A definition may have a path in each of its importers.
  llvm::SmallDenseMap<ModuleId, size_t, 8> uses_through;
  for (const PathInfo &path : definition.paths) {
    if (path.uses > 0) {
      uses_through[path.module] += path.uses;
    }
  }
  const size_t wanted = uses_through.lookup(canonical.module);
  const bool in_tests_only = canonical.in_use && canonical.uses == canonical.in_tests;
  for (PathInfo &path : definition.paths) {
    if (path.rows.empty()) {
      continue;
    }
    const bool own = path.module == definition.module;
    const bool less_public = declared_.PrivacyOf(path) > declared_.PrivacyOf(canonical);
    const bool around = api && declared_.IsAround(definition, path);
    const llvm::StringRef part = less_public ? PrivatePart(path.module) : "";
    const size_t uses = uses_through.lookup(path.module);
    const bool habit = less_public && (in_tests_only ||
                                       (uses > wanted && (uses >= kHabit || (own && !around_it))));
    for (RowId id : path.rows) {
      ImportRow &row = project_.rows[id];
      const llvm::StringRef importer = ModuleText(row.importer);
      row.context.internal |=
          (around && declared_.BelongsTo(row.importer, canonical.module)) ||
          (own && IsHowItIsMade(row, canonical)) || Lists(row) ||
          (own && less_public && parent.valid() && declared_.IsWithin(row.importer, parent)) ||
          (habit && IsNeighbour(row.importer, definition.module)) ||
          (own && around_it && IsPutOff(row) &&
           (!less_public || IsNeighbour(row.importer, definition.module))) ||
          (own && less_public && (undeclared || !around_it) &&
           declared_.MayUsePrivate(row.importer, definition.module)) ||
          (own && ComesTooEarly(row, canonical)) || IsPutTogether(definition, row) ||
          IsTestOf(row.importer, path.module) || IsTakenTwice(row, canonical) ||
          IsDeprecated(row.importer) || (!part.empty() && IsWithin(importer, part));
    }
  }
}

// A function that imports when it is called, outside of tests, does so for what an import loads:
// a package loads more than the module below.
bool InternalUses::IsPutOff(const ImportRow &row) const {
  return row.context.deferred && !project_.modules[row.importer].test;
}

// Whether the importer has it by the canonical path as well, under another name, or one of them
// for type checkers: it means both.
bool InternalUses::IsTakenTwice(const ImportRow &row, const PathInfo &canonical) const {
  const auto local = [](const ImportRow &each) { return each.as.valid() ? each.as : each.name; };
  return llvm::any_of(RowsIn(project_, canonical, row.file), [&](RowId id) {
    const ImportRow &other = project_.rows[id];
    return local(other) != local(row) || other.context.type_checking != row.context.type_checking;
  });
}

// Whether the importer lists what it takes.
bool InternalUses::Lists(const ImportRow &row) {
  const AllNames &all = resolver_.All(row.importer);
  return !row.context.deferred && ((row.as.valid() && row.as == row.name) ||
                                   (all.present && all.Lists(row.as.valid() ? row.as : row.name)));
}

// An import of the definition's own path, inside the canonical package or in a module that the
// canonical one imports: the way there would lead in a circle.
bool InternalUses::IsHowItIsMade(const ImportRow &row, const PathInfo &canonical) {
  return (declared_.IsPackage(canonical.module) &&
          declared_.BelongsTo(row.importer, canonical.module)) ||
         accepted_.IsMadeOf(canonical.module, row.importer);
}

bool InternalUses::ComesTooEarly(const ImportRow &row, const PathInfo &canonical) {
  const bool runs = !row.context.deferred && !row.context.type_checking;
  return runs && order_.IsTooEarly(canonical.module, canonical.name, row.importer);
}

// A package that others take the name from, and that takes it from a module below: whose it is,
// that one knows.
bool InternalUses::IsPutTogether(const Definition &definition, const ImportRow &row) const {
  return !row.context.deferred && declared_.IsPackage(row.importer) &&
         IsBelow(ModuleText(row.source), ModuleText(row.importer)) &&
         llvm::any_of(definition.paths, [&](const PathInfo &path) {
           return path.module == row.importer && path.in_use;
         });
}

// `_pytest` of `_pytest.config`, `pkg._impl` of `pkg._impl.core`; empty where no part is private.
llvm::StringRef InternalUses::PrivatePart(ModuleId module) const {
  const llvm::StringRef text = ModuleText(module);
  const size_t dot = text.starts_with("_") ? 0 : text.find("._");
  return dot == llvm::StringRef::npos ? "" : text.take_front(text.find('.', dot + 1));
}

// In one distribution, as far as names tell; tests are of the project that they stand in.
bool InternalUses::IsNeighbour(ModuleId importer, ModuleId module) const {
  return project_.modules[importer].test ||
         ModuleText(importer).split('.').first == ModuleText(module).split('.').first;
}

// `test_strings` tests `shop.filters.strings`, or `shop.filters._strings`, and takes what it
// tests from there.
bool InternalUses::IsTestOf(ModuleId importer, ModuleId module) const {
  llvm::StringRef test = LastPart(ModuleText(importer));
  const llvm::StringRef tested = LastPart(ModuleText(module));
  return project_.modules[importer].test &&
         (test.consume_front("test_") || test.consume_back("_test") ||
          test.consume_back("_tests")) &&
         test.trim('_') == tested.trim('_');
}

// What is left for those who ask by a name of former times says nothing about how others do.
bool InternalUses::IsDeprecated(ModuleId module) const {
  return project_.module_deprecations[module].deprecated;
}

} // namespace pydefrag
