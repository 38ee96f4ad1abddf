#include "link/identity/arguable_paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

// So many times as many imports, and so many more, are no matter of taste.
constexpr size_t kFarTimes = 4;
constexpr size_t kFarMore = 5;

// So many take a path that, though more take the other, either is how the project does it.
constexpr size_t kSome = 3;
constexpr size_t kMany = 20;

struct Takers { // at run time
  size_t all = 0;
  size_t in_code = 0; // not in tests, but for types
  size_t imports = 0; // those that name it, for types or not
};

Takers TakersThrough(const Definition &definition, ModuleId module) {
  Takers takers;
  for (const PathInfo &path : definition.paths) {
    if (path.module == module) {
      takers.all += path.uses - path.type_checking;
      takers.in_code += path.uses - path.in_tests;
      takers.imports += path.rows.size();
    }
  }
  return takers;
}

} // namespace

// Not by `Cart = new.Cart`: whoever writes this gives the name on purpose.
bool ArguablePaths::IsImportedAllTheWay(const PathInfo &path) {
  return llvm::none_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
    return resolver_.Log(hop.first).events[hop.second].kind == EventKind::Value;
  });
}

// `from shop.api import Cart as Cart` in `shop`: what people are to use comes through `shop.api`.
bool ArguablePaths::IsListedFromThere(const Definition &definition, const PathInfo &path) {
  return path.module != definition.module &&
         llvm::any_of(definition.paths, [&](const PathInfo &other) {
           return other.module != path.module && other.module != definition.module &&
                  declared_.HowDeclared(definition, other) == Declared::Written &&
                  llvm::any_of(resolver_.Hops(other.module, other.name),
                               [&](const auto &hop) { return hop.first == path.module; });
         });
}

bool ArguablePaths::IsArguable(const Definition &definition, const PathInfo &path) {
  const PathInfo &canonical = CanonicalOf(definition);
  if (path.deprecated || project_.module_deprecations[path.module].deprecated) {
    return false;
  }
  if (path.name != canonical.name || !IsImportedAllTheWay(path) ||
      resolver_.Attribute(canonical.module, canonical.name).answer != Answer::Yes) {
    return true;
  }
  Takers wanted = TakersThrough(definition, canonical.module);
  const Takers stray = TakersThrough(definition, path.module);
  if (wanted.imports <= 1 || IsListedFromThere(definition, path)) {
    return true;
  }
  llvm::SmallVector<FileId, 4> makers; // of the path
  for (const auto &hop : resolver_.Hops(path.module, path.name)) {
    const Module &maker = project_.modules[hop.first];
    if (maker.file.valid() && !llvm::is_contained(makers, maker.file)) {
      makers.push_back(maker.file);
      const size_t own = RowsIn(project_, canonical, maker.file).size();
      wanted.all -= std::min(own, wanted.all);
      wanted.in_code -= maker.test ? 0 : std::min(own, wanted.in_code);
    }
  }
  if (stray.all > wanted.all || stray.in_code > wanted.in_code ||
      (stray.all >= kSome && wanted.all < 2 * stray.all) ||
      (stray.all >= kMany && wanted.all < 3 * stray.all)) {
    return true;
  }
  if (path.module != definition.module) {
    return !declared_.IsIncidental(definition, path);
  }
  const bool far_fewer =
      wanted.imports >= kFarTimes * stray.imports && wanted.imports >= stray.imports + kFarMore;
  const bool private_beside_public =
      declared_.PrivacyOf(path) > declared_.PrivacyOf(canonical) && stray.in_code > 0;
  return !far_fewer && !private_beside_public;
}

void ArguablePaths::Mark(Definition &definition) {
  const ModuleId canonical = CanonicalOf(definition).module;
  for (PathInfo &path : definition.paths) {
    path.arguable =
        path.in_use && !path.accepted && path.module != canonical && IsArguable(definition, path);
  }
}

} // namespace pydefrag
