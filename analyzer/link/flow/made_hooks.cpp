#include "link/flow/made_hooks.h"

namespace pydefrag {

LazyNames ReadHookWith(const Project &project, const SourceTree &tree, uint32_t hook,
                       StringFlow &flow, const StringFlow::Frame *frame) {
  const SyntaxView view(project.scanned);
  const auto &statements = project.scanned.facts[tree.file].statements;
  const auto add_table = [&](ExprId table, uint32_t statement) {
    const uint32_t offset = statements[statement].head + view.At(table).begin;
    const uint32_t node = tree.FindAt(offset, NodeKind::Identifier);
    if (node == 0 || !view.IsName(table, tree.Text(node))) {
      return false;
    }
    flow.Add(tree, node, Taking::Each, frame);
    return true;
  };
  return ReadLazyNames(project.scanned, tree.file, hook, add_table);
}

// The node of `kind` that begins where the statement does, or `begin` bytes behind; 0: none.
static uint32_t NodeIn(const Project &project, const SourceTree &tree, uint32_t statement,
                       uint32_t begin, NodeKind kind) {
  return tree.FindAt(project.scanned.facts[tree.file].statements[statement].head + begin, kind);
}

LazyNames ReadMadeHook(const Project &project, Resolver &resolver, SourceTrees &trees,
                       const HookCall &made, PossibleStrings &keys) {
  const SourceTree *home = trees.Of(made.home);
  const SourceTree *caller = trees.Of(made.caller);
  const Expr &call = SyntaxView(project.scanned).At(made.call);
  if (home == nullptr || caller == nullptr || call.begin == kNoPosition) {
    keys.Fail();
    return {};
  }
  const uint32_t function = NodeIn(project, *home, made.maker, 0, NodeKind::FunctionDefinition);
  const uint32_t node = NodeIn(project, *caller, made.statement, call.begin, NodeKind::Call);
  if (function == 0 || node == 0) {
    keys.Fail();
    return {};
  }
  StringFlow flow(project, resolver, trees);
  LazyNames names = ReadHookWith(project, *home, made.maker, flow,
                                 flow.FrameOfCall(*home, function, *caller, node));
  keys = flow.Take();
  return names;
}

} // namespace pydefrag
