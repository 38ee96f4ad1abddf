#include "link/flow/made_hooks.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

LazyNames ReadHookWith(const Project &project, const SourceTree &tree, uint32_t statement,
                       StringFlow &flow, HookIs hook, const StringFlow::Frame *frame) {
  const SyntaxView view(project.scanned);
  const auto &statements = project.scanned.facts[tree.file].statements;
  const auto add_table = [&](ExprId table, uint32_t at) {
    const uint32_t offset = statements[at].head + view.At(table).begin;
    const uint32_t node = tree.FindAt(offset, NodeKind::Identifier);
    if (node == 0 || !view.IsName(table, tree.Text(node))) {
      return false;
    }
    flow.Add(tree, node, Taking::Each, frame);
    return true;
  };
  return ReadLazyNames(project.scanned, tree.file, statement, hook, add_table);
}

uint32_t CallThatMakesHook(const SourceTree &tree) {
  uint32_t made = 0;
  for (uint32_t name : tree.NamesSaying("__getattr__")) {
    uint32_t assignment = tree.Parent(name);
    while (tree.Is(assignment, NodeKind::PatternList) ||
           tree.Is(assignment, NodeKind::TuplePattern)) {
      assignment = tree.Parent(assignment);
    }
    const uint32_t value = tree.Is(assignment, NodeKind::Assignment) && tree.BindsHere(name)
                               ? tree.LastChild(assignment)
                               : 0;
    if (!tree.Is(value, NodeKind::Call)) {
      continue;
    }
    if (made != 0) {
      return 0;
    }
    made = value;
  }
  return made;
}

std::optional<LazyNames> ReadMethodHook(const Project &project, const StringFlow::Method &hook,
                                        StringFlow &flow) {
  const SourceTree &tree = *hook.tree;
  const auto &statements = project.scanned.facts[tree.file].statements;
  const auto placed = llvm::find_if(statements, [&](const PlacedStatement &each) {
    return each.head == tree.At(hook.node).begin;
  });
  if (tree.KindOf(hook.node) != NodeKind::FunctionDefinition || placed == statements.end()) {
    return std::nullopt;
  }
  LazyNames served = ReadHookWith(project, tree, static_cast<uint32_t>(placed - statements.begin()),
                                  flow, HookIs::Defined, hook.frame);
  for (const LazyEntry &entry : served.entries) {
    flow.AddText(project.Text(entry.name));
  }
  return served;
}

uint32_t NodeIn(const Project &project, const SourceTree &tree, uint32_t statement, uint32_t begin,
                NodeKind kind) {
  return tree.FindAt(project.scanned.facts[tree.file].statements[statement].head + begin, kind);
}

// Where `__getattr__` stands among what the call is unpacked into, and into how many names;
// nothing: it is unclear. The second is 0 where the call is the value itself.
static std::optional<std::pair<size_t, size_t>> PlaceOfHook(const SourceTree &caller,
                                                            uint32_t call) {
  const uint32_t assignment = caller.Parent(call);
  const uint32_t target =
      caller.Is(assignment, NodeKind::Assignment) ? caller.Child(assignment, 0) : 0;
  const auto is_hook = [&](uint32_t node) {
    return caller.Is(node, NodeKind::Identifier) && caller.Text(node) == "__getattr__";
  };
  if (is_hook(target)) {
    return std::pair<size_t, size_t>(0, 0);
  }
  if (!caller.Is(target, NodeKind::PatternList) && !caller.Is(target, NodeKind::TuplePattern)) {
    return std::nullopt;
  }
  llvm::SmallVector<uint32_t, 4> names;
  for (uint32_t child : caller.Children(target)) {
    if (caller.Is(child, NodeKind::Identifier)) {
      names.push_back(child);
    } else if (!IsToken(caller.KindOf(child))) {
      return std::nullopt; // `*rest`, `(a, b)`
    }
  }
  const auto *const at = llvm::find_if(names, is_hook);
  return at == names.end() || llvm::count_if(names, is_hook) != 1
             ? std::nullopt
             : std::optional(std::pair(static_cast<size_t>(at - names.begin()), names.size()));
}

// The one function `__getattr__` that the function defines, undecorated; 0: none, or several.
static uint32_t HookDefinedIn(const SourceTree &home, uint32_t function) {
  const auto &bindings = home.Scope(home.ScopeMadeBy(function)).bindings;
  const auto bound = bindings.find("__getattr__");
  const bool once = bound != bindings.end() && bound->second.size() == 1;
  const uint32_t hook = once ? home.Parent(bound->second.front()) : 0;
  return home.Is(hook, NodeKind::FunctionDefinition) && home.Decorators(hook).empty() ? hook : 0;
}

