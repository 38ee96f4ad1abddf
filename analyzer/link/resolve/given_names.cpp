#include "link/resolve/given_names.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

// Builtins that may write into what they are given, or run code that does.
bool MayWrite(llvm::StringRef builtin) {
  return llvm::StringSwitch<bool>(builtin)
      .Cases("setattr", "delattr", "vars", "globals", "locals", "exec", "eval", true)
      .Default(false);
}

// One class, as its source tells.
class Keeper {
public:
  Keeper(const SourceTree &tree, uint32_t node) : tree_(tree), node_(node) {}

  // Whether making an instance only stores the arguments, and no method writes into anything but
  // `self`.
  bool OnlyKeeps() const {
    return tree_.Decorators(node_).empty() && HasPlainBases() && Initialises() && WritesToSelf();
  }

private:
  // None, or `object`.
  bool HasPlainBases() const {
    const uint32_t bases = tree_.Child(node_, 1);
    return !tree_.Is(bases, NodeKind::ArgumentList) ||
           llvm::all_of(tree_.Children(bases),
                        [&](uint32_t base) { return tree_.Text(base) == "object"; });
  }

  // Its methods are known, and `__init__` has nothing but `self.name = argument`.
  bool Initialises() const {
    bool found = false;
    for (uint32_t each : tree_.Children(tree_.LastChild(node_))) {
      const llvm::StringRef name =
          tree_.Is(each, NodeKind::FunctionDefinition) ? tree_.Text(tree_.Child(each, 0)) : "";
      if (name == "__init__") {
        found = llvm::all_of(tree_.Children(tree_.LastChild(each)),
                             [&](uint32_t statement) { return Stores(statement); });
      } else if (name == "__new__" || name == "__getattribute__" || name == "__setattr__" ||
                 tree_.Is(each, NodeKind::DecoratedDefinition)) {
        return false;
      }
    }
    return found;
  }

  bool Stores(uint32_t statement) const {
    const uint32_t inner =
        tree_.Is(statement, NodeKind::ExpressionStatement) ? tree_.Child(statement, 0) : statement;
    if (tree_.Is(inner, NodeKind::String)) {
      return true;
    }
    const uint32_t target = tree_.Child(inner, 0);
    const uint32_t value = tree_.LastChild(inner);
    return tree_.Is(inner, NodeKind::Assignment) && tree_.Is(target, NodeKind::Attribute) &&
           tree_.Text(tree_.Child(target, 0)) == "self" &&
           (tree_.Is(value, NodeKind::Identifier) || tree_.Is(value, NodeKind::String) ||
            tree_.Is(value, NodeKind::None_));
  }

  bool WritesToSelf() const {
    for (uint32_t i = node_; i < tree_.At(node_).subtree_end; ++i) {
      const bool attribute = tree_.Is(i, NodeKind::Attribute);
      if (attribute && ((tree_.IsTarget(i) && tree_.Text(tree_.Child(i, 0)) != "self") ||
                        tree_.Text(tree_.LastChild(i)) == "__dict__")) {
        return false;
      }
      if (tree_.Is(i, NodeKind::Identifier) && MayWrite(tree_.Text(i))) {
        return false;
      }
    }
    return true;
  }

  const SourceTree &tree_;
  const uint32_t node_;
};

class Reader {
public:
  Reader(const Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  void ReadFile(FileId file) {
    const ModuleId module = project_.module_of_file[file];
    const auto &statements = project_.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size();) {
      const Statement &statement = view_.Of(statements[s]);
      s = statement.kind == StatementKind::Function || statement.kind == StatementKind::Class
              ? statements[s].end
              : s + 1;
      const ExprId call = view_.LastOperand(statement);
      const bool runs =
          statement.kind == StatementKind::Assign || statement.kind == StatementKind::Expression;
      const auto callee = runs ? view_.Callee(call) : std::nullopt;
      if (!callee || llvm::StringRef(*callee).contains_insensitive("logger")) {
        continue;
      }
      // Of a long call the arguments are left out.
      const bool unseen = statement.reduced && (statement.kind == StatementKind::Expression ||
                                                view_.Is(statement.first, ExprKind::Tuple));
      bool given = unseen;
      view_.Walk(call, [&](ExprId id) { given |= view_.IsName(id, "__name__"); });
      if (given && (unseen || !MakesKeeper(module, *callee))) {
        resolver_.OpenModule(module, "`" + *callee + "` gets the module's name", OpenedBy::Others);
      }
    }
  }

private:
  // Whether the callee is a class of another module that only keeps its arguments.
  bool MakesKeeper(ModuleId module, llvm::StringRef callee) {
    const auto &statements = project_.StatementsOf(module);
    ModuleId source;
    llvm::StringRef name;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const Statement &statement = view_.Of(statements[s]);
      for (ExprId alias : statement.kind == StatementKind::FromImport
                              ? view_.Operands(statement)
                              : llvm::SmallVector<ExprId, 8>()) {
        const ExprId as = view_.Child(alias);
        if (view_.Is(alias, ExprKind::Alias) && view_.TextOf(as.valid() ? as : alias) == callee) {
          if (source.valid() && source != resolver_.TargetOf(module, s).module) {
            return false;
          }
          source = resolver_.TargetOf(module, s).module;
          name = view_.TextOf(alias);
        }
      }
    }
    const SourceTree *tree = source.valid() && resolver_.sources() != nullptr
                                 ? resolver_.sources()->Of(source)
                                 : nullptr;
    if (tree == nullptr) {
      return false;
    }
    const uint32_t node = tree->ClassNamed(name);
    return node != 0 && Keeper(*tree, node).OnlyKeeps();
  }

  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
};

} // namespace

void OpenModulesGivenAway(const Project &project, Resolver &resolver) {
  Reader reader(project, resolver);
  for (size_t i = project.file_count; i < project.module_of_file.size(); ++i) {
    reader.ReadFile(FileId(i));
  }
}

} // namespace pydefrag
