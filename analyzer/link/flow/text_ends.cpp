// StringFlow: texts of which only the beginning or the end is told: by a literal that something is
// joined to, or by a condition on the name that holds the text.
//
//     globals()["OLD_" + name] = 1                           begins with "OLD_"
//     globals()[f"{name}_r"] = 1                             ends with "_r"
//     if name.startswith("RLIM"): globals()[name] = 1        begins with "RLIM"
//     if name.startswith("RLIM"): globals()[f"{name}_r"] = 1 begins so, too
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Whether it is an end of a whole string, so long that few names have it, and only that counts.
bool StringFlow::TakesEnd(llvm::StringRef end, size_t shortest, const Step *path) {
  const bool whole = path == nullptr && end.size() >= shortest;
  saw_end_ |= whole;
  return by_end_ && whole;
}

// Where what stands behind it is not asked: how the text begins.
bool StringFlow::AddsFront(llvm::StringRef front, const Step *path) {
  const bool taken = TakesEnd(front, 3, path);
  if (taken) {
    result_.AddFront(front);
  }
  return taken;
}

// The same of how it ends, which says more: `name + "_r"`; `front`: what else stands before it all.
bool StringFlow::AddsBack(llvm::StringRef back, const Step *path, llvm::StringRef front) {
  const bool taken = TakesEnd(back, 2, path);
  if (taken) {
    result_.AddBack(back, front);
  }
  return taken;
}

// `"Old" + name`, `name + "_r"`
bool StringFlow::AddsEndOfSum(const Question &question) {
  const SourceTree &tree = *question.tree;
  uint32_t left = question.node;
  uint32_t right = tree.LastChild(left);
  while (tree.Is(left, NodeKind::BinaryOperator) &&
         tree.KindOf(tree.Child(left, 1)) == NodeKind::TokenPlus) {
    left = tree.Child(left, 0);
  }
  const auto literal = [&](uint32_t node) {
    const bool string =
        tree.Is(node, NodeKind::String) || tree.Is(node, NodeKind::ConcatenatedString);
    return left != question.node && string ? LiteralText(tree, node) : std::nullopt;
  };
  const auto front = literal(left);
  const auto back = literal(right);
  return (front && AddsFront(*front, question.path)) ||
         (back && AddsBack(*back, question.path, front ? llvm::StringRef(*front) : "")) ||
         (left != question.node && tree.Is(left, NodeKind::Identifier) &&
          IsAskedForEnd({&tree, left, question.frame, question.path}, true));
}

// Whether what a condition says of the name's text tells how it begins or ends:
// `name.startswith("RLIM") and name.isupper()`.
bool StringFlow::AddsEndAsked(const SourceTree &tree, uint32_t condition, llvm::StringRef name,
                              bool first) {
  if (tree.Is(condition, NodeKind::ParenthesizedExpression)) {
    return AddsEndAsked(tree, tree.Child(condition, 0), name, first);
  }
  if (tree.Is(condition, NodeKind::BooleanOperator)) {
    return tree.KindOf(tree.Child(condition, 1)) == NodeKind::TokenAnd &&
           (AddsEndAsked(tree, tree.Child(condition, 0), name, first) ||
            AddsEndAsked(tree, tree.LastChild(condition), name, first));
  }
  const uint32_t method = tree.Is(condition, NodeKind::Call) ? tree.Child(condition, 0) : 0;
  if (!tree.Is(method, NodeKind::Attribute) || tree.Text(tree.Child(method, 0)) != name) {
    return false;
  }
  const auto arguments = tree.Children(tree.LastChild(condition));
  const bool string = arguments.size() == 1 && tree.Is(arguments[0], NodeKind::String);
  const auto text = string ? LiteralText(tree, arguments[0]) : std::nullopt;
  const llvm::StringRef asks = tree.Text(tree.LastChild(method));
  return text && ((asks == "startswith" && AddsFront(*text, nullptr)) ||
                  (!first && asks == "endswith" && AddsBack(*text, nullptr)));
}

