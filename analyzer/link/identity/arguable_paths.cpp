#include "link/identity/arguable_paths.h"

namespace pydefrag {
namespace {

// So many times as many imports, and so many more, are no matter of taste.
constexpr size_t kFarTimes = 4;
constexpr size_t kFarMore = 5;

bool IsArguable(const Definition &definition, const PathInfo &path, DeclaredPaths &declared) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const size_t wanted = UsesThrough(definition, canonical.module);
  const size_t stray = UsesThrough(definition, path.module);
  const bool far_fewer = wanted >= kFarTimes * stray && wanted >= stray + kFarMore;
  const bool private_beside_public = declared.PrivacyOf(path) > declared.PrivacyOf(canonical) &&
                                     stray <= wanted && path.in_tests < path.uses;
  return !far_fewer && !private_beside_public && !path.deprecated &&
         !declared.IsIncidental(definition, path);
}

} // namespace

void MarkArguable(Definition &definition, DeclaredPaths &declared) {
  const ModuleId canonical = definition.paths[static_cast<size_t>(definition.canonical)].module;
  for (PathInfo &path : definition.paths) {
    path.arguable = path.in_use && !path.accepted && path.module != canonical &&
                    IsArguable(definition, path, declared);
  }
}

} // namespace pydefrag
