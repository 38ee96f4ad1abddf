#include "link/flow/finder_installs.h"

#include "base/identifier.h"
#include "base/parallel.h"

#include "llvm/ADT/STLExtras.h"

#include <atomic>

namespace pydefrag {

static constexpr llvm::StringLiteral kLists[] = {"meta_path", "path_hooks"};

namespace {

class InstallReader {
public:
  InstallReader(const Project &project, const SyntaxView &view, const StatementSigns &signs,
                FileTrees &trees, unsigned jobs)
      : project_(project), view_(view), signs_(signs), trees_(trees), jobs_(jobs) {}

  std::vector<FinderInstall> Read() {
    const std::vector<FileId> files = FilesThatInstall();
    trees_.ReadAll(files, jobs_);
    for (FileId file : files) {
      const ModuleId module = project_.module_of_file[file];
      const llvm::StringRef name = project_.Text(project_.modules[module].name);
      const llvm::StringRef last = LastPart(name); // "pip.__pip-runner__": only ever a script
      if (last != "__main__" && MayBeIdentifier(last)) {
        ReadFile(file);
      }
    }
    return std::move(installs_);
  }

private:
  std::vector<FileId> FilesThatInstall() const {
    std::vector<FileId> files;
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (signs_.IsIn(FileId(i), Sign::InstallsFinder)) {
        files.push_back(FileId(i));
      }
    }
    return files;
  }

  void ReadFile(FileId file) {
    const SourceTree *tree = trees_.Of(file);
    if (tree == nullptr) {
      installs_.push_back({file});
      return;
    }
    for (uint32_t node = 1; node < tree->size(); ++node) {
      if (tree->KindOf(node) == NodeKind::Identifier &&
          llvm::is_contained(kLists, tree->Text(node))) {
        ReadUse(*tree, node);
      }
    }
  }

  // One mention of a list: what is added to it.
  void ReadUse(const SourceTree &tree, uint32_t node) {
    uint32_t list = node;
    const uint32_t base = tree.Parent(node);
    if (tree.Is(base, NodeKind::Attribute) && node == tree.LastChild(base)) {
      list = base;
    }
    llvm::SmallVector<uint32_t, 2> added;
    const uint32_t above = tree.Parent(list);
    if (tree.Is(above, NodeKind::Attribute) && list == tree.Child(above, 0)) {
      const uint32_t call = tree.Parent(above);
      const llvm::StringRef method = tree.Text(tree.LastChild(above));
      if (!tree.Is(call, NodeKind::Call) || tree.Child(call, 0) != above) {
        return;
      }
      const uint32_t last = tree.LastChild(tree.LastChild(call));
      if (method == "append" || method == "insert") {
        added.push_back(last);
      } else if (method == "extend") {
        AddItems(tree, last, added);
      }
    } else {
      list = tree.Is(above, NodeKind::Subscript) ? above : list;
      const uint32_t statement = tree.Parent(list);
      const bool assigns = tree.Is(statement, NodeKind::Assignment) ||
                           tree.Is(statement, NodeKind::AugmentedAssignment);
      if (assigns && tree.Child(statement, 0) == list) {
        AddItems(tree, tree.LastChild(statement), added);
      }
    }
    if (added.empty() || !RunsAtImport(tree, node)) {
      return;
    }
    for (uint32_t each : added) {
      installs_.push_back({tree.file, &tree, each, node});
    }
  }

  // The items of the lists in an expression; other values put back what was there before.
  static void AddItems(const SourceTree &tree, uint32_t value,
                       llvm::SmallVectorImpl<uint32_t> &added) {
    if (tree.Is(value, NodeKind::List) || tree.Is(value, NodeKind::Tuple)) {
      llvm::append_range(added, tree.Children(value));
    } else if (tree.Is(value, NodeKind::BinaryOperator)) {
      for (uint32_t child : tree.Children(value)) {
        AddItems(tree, child, added);
      }
    }
  }

