#include "link/resolve/failing_blocks.h"

namespace pydefrag {

// Blocks that do not go on behind what fails in them. A `with` may: nobody knows what its context
// manager swallows.
static bool EndsWithItsBody(StatementKind kind) {
  switch (kind) {
  case StatementKind::Class:
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::Match:
  case StatementKind::Case:
  case StatementKind::Finally:
    return true;
  default:
    return false;
  }
}

// What neither fails nor leaves the block, so that what stands behind it is reached.
static bool GoesOn(StatementKind kind) {
  switch (kind) {
  case StatementKind::Docstring:
  case StatementKind::Pass:
  case StatementKind::Import:
  case StatementKind::FromImport:
  case StatementKind::Function:
    return true;
  default:
    return false;
  }
}

uint32_t FailingImport(Resolver &resolver, ModuleId module, uint32_t statement) {
  const Project &project = resolver.project();
  const auto &statements = project.scanned.facts[project.modules[module].file].statements;
  if (!EndsWithItsBody(resolver.view().Of(statements[statement]).kind)) {
    return resolver.FailureOf(module, statement) != ImportFailure::None ? statement : kNoEvent;
  }
  for (uint32_t i = statement + 1; i < statements[statement].end; i = statements[i].end) {
    const uint32_t failing = FailingImport(resolver, module, i);
    if (failing != kNoEvent) {
      return resolver.ArmTaken(module, statement) == Tri::Yes ? failing : kNoEvent;
    }
    if (!GoesOn(resolver.view().Of(statements[i]).kind)) {
      return kNoEvent;
    }
  }
  return kNoEvent;
}

} // namespace pydefrag
