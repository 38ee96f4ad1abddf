// StringFlow: what a name stands for: the statement whose binding a use surely sees, else every
// statement that binds it in its scope, whatever the order.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// --- the binding that a use surely sees

// The bindings of a name within a node.
static llvm::SmallVector<uint32_t, 2> Within(const SourceTree &tree, uint32_t node,
                                             llvm::ArrayRef<uint32_t> bindings) {
  llvm::SmallVector<uint32_t, 2> inside;
  llvm::copy_if(bindings, std::back_inserter(inside), [&](uint32_t binding) {
    return binding >= node && binding < tree.At(node).subtree_end;
  });
  return inside;
}

// A statement that does nothing but bind, and whose bindings AnswerBinding knows.
static bool SurelyBinds(const SourceTree &tree, uint32_t statement) {
  switch (tree.KindOf(statement)) {
  case NodeKind::ExpressionStatement:
    return tree.Is(tree.Child(statement, 0), NodeKind::Assignment);
  case NodeKind::FunctionDefinition:
  case NodeKind::ClassDefinition:
  case NodeKind::ImportStatement:
  case NodeKind::ImportFromStatement:
    return true;
  default:
    return false;
  }
}

static bool HasStar(const SourceTree &tree, uint32_t node) {
  for (uint32_t i = node; i < tree.At(node).subtree_end; ++i) {
    if (tree.Is(i, NodeKind::WildcardImport)) {
      return true;
    }
  }
  return false;
}

// The binding of a name that a use in the same scope surely sees: the last one before it, in the
// blocks that it stands in, or the loop around it. 0: none, or code in between may bind the name.
static uint32_t BindingSeen(const SourceTree &tree, uint32_t use, uint32_t scope) {
  if (tree.ScopeOf(use) != scope) {
    return 0; // in a function that may run later
  }
  const llvm::StringRef name = tree.Text(use);
  for (uint32_t k = 1; k < tree.scope_count(); ++k) {
    if (tree.Scope(k).global.contains(name) || tree.Scope(k).outer.contains(name)) {
      return 0;
    }
  }
  const llvm::ArrayRef<uint32_t> bindings = tree.Scope(scope).bindings.find(name)->second;
  uint32_t above = 0;
  for (uint32_t at = use; at != 0; at = above) {
    above = tree.Parent(at);
    const bool body = tree.Is(above, NodeKind::ForStatement) && tree.Is(at, NodeKind::Block);
    const auto children = tree.Children(above);
    for (uint32_t before : llvm::reverse(children)) {
      if (before >= at) {
        continue;
      }
      const auto inside = Within(tree, before, bindings);
      if (inside.empty() && !HasStar(tree, before)) {
        continue;
      }
      const bool target = body && before < tree.Iterable(above);
      return inside.size() == 1 && (target || SurelyBinds(tree, before)) ? inside.front() : 0;
    }
    const bool loop =
        tree.Is(above, NodeKind::ForStatement) || tree.Is(above, NodeKind::WhileStatement);
    if (above == 0 || (loop && !Within(tree, above, bindings).empty())) {
      return 0; // what a round binds is seen by the next one
    }
  }
  return 0;
}

void StringFlow::AnswerName(const Question &question) {
  const SourceTree &tree = *question.tree;
  const llvm::StringRef name = tree.Text(question.node);
  const auto scope = tree.LookUp(question.node);
  if (IsAskedForEnd(question)) {
    return;
  }
  if (const uint32_t seen = scope ? BindingSeen(tree, question.node, *scope) : 0) {
    AnswerBinding(question, seen);
    if (*scope == 0 && !WantsText(question.path) && !IsFresh(tree, name)) {
      later_.push_back({tree.module, name.str(), question.path, true});
    }
    return AnswerChanges(question, *scope, name);
  }
  if (!scope) {
    if (name == "__name__" && WantsText(question.path)) {
      return AddText(project_.Text(project_.modules[tree.module].name), question.path);
    }
    return AnswerStars(tree, name, question.path) ? void() : Fail();
  }
  if (*scope == 0) {
    return AnswerModuleName(tree, name, question.path);
  }
  for (uint32_t identifier : tree.Scope(*scope).bindings.find(name)->second) {
    AnswerBinding(question, identifier);
  }
  AnswerChanges(question, *scope, name);
}

