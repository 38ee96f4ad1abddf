#include "link/resolve/reexports.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

class Reader {
public:
  Reader(const SourceTree &tree, uint32_t function)
      : tree_(tree), function_(function), scope_(tree.ScopeMadeBy(function)) {}

  std::optional<Reexport> Read() {
    const auto parameters = tree_.Parameters(function_);
    const bool plain =
        !parameters.empty() && parameters[0].kind == TreeParameter::Kind::Positional &&
        tree_.Decorators(function_).empty() && (tree_.At(function_).flags & kIsAsync) == 0;
    if (!plain || !IsBoundOnce(tree_.Text(parameters[0].name))) {
      return std::nullopt;
    }
    module_ = tree_.Text(parameters[0].name);
    for (uint32_t each : tree_.Children(tree_.LastChild(function_))) {
      if (tree_.Is(each, NodeKind::ForStatement) && ReadLoop(each)) {
        return found_;
      }
      if (MayLeave(each)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

private:
  bool IsBoundOnce(llvm::StringRef name) const {
    const auto bound = tree_.Scope(scope_).bindings.find(name);
    return bound != tree_.Scope(scope_).bindings.end() && bound->second.size() == 1;
  }

  // What the only assignment of the local name gives it; 0: there is another, or none.
  uint32_t ValueOf(llvm::StringRef name) const {
    const uint32_t assignment =
        IsBoundOnce(name) ? tree_.Parent(tree_.Scope(scope_).bindings.find(name)->second.front())
                          : 0;
    return tree_.Is(assignment, NodeKind::Assignment) ? tree_.LastChild(assignment) : 0;
  }

  // Whether what stands behind the statement may not be reached.
  bool MayLeave(uint32_t statement) const {
    for (uint32_t i = statement; i < tree_.At(statement).subtree_end; ++i) {
      switch (tree_.KindOf(i)) {
      case NodeKind::ReturnStatement:
      case NodeKind::RaiseStatement:
      case NodeKind::ContinueStatement:
      case NodeKind::BreakStatement:
      case NodeKind::Yield:
        return true;
      default:
        break;
      }
    }
    return false;
  }

  // for key in module.__all__:
  bool ReadLoop(uint32_t loop) {
    const uint32_t target = tree_.Child(loop, 0);
    const uint32_t listed = tree_.Iterable(loop);
    if (!tree_.Is(target, NodeKind::Identifier) || !IsBoundOnce(tree_.Text(target)) ||
        !tree_.Is(listed, NodeKind::Attribute) || tree_.Text(tree_.Child(listed, 0)) != module_ ||
        tree_.Text(tree_.LastChild(listed)) != "__all__") {
      return false;
    }
    key_ = tree_.Text(target);
    for (uint32_t part : tree_.Children(loop)) {
      if (tree_.Is(part, NodeKind::Block)) {
        return ReadBody(part, true);
      }
    }
    return false;
  }

  bool ReadBody(uint32_t block, bool always) {
    for (uint32_t each : tree_.Children(block)) {
      if (CopiesKey(tree_.Is(each, NodeKind::ExpressionStatement) ? tree_.Child(each, 0) : 0)) {
        found_.all = always;
        return true;
      }
      const uint32_t condition = tree_.Is(each, NodeKind::IfStatement) ? tree_.Child(each, 0) : 0;
      if (condition != 0 && ReadBody(tree_.Child(each, 1), false)) {
        found_.base_name = always && tree_.Children(each).size() == 2 ? BaseAsked(condition) : "";
        return true;
      }
      always &= !MayLeave(each);
    }
    return false;
  }

  // `globals()[key] = getattr(module, key)`, `setattr(sys.modules[__name__], key, ...)`
  bool CopiesKey(uint32_t node) const {
    if (tree_.Is(node, NodeKind::Assignment)) {
      const uint32_t target = tree_.Child(node, 0);
      return tree_.Is(target, NodeKind::Subscript) &&
             tree_.Text(tree_.Child(target, 0)) == "globals()" &&
             tree_.Text(tree_.Child(target, 1)) == key_ && IsValueOfKey(tree_.LastChild(node));
    }
    const bool sets =
        tree_.Is(node, NodeKind::Call) && tree_.Text(tree_.Child(node, 0)) == "setattr";
    const auto arguments =
        sets ? tree_.Children(tree_.LastChild(node)) : llvm::SmallVector<uint32_t, 8>();
    return arguments.size() == 3 && IsOwnModule(arguments[0]) && tree_.Text(arguments[1]) == key_ &&
           IsValueOfKey(arguments[2]);
  }

  bool IsOwnModule(uint32_t node) const {
    const uint32_t value = tree_.Is(node, NodeKind::Identifier) ? ValueOf(tree_.Text(node)) : node;
    return value != 0 && tree_.Text(value) == "sys.modules[__name__]";
  }

  // `getattr(module, key)`, or a name that has been given it.
  bool IsValueOfKey(uint32_t node) const {
    const uint32_t value = tree_.Is(node, NodeKind::Identifier) ? ValueOf(tree_.Text(node)) : node;
    if (!tree_.Is(value, NodeKind::Call) || tree_.Text(tree_.Child(value, 0)) != "getattr") {
      return false;
    }
    const auto arguments = tree_.Children(tree_.LastChild(value));
    return arguments.size() == 2 && tree_.Text(arguments[0]) == module_ &&
           tree_.Text(arguments[1]) == key_;
  }

  // issubclass(value, Base)
  llvm::StringRef BaseAsked(uint32_t condition) const {
    const bool asks = tree_.Is(condition, NodeKind::Call) &&
                      tree_.Text(tree_.Child(condition, 0)) == "issubclass";
    const auto arguments =
        asks ? tree_.Children(tree_.LastChild(condition)) : llvm::SmallVector<uint32_t, 8>();
    return arguments.size() == 2 && IsValueOfKey(arguments[0]) &&
                   tree_.Is(arguments[1], NodeKind::Identifier) && tree_.LookUp(arguments[1]) == 0
               ? tree_.Text(arguments[1])
               : "";
  }

  const SourceTree &tree_;
  const uint32_t function_;
  const uint32_t scope_;
  llvm::StringRef module_; // the parameter
  llvm::StringRef key_;
  Reexport found_;
};

} // namespace

std::optional<Reexport> FindReexport(const SourceTree &tree, llvm::StringRef function) {
  const auto bound = tree.Scope(0).bindings.find(function);
  const uint32_t definition = bound != tree.Scope(0).bindings.end() && bound->second.size() == 1
                                  ? tree.Parent(bound->second.front())
                                  : 0;
  return tree.Is(definition, NodeKind::FunctionDefinition) ? Reader(tree, definition).Read()
                                                           : std::nullopt;
}

} // namespace pydefrag
