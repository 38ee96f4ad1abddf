// StringFlow: what a call does to a container that it is handed: functions of the same file, and
// those that a name of the module stands for, are read.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

// Methods that only read what they are given.
static bool IsReadingMethod(llvm::StringRef method) {
  return llvm::StringSwitch<bool>(method)
      .Cases("update", "extend", "union", "join", "fromkeys", "intersection", "difference", true)
      .Cases("issubset", "issuperset", "isdisjoint", "intersection_update", true)
      .Cases("difference_update", "extendleft", true)
      .Default(false);
}

static bool IsImported(const SourceTree &tree, uint32_t name) {
  const auto scope = tree.Is(name, NodeKind::Identifier) ? tree.LookUp(name) : std::nullopt;
  return scope && tree.IsImported(*scope, tree.Text(name));
}

namespace {
struct FunctionNode {
  const SourceTree *tree = nullptr; // null: none that is known
  uint32_t node = 0;
};
} // namespace

static bool HasPositionalOnly(const SourceTree &tree, uint32_t function) {
  return llvm::any_of(tree.Children(function), [&](uint32_t child) {
    return tree.Is(child, NodeKind::Parameters) && tree.Text(child).contains('/');
  });
}

static bool IsBoundOnce(const SourceTree &tree, llvm::StringRef name) {
  const auto bound = tree.Scope(0).bindings.find(name);
  return bound != tree.Scope(0).bindings.end() && bound->second.size() == 1;
}

// Whether the function may change its parameters other than by statements that name them.
static bool ReachesLocals(const SourceTree &tree, uint32_t function) {
  const llvm::StringRef text = tree.Text(function);
  return llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"exec(", "eval(", "locals(", "vars("},
                      [&](llvm::StringRef call) { return text.contains(call); });
}

// The function that `name` or `module.name` is, where each of the two modules binds it once.
static FunctionNode FunctionOfModule(const Project &project, Resolver &resolver, SourceTrees &trees,
                                     const SourceTree &tree, uint32_t callee) {
  const bool attribute = tree.Is(callee, NodeKind::Attribute);
  const uint32_t root = attribute ? callee + 1 : callee;
  const auto find = [&](uint32_t node) { return project.scanned.names.Find(tree.Text(node)); };
  if (!tree.Is(root, NodeKind::Identifier) || tree.LookUp(root) != 0u || !find(root).valid() ||
      !IsBoundOnce(tree, tree.Text(root))) {
    return {};
  }
  Found found = resolver.Attribute(tree.module, find(root));
  if (attribute) {
    const NameId name = find(tree.LastChild(callee));
    found = found.IsModule() && !found.unknown && name.valid() && resolver.HasLog(found.module)
                ? resolver.Attribute(found.module, name)
                : Found();
  }
  if (!found.IsObject() || found.unknown || found.answer != Answer::Yes) {
    return {};
  }
  const Event &event = resolver.Log(found.module).events[found.event];
  const SourceTree *home = event.kind == EventKind::Define ? trees.Of(found.module) : nullptr;
  if (home == nullptr) {
    return {};
  }
  const uint32_t head = project.scanned.facts[home->file].statements[event.statement].head;
  const uint32_t function = home->FindAt(head, NodeKind::FunctionDefinition);
  const bool plain = function != 0 && home->Decorators(function).empty() &&
                     IsBoundOnce(*home, home->Text(home->Child(function, 0)));
  return plain ? FunctionNode{home, function} : FunctionNode{};
}

