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
  // accepted paths are marked. Not arguable is a path that warns of its deprecation, or whose
  // module does, and, where no more take it than the canonical one, at run time, of all and outside
  // of tests:
  // - one through a module that imports the name for its own use;
  // - the definition's own, which far fewer take;
  // - the definition's own, which is private, unless tests alone take it.
  // What three take, and not twice as many the canonical one, or twenty, and not three times as
  // many, another name, one that a module assigns, one that the canonical module may lack, and one
  // that another module takes from there to list it is always arguable, and so is one import
  // against one. The imports by which the project has the path do not count for the canonical one.
  void Mark(Definition &definition);

private:
  bool IsArguable(const Definition &definition, const PathInfo &path);
  bool IsImportedAllTheWay(const PathInfo &path);
  bool IsListedFromThere(const Definition &definition, const PathInfo &path);

  const Project &project_;
  Resolver &resolver_;
  DeclaredPaths &declared_;
};

} // namespace pydefrag