// Whether the node binds the name somewhere.
static bool Binds(const SourceTree &tree, uint32_t node, llvm::ArrayRef<uint32_t> bindings) {
  return llvm::any_of(bindings, [&](uint32_t binding) {
    return binding >= node && binding < tree.At(node).subtree_end;
  });
}

// `if not name.startswith("RLIM"): continue` before `at`, in its block: the condition that holds
// behind it. 0: none.
static uint32_t HoldsBefore(const SourceTree &tree, uint32_t at,
                            llvm::ArrayRef<uint32_t> bindings) {
  uint32_t condition = 0;
  for (uint32_t before : tree.Children(tree.Parent(at))) {
    if (before >= at) {
      break;
    }
    if (Binds(tree, before, bindings)) {
      condition = 0;
      continue;
    }
    const auto parts = tree.Is(before, NodeKind::IfStatement) ? tree.Children(before)
                                                              : llvm::SmallVector<uint32_t, 8>();
    const uint32_t leaves = parts.size() == 2 ? tree.Child(parts[1], 0) : 0;
    const bool away =
        tree.Is(leaves, NodeKind::ContinueStatement) || tree.Is(leaves, NodeKind::ReturnStatement);
    if (away && tree.Is(parts[0], NodeKind::NotOperator)) {
      condition = tree.LastChild(parts[0]);
    }
  }
  return condition;
}

// `if name.startswith("RLIM"):` around the use, or at the end of a comprehension: where the name
// stands for the same all the time. `first`: of a text that more is put behind.
bool StringFlow::IsAskedForEnd(const Question &question, bool first) {
  const SourceTree &tree = *question.tree;
  const llvm::StringRef name = tree.Text(question.node);
  const auto scope = tree.LookUp(question.node);
  if (question.path != nullptr || !scope || *scope != tree.ScopeOf(question.node)) {
    return false;
  }
  for (uint32_t k = 1; k < tree.scope_count(); ++k) {
    if (tree.Scope(k).global.contains(name) || tree.Scope(k).outer.contains(name)) {
      return false; // a function that is called in between may bind it
    }
  }
  const llvm::ArrayRef<uint32_t> bindings = tree.Scope(*scope).bindings.find(name)->second;
  const auto asked = [&](uint32_t condition) {
    return condition != 0 && AddsEndAsked(tree, condition, name, first);
  };
  for (uint32_t at = question.node; tree.Parent(at) != 0; at = tree.Parent(at)) {
    const uint32_t above = tree.Parent(at);
    if (Binds(tree, at, bindings)) {
      return false;
    }
    if (tree.Is(above, NodeKind::IfStatement) && at == tree.Child(above, 1) &&
        asked(tree.Child(above, 0))) {
      return true;
    }
    if (tree.Is(above, NodeKind::Block) && asked(HoldsBefore(tree, at, bindings))) {
      return true;
    }
    const bool comprehension =
        *scope != 0 && tree.Scope(*scope).node == above && bindings.size() == 1;
    for (uint32_t each : comprehension ? tree.Children(above) : llvm::SmallVector<uint32_t, 8>()) {
      if (tree.Is(each, NodeKind::IfClause) && asked(tree.Child(each, 0))) {
        return true;
      }
    }
  }
  return false;
}

// `f"{name}..."`, whose body begins at `body`, where a condition asks how the name begins.
bool StringFlow::BeginsAsAsked(const Question &question, uint32_t literal, size_t body) {
  const SourceTree &tree = *question.tree;
  for (uint32_t part : tree.Children(literal)) {
    if (!tree.Is(part, NodeKind::Interpolation)) {
      continue;
    }
    const uint32_t name = tree.Child(part, 0);
    return tree.At(part).begin == body && tree.Is(name, NodeKind::Identifier) &&
           tree.At(name).end + 1 == tree.At(part).end &&
           IsAskedForEnd({&tree, name, question.frame, question.path}, true);
  }
  return false;
}

} // namespace pydefrag
