// Stray paths that some who keep such a project would rather keep: two paths are in use, and which
// one was meant is a matter of taste or of few imports.
#pragma once

#include "link/identity/declared_paths.h"

namespace pydefrag {

// Refers to the project, its resolver and the declared paths, which outlive it.
class ArguablePaths {
public:
  ArguablePaths(const Project &project, Resolver &resolver, DeclaredPaths &declared)
      : project_(project), resolver_(resolver), declared_(declared) {}

  // Fills `arguable` in the stray paths of a definition whose canonical path is chosen and whose
  // accepted paths are marked. Always arguable is another name, and what the module lists. Not
  // arguable are, where no more take them than the canonical path, of all and outside of tests:
  // - what a module imports for its own use, and others take from it;
  // - a path that far fewer take than the canonical one;
  // - a private path beside a public one, unless tests alone take it;
  // and, of any number, a path that warns of its deprecation. The imports by which the project has
  // the path itself do not count for the canonical one.
  void Mark(Definition &definition);

private:
  bool IsArguable(const Definition &definition, const PathInfo &path);

  const Project &project_;
  Resolver &resolver_;
  DeclaredPaths &declared_;
};

} // namespace pydefrag
