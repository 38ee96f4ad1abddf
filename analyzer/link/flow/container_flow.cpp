// StringFlow: what code puts into a list, set or dict after the statement that gives it its name.
// Every use of the name is looked at; one that may hand the container to code which is not seen
// makes the answer unknown.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

bool IsReader(llvm::StringRef builtin) {
  return llvm::StringSwitch<bool>(builtin)
      .Cases("len", "list", "tuple", "set", "frozenset", "sorted", "dict", "iter", true)
      .Cases("enumerate", "zip", "filter", "map", "any", "all", "sum", "min", "max", true)
      .Cases("isinstance", "bool", "print", "repr", "str", "reversed", "next", "type", true)
      .Cases("id", "hash", "dir", "__import__", true)
      .Default(false);
}

// What is taken from the container by way of its methods, as steps of its own: `.items()` and then
// each and the first of it is each key. Null: not what one does with a container.
const StringFlow::Step *StringFlow::AsContainer(const Step *path) {
  if (path == nullptr || path->taking == Taking::Call || path->taking >= Taking::Names) {
    return nullptr;
  }
  if (path->taking != Taking::Attribute) {
    return path;
  }
  const Step *call = path->next;
  if (call == nullptr || call->taking != Taking::Call) {
    return nullptr;
  }
  const Step *rest = call->next;
  const bool each = rest != nullptr && rest->taking == Taking::Each;
  const Step *part = each ? rest->next : nullptr;
  const llvm::StringRef method = path->name;
  if (method == "copy" || method == "keys") {
    return AsContainer(rest);
  }
  if (method == "values" && each) {
    return Push(Taking::Element, rest->next);
  }
  if (method == "items" && part != nullptr && part->taking == Taking::Item) {
    return Push(part->index == 0 ? Taking::Each : Taking::Element, part->next);
  }
  if (method == "get" || method == "pop" || method == "setdefault") {
    if (call->site.tree != nullptr) {
      const TreeArguments arguments = ArgumentsOf(*call->site.tree, call->site.call);
      if (arguments.positional.size() > 1) {
        Ask(*call->site.tree, arguments.positional[1], call->site.frame, rest);
      }
    }
    AnswerNoString(rest); // None, when there is no such key
    return Push(Taking::Element, rest);
  }
  return nullptr;
}

bool TakesPart(Taking taking) {
  return taking == Taking::Each || taking == Taking::Element || taking == Taking::Item;
}

static bool PutsIn(llvm::StringRef method) {
  return llvm::StringSwitch<bool>(method)
      .Cases("append", "appendleft", "add", "insert", "extend", "extendleft", "update", true)
      .Cases("setdefault", "symmetric_difference_update", "__setitem__", "__ior__", true)
      .Default(false);
}

// Modules that import the name from this one.
llvm::SmallVector<StringFlow::Importer, 2> StringFlow::ImportersOf(ModuleId module,
                                                                   llvm::StringRef name) {
  llvm::SmallVector<Importer, 2> importers;
  const SyntaxView &view = resolver_.view();
  for (const auto &[importer, s] : trees_.FromImportsOf(module)) {
    const auto &statements = project_.StatementsOf(importer);
    for (ExprId alias : view.Operands(view.Of(statements[s]))) {
      if (importer != module && view.TextOf(alias) == name) {
        const ExprId as = view.Child(alias);
        importers.push_back({trees_.Of(importer), as.valid() ? view.TextOf(as) : name});
      }
    }
  }
  return importers;
}

// Whether a use of a local container comes too late for what was read from it: it stands behind,
// and no loop leads back. A loop sees what its body adds to what it iterates, unless that is a
// copy.
static bool HappensAfter(const SourceTree &tree, uint32_t read, uint32_t use) {
  if (use <= read || tree.ScopeOf(use) != tree.ScopeOf(read)) {
    return false;
  }
  bool copied = false;
  for (uint32_t at = read; at != 0; at = tree.Parent(at)) {
    const uint32_t above = tree.Parent(at);
    const NodeKind kind = tree.KindOf(above);
    if (kind == NodeKind::FunctionDefinition || kind == NodeKind::Lambda) {
      return true;
    }
    const llvm::StringRef callee =
        tree.KindOf(at) == NodeKind::Call ? tree.Text(tree.Child(at, 0)) : "";
    copied |= callee == "list" || callee == "tuple" || callee == "sorted";
    const bool loop = kind == NodeKind::ForStatement || kind == NodeKind::WhileStatement;
    const bool once = kind == NodeKind::ForStatement && at == tree.Iterable(above) && copied;
    if (loop && !once && use < tree.At(above).subtree_end) {
      return false;
    }
  }
  return false;
}

