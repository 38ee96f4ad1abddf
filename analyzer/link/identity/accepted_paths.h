// Paths beside the canonical one that are nobody's mistake.
#pragma once

#include "link/identity/package_habits.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

// Refers to the project, its resolver and the two others, which outlive it.
class AcceptedPaths {
public:
  AcceptedPaths(Project &project, Resolver &resolver, DeclaredPaths &declared,
                PackageHabits &habits)
      : project_(project), resolver_(resolver), declared_(declared), habits_(habits) {}

  // Fills `accepted` in the paths in use of a definition whose canonical path is chosen. `least`:
  // the private parts of its most public path.
  void Mark(Definition &definition, size_t least);
  // Whether `face` imports `importer` when it is imported itself: what it offers is made there.
  bool IsMadeOf(ModuleId face, ModuleId importer) const;

private:
  bool IsTakenRather(const Definition &definition, const PathInfo &path);
  bool IsOffered(const Definition &definition, const PathInfo &path);
  bool IsContested(const Definition &definition, const PathInfo &path);
  bool IsOfferedFromBelow(const Definition &definition, const PathInfo &path);
  static bool IsTakenOutsideTests(const Definition &definition, const PathInfo &path);
  bool IsTakenMore(const Definition &definition, const PathInfo &path);
  bool IsOneOfSeries(ModuleId module, const Event &event);
  bool IsListed(const Definition &definition, const PathInfo &path);
  void AcceptInside(const PathInfo &path);
  ModuleId TopPackage(ModuleId module) const;
  bool IsOnlyWayIn(const Definition &definition, const PathInfo &path) const;
  llvm::SmallVector<FileId, 4> MakersOf(const PathInfo &path) const;
  size_t UsesApartFrom(llvm::ArrayRef<FileId> files, const PathInfo &path) const;
  bool IsTakenMost(const Definition &definition, const PathInfo &path) const;
  bool IsElsewhere(const Definition &definition, const PathInfo &path) const;
  bool IsListedAnew(const Definition &definition, const PathInfo &path);
  bool HangsOnCondition(const PathInfo &path);
  bool HasFallback(const Definition &definition, const PathInfo &path);
  bool IsAssigned(const Definition &definition, const PathInfo &path);
  bool Completes(const PathInfo &path);
  bool IsNeededFirst(const Definition &definition, const PathInfo &path) const;
  const ImportRow *FindImport(ModuleId module, ModuleId source) const;

  Project &project_;
  Resolver &resolver_;
  DeclaredPaths &declared_;
  PackageHabits &habits_;
};

} // namespace pydefrag
