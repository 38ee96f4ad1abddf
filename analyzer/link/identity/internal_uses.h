// Uses of other paths than the canonical one that a project makes of itself, for good reasons.
#pragma once

#include "link/identity/accepted_paths.h"
#include "link/identity/import_order.h"

namespace pydefrag {

// Refers to the project, its resolver and the two others, which outlive it.
class InternalUses {
public:
  InternalUses(Project &project, Resolver &resolver, const DeclaredPaths &declared,
               AcceptedPaths &accepted);

  // Sets `internal` in the rows of a definition whose canonical path is chosen. `undeclared`: that
  // is one that consumers take, no more.
  void Mark(Definition &definition, bool undeclared);

private:
  bool IsPutOff(const ImportRow &row) const;
  bool IsTakenTwice(const ImportRow &row, const PathInfo &canonical) const;
  bool Lists(const ImportRow &row);
  bool IsHowItIsMade(const ImportRow &row, const PathInfo &canonical);
  bool ComesTooEarly(const ImportRow &row, const PathInfo &canonical);
  bool IsPutTogether(const Definition &definition, const ImportRow &row) const;
  llvm::StringRef PrivatePart(ModuleId module) const;
  bool IsNeighbour(ModuleId importer, ModuleId module) const;
  bool IsTestOf(ModuleId importer, ModuleId module) const;
  bool IsDeprecated(ModuleId module) const;

  llvm::StringRef ModuleText(ModuleId module) const { return declared_.ModuleText(module); }

  Project &project_;
  Resolver &resolver_;
  const DeclaredPaths &declared_;
  AcceptedPaths &accepted_;
  ImportOrder order_;
};

} // namespace pydefrag
