#include "link/flow/finder_installs.h"

#include "base/parallel.h"

#include "llvm/ADT/STLExtras.h"

#include <atomic>

namespace pydefrag {

static constexpr llvm::StringLiteral kLists[] = {"meta_path", "path_hooks"};

std::unique_ptr<SourceTree> FileTrees::Read(FileId file) const {
  return ReadSourceTree(project_, disk_, file, project_.module_of_file[file]);
}

const SourceTree *FileTrees::Of(FileId file) {
  auto [it, inserted] = trees_.try_emplace(file);
  if (inserted) {
    it->second = Read(file);
  }
  return it->second.get();
}

void FileTrees::ReadAll(llvm::ArrayRef<FileId> files, unsigned jobs) {
  std::vector<std::unique_ptr<SourceTree>> read(files.size());
  ParallelFor(files.size(), jobs, 1, [&](size_t i) { read[i] = Read(files[i]); });
  for (size_t i = 0; i < files.size(); ++i) {
    trees_[files[i]] = std::move(read[i]);
  }
}

namespace {

class InstallReader {
public:
  InstallReader(const Project &project, const SyntaxView &view, FileTrees &trees, unsigned jobs)
      : project_(project), view_(view), trees_(trees), jobs_(jobs) {}

  std::vector<FinderInstall> Read() {
    const std::vector<FileId> files = FilesThatInstall();
    trees_.ReadAll(files, jobs_);
    for (FileId file : files) {
      const ModuleId module = project_.module_of_file[file];
      const llvm::StringRef name = project_.Text(project_.modules[module].name);
      if (name != "__main__" && !name.ends_with(".__main__")) {
        ReadFile(file);
      }
    }
    return std::move(installs_);
  }

private:
  // `sys.meta_path`, `meta_path`, `sys.meta_path[0:0]`
  bool IsList(ExprId id) const {
    id = view_.Is(id, ExprKind::Subscript) ? view_.Child(id) : id;
    return (view_.Is(id, ExprKind::Name) || view_.Is(id, ExprKind::Attribute)) &&
           llvm::is_contained(kLists, view_.TextOf(id));
  }

  bool Installs(const Statement &statement) const {
    switch (statement.kind) {
    case StatementKind::Expression: {
      const ExprId method =
          view_.Is(statement.first, ExprKind::Call) ? view_.Child(statement.first) : ExprId();
      return view_.Is(method, ExprKind::Attribute) && IsList(view_.Child(method));
    }
    case StatementKind::Assign:
    case StatementKind::AugAssign:
      return statement.first.valid() && IsList(statement.first);
    default:
      return false;
    }
  }

  std::vector<FileId> FilesThatInstall() const {
    std::vector<FileId> files;
    const auto known = [&](llvm::StringRef name) {
      return project_.scanned.names.Find(name).valid();
    };
    if (llvm::none_of(kLists, known)) {
      return files;
    }
    const auto &statements = project_.scanned.syntax.statements;
    std::vector<char> installs(statements.size());
    ParallelFor(statements.size(), jobs_, 4096,
                [&](size_t i) { installs[i] = Installs(statements[StatementId(i)]); });
    if (llvm::none_of(installs, [](char each) { return each != 0; })) {
      return files;
    }
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      const auto &placed = project_.scanned.facts[FileId(i)].statements;
      if (llvm::any_of(placed, [&](const PlacedStatement &each) {
            return installs[static_cast<size_t>(each.statement.index)] != 0;
          })) {
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
    std::vector<char> outside(statements.size());
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      const auto &placed = project_.scanned.facts[FileId(i)].statements;
      for (uint32_t s = 0; s < placed.size();) {
        outside[static_cast<size_t>(placed[s].statement.index)] = 1;
        const bool function = view_.Of(placed[s]).kind == StatementKind::Function;
        s = function ? placed[s].end : s + 1;
      }
    }
    called_ = std::vector<std::atomic<char>>(project_.scanned.names.size());
    const auto note = [&](ExprId callee) {
      if (view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute)) {
        called_[static_cast<size_t>(view_.At(callee).text.index)].store(1,
                                                                        std::memory_order_relaxed);
      }
    };
    ParallelFor(statements.size(), jobs_, 4096, [&](size_t i) {
      const Statement &statement = statements[StatementId(i)];
      if (outside[i] == 0) {
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
  FileTrees &trees_;
  const unsigned jobs_;
  std::vector<std::atomic<char>> called_; // by NameId: by code outside of functions
  std::vector<FinderInstall> installs_;
};

} // namespace

std::vector<FinderInstall> FindFinderInstalls(const Project &project, const SyntaxView &view,
                                              FileTrees &trees, unsigned jobs) {
  return InstallReader(project, view, trees, jobs).Read();
}

} // namespace pydefrag
