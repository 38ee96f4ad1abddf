// Paths beside the canonical one that are nobody's mistake.
#pragma once

#include "link/identity/package_habits.h"

namespace pydefrag {

// Refers to the project, its resolver and the two others, which outlive it.
class AcceptedPaths {
public:
  AcceptedPaths(Project &project, Resolver &resolver, DeclaredPaths &declared,
                PackageHabits &habits)
      : project_(project), resolver_(resolver), declared_(declared), habits_(habits) {}

  // Fills `accepted` in the paths in use of a definition whose canonical path is chosen.
  void Mark(Definition &definition);
  // Whether `face` imports `importer` when it is imported itself: what it offers is made there.
  bool IsMadeOf(ModuleId face, ModuleId importer) const;

private:
  bool IsStray(const Definition &definition, const PathInfo &path);
  bool IsPastPackage(const Definition &definition, const PathInfo &path) const;
  bool IsDetour(const Definition &definition, const PathInfo &path) const;
  bool IsOffered(const Definition &definition, const PathInfo &path);
  ModuleId TopPackage(ModuleId module) const;
  bool IsElsewhere(const Definition &definition, const PathInfo &path) const;
  bool IsAssigned(const PathInfo &path);
  bool HangsOnCondition(const PathInfo &path);
  bool HasFallback(const Definition &definition, const PathInfo &path);
  bool Completes(const PathInfo &path);
  bool IsNeededFirst(const Definition &definition, const PathInfo &path) const;
  const ImportRow *FindImport(ModuleId module, ModuleId source) const;

  Project &project_;
  Resolver &resolver_;
  DeclaredPaths &declared_;
  PackageHabits &habits_;
};

} // namespace pydefrag
