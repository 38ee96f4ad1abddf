#include "link/identity/arguable_paths.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

// So many times as many imports, and so many more, are no matter of taste.
constexpr size_t kFarTimes = 4;
constexpr size_t kFarMore = 5;

struct Takers {
  size_t all = 0;
  size_t in_code = 0; // not in tests
};

Takers TakersThrough(const Definition &definition, ModuleId module) {
  Takers takers;
  for (const PathInfo &path : definition.paths) {
    takers.all += path.module == module ? path.uses : 0;
    takers.in_code += path.module == module ? path.uses - path.in_tests : 0;
  }
  return takers;
}

} // namespace

bool ArguablePaths::IsArguable(const Definition &definition, const PathInfo &path) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  if (path.deprecated) {
    return false;
  }
  if (path.name != canonical.name || declared_.HowDeclared(definition, path) == Declared::Written) {
    return true;
  }
  Takers wanted = TakersThrough(definition, canonical.module);
  const Takers stray = TakersThrough(definition, path.module);
  // The modules that the path leads through import it from somewhere: that is how it comes about.
  llvm::SmallVector<FileId, 4> makers;
  for (const auto &hop : resolver_.Hops(path.module, path.name)) {
    const Module &maker = project_.modules[hop.first];
    if (maker.file.valid() && !llvm::is_contained(makers, maker.file)) {
      makers.push_back(maker.file);
      const size_t own = RowsIn(project_, canonical, maker.file).size();
      wanted.all -= own;
      wanted.in_code -= maker.test ? 0 : own;
    }
  }
  if (stray.all > wanted.all || stray.in_code > wanted.in_code) {
    return true;
  }
  const bool far_fewer = wanted.all >= kFarTimes * stray.all && wanted.all >= stray.all + kFarMore;
  const bool private_beside_public =
      declared_.PrivacyOf(path) > declared_.PrivacyOf(canonical) && stray.in_code > 0;
  return !far_fewer && !private_beside_public && !declared_.IsIncidental(definition, path);
}

void ArguablePaths::Mark(Definition &definition) {
  const ModuleId canonical = definition.paths[static_cast<size_t>(definition.canonical)].module;
  for (PathInfo &path : definition.paths) {
    path.arguable =
        path.in_use && !path.accepted && path.module != canonical && IsArguable(definition, path);
  }
}

} // namespace pydefrag
