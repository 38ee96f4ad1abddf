#include "link/resolve/decorated_exports.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

namespace pydefrag {
namespace {

class Reader {
public:
  explicit Reader(const SourceTree &tree) : tree_(tree) {}

  // The definitions that add themselves; nothing where somebody may add more.
  std::optional<llvm::SmallVector<uint32_t, 8>> Read() const {
    llvm::SmallSetVector<uint32_t, 2> exporters;
    for (uint32_t use : tree_.NamesSaying("__all__")) {
      if (tree_.Scope(tree_.ScopeOf(use)).kind == TreeScope::Kind::Module) {
        continue;
      }
      const uint32_t function = tree_.Enclosing(use, NodeKind::FunctionDefinition);
      if (!IsExporter(function)) {
        return std::nullopt;
      }
      exporters.insert(function);
    }
    llvm::SmallVector<uint32_t, 8> definitions;
    for (uint32_t exporter : exporters) {
      if (!AddDecorated(exporter, definitions)) {
        return std::nullopt;
      }
    }
    return definitions;
  }

private:
  bool IsAtTop(uint32_t node) const { return tree_.KindOf(tree_.Parent(node)) == NodeKind::Module; }

  // `def f(x)` at the top, whose body is as above.
  bool IsExporter(uint32_t function) const {
    if (function == 0 || !IsAtTop(function) || (tree_.At(function).flags & kIsAsync) != 0) {
      return false;
    }
    const auto parameters = tree_.Parameters(function);
    if (parameters.size() != 1 || parameters[0].value != 0 ||
        parameters[0].kind != TreeParameter::Kind::Positional) {
      return false;
    }
    const llvm::StringRef thing = tree_.Text(parameters[0].name);
    auto body = tree_.Children(tree_.LastChild(function));
    if (!body.empty() && tree_.Is(body[0], NodeKind::ExpressionStatement) &&
        tree_.Is(tree_.Child(body[0], 0), NodeKind::String)) {
      body.erase(body.begin());
    }
    return body.size() == 2 && tree_.Is(body[0], NodeKind::ExpressionStatement) &&
           tree_.Is(body[1], NodeKind::ReturnStatement) &&
           tree_.Text(tree_.LastChild(body[1])) == thing &&
           IsAppend(tree_.Child(body[0], 0), thing);
  }

  // `__all__.append(thing.__name__)`
  bool IsAppend(uint32_t call, llvm::StringRef thing) const {
    if (!tree_.Is(call, NodeKind::Call) || tree_.Text(tree_.Child(call, 0)) != "__all__.append") {
      return false;
    }
    const auto arguments = tree_.Children(tree_.LastChild(call));
    return arguments.size() == 1 && tree_.Text(arguments[0]) == (thing + ".__name__").str();
  }

  // False where the name is bound twice, or used for anything but to decorate, alone, what stands
  // at the top.
  bool AddDecorated(uint32_t exporter, llvm::SmallVectorImpl<uint32_t> &definitions) const {
    const uint32_t scope = tree_.ScopeOf(exporter);
    const llvm::StringRef name = tree_.Text(tree_.Child(exporter, 0));
    const auto &bindings = tree_.Scope(scope).bindings;
    const auto bound = bindings.find(name);
    if (bound == bindings.end() || bound->second.size() != 1) {
      return false;
    }
    for (uint32_t use : tree_.UsesOf(scope, name)) {
      if (tree_.BindsHere(use)) {
        continue;
      }
      const uint32_t decorator = tree_.Parent(use);
      const uint32_t decorated = tree_.Parent(decorator);
      if (!tree_.Is(decorator, NodeKind::Decorator) || !IsAtTop(decorated) ||
          tree_.Children(decorated).size() != 2) {
        return false;
      }
      definitions.push_back(tree_.LastChild(decorated));
    }
    return true;
  }

  const SourceTree &tree_;
};

} // namespace

static bool IsAssignment(StatementKind kind) {
  return kind == StatementKind::Assign || kind == StatementKind::AnnAssign;
}

bool AddDecoratedExports(Resolver &resolver, ModuleId module, AllNames &all) {
  SourceTrees *trees = resolver.sources();
  const SourceTree *tree = trees != nullptr ? trees->Of(module) : nullptr;
  const auto definitions = tree != nullptr ? Reader(*tree).Read() : std::nullopt;
  if (!definitions) {
    return false;
  }
  const Project &project = resolver.project();
  const auto &statements = project.StatementsOf(module);
  uint32_t assigned = 0;
  for (uint32_t i : resolver.Log(module).all_ops) {
    if (IsAssignment(resolver.view().Of(statements[i]).kind)) {
      assigned = statements[i].head;
    }
  }
  for (uint32_t definition : *definitions) {
    const NameId name = project.scanned.names.Find(tree->Text(tree->Child(definition, 0)));
    if (!name.valid() || tree->At(definition).begin < assigned) {
      return false;
    }
    all.names.push_back(name);
  }
  return true;
}

} // namespace pydefrag
