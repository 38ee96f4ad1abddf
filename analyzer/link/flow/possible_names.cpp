#include "link/flow/possible_names.h"

#include "link/flow/compiled_keys.h"
#include "link/flow/name_deeds.h"
#include "link/flow/narrow_tree.h"
#include "link/flow/own_name.h"
#include "link/flow/own_writes.h"
#include "link/flow/string_flow.h"
#include "link/names/lazy_names.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Of a module that gives its name away: a longer one is not read as a whole for that.
static constexpr size_t kMostBytesForAll = 1u << 15;

// What a hook serves; keys of tables that its reader cannot tell go to `flow`.
static LazyNames ReadHook(const Project &project, const SourceTree &tree, uint32_t hook,
                          StringFlow &flow) {
  const SyntaxView view(project.scanned);
  const auto &statements = project.scanned.facts[tree.file].statements;
  const auto add_table = [&](ExprId table, uint32_t statement) {
    const uint32_t offset = statements[statement].head + view.At(table).begin;
    const uint32_t node = tree.FindAt(offset, NodeKind::Identifier);
    if (node == 0 || !view.IsName(table, tree.Text(node))) {
      return false;
    }
    flow.Add(tree, node, Taking::Each);
    return true;
  };
  return ReadLazyNames(project.scanned, tree.file, hook, add_table);
}

// What the `__getattr__` of a class serves.
static void AddServedNames(const Project &project, const StringFlow::Method &hook,
                           StringFlow &flow) {
  const SourceTree &tree = *hook.tree;
  const auto &statements = project.scanned.facts[tree.file].statements;
  const auto placed = llvm::find_if(statements, [&](const PlacedStatement &each) {
    return each.head == tree.At(hook.node).begin;
  });
  if (tree.KindOf(hook.node) != NodeKind::FunctionDefinition || placed == statements.end()) {
    return flow.Fail();
  }
  const LazyNames served =
      ReadHook(project, tree, static_cast<uint32_t>(placed - statements.begin()), flow);
  if (!served.exact || !served.prefixes.empty() || !served.delegates.empty()) {
    flow.Fail();
  }
  for (const LazyEntry &entry : served.entries) {
    flow.AddText(project.Text(entry.name));
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
  LazyNames names = ReadHook(project, *tree, hook, flow);

  keys = flow.Take();
  return names;
}

namespace {

// What others do to a module by its name.
struct ByName {
  bool serves = false;   // they put something into its place, or onto it, that has a hook
  bool computes = false; // they set names that are computed
};

} // namespace

static ByName ByNameOf(const OwnName &name) {
  return {.serves = name.class_serves(), .computes = name.computes_keys()};
}

// Of a module that is open for nothing else, as long as a few of its statements tell.
static std::optional<PossibleStrings> FollowNarrow(const Project &project, Resolver &resolver,
                                                   SourceTrees &trees, ModuleId module,
                                                   ByName &by_name) {
  std::vector<std::string> words = OwnName::Words(project.Text(project.modules[module].name));
  for (int round = 0; round < 2; ++round) {
    const std::unique_ptr<SourceTree> tree = ReadNarrowTree(project, trees, module, words);
    if (tree == nullptr) {
      return std::nullopt;
    }
    StringFlow flow(project, resolver, trees);
    OwnName name(project, resolver, trees, *tree, true, flow);
    name.Follow();
    by_name = ByNameOf(name);
    if (!name.understood()) {
      flow.Fail();
      return flow.Take();
    }
    if (name.needs_all()) {
      return std::nullopt;
    }
    if (name.wanted().empty()) {
      return flow.Take();
    }
    llvm::append_range(words, name.wanted());
  }
  return std::nullopt;
}

static PossibleStrings FollowNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                   ModuleId module, StringFlow &flow, ByName &by_name) {
  const SourceTree *tree = trees.Of(module);
  if (tree == nullptr) {
    flow.Fail();
    return flow.Take();
  }
  if (trees.name_deeds().IsGiver(module)) {
    OwnName name(project, resolver, trees, *tree, false, flow);
    name.Follow();
    by_name = ByNameOf(name);
    if (!name.understood() || resolver.Log(module).replaced()) {
      flow.Fail();
    }
  }
  OwnWrites writes(*tree, project.Text(project.modules[module].name), trees, flow);
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
                                 ModuleId module, ByName &by_name) {
  if (trees.name_deeds().IsGiverOnly(module) && !resolver.Log(module).replaced()) {
    if (auto names = FollowNarrow(project, resolver, trees, module, by_name)) {
      return std::move(*names);
    }
    PossibleStrings unknown;
    unknown.Fail();
    if (trees.TextOf(module).size() > kMostBytesForAll) {
      return unknown;
    }
  }
  StringFlow flow(project, resolver, trees);
  PossibleStrings names = FollowNames(project, resolver, trees, module, flow, by_name);
  if (names.known() || !flow.saw_front()) {
    return names;
  }
  StringFlow by_fronts(project, resolver, trees);
  by_fronts.TakeFronts();
  return FollowNames(project, resolver, trees, module, by_fronts, by_name);
}

// Names that make a module something else.
static bool MayHoldSpecial(const PossibleStrings &names) {
  return llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"__class__", "__dict__", "__path__",
                                                      "__getattribute__", "__all__"},
                      [&](llvm::StringRef name) { return names.MayHold(name); });
}

PossibleStrings FindPossibleNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                  ModuleId module) {
  ByName by_name;
  PossibleStrings names = FindNames(project, resolver, trees, module, by_name);
  const bool hook = !resolver.Log(module).replaced() && names.MayHold("__getattr__");
  if (hook || (by_name.computes && MayHoldSpecial(names))) {
    names.Fail(); // a hook that nobody has read: `namespace["__getattr__"] = serve`
  }
  // What every class has that is written in Python, and its instances.
  for (llvm::StringRef name :
       {"__getattr__", "__module__", "__weakref__", "__firstlineno__", "__static_attributes__",
        "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__"}) {
    if (by_name.serves) {
      names.Add(name);
    }
  }
  return names;
}

} // namespace pydefrag
