#include "link/flow/possible_names.h"

#include "link/flow/compiled_keys.h"
#include "link/flow/made_hooks.h"
#include "link/flow/own_writes.h"
#include "link/flow/string_flow.h"
#include "link/names/lazy_names.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// What the `__getattr__` of a class serves.
static void AddServedNames(const Project &project, const StringFlow::Method &hook,
                           StringFlow &flow) {
  const std::optional<LazyNames> served = ReadMethodHook(project, hook, flow);
  if (!served || !served->IsList()) {
    flow.Fail();
  }
}

LazyNames ReadHookAndTables(const Project &project, Resolver &resolver, SourceTrees &trees,
                            ModuleId module, uint32_t hook, PossibleStrings &keys) {
  const SourceTree *tree = trees.Of(module);
  if (tree == nullptr) {
    keys.Fail();
    return {};
  }
  StringFlow flow(project, resolver, trees);
  LazyNames names = ReadHookWith(project, *tree, hook, flow);

  keys = flow.Take();
  return names;
}

static PossibleStrings FollowNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                   ModuleId module, StringFlow &flow) {
  const SourceTree *tree = trees.Of(module);
  if (tree == nullptr) {
    flow.Fail();
    return flow.Take();
  }
  OwnWrites writes(*tree, project.Text(project.modules[module].name), trees, flow);
  llvm::SmallVector<llvm::StringRef, 2> writers;
  for (NameId writer : resolver.Log(module).frame_writers) {
    writers.push_back(project.Text(writer));
  }
  writes.FollowFrameWriters(writers);
  for (ModuleId writer : resolver.Log(module).attribute_writers) {
    const SourceTree *there = trees.Of(writer);
    there != nullptr ? writes.FollowAttributeWrites(*there) : flow.Fail();
  }
  if (!resolver.Log(module).replaced()) {
    if (writes.FollowAll()) {
      flow.SetLoader(PackageLoading(project, resolver, module));
    }
    for (const StringFlow::Method &hook : writes.hooks()) {
      AddServedNames(project, hook, flow);
    }
    return flow.Take();
  }
  const auto values = writes.FollowStandIns();
  if (values.empty()) {
    flow.Fail();
  }
  for (uint32_t value : values) {
    if (tree->KindOf(value) != NodeKind::Call) {
      flow.Fail();
      continue;
    }
    for (const StringFlow::Method &hook : flow.AddNamesOf(*tree, value)) {
      AddServedNames(project, hook, flow);
    }
  }
  return flow.Take();
}

static PossibleStrings FindNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                 ModuleId module) {
  StringFlow flow(project, resolver, trees);
  PossibleStrings names = FollowNames(project, resolver, trees, module, flow);
  if (names.known() || !flow.saw_end()) {
    return names;
  }
  StringFlow by_ends(project, resolver, trees);
  by_ends.TakeEnds();
  return FollowNames(project, resolver, trees, module, by_ends);
}

PossibleStrings FindPossibleNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                  ModuleId module) {
  PossibleStrings names = FindNames(project, resolver, trees, module);
  if (!resolver.Log(module).replaced() && names.MayHold("__getattr__")) {
    names.Fail(); // a hook that nobody has read: `namespace["__getattr__"] = serve`
  }
  // Code that reaches into a module by other ways than by a statement with the name.
  constexpr llvm::StringLiteral kOtherwise[] = {"exec",      "eval",    "globals",   "locals",
                                                "vars",      "setattr", "__dict__",  "__import__",
                                                "__class__", "modules", "_getframe", "__globals__"};
  if (names.has_code() &&
      llvm::any_of(kOtherwise, [&](llvm::StringRef word) { return names.MayHold(word); })) {
    names.Fail();
  }
  return names;
}

} // namespace pydefrag
