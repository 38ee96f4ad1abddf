#include "link/resolve/failing_blocks.h"

#include "llvm/ADT/STLExtras.h"

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
  const auto &statements = project.StatementsOf(module);
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

bool ImportsAny(const Resolver &resolver, ModuleId module, uint32_t statement,
                llvm::function_ref<bool(const ImportTarget &)> matches) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const Statement &import = view.Of(project.StatementsOf(module)[statement]);
  if (import.kind == StatementKind::FromImport) {
    return matches(resolver.TargetOf(module, statement));
  }
  return import.kind == StatementKind::Import &&
         llvm::any_of(view.Operands(import), [&](ExprId alias) {
           return matches(resolver.TargetOf(module, statement, resolver.NumberOf(import, alias)));
         });
}

bool HandlesAbsence(const Resolver &resolver, ModuleId module, uint32_t statement) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const auto &statements = project.StatementsOf(module);
  const auto handler = static_cast<uint32_t>(statements[statement].parent);
  if (statements[statement].parent < 0 || !IsHandler(view.Of(statements[handler]).kind)) {
    return false;
  }
  const uint32_t body = resolver.Log(module).FirstArm(handler);
  for (uint32_t h = statements[body].end; h < handler; h = statements[h].end) {
    if (resolver.HandlerCatches(view.Of(statements[h]), ImportFailure::NoModule)) {
      return false; // an earlier one does
    }
  }
  if (!resolver.HandlerCatches(view.Of(statements[handler]), ImportFailure::NoModule)) {
    return false;
  }
  for (uint32_t i = body + 1; i < statements[body].end; i = statements[i].end) {
    const Statement &first = view.Of(statements[i]);
    if (first.kind != StatementKind::Import && first.kind != StatementKind::FromImport) {
      return false;
    }
    if (ImportsAny(resolver, module, i,
                   [](const ImportTarget &target) { return target.not_installed; })) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
