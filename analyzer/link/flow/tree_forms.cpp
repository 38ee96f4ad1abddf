#include "link/flow/tree_forms.h"

#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// What the only binding of an identifier imports; empty: something else binds it.
static std::string ImportedBy(const SourceTree &tree, uint32_t identifier) {
  const auto scope = tree.LookUp(identifier);
  if (!scope) {
    return "";
  }
  const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(identifier))->second;
  const uint32_t binding = bound.size() == 1 ? bound.front() : 0;
  if (binding == 0) {
    return "";
  }
  uint32_t alias = tree.Parent(binding);
  const bool named = tree.Is(alias, NodeKind::AliasedImport);
  const uint32_t dotted = named ? tree.Child(alias, 0) : alias;
  if (!tree.Is(dotted, NodeKind::DottedName)) {
    return "";
  }
  alias = named ? alias : dotted;
  const uint32_t import = tree.Parent(alias);
  if (tree.Is(import, NodeKind::ImportStatement)) {
    return (named ? tree.Text(dotted) : tree.Text(binding)).str();
  }
  const uint32_t source =
      tree.Is(import, NodeKind::ImportFromStatement) ? tree.Child(import, 0) : 0;
  return tree.Is(source, NodeKind::DottedName) && source != alias
             ? (tree.Text(source) + "." + tree.Text(dotted)).str()
             : "";
}

std::string StandardName(const Project &project, const SourceTree &tree, uint32_t node) {
  std::string behind;
  while (tree.Is(node, NodeKind::Attribute)) {
    behind = ("." + tree.Text(tree.LastChild(node))).str() + behind;
    node = tree.Child(node, 0);
  }
  const std::string name = tree.Is(node, NodeKind::Identifier) ? ImportedBy(tree, node) : "";
  const ModuleId module =
      name.empty() ? ModuleId() : project.FindModule(llvm::StringRef(name).split('.').first);
  const bool others = module.valid() && project.modules[module].kind != ModuleKind::Stdlib;
  return name.empty() || others ? "" : name + behind;
}

bool IsBuiltin(const SourceTree &tree, uint32_t node, llvm::StringRef name) {
  return tree.Is(node, NodeKind::Identifier) && tree.Text(node) == name && !tree.LookUp(node);
}

bool OnlyReadsName(llvm::StringRef standard_name) {
  return llvm::StringSwitch<bool>(standard_name)
      .Cases("logging.getLogger", "pkgutil.extend_path", "pkgutil.get_data", true)
      .Cases("importlib.resources.files", "importlib.metadata.version", true)
      .Default(false);
}

llvm::SmallVector<uint32_t, 8> StatementsIn(const SourceTree &tree, uint32_t block) {
  llvm::SmallVector<uint32_t, 8> statements = tree.Children(block);
  for (uint32_t &each : statements) {
    each = tree.Is(each, NodeKind::ExpressionStatement) ? tree.Child(each, 0) : each;
  }
  if (!statements.empty() && tree.Is(statements.front(), NodeKind::String)) {
    statements.erase(statements.begin());
  }
  return statements;
}

bool IsPlainName(llvm::StringRef name) {
  return !name.empty() &&
         llvm::StringSwitch<bool>(name)
             .Cases("__all__", "__annotations__", "__builtins__", "__cached__", "__class__", false)
             .Cases("__delattr__", "__dict__", "__dir__", "__file__", "__getattr__", false)
             .Cases("__getattribute__", "__loader__", "__name__", "__package__", "__path__", false)
             .Cases("__setattr__", "__spec__", false)
             .Default(true);
}

// A text that is written down, or a name that stands for one and nothing else.
static bool IsWritten(const SourceTree &tree, uint32_t node) {
  if (tree.Is(node, NodeKind::ParenthesizedExpression)) {
    node = tree.Child(node, 0);
  }
  const auto scope =
      tree.Is(node, NodeKind::Identifier) ? tree.LookUp(node) : std::optional<uint32_t>();
  if (scope) {
    const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(node))->second;
    const uint32_t assignment = bound.size() == 1 ? tree.Parent(bound.front()) : 0;
    node = tree.Is(assignment, NodeKind::Assignment) && tree.Child(assignment, 0) == bound.front()
               ? tree.LastChild(assignment)
               : 0;
  }
  return tree.Is(node, NodeKind::String) || tree.Is(node, NodeKind::ConcatenatedString);
}

