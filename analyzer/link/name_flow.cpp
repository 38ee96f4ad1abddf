// StringFlow: what a name stands for: every statement that binds it in its scope, whatever the
// order, in this file or the one it is imported from.
#include "link/string_flow.h"

#include "stdlib/frozen.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

void StringFlow::AnswerName(const Question &question) {
  const SourceTree &tree = *question.tree;
  const llvm::StringRef name = tree.Text(question.node);
  const auto scope = tree.LookUp(question.node);
  if (!scope) {
    if (name == "__name__" && question.path == nullptr) {
      return AddText(project_.Text(project_.modules[tree.module].name));
    }
    return Fail();
  }
  Question named = question;
  named.frame = *scope == 0 ? nullptr : question.frame;
  const auto bound = tree.Scope(*scope).bindings.find(name);
  for (uint32_t identifier : bound->second) {
    AnswerBinding(named, identifier);
  }
  AnswerChanges(named, *scope, name);
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
    const uint32_t named = alias ? tree.Child(tree.Parent(part), 0) : part;
    return AnswerImported(question, import, tree.Text(named));
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
      result_.joined |= path == nullptr;
      return Ask(tree, tree.LastChild(above), question.frame, path);
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

// --- imports

ModuleId StringFlow::ModuleNamed(const SourceTree &tree, uint32_t identifier) const {
  const auto scope =
      tree.Is(identifier, NodeKind::Identifier) ? tree.LookUp(identifier) : std::nullopt;
  if (!scope) {
    return ModuleId();
  }
  const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(identifier))->second;
  const uint32_t import = tree.Enclosing(bound.front(), NodeKind::ImportStatement);
  if (bound.size() != 1 || import == 0) {
    return ModuleId();
  }
  const uint32_t named = tree.Child(import, 0);
  const bool alias = tree.KindOf(named) == NodeKind::AliasedImport;
  const llvm::StringRef dotted = tree.Text(alias ? tree.Child(named, 0) : named);
  const llvm::StringRef source = FrozenSourceOf(dotted);
  return !source.empty()                  ? project_.FindModule(source)
         : alias || !dotted.contains('.') ? ImportedModule(tree, import)
                                          : ModuleId();
}

// Of the statement in the tree: the module after `from`, or of a plain import.
ModuleId StringFlow::ImportedModule(const SourceTree &tree, uint32_t import) const {
  const auto &statements = project_.scanned.facts[tree.file].statements;
  const auto placed = llvm::find_if(
      statements, [&](const PlacedStatement &each) { return each.head == tree.At(import).begin; });
  if (placed == statements.end()) {
    return ModuleId();
  }
  const auto index = static_cast<uint32_t>(placed - statements.begin());
  return resolver_.TargetOf(tree.module, index).module;
}

void StringFlow::AddLocals(const SourceTree &tree, uint32_t node) {
  for (uint32_t scope = tree.ScopeOf(node); scope != 0; scope = tree.Scope(scope).parent) {
    for (const auto &bound : tree.Scope(scope).bindings) {
      AddText(bound.first());
    }
  }
}

void StringFlow::AnswerImported(const Question &question, uint32_t import, llvm::StringRef name) {
  const SourceTree &tree = *question.tree;
  const ModuleId module = ImportedModule(tree, import);
  const bool from = tree.KindOf(import) == NodeKind::ImportFromStatement;
  if (!module.valid()) {
    return Fail();
  }
  if (from) {
    return AskModule(module, name, question.path);
  }
  // A module: only an attribute of it is something else.
  const Step *path = question.path;
  if (path != nullptr && path->taking == Taking::Attribute && !name.contains('.')) {
    return AskModule(module, path->name, path->next);
  }
  if (path != nullptr) {
    Fail();
  }
}

// What a name of another module holds; a submodule, when there is no such name.
void StringFlow::AskModule(ModuleId module, llvm::StringRef name, const Step *path) {
  const SourceTree *tree = trees_.Of(module);
  if (tree == nullptr) {
    return Fail();
  }
  const auto bound = tree->Scope(0).bindings.find(name);
  if (bound != tree->Scope(0).bindings.end()) {
    for (uint32_t identifier : bound->second) {
      AnswerBinding({tree, identifier, nullptr, path}, identifier);
    }
    return AnswerChanges({tree, bound->second.front(), nullptr, path}, 0, name);
  }
  const NameId id = project_.scanned.names.Find(name);
  const ModuleId child = id.valid() && resolver_.table().IsPackage(module)
                             ? resolver_.table().FindChild(module, id)
                             : ModuleId();
  if (!child.valid() || path == nullptr || path->taking != Taking::Attribute) {
    return Fail();
  }
  AskModule(child, path->name, path->next);
}

} // namespace pydefrag
