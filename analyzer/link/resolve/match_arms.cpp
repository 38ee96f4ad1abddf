// Match arms: which `case` runs when the subject is a constant or the platform: literals, names of
// constants, alternatives of these and `_` (PEP 634). Entry point: Resolver::CaseHolds.
#include "link/resolve/resolve.h"

#include <algorithm>

namespace pydefrag {

// Whether no case before it is taken, and its own pattern matches.
Tri Resolver::CaseHolds(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const auto &statements = project_.StatementsOf(module);
  Tri holds = CaseMatches(module, header, versions);
  for (uint32_t before = static_cast<uint32_t>(statements[header].parent) + 1;
       before < header && holds != Tri::No; before = statements[before].end) {
    holds = std::min(holds, Not(CaseMatches(module, before, versions)));
  }
  return holds;
}

Tri Resolver::CaseMatches(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const auto &statements = project_.StatementsOf(module);
  const ExprId pattern = view_.Of(statements[header]).first;
  const Tri matches = PatternMatches(module, header, pattern, versions);
  return view_.Next(pattern).valid() ? std::min(matches, Tri::Unknown) : matches; // a guard
}

Tri Resolver::PatternMatches(ModuleId module, uint32_t header, ExprId pattern,
                             const SupportedVersions &versions) {
  switch (view_.At(pattern).kind) {
  case ExprKind::Capture:
    return Tri::Yes;
  case ExprKind::Opaque: { // `_`, or what is not understood
    const bool wildcard = view_.At(pattern).end == view_.At(pattern).begin + 1;
    return wildcard ? Tri::Yes : Tri::Unknown;
  }
  case ExprKind::Walrus: // `pattern as name`
    return PatternMatches(module, header, view_.Child(pattern, 1), versions);
  case ExprKind::Or: {
    Tri any = Tri::No;
    for (ExprId alternative : view_.Children(pattern)) {
      any = std::max(any, PatternMatches(module, header, alternative, versions));
    }
    return any;
  }
  case ExprKind::Number:
  case ExprKind::String:
  case ExprKind::Attribute: {
    const FileId file = project_.modules[module].file;
    const auto &statements = project_.scanned.facts[file].statements;
    const uint32_t match = static_cast<uint32_t>(statements[header].parent);
    auto find = [&](FileId f, uint32_t s, ExprId name) {
      return FindConstantAt(f, s, name, versions.here);
    };
    return FoldEquality(view_, versions, file, match, view_.Of(statements[match]).first, pattern,
                        find);
  }
  default:
    return Tri::Unknown;
  }
}

} // namespace pydefrag