uint32_t TextMadeOf(const SourceTree &tree, uint32_t node) {
  uint32_t above = tree.Parent(node);
  if (tree.Is(above, NodeKind::Interpolation)) {
    const uint32_t text = tree.Parent(above);
    const uint32_t joined = tree.Parent(text);
    return tree.Is(joined, NodeKind::ConcatenatedString) ? joined
           : tree.Is(text, NodeKind::String)             ? text
                                                         : 0;
  }
  above = tree.Is(above, NodeKind::KeywordArgument) ? tree.Parent(above) : above;
  if (tree.Is(above, NodeKind::ArgumentList)) {
    const uint32_t call = tree.Parent(above);
    const uint32_t callee = tree.Child(call, 0);
    const bool formats = tree.Is(call, NodeKind::Call) && tree.Is(callee, NodeKind::Attribute) &&
                         tree.Text(tree.LastChild(callee)) == "format" &&
                         IsWritten(tree, tree.Child(callee, 0));
    return formats ? call : 0;
  }
  const uint32_t right = tree.Is(above, NodeKind::Tuple) ? above : node;
  above = tree.Parent(right);
  const bool formats = tree.Is(above, NodeKind::BinaryOperator) && tree.LastChild(above) == right &&
                       tree.Is(tree.Child(above, 1), NodeKind::TokenPercent) &&
                       IsWritten(tree, tree.Child(above, 0));
  return formats ? above : 0;
}

static bool IsException(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("AttributeError", "ImportError", "KeyError", "LookupError", "NameError", true)
      .Cases("RuntimeError", "TypeError", "ValueError", true)
      .Default(false);
}

bool IsOnlyShown(const Project &project, const SourceTree &tree, uint32_t text) {
  uint32_t list = tree.Parent(text);
  list = tree.Is(list, NodeKind::KeywordArgument) ? tree.Parent(list) : list;
  const uint32_t call = tree.Is(list, NodeKind::ArgumentList) ? tree.Parent(list) : 0;
  if (!tree.Is(call, NodeKind::Call)) {
    return false;
  }
  const uint32_t callee = tree.Child(call, 0);
  const bool raised = tree.Is(tree.Parent(call), NodeKind::RaiseStatement) &&
                      IsException(tree.Text(callee)) && IsBuiltin(tree, callee, tree.Text(callee));
  return raised || StandardName(project, tree, callee) == "warnings.warn";
}

bool IsAsked(const SourceTree &tree, uint32_t table, llvm::StringRef name) {
  const uint32_t above = tree.Parent(table);
  const auto is_name = [&](uint32_t node) {
    return tree.Is(node, NodeKind::Identifier) && tree.Text(node) == name;
  };
  switch (tree.KindOf(above)) {
  case NodeKind::ComparisonOperator: {
    const NodeKind op = tree.KindOf(tree.Child(above, 1));
    return (op == NodeKind::TokenIn || op == NodeKind::TokenNotIn) &&
           tree.Child(above, 2) == table && tree.LastChild(above) == table &&
           is_name(tree.Child(above, 0));
  }
  case NodeKind::Subscript:
    return tree.Child(above, 0) == table && !tree.IsTarget(above) && is_name(tree.Child(above, 1));
  case NodeKind::Attribute: {
    const uint32_t call = tree.Parent(above);
    return tree.Text(tree.LastChild(above)) == "get" && tree.Is(call, NodeKind::Call) &&
           tree.Child(call, 0) == above && is_name(tree.Child(tree.LastChild(call), 0));
  }
  default:
    return false;
  }
}

bool IsPlainFunction(const SourceTree &tree, uint32_t function) {
  if (!tree.Is(function, NodeKind::FunctionDefinition) ||
      tree.Is(tree.Parent(function), NodeKind::DecoratedDefinition) ||
      (tree.At(function).flags & kIsAsync) != 0) {
    return false;
  }
  for (uint32_t i = function; i < tree.At(function).subtree_end; ++i) {
    if (tree.Is(i, NodeKind::Yield) || tree.Is(i, NodeKind::Await)) {
      return false;
    }
  }
  return true;
}

llvm::SmallVector<uint32_t, 8> UsesBelow(const SourceTree &tree, uint32_t node, uint32_t scope,
                                         llvm::StringRef name) {
  llvm::SmallVector<uint32_t, 8> uses;
  for (uint32_t i = node; i < tree.At(node).subtree_end; ++i) {
    if (!tree.Is(i, NodeKind::Identifier) || tree.Text(i) != name) {
      continue;
    }
    const uint32_t above = tree.Parent(i);
    const bool attribute = tree.Is(above, NodeKind::Attribute) && i != above + 1;
    const bool keyword = tree.Is(above, NodeKind::KeywordArgument) && i == above + 1;
    if (!attribute && !keyword && tree.LookUp(i) == scope) {
      uses.push_back(i);
    }
  }
  return uses;
}

bool HasStar(const SourceTree &tree) {
  for (uint32_t i = 1; i < tree.size(); ++i) {
    if (tree.Is(i, NodeKind::WildcardImport)) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
