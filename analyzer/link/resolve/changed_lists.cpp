#include "link/resolve/changed_lists.h"

#include "link/flow/source_trees.h"
#include "link/names/own_namespace.h"
#include "link/resolve/resolve.h"
#include "scan/words/mentions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

// What is called by this name, of whatever it is an attribute, only reads a list that it gets.
bool OnlyReadsArguments(llvm::StringRef called) {
  return llvm::StringSwitch<bool>(called)
      .Cases("len", "list", "tuple", "set", "sorted", "frozenset", "dict", true)
      .Cases("iter", "enumerate", "zip", "map", "filter", "reversed", "chain", true)
      .Cases("all", "any", "max", "min", "bool", "id", "type", "isinstance", true)
      .Cases("print", "repr", "str", "join", "fromkeys", "from_iterable", true)
      .Cases("union", "difference", "intersection", "issubset", "issuperset", true)
      .Cases("extend", "update", "append", true) // of another one
      .Default(false);
}

bool IsReadingMethod(llvm::StringRef method) {
  return llvm::StringSwitch<bool>(method)
      .Cases("index", "count", "copy", "sort", "reverse", true)
      .Cases("__len__", "__contains__", "__iter__", true)
      .Default(false);
}

// Reads the uses of one name of a module's top.
class Uses {
public:
  Uses(const SourceTree &tree, llvm::StringRef name)
      : tree_(tree), name_(name), is_all_(name == "__all__") {}

  bool MayChange(bool fixed) const {
    return llvm::any_of(tree_.NamesSaying(name_), [&](uint32_t use) {
      if (tree_.LookUp(use).value_or(0) != 0) {
        return false; // a local name
      }
      return tree_.BindsHere(use) ? !IsPlainBinding(use) : !fixed && !OnlyReads(use);
    });
  }

private:
  // What is assigned anew under a condition, in a loop or in a function nobody can tell. Statements
  // that assign `__all__` are read one by one, in functions as well (all_written_in_function).
  bool IsPlainBinding(uint32_t use) const {
    uint32_t statement = use;
    while (tree_.Parent(statement) != 0) {
      statement = tree_.Parent(statement);
      if (tree_.Is(statement, NodeKind::Block) ||
          tree_.Is(statement, NodeKind::AugmentedAssignment)) {
        return is_all_;
      }
    }
    return true;
  }

  bool OnlyReads(uint32_t use) const {
    uint32_t node = use;
    uint32_t above = tree_.Parent(node);
    while (tree_.Is(above, NodeKind::ParenthesizedExpression) ||
           tree_.Is(above, NodeKind::BooleanOperator) ||
           tree_.Is(above, NodeKind::ConditionalExpression)) {
      node = above;
      above = tree_.Parent(node);
    }
    switch (tree_.KindOf(above)) {
    case NodeKind::Attribute:
      return ReadsAttribute(above);
    case NodeKind::Subscript:
      return node != above + 1 || !tree_.IsTarget(above);
    case NodeKind::ArgumentList: {
      const uint32_t callee = tree_.Child(tree_.Parent(above), 0);
      return OnlyReadsArguments(tree_.Is(callee, NodeKind::Attribute)
                                    ? tree_.Text(tree_.LastChild(callee))
                                    : tree_.Text(callee));
    }
    case NodeKind::Assignment: { // `__all__ = names`
      const uint32_t target = tree_.Child(above, 0);
      return target != node && tree_.Text(target) == "__all__" && tree_.ScopeOf(above) == 0;
    }
    case NodeKind::AugmentedAssignment:
      return node != above + 1;
    case NodeKind::ComparisonOperator:
    case NodeKind::BinaryOperator:
    case NodeKind::NotOperator:
    case NodeKind::ForStatement:
    case NodeKind::ForInClause:
    case NodeKind::IfClause:
    case NodeKind::IfStatement:
    case NodeKind::ElifClause:
    case NodeKind::WhileStatement:
    case NodeKind::AssertStatement:
    case NodeKind::ExpressionStatement:
    case NodeKind::ReturnStatement:
    case NodeKind::GlobalStatement:
    case NodeKind::Interpolation:
    case NodeKind::ListSplat:
    case NodeKind::Lambda:
    case NodeKind::Yield:
      return true;
    default:
      return false;
    }
  }

  // `names.index(x)`; `__all__.append(x)` as a statement of its own is read, too.
  bool ReadsAttribute(uint32_t attribute) const {
    const uint32_t call = tree_.Parent(attribute);
    const bool operation = is_all_ && tree_.Is(call, NodeKind::Call) && call + 1 == attribute &&
                           tree_.Is(tree_.Parent(call), NodeKind::ExpressionStatement);
    return operation || IsReadingMethod(tree_.Text(tree_.LastChild(attribute)));
  }

  const SourceTree &tree_;
  llvm::StringRef name_;
  bool is_all_;
};

// The lines that speak of the name, with the headers around them: they say all that happens to it,
// for less than the whole file takes. Null when there is no text, or it does not parse.
std::unique_ptr<SourceTree> ReadMentions(Resolver &resolver, ModuleId module,
                                         llvm::StringRef name) {
  SourceTrees *trees = resolver.sources();
  const llvm::StringRef text = trees != nullptr ? trees->TextOf(module) : "";
  Excerpt excerpt = KeepMentions(text, [&](llvm::StringRef word) { return word == name; });
  FlatTree tree;
  TreeParser().Parse(excerpt.text, TreeParser::Comments::Drop, tree);
  if (text.empty() || tree.has_error) {
    return nullptr;
  }
  const FileId file = resolver.project().modules[module].file;
  return std::make_unique<SourceTree>(file, module, std::move(excerpt.text), std::move(tree));
}

} // namespace

bool MayChangeList(Resolver &resolver, ModuleId module, llvm::StringRef name, bool fixed) {
  // Many modules may ask for one list: the whole tree is kept.
  SourceTrees *trees = resolver.sources();
  const SourceTree *tree = trees != nullptr ? trees->Of(module) : nullptr;
  return tree == nullptr || Uses(*tree, name).MayChange(fixed);
}

bool MayChangeAll(Resolver &resolver, ModuleId module) {
  const SyntaxView &view = resolver.view();
  const Project &project = resolver.project();
  const auto &statements = project.StatementsOf(module);
  const std::vector<uint32_t> &operations = resolver.Log(module).all_ops;
  bool mentioned = false;
  for (uint32_t i = 0; i < statements.size() && !mentioned; ++i) {
    if (!std::binary_search(operations.begin(), operations.end(), i)) {
      view.WalkAll(view.Of(statements[i]),
                   [&](ExprId id) { mentioned |= view.IsName(id, "__all__"); });
    }
  }
  const auto tree = mentioned ? ReadMentions(resolver, module, "__all__") : nullptr;
  return mentioned && (!tree || Uses(*tree, "__all__").MayChange(false));
}

bool SpeaksOfOwnList(const Resolver &resolver, ModuleId module) {
  const SyntaxView &view = resolver.view();
  const Project &project = resolver.project();
  bool lists = false;
  bool own = false;
  for (const PlacedStatement &placed : project.StatementsOf(module)) {
    view.WalkAll(view.Of(placed), [&](ExprId id) {
      lists |= view.Is(id, ExprKind::Attribute) && view.TextOf(id) == "__all__";
      own |= IsOwnModule(view, id);
    });
  }
  return lists && own;
}

} // namespace pydefrag
