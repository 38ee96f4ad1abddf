#include "link/identity/none_makers.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

namespace pydefrag {

// The values of the function's own `return` statements; nothing: it is no plain function.
static std::optional<llvm::SmallVector<uint32_t, 4>> ReturnsOf(const SourceTree &tree,
                                                               uint32_t function) {
  llvm::SmallVector<uint32_t, 4> values;
  if (tree.Text(function).starts_with("async")) {
    return std::nullopt;
  }
  const uint32_t scope = tree.ScopeMadeBy(function);
  for (uint32_t i = function + 1; i < tree.At(function).subtree_end; ++i) {
    if (tree.ScopeOf(i) != scope) {
      continue;
    }
    if (tree.KindOf(i) == NodeKind::Yield) {
      return std::nullopt;
    }
    if (tree.KindOf(i) == NodeKind::ReturnStatement && tree.Child(i, 0) != 0 &&
        tree.Text(tree.Child(i, 0)) != "None") {
      values.push_back(tree.Child(i, 0));
    }
  }
  return values;
}

// The function that a scope binds the name to, and nothing else; 0: none.
static uint32_t FunctionIn(const SourceTree &tree, uint32_t scope, llvm::StringRef name) {
  const auto bound = tree.Scope(scope).bindings.find(name);
  const bool once = bound != tree.Scope(scope).bindings.end() && bound->second.size() == 1;
  const uint32_t above = once ? tree.Parent(bound->second.front()) : 0;
  return tree.Is(above, NodeKind::FunctionDefinition) ? above : 0;
}

// What a function whose body begins at an offset returns, line by line, at a glance: a docstring
// may say `return` too.
static llvm::SmallVector<llvm::StringRef, 2> ReturnedBy(llvm::StringRef text, size_t body) {
  llvm::SmallVector<llvm::StringRef, 2> returned;
  size_t own = llvm::StringRef::npos;    // indentation of the body
  size_t within = llvm::StringRef::npos; // of a definition in it: what is deeper returns from there
  for (llvm::StringRef rest = text.substr(body); !rest.empty();) {
    const auto [line, behind] = rest.split('\n');
    rest = behind;
    const size_t indentation = line.find_first_not_of(" \t\r");
    if (indentation == llvm::StringRef::npos || indentation > within) {
      continue;
    }
    own = own == llvm::StringRef::npos ? indentation : own;
    if (indentation < own) {
      break;
    }
    llvm::StringRef said = line.trim();
    const bool defines =
        said.starts_with("def ") || said.starts_with("async def ") || said.starts_with("class ");
    within = defines ? indentation : llvm::StringRef::npos;
    if (said.consume_front("return ") && said != "None") {
      returned.push_back(said);
    }
  }
  return returned;
}

// Whether a glance tells that a decorator is not known to be None: it returns something, or where a
// call makes it, does not return one function that returns nothing.
static bool SurelyReturns(llvm::StringRef text, size_t body, bool made_by_call) {
  const auto returned = ReturnedBy(text, body);
  if (!made_by_call || returned.size() != 1) {
    return made_by_call || !returned.empty();
  }
  const size_t inner = text.find(("def " + returned[0] + "(").str(), body);
  const size_t end = text.find(":\n", inner);
  return inner == llvm::StringRef::npos ||
         (end != llvm::StringRef::npos && !ReturnedBy(text, end + 2).empty());
}

bool NoneMakers::MakesNone(ModuleId module, uint32_t event) {
  const auto [known, inserted] = known_.try_emplace({module, event}, false);
  if (!inserted) {
    return known->second;
  }
  const bool none = FindOut(module, event);
  known_[{module, event}] = none;
  return none;
}

bool NoneMakers::FindOut(ModuleId module, uint32_t event) {
  const Event &made = resolver_.Log(module).events[event];
  const SyntaxView &view = resolver_.view();
  const FileId file = project_.modules[module].file;
  const Statement &statement = view.Of(project_.scanned.facts[file].statements[made.statement]);
  const ExprId decorator = statement.first;
  if (made.kind != EventKind::Define || !decorator.valid() || decorator == statement.bases ||
      resolver_.sources() == nullptr) {
    return false;
  }
  const bool made_by_call = view.Is(decorator, ExprKind::Call);
  const ExprId callee = made_by_call ? view.Child(decorator) : decorator;
  if (SurelyGives(module, callee, event, made_by_call)) {
    return false;
  }
  Function called = FunctionCalled(module, callee, event);
  auto returns = called.node != 0 ? ReturnsOf(*called.tree, called.node) : std::nullopt;
  if (returns && made_by_call) { // the function in it that it returns
    const bool one =
        returns->size() == 1 && called.tree->Is(returns->front(), NodeKind::Identifier);
    called.node = one ? FunctionIn(*called.tree, called.tree->ScopeMadeBy(called.node),
                                   called.tree->Text(returns->front()))
                      : 0;
    const bool plain = called.node != 0 && called.tree->Decorators(called.node).empty();
    returns = plain ? ReturnsOf(*called.tree, called.node) : std::nullopt;
  }
  return returns && returns->empty();
}

// As SurelyReturns of the function that `callee` names: most trees need not be made.
bool NoneMakers::SurelyGives(ModuleId module, ExprId callee, uint32_t limit, bool made_by_call) {
  const Found found = resolver_.Evaluate(module, callee, limit);
  if (!found.IsObject() || !resolver_.HasLog(found.module)) {
    return false;
  }
  const Event &event = resolver_.Log(found.module).events[found.event];
  const FileId file = project_.modules[found.module].file;
  const PlacedStatement &header = project_.scanned.facts[file].statements[event.statement];
  if (resolver_.view().Of(header).kind != StatementKind::Function) {
    return false;
  }
  const llvm::StringRef text = resolver_.sources()->TextOf(found.module);
  return SurelyReturns(text, BehindLinesOf(header, text), made_by_call);
}

// A function, or a method that is asked of its class.
NoneMakers::Function NoneMakers::FunctionCalled(ModuleId module, ExprId callee, uint32_t limit) {
  Function found = DefinitionOf(module, callee, limit, NodeKind::FunctionDefinition);
  if (found.node != 0) {
    return found.tree->Decorators(found.node).empty() ? found : Function();
  }
  const SyntaxView &view = resolver_.view();
  if (!view.Is(callee, ExprKind::Attribute)) {
    return {};
  }
  found = DefinitionOf(module, view.Child(callee), limit, NodeKind::ClassDefinition);
  if (found.node == 0) {
    return {};
  }
  found.node = FunctionIn(*found.tree, found.tree->ScopeMadeBy(found.node), view.TextOf(callee));
  const bool asked_of_class =
      found.node != 0 &&
      llvm::all_of(found.tree->Decorators(found.node), [](llvm::StringRef decorator) {
        return decorator == "staticmethod" || decorator == "classmethod";
      });
  return asked_of_class ? found : Function();
}

NoneMakers::Function NoneMakers::DefinitionOf(ModuleId module, ExprId expr, uint32_t limit,
                                              NodeKind kind) {
  const Found found = resolver_.Evaluate(module, expr, limit);
  if (!found.IsObject() || found.unknown || found.fallback || found.answer != Answer::Yes ||
      !resolver_.HasLog(found.module)) {
    return {};
  }
  const Event &event = resolver_.Log(found.module).events[found.event];
  const FileId file = project_.modules[found.module].file;
  const PlacedStatement &header = project_.scanned.facts[file].statements[event.statement];
  const StatementKind wanted =
      kind == NodeKind::ClassDefinition ? StatementKind::Class : StatementKind::Function;
  if (event.kind != EventKind::Define || resolver_.view().Of(header).kind != wanted) {
    return {};
  }
  const SourceTree *tree = resolver_.sources()->Of(found.module);
  return {tree, tree == nullptr ? 0 : tree->FindAt(header.head, kind)};
}

} // namespace pydefrag
