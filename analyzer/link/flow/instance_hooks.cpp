#include "link/flow/instance_hooks.h"

#include "link/flow/made_hooks.h"

namespace pydefrag {

std::optional<InstanceHook> ReadInstanceHook(const Project &project, Resolver &resolver,
                                             SourceTrees &trees, ModuleId maker, uint32_t statement,
                                             ExprId call) {
  const SourceTree *tree = trees.Of(maker);
  const Expr &made = SyntaxView(project.scanned).At(call);
  if (tree == nullptr || made.begin == kNoPosition) {
    return std::nullopt;
  }
  const uint32_t node = NodeIn(project, *tree, statement, made.begin, NodeKind::Call);
  if (node == 0) {
    return std::nullopt;
  }
  InstanceHook told;
  StringFlow flow(project, resolver, trees);
  for (const StringFlow::Method &hook : flow.AddNamesOf(*tree, node)) {
    const std::optional<LazyNames> served = ReadMethodHook(project, hook, flow);
    if (!served || !served->exact || !served->prefixes.empty() || !served->packages.empty() ||
        !served->behind.empty() || !served->makers.empty()) {
      return std::nullopt;
    }
    for (const LazyDelegate &delegate : served->delegates) {
      told.delegates.emplace_back(hook.tree->module, delegate);
    }
  }
  told.keys = flow.Take();
  return told.keys.known() ? std::optional(std::move(told)) : std::nullopt;
}

} // namespace pydefrag