// Whether all that binds the name makes a dict.
static bool IsDict(const SourceTree &tree, llvm::ArrayRef<uint32_t> bindings) {
  return llvm::all_of(bindings, [&](uint32_t binding) {
    const uint32_t above = tree.Parent(binding);
    const uint32_t value = tree.LastChild(above);
    const uint32_t callee = tree.Is(value, NodeKind::Call) ? tree.Child(value, 0) : 0;
    const bool made = tree.Is(callee, NodeKind::Identifier) && tree.Text(callee) == "dict" &&
                      !tree.LookUp(callee);
    return tree.Is(above, NodeKind::Assignment) && value != binding &&
           (made || tree.Is(value, NodeKind::Dictionary) ||
            tree.Is(value, NodeKind::DictionaryComprehension));
  });
}

// --- what is put in

void StringFlow::AnswerChanges(const Question &question, uint32_t scope, llvm::StringRef name) {
  const SourceTree &tree = *question.tree;
  const Step *path = AsContainer(question.path);
  const auto &bindings = tree.Scope(scope).bindings.find(name)->second;
  const uint32_t first = bindings.front();
  const auto defines = [&](uint32_t each) {
    return tree.Is(tree.Parent(each), NodeKind::ClassDefinition);
  };
  if (llvm::all_of(bindings, defines)) {
    return; // a class is no container: what comes out of it stands in its body
  }
  if (path != nullptr && path->taking == Taking::Each && IsDict(tree, bindings)) {
    path = Push(Taking::Key, path->next); // what is stored in it, is no item
  }
  const bool local =
      scope != 0 && tree.Is(question.node, NodeKind::Identifier) && !tree.BindsHere(question.node);
  const uint32_t read = local ? question.node : first;
  if (path == nullptr || !changes_.insert({&tree, read, question.frame, path}).second) {
    return;
  }
  for (uint32_t use : tree.UsesOf(scope, name)) {
    if (scope != 0 && tree.Is(tree.Parent(use), NodeKind::AugmentedAssignment) &&
        tree.BindsHere(use)) {
      return Fail(); // `given |= {...}` changes what the caller has
    }
    if (!tree.BindsHere(use) && !(local && HappensAfter(tree, read, use))) {
      AnswerUse({&tree, use, question.frame, path}, scope != 0);
    }
  }
  if (scope != 0) {
    return;
  }
  AnswerElsewhere(tree, name, path);
}

