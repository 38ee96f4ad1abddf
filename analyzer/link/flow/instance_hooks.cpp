#include "link/flow/instance_hooks.h"

#include "link/flow/made_hooks.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// The statement that a definition of the tree is; kNoPosition: none that a hook may be.
static uint32_t StatementOf(const Project &project, const StringFlow::Method &hook) {
  const auto &statements = project.scanned.facts[hook.tree->file].statements;
  const auto placed = llvm::find_if(statements, [&](const PlacedStatement &each) {
    return each.head == hook.tree->At(hook.node).begin;
  });
  return hook.tree->KindOf(hook.node) == NodeKind::FunctionDefinition && placed != statements.end()
             ? static_cast<uint32_t>(placed - statements.begin())
             : kNoPosition;
}

std::optional<InstanceHook> ReadInstanceHook(const Project &project, Resolver &resolver,
                                             SourceTrees &trees, ModuleId maker, uint32_t statement,
                                             ExprId call) {
  const SourceTree *tree = trees.Of(maker);
  const Expr &made = SyntaxView(project.scanned).At(call);
  if (tree == nullptr || made.begin == kNoPosition) {
    return std::nullopt;
  }
  const uint32_t node = tree->FindAt(
      project.scanned.facts[tree->file].statements[statement].head + made.begin, NodeKind::Call);
  if (node == 0) {
    return std::nullopt;
  }
  InstanceHook told;
  StringFlow flow(project, resolver, trees);
  for (const StringFlow::Method &hook : flow.AddNamesOf(*tree, node)) {
    const uint32_t at = StatementOf(project, hook);
    if (at == kNoPosition) {
      return std::nullopt;
    }
    const LazyNames served =
        ReadHookWith(project, *hook.tree, at, flow, HookIs::Defined, hook.frame);
    if (!served.exact || !served.prefixes.empty() || !served.packages.empty() ||
        !served.behind.empty() || !served.makers.empty()) {
      return std::nullopt;
    }
    for (const LazyEntry &entry : served.entries) {
      flow.AddText(project.Text(entry.name));
    }
    for (const LazyDelegate &delegate : served.delegates) {
      told.delegates.emplace_back(hook.tree->module, delegate);
    }
  }
  told.keys = flow.Take();
  return told.keys.known() ? std::optional(std::move(told)) : std::nullopt;
}

} // namespace pydefrag
