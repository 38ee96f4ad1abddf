#include "link/flow/possible_names.h"

#include "link/flow/compiled_keys.h"
#include "link/flow/made_hooks.h"
#include "link/flow/own_writes.h"
#include "link/flow/string_flow.h"
#include "link/names/lazy_names.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// What the `__getattr__` of a class serves. `is_known`: whether everything that this owner of a
// `getattr(owner, name)` has is known otherwise.
static void AddServedNames(const Project &project, const StringFlow::Method &hook, StringFlow &flow,
                           llvm::function_ref<bool(llvm::StringRef)> is_known = nullptr) {
  std::optional<LazyNames> served = ReadMethodHook(project, hook, flow);
  if (served && is_known) {
    const SyntaxView view(project.scanned);
    llvm::erase_if(served->delegates, [&](const LazyDelegate &delegate) {
      return !delegate.alias.valid() && is_known(view.Dotted(delegate.owner).value_or(""));
    });
  }
  if (!served || !served->IsList()) {
    flow.Fail();
  }
}

// Whether `self.field` of the hook's class is the module in whose file `call` makes an instance:
// `__init__` alone sets it, to what it is given.
//
//     sys.modules[__name__] = Lazy(sys.modules[__name__])
static bool HoldsOldModule(const OwnWrites &writes, const SourceTree &tree, uint32_t call,
                           const StringFlow::Method &hook, llvm::StringRef owner) {
  const SourceTree &home = *hook.tree;
  const auto [self, field] = owner.split('.');
  const auto parameters = home.Parameters(hook.node);
  const auto stores = home.AttributeStores(field);
  if (parameters.empty() || home.Text(parameters[0].name) != self || stores.size() != 1) {
    return false;
  }
  const uint32_t init = home.Enclosing(stores.front(), NodeKind::FunctionDefinition);
  const uint32_t assignment = home.Parent(stores.front());
  const bool initialises = init != 0 && home.Text(home.Child(init, 0)) == "__init__" &&
                           home.Is(assignment, NodeKind::Assignment) &&
                           home.Enclosing(init, NodeKind::ClassDefinition) ==
                               home.Enclosing(hook.node, NodeKind::ClassDefinition);
  const auto taken = initialises ? home.Parameters(init) : llvm::SmallVector<TreeParameter, 8>();
  const TreeArguments arguments = ArgumentsOf(tree, call);
  for (size_t i = 1; i < taken.size() && i <= arguments.positional.size(); ++i) {
    const llvm::StringRef name = home.Text(taken[i].name);
    if (taken[i].kind == TreeParameter::Kind::Positional && arguments.splats.empty() &&
        home.Text(home.LastChild(assignment)) == name) {
      return home.Scope(home.ScopeMadeBy(init)).bindings.find(name)->second.size() == 1 &&
             writes.StandsForModule(arguments.positional[i - 1]);
    }
  }
  return false;
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

// The names that the module itself binds, where statements alone do.
static void AddOwnNames(const Project &project, const Resolver &resolver, const SourceTree &tree,
                        ModuleId module, StringFlow &flow) {
  const NamespaceLog &log = resolver.Log(module);
  for (const Event &event : log.events) {
    event.name.valid() ? flow.AddText(project.Text(event.name)) : flow.Fail();
  }
  for (llvm::StringRef name : log.unspelled) {
    flow.AddText(name);
  }
  const auto says = [&](llvm::StringRef name) { return !tree.NamesSaying(name).empty(); };
  if (!log.stars.empty() || says("globals") || says("locals") || says("vars")) {
    flow.Fail();
  }
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
  bool asks_old = false;
  for (uint32_t value : values) {
    if (tree->KindOf(value) != NodeKind::Call) {
      flow.Fail();
      continue;
    }
    for (const StringFlow::Method &hook : flow.AddNamesOf(*tree, value)) {
      AddServedNames(project, hook, flow, [&](llvm::StringRef owner) {
        const bool old = HoldsOldModule(writes, *tree, value, hook, owner);
        asks_old |= old;
        return old;
      });
    }
  }
  if (asks_old) {
    AddOwnNames(project, resolver, *tree, module, flow);
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