// Whether the function gives back, and at that place, the one `__getattr__` that it defines.
static bool GivesBackHook(const SourceTree &home, uint32_t function,
                          std::pair<size_t, size_t> place) {
  const uint32_t scope = home.ScopeMadeBy(function);
  if (!home.Decorators(function).empty() || HookDefinedIn(home, function) == 0) {
    return false;
  }
  const auto is_hook = [&](uint32_t node) {
    return home.Is(node, NodeKind::Identifier) && home.Text(node) == "__getattr__" &&
           home.LookUp(node) == scope;
  };
  bool gives = false;
  for (uint32_t i = function; i < home.At(function).subtree_end; ++i) {
    if (!home.Is(i, NodeKind::ReturnStatement) ||
        home.Enclosing(i, NodeKind::FunctionDefinition) != function) {
      continue;
    }
    const uint32_t value = home.Child(i, 0);
    llvm::SmallVector<uint32_t, 4> items;
    for (uint32_t child : value == 0 || place.second == 0 ? llvm::SmallVector<uint32_t, 8>()
                                                          : home.Children(value)) {
      if (!IsToken(home.KindOf(child))) {
        items.push_back(child);
      }
    }
    const bool tuple = home.Is(value, NodeKind::Tuple) || home.Is(value, NodeKind::ExpressionList);
    gives = place.second == 0
                ? is_hook(value)
                : tuple && items.size() == place.second && is_hook(items[place.first]);
    if (!gives) {
      return false;
    }
  }
  return gives;
}

namespace {
struct MadeNodes {
  const SourceTree *home;
  uint32_t function; // in `home`
  const SourceTree *caller;
  uint32_t call; // in `caller`
};
} // namespace

// Where the maker and its call stand in their trees; nothing where one of them is not found.
static std::optional<MadeNodes> FindNodes(const Project &project, SourceTrees &trees,
                                          const HookCall &made) {
  const SourceTree *home = trees.Of(made.home);
  const SourceTree *caller = trees.Of(made.caller);
  const Expr &call = SyntaxView(project.scanned).At(made.call);
  if (home == nullptr || caller == nullptr || call.begin == kNoPosition) {
    return std::nullopt;
  }
  const uint32_t function = NodeIn(project, *home, made.maker, 0, NodeKind::FunctionDefinition);
  const uint32_t node = NodeIn(project, *caller, made.statement, call.begin, NodeKind::Call);
  return function != 0 && node != 0 ? std::optional(MadeNodes{home, function, caller, node})
                                    : std::nullopt;
}

bool MakesItsHook(const Project &project, SourceTrees &trees, const HookCall &made) {
  const auto nodes = FindNodes(project, trees, made);
  const auto place = nodes ? PlaceOfHook(*nodes->caller, nodes->call) : std::nullopt;
  return place && GivesBackHook(*nodes->home, nodes->function, *place);
}

// What the hook is asked for, or a name that is bound to it alone.
static bool IsAsked(const SourceTree &tree, uint32_t hook, uint32_t node) {
  const auto parameters = tree.Parameters(hook);
  if (parameters.size() != 1 || !tree.Is(node, NodeKind::Identifier)) {
    return false;
  }
  const llvm::StringRef asked = tree.Text(parameters[0].name);
  const auto &bindings = tree.Scope(tree.ScopeMadeBy(hook)).bindings;
  const auto bound = bindings.find(tree.Text(node));
  if (bound == bindings.end() || bound->second.size() != 1) {
    return false;
  }
  const uint32_t assignment = tree.Parent(bound->second.front());
  return tree.Text(node) == asked || (tree.Is(assignment, NodeKind::Assignment) &&
                                      tree.Text(tree.LastChild(assignment)) == asked);
}

bool TakesLastWord(const Project &project, SourceTrees &trees, const HookCall &made) {
  const auto nodes = FindNodes(project, trees, made);
  if (!nodes) {
    return false;
  }
  const SourceTree &home = *nodes->home;
  const uint32_t hook = HookDefinedIn(home, nodes->function);
  if (hook == 0 || !home.Text(hook).contains("[:-1]")) {
    return false;
  }
  bool takes = false;
  for (uint32_t i = hook; i < home.At(hook).subtree_end; ++i) {
    if (!home.Is(i, NodeKind::ReturnStatement)) {
      continue;
    }
    const uint32_t value = home.Child(i, 0);
    const llvm::StringRef callee =
        home.Is(value, NodeKind::Call) ? home.Text(home.Child(value, 0)) : "";
    const auto arguments = ArgumentsOf(home, value).positional;
    const bool last =
        callee == "getattr" && arguments.size() == 2 && IsAsked(home, hook, arguments[1]);
    if (!last && callee != "importlib.import_module" && callee != "import_module") {
      return false;
    }
    takes |= last;
  }
  return takes;
}

LazyNames ReadMadeHook(const Project &project, Resolver &resolver, SourceTrees &trees,
                       const HookCall &made, PossibleStrings &keys) {
  const auto nodes = FindNodes(project, trees, made);
  if (!nodes) {
    keys.Fail();
    return {};
  }
  StringFlow flow(project, resolver, trees);
  LazyNames names =
      ReadHookWith(project, *nodes->home, made.maker, flow, HookIs::Made,
                   flow.FrameOfCall(*nodes->home, nodes->function, *nodes->caller, nodes->call));
  keys = flow.Take();
  return names;
}

} // namespace pydefrag