// What a use of the container puts into it. `local`: it dies with its function.
void StringFlow::AnswerUse(const Question &use, bool local) {
  const SourceTree &tree = *use.tree;
  const uint32_t above = tree.Parent(use.node);
  const bool first = use.node == above + 1;
  Question outer = use;
  outer.node = above;
  switch (tree.KindOf(above)) {
  case NodeKind::Attribute: {
    const uint32_t call = tree.Parent(above);
    const llvm::StringRef method = tree.Text(tree.LastChild(above));
    if (tree.KindOf(call) == NodeKind::Call && above == call + 1) {
      AnswerMethodUse(use, call, method, local);
    } else if (PutsIn(method)) {
      Fail(); // `put = container.append`
    }
    return;
  }
  case NodeKind::Subscript:
    return first ? AnswerStoredItem(use, above, local) : void();
  case NodeKind::ParenthesizedExpression:
  case NodeKind::BooleanOperator:
  case NodeKind::ConditionalExpression:
    return AnswerUse(outer, local);
  case NodeKind::ForStatement:
  case NodeKind::ForInClause:
    return TakesPart(use.path->taking)
               ? AnswerItemsOf({&tree, use.node, use.frame, use.path->next}, false)
               : void();
  case NodeKind::BinaryOperator: // `lists + []` holds what they hold
  case NodeKind::ListSplat:
  case NodeKind::DictionarySplat:
  case NodeKind::AugmentedAssignment: // x += container
    if (!TakesPart(use.path->taking) || AsContainer(use.path->next) == nullptr) {
      return;
    }
    if (tree.Is(above, NodeKind::BinaryOperator)) {
      return AnswerUse(outer, local);
    }
    outer.node = tree.Parent(above);
    return tree.Is(above, NodeKind::AugmentedAssignment) ||
                   tree.Is(outer.node, NodeKind::ArgumentList)
               ? Fail()
               : AnswerUse(outer, local);
  case NodeKind::ComparisonOperator:
  case NodeKind::NotOperator:
  case NodeKind::IfStatement:
  case NodeKind::ElifClause:
  case NodeKind::IfClause:
  case NodeKind::WhileStatement:
  case NodeKind::AssertStatement:
  case NodeKind::ExpressionStatement:
  case NodeKind::Interpolation:
    return;
  case NodeKind::ArgumentList:
    return AnswerHandedOver(use, tree.Parent(above));
  case NodeKind::KeywordArgument:
    return AnswerHandedOver(use, tree.Parent(tree.Parent(above)));
  case NodeKind::Assignment:
  case NodeKind::NamedExpression: {
    const uint32_t target = tree.Child(above, 0);
    if (tree.KindOf(target) == NodeKind::Attribute) {
      const bool first = changes_.insert({&tree, target, use.frame, use.path}).second;
      const Instance *self = use.frame != nullptr ? use.frame->self : nullptr;
      return first ? AnswerAttributeUses(tree, tree.Text(tree.LastChild(target)), self, use.path)
                   : void();
    }
    if (!tree.Is(target, NodeKind::Identifier) || !tree.LookUp(target)) {
      return Fail();
    }
    outer.node = target;
    return AnswerChanges(outer, *tree.LookUp(target), tree.Text(target));
  }
  case NodeKind::ReturnStatement:
    return local ? void() : Fail();
  default:
    return Fail();
  }
}

void StringFlow::AnswerMethodUse(const Question &use, uint32_t call, llvm::StringRef method,
                                 bool local) {
  const SourceTree &tree = *use.tree;
  const TreeArguments arguments = ArgumentsOf(tree, call);
  const bool keys = use.path->taking == Taking::Each || use.path->taking == Taking::Key;
  const Step *rest = use.path->next;
  const auto ask = [&](size_t n, const Step *path) {
    n < arguments.positional.size() ? Ask(tree, arguments.positional[n], use.frame, path) : Fail();
  };
  if (method == "__setitem__" || method == "__ior__") {
    return Fail();
  }
  if (method == "append" || method == "add" || method == "appendleft") {
    return ask(0, rest);
  }
  if (method == "insert") {
    return ask(1, rest);
  }
  if (method == "extend" || method == "extendleft") {
    return ask(0, Push(Taking::Each, rest));
  }
  if (method == "update" || method == "symmetric_difference_update") {
    for (size_t n = 0; n < arguments.positional.size(); ++n) {
      ask(n, Push(keys ? Taking::Key : Taking::Element, rest));
    }
    for (const auto &[name, value] : arguments.named) {
      if (!keys) {
        Ask(tree, value, use.frame, rest);
      } else {
        WantsText(rest) ? AddText(name, rest) : Fail();
      }
    }
    for (uint32_t splat : arguments.double_splats) {
      Ask(tree, splat, use.frame, Push(keys ? Taking::Key : Taking::Element, rest));
    }
    return;
  }
  if (method == "setdefault") {
    ask(keys ? 0 : 1, rest);
  }
  if ((method == "values" || method == "items") && TakesPart(use.path->taking)) {
    AnswerItemsOf({&tree, call, use.frame, rest}, method == "items");
  }
  // What it holds may be changed there: `x.setdefault(key, []).append(1)`.
  if ((method == "setdefault" || method == "get") && TakesPart(use.path->taking) &&
      AsContainer(rest) != nullptr) {
    AnswerUse({&tree, call, use.frame, AsContainer(rest)}, local);
  }
}