// An argument of a builtin that changes nothing itself, but may give parts of it to somebody:
// `list(lists)[0].append("x")`.
void StringFlow::AnswerRead(const Question &use, uint32_t call, llvm::StringRef reader) {
  const SourceTree &tree = *use.tree;
  if (tree.Is(tree.Parent(use.node), NodeKind::KeywordArgument) && reader == "dict") {
    return Fail(); // `dict(a=names)["a"].append("x")`
  }
  const Step *inner = TakesPart(use.path->taking) ? AsContainer(use.path->next) : nullptr;
  if (inner == nullptr) {
    return;
  }
  const uint32_t loop = tree.Parent(call);
  if (tree.Is(loop, NodeKind::ForStatement) || tree.Is(loop, NodeKind::ForInClause)) {
    return AnswerItemsOf({&tree, use.node, use.frame, use.path->next}, false);
  }
  const bool gives_one = reader == "next" || reader == "max" || reader == "min";
  const bool copies = llvm::StringSwitch<bool>(reader)
                          .Cases("list", "tuple", "set", "frozenset", "sorted", "dict", true)
                          .Cases("iter", "reversed", true)
                          .Default(false);
  if (gives_one || copies) {
    return AnswerUse({&tree, call, use.frame, gives_one ? inner : use.path}, true);
  }
  const bool pairs =
      reader == "map" || reader == "filter" || reader == "zip" || reader == "enumerate";
  return pairs ? Fail() : void();
}

// An argument of a call, which a keyword may name.
void StringFlow::AnswerHandedOver(const Question &use, uint32_t call) {
  const SourceTree &tree = *use.tree;
  const uint32_t callee = tree.Child(call, 0);
  const bool method = tree.KindOf(callee) == NodeKind::Attribute;
  const auto scope =
      tree.Is(callee, NodeKind::Identifier) ? tree.LookUp(callee) : std::optional<uint32_t>();
  if (method && IsReadingMethod(tree.Text(tree.LastChild(callee))) &&
      !IsImported(tree, callee + 1)) {
    const bool parts = TakesPart(use.path->taking) && AsContainer(use.path->next) != nullptr;
    return parts ? Fail() : void(); // which the other holds then, too
  }
  if (!method && !scope) {
    const bool reads = tree.Is(callee, NodeKind::Identifier) && IsReader(tree.Text(callee));
    return reads ? AnswerRead(use, call, tree.Text(callee)) : Fail();
  }
  FunctionNode function;
  if (!method && !tree.IsImported(*scope, tree.Text(callee))) {
    const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(callee))->second;
    const uint32_t node = tree.Parent(bound.front());
    if (bound.size() == 1 && tree.KindOf(node) == NodeKind::FunctionDefinition) {
      function = {&tree, node};
    }
  } else {
    function = FunctionOfModule(project_, resolver_, trees_, tree, callee);
  }
  const uint32_t above = tree.Parent(use.node);
  const bool named = tree.Is(above, NodeKind::KeywordArgument);
  constexpr size_t kMostCalls = 256;
  if (function.tree == nullptr || ++handed_over_ > kMostCalls ||
      ReachesLocals(*function.tree, function.node) ||
      (named && HasPositionalOnly(*function.tree, function.node))) {
    return Fail();
  }
  const auto parameters = function.tree->Parameters(function.node);
  const auto positional = ArgumentsOf(tree, call).positional;
  const auto *parameter =
      named
          ? llvm::find_if(parameters,
                          [&](const TreeParameter &each) {
                            return function.tree->Text(each.name) ==
                                   tree.Text(tree.Child(above, 0));
                          })
          : parameters.begin() +
                std::min(static_cast<size_t>(llvm::find(positional, use.node) - positional.begin()),
                         parameters.size());
  const bool found = parameter != parameters.end() &&
                     (named || llvm::is_contained(positional, use.node)) &&
                     (parameter->kind == TreeParameter::Kind::Positional ||
                      (named && parameter->kind == TreeParameter::Kind::KeywordOnly));
  if (!found) {
    return Fail();
  }
  const uint32_t name = parameter->name;
  AnswerChanges({function.tree, name, nullptr, use.path}, function.tree->ScopeMadeBy(function.node),
                function.tree->Text(name));
}

} // namespace pydefrag