  static bool IsStatic(const SourceTree &tree, uint32_t method) {
    return llvm::any_of(tree.Decorators(method), [](llvm::StringRef decorator) {
      return decorator == "classmethod" || decorator == "staticmethod";
    });
  }

  // Whether an instance of the class is made, by its own file or outside of functions.
  bool IsMade(const SourceTree &tree, uint32_t owner) {
    const llvm::StringRef name = tree.Text(tree.Child(owner, 0));
    return IsCalled(name) || !tree.CallsOf(name).empty();
  }

  // Whether importing the module may come by the node: it stands at module level, or in a function
  // of a name that module-level code calls somewhere; a method, of a class with instances.
  bool RunsAtImport(const SourceTree &tree, uint32_t node) {
    bool runs = true;
    for (uint32_t at = node; at != 0; at = tree.Parent(at)) {
      const uint32_t above = tree.Parent(at);
      if (tree.Is(at, NodeKind::IfStatement)) {
        const llvm::StringRef condition = tree.Text(tree.Child(at, 0));
        if (condition.starts_with("__name__") && condition.contains("__main__")) {
          return false;
        }
      }
      if (!tree.Is(at, NodeKind::FunctionDefinition)) {
        continue;
      }
      const llvm::StringRef name = tree.Text(tree.Child(at, 0));
      const uint32_t owner = tree.Enclosing(above, NodeKind::ClassDefinition);
      const bool makes = owner != 0 && (name == "__init__" || name == "__new__");
      const bool has_self = owner == 0 || IsStatic(tree, at) || IsMade(tree, owner);
      runs = runs && has_self && (makes || IsCalled(name));
    }
    return runs;
  }

  // Whether a statement outside of functions calls something of that name, or decorates by it.
  bool IsCalled(llvm::StringRef name) {
    const NameId id = project_.scanned.names.Find(name);
    if (called_.empty()) {
      NoteCalls();
    }
    const auto i = static_cast<size_t>(id.index);
    return id.valid() && i < called_.size() && called_[i] != 0;
  }

  void NoteCalls() {
    const auto &statements = project_.scanned.syntax.statements;
    std::vector<std::atomic<char>> outside(statements.size());
    ParallelFor(project_.module_of_file.size(), jobs_, 64, [&](size_t i) {
      const auto &placed = project_.scanned.facts[FileId(i)].statements;
      for (uint32_t s = 0; s < placed.size();) {
        outside[static_cast<size_t>(placed[s].statement.index)].store(1, std::memory_order_relaxed);
        const bool function = view_.Of(placed[s]).kind == StatementKind::Function;
        s = function ? placed[s].end : s + 1;
      }
    });
    called_ = std::vector<std::atomic<char>>(project_.scanned.names.size());
    const auto note = [&](ExprId callee) {
      if (view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute)) {
        called_[static_cast<size_t>(view_.At(callee).text.index)].store(1,
                                                                        std::memory_order_relaxed);
      }
    };
    ParallelFor(statements.size(), jobs_, 4096, [&](size_t i) {
      const Statement &statement = statements[StatementId(i)];
      if (outside[i].load(std::memory_order_relaxed) == 0) {
        return;
      }
      const bool definition =
          statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
      for (ExprId at = definition ? statement.first : ExprId(); at.valid() && at != statement.bases;
           at = view_.Next(at)) {
        note(at);
      }
      view_.Walk(statement, [&](ExprId each) {
        if (view_.Is(each, ExprKind::Call)) {
          note(view_.Child(each));
        }
      });
    });
  }

  const Project &project_;
  const SyntaxView &view_;
  const StatementSigns &signs_;
  FileTrees &trees_;
  const unsigned jobs_;
  std::vector<std::atomic<char>> called_; // by NameId: by code outside of functions
  std::vector<FinderInstall> installs_;
};

} // namespace

std::vector<FinderInstall> FindFinderInstalls(const Project &project, const SyntaxView &view,
                                              const StatementSigns &signs, FileTrees &trees,
                                              unsigned jobs) {
  return InstallReader(project, view, signs, trees, jobs).Read();
}

} // namespace pydefrag