// Whether a loop puts something into what one of its targets stands for.
static bool ChangesPart(const SourceTree &tree, uint32_t target, uint32_t loop) {
  llvm::StringSet<> names;
  for (uint32_t i = target; i < tree.At(target).subtree_end; ++i) {
    if (tree.Is(i, NodeKind::Identifier)) {
      names.insert(tree.Text(i));
    }
  }
  for (uint32_t i = loop; i < tree.At(loop).subtree_end; ++i) {
    const uint32_t above = tree.Parent(i);
    if (!tree.Is(i, NodeKind::Identifier) || !names.contains(tree.Text(i)) || i != above + 1) {
      continue;
    }
    if ((tree.Is(above, NodeKind::Attribute) && PutsIn(tree.Text(tree.LastChild(above)))) ||
        (tree.Is(above, NodeKind::Subscript) && tree.IsTarget(above)) ||
        tree.Is(above, NodeKind::AugmentedAssignment)) {
      return true;
    }
  }
  return false;
}

// A loop over containers may change each of them: `for each in table.values(): each.append(1)`.
// `iterated` asks for what such a container holds; `pairs`: with a key in front.
void StringFlow::AnswerItemsOf(const Question &iterated, bool pairs) {
  const SourceTree &tree = *iterated.tree;
  const Step *inner = AsContainer(iterated.path);
  uint32_t node = iterated.node;
  while (tree.Is(tree.Parent(node), NodeKind::ArgumentList) ||
         tree.Is(tree.Parent(node), NodeKind::Call)) {
    node = tree.Parent(node);
  }
  const uint32_t loop = tree.Parent(node);
  const bool clause = tree.Is(loop, NodeKind::ForInClause);
  if (inner == nullptr || !(clause || tree.Is(loop, NodeKind::ForStatement)) ||
      node != tree.Iterable(loop)) {
    return;
  }
  const uint32_t whole = clause ? tree.Parent(loop) : loop;
  uint32_t target = tree.Child(loop, 0);
  const bool unpacked =
      tree.Is(target, NodeKind::PatternList) || tree.Is(target, NodeKind::TuplePattern);
  target = pairs && unpacked ? tree.Child(target, 1) : target;
  if ((pairs && !unpacked) || node != iterated.node || !tree.Is(target, NodeKind::Identifier) ||
      !tree.LookUp(target)) {
    return ChangesPart(tree, target, whole) ? Fail() : void(); // `for i, each in enumerate(...)`
  }
  AnswerChanges({&tree, target, iterated.frame, inner}, *tree.LookUp(target), tree.Text(target));
}

// `container[key] = value`, `container[key].append(value)`
void StringFlow::AnswerStoredItem(const Question &use, uint32_t subscript, bool local) {
  const SourceTree &tree = *use.tree;
  const Step *path = use.path;
  if (!tree.IsTarget(subscript) && tree.Is(tree.Child(subscript, 1), NodeKind::Slice)) {
    const bool parts = TakesPart(path->taking) && AsContainer(path->next) != nullptr;
    return parts ? AnswerUse({&tree, subscript, use.frame, path}, local) : void(); // a copy
  }
  if (!tree.IsTarget(subscript)) {
    const Step *inner = TakesPart(path->taking) ? AsContainer(path->next) : nullptr;
    return inner != nullptr ? AnswerUse({&tree, subscript, use.frame, inner}, local) : void();
  }
  if (tree.KindOf(tree.Parent(subscript)) == NodeKind::DeleteStatement) {
    return;
  }
  const uint32_t key = tree.Child(subscript, 1);
  if (tree.Is(key, NodeKind::Slice)) {
    return Fail();
  }
  if (path->taking == Taking::Each || path->taking == Taking::Key) {
    Ask(tree, key, use.frame, path->next); // of a dict
  }
  if (path->taking != Taking::Key) {
    AnswerTarget({&tree, subscript, use.frame, path->next}, subscript);
  }
}

} // namespace pydefrag