// What gives the name its value.
void StringFlow::AnswerBinding(const Question &question, uint32_t identifier) {
  const SourceTree &tree = *question.tree;
  const uint32_t above = tree.Parent(identifier);
  switch (tree.KindOf(above)) {
  case NodeKind::FunctionDefinition:
  case NodeKind::ClassDefinition:
    return Ask(tree, above, question.frame, question.path);
  case NodeKind::Parameters:
  case NodeKind::LambdaParameters:
    return AnswerParameter(question, identifier);
  case NodeKind::ListSplatPattern:
  case NodeKind::DictionarySplatPattern:
    if (tree.KindOf(tree.Parent(above)) == NodeKind::Parameters ||
        tree.KindOf(tree.Parent(above)) == NodeKind::LambdaParameters) {
      return AnswerParameter(question, identifier);
    }
    return AnswerTarget(question, identifier);
  case NodeKind::DottedName:
  case NodeKind::AliasedImport: {
    const uint32_t part = tree.KindOf(above) == NodeKind::DottedName ? above : identifier;
    const bool alias = tree.KindOf(tree.Parent(part)) == NodeKind::AliasedImport;
    const uint32_t import = alias ? tree.Parent(tree.Parent(part)) : tree.Parent(part);
    return AnswerImported(question, import, alias ? tree.Parent(part) : part);
  }
  default:
    return AnswerTarget(question, identifier);
  }
}

// A target of an assignment or loop, perhaps within a pattern.
void StringFlow::AnswerTarget(const Question &question, uint32_t target) {
  const SourceTree &tree = *question.tree;
  const Step *path = question.path;
  for (uint32_t at = target;;) {
    const uint32_t above = tree.Parent(at);
    switch (tree.KindOf(above)) {
    case NodeKind::PatternList:
    case NodeKind::TuplePattern:
    case NodeKind::ListPattern: {
      const auto items = tree.Children(above);
      const bool splats = llvm::any_of(
          items, [&](uint32_t item) { return tree.KindOf(item) == NodeKind::ListSplatPattern; });
      const auto place = static_cast<unsigned>(llvm::find(items, at) - items.begin());
      path = splats ? Push(Taking::Each, path) : Push(Taking::Item, path, place);
      at = above;
      continue;
    }
    case NodeKind::Assignment: {
      uint32_t value = tree.LastChild(above);
      while (tree.KindOf(value) == NodeKind::Assignment) {
        value = tree.LastChild(value); // a = b = value
      }
      return value == at || tree.KindOf(value) == NodeKind::Type
                 ? void() // an annotation alone
                 : Ask(tree, value, question.frame, path);
    }
    case NodeKind::NamedExpression:
      return Ask(tree, tree.LastChild(above), question.frame, path);
    case NodeKind::AugmentedAssignment:
      return AnswerGrown(question, above, path);
    case NodeKind::ForStatement:
    case NodeKind::ForInClause:
      return Ask(tree, tree.Iterable(above), question.frame, Push(Taking::Each, path));
    case NodeKind::ExpressionList: // del a, b
      at = above;
      continue;
    case NodeKind::DeleteStatement:
      return;
    default:
      return Fail(); // with, except, match
    }
  }
}

// `target += value`: what the target was before counts, too.
void StringFlow::AnswerGrown(const Question &question, uint32_t assignment, const Step *path) {
  const SourceTree &tree = *question.tree;
  if (!WantsText(path)) {
    const bool moved = path->taking == Taking::Item; // behind the items of the target
    return Ask(tree, tree.LastChild(assignment), question.frame,
               moved ? Push(Taking::Element, path->next) : path);
  }
  if (tree.KindOf(tree.Child(assignment, 1)) == NodeKind::TokenPercentAssign) {
    return Fail();
  }
  Ask(tree, tree.Child(assignment, 0), question.frame, AsPiece(path));
  Ask(tree, tree.LastChild(assignment), question.frame, AsPiece(path));
}

void StringFlow::AnswerParameter(const Question &question, uint32_t identifier) {
  const SourceTree &tree = *question.tree;
  uint32_t function = tree.Parent(tree.Parent(identifier));
  while (tree.KindOf(function) != NodeKind::FunctionDefinition &&
         tree.KindOf(function) != NodeKind::Lambda) {
    function = tree.Parent(function);
  }
  const auto parameters = tree.Parameters(function);
  const auto found =
      llvm::find_if(parameters, [&](const TreeParameter &each) { return each.name == identifier; });
  if (found == parameters.end()) {
    return Fail();
  }
  const auto position = static_cast<unsigned>(found - parameters.begin());
  const Frame *frame = question.frame;
  while (frame != nullptr && (frame->tree != &tree || frame->function != function)) {
    frame = frame->outer;
  }
  if (frame != nullptr && position == 0 && (frame->self != nullptr || frame->gets_class)) {
    return frame->gets_class || frame->self == nullptr
               ? Fail()
               : AnswerInstance(*frame->self, question.path);
  }
  if (frame != nullptr && frame->site.tree != nullptr) {
    return AnswerArgument(*frame, tree, *found, position, question.path);
  }
  AnswerAnyCall(question, function, *found, position);
}

} // namespace pydefrag
