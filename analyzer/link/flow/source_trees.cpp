// SourceTrees: files that are read again, and who imports from whom.
#include "link/flow/source_trees.h"

#include "base/parallel.h"
#include "link/flow/made_hooks.h"
#include "link/syntax_view.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <iterator>

namespace pydefrag {

// Larger files are not read again.
static constexpr size_t kMostBytes = 1u << 20;

size_t BehindLinesOf(const PlacedStatement &placed, llvm::StringRef text) {
  size_t end = placed.head;
  for (uint32_t line = placed.line; line <= placed.last_line && end < text.size(); ++line) {
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  }
  return end;
}

llvm::StringRef TextOfBlock(llvm::ArrayRef<PlacedStatement> statements,
                            const PlacedStatement &header, llvm::StringRef text) {
  return text.slice(header.head,
                    header.end < statements.size() ? statements[header.end].begin : text.size());
}

TreeFile TreeFileOf(const Project &project, ModuleId module) {
  const FileId file = project.modules[module].file;
  return {module, file, OnDisk(project.root, project.PathOf(file))};
}

std::unique_ptr<SourceTree> ReadSourceTree(const Disk &disk, const TreeFile &file) {
  const auto source = LoadSource(disk, file.path);
  if (!source || source->text().size() > kMostBytes) {
    return nullptr;
  }
  FlatTree tree;
  TreeParser().Parse(source->text(), TreeParser::Comments::Drop, tree);
  if (tree.has_error) {
    return nullptr;
  }
  return std::make_unique<SourceTree>(file.file, file.module, source->text().str(),
                                      std::move(tree));
}

std::unique_ptr<SourceTree> SourceTrees::ReadTree(ModuleId module) {
  if (!project_.modules[module].file.valid()) {
    return nullptr;
  }
  if (std::optional<std::unique_ptr<SourceTree>> read = reader_.Take(module)) {
    return std::move(*read);
  }
  return ReadSourceTree(disk_, TreeFileOf(project_, module));
}

void SourceTrees::Keep(std::vector<std::unique_ptr<SourceTree>> trees) {
  for (std::unique_ptr<SourceTree> &tree : trees) {
    const ModuleId module = tree->module;
    trees_.try_emplace(module, std::move(tree));
  }
}

void SourceTrees::Foresee(llvm::ArrayRef<ModuleId> modules) {
  std::vector<TreeFile> files;
  for (ModuleId module : modules) {
    if (project_.modules[module].file.valid() && !trees_.contains(module)) {
      files.push_back(TreeFileOf(project_, module));
    }
  }
  reader_.Foresee(std::move(files));
}

std::string SourceTrees::ReadText(ModuleId module) const {
  const FileId file = project_.modules[module].file;
  const auto source = file.valid() ? LoadSource(disk_, OnDisk(project_.root, project_.PathOf(file)))
                                   : std::optional<SourceText>();
  return source ? source->text().str() : "";
}

const SourceTree *SourceTrees::Of(ModuleId module) {
  const auto [it, inserted] = trees_.try_emplace(module);
  if (inserted) {
    it->second = ReadTree(module);
  }
  return it->second.get();
}

llvm::StringRef SourceTrees::TextOf(ModuleId module) {
  const auto [it, inserted] = texts_.try_emplace(module);
  if (inserted) {
    it->second = ReadText(module);
  }
  return it->second;
}

// Whether the module itself binds names that it computes: what a table says of a key may be one
// part of what becomes its value.
static bool BindsComputed(const SourceTree &tree) {
  const llvm::StringRef text = tree.Text(0);
  return llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"globals()[", "globals().", "vars()[",
                                                      "locals()[", "setattr(sys.modules"},
                      [&](llvm::StringRef writes) { return text.contains(writes); });
}

// Whether a string of the module's own code is an item of a list that stands under a key, or, if
// `keys` count, a key under which a string stands, or items of which the first is one.
static bool IsListedInTable(const SourceTree &tree, uint32_t node, bool keys) {
  if (!tree.Is(node, NodeKind::String) || tree.ScopeOf(node) != 0) {
    return false;
  }
  const auto is_items = [&](uint32_t of) {
    return tree.Is(of, NodeKind::List) || tree.Is(of, NodeKind::Tuple);
  };
  const uint32_t parent = tree.Parent(node);
  if (is_items(parent)) {
    const uint32_t pair = tree.Parent(parent);
    return tree.Is(pair, NodeKind::Pair) && tree.Child(pair, 1) == parent;
  }
  const uint32_t value = keys && tree.Is(parent, NodeKind::Pair) ? tree.Child(parent, 1) : 0;
  return value != node && tree.Is(is_items(value) ? tree.Child(value, 0) : value, NodeKind::String);
}

// Where the last word begins, with its dot, of a dotted text that is an item of a list which is
// an argument of this call: `relative_import(__name__, [".cart.Cart"])`; npos: anything else.
static size_t LastWordOfArgument(const SourceTree &tree, uint32_t node, uint32_t call) {
  const uint32_t list = tree.Is(node, NodeKind::String) ? tree.Parent(node) : 0;
  uint32_t above = tree.Parent(list);
  above = tree.Is(above, NodeKind::KeywordArgument) ? tree.Parent(above) : above;
  const bool given = (tree.Is(list, NodeKind::List) || tree.Is(list, NodeKind::Tuple)) &&
                     tree.Is(above, NodeKind::ArgumentList) && tree.Parent(above) == call;
  const size_t dot = given ? tree.PlainText(node).rfind('.') : llvm::StringRef::npos;
  return dot == 0 ? llvm::StringRef::npos : dot;
}

const SourceTrees::NodesByText &SourceTrees::TablesOf(ModuleId module) {
  std::unique_ptr<NodesByText> &listed = listed_in_tables_[module];
  if (!listed) { // one pass, however many names are asked for
    listed = std::make_unique<NodesByText>();
    llvm::SmallSetVector<ModuleId, 1> places = takes_tables_.lookup(module);
    places.insert(module);
    const bool keys = Of(module) != nullptr && !BindsComputed(*Of(module));
    for (ModuleId place : places) {
      const SourceTree *tree = Of(place);
      const uint32_t hook = tree != nullptr && place == module ? CallThatMakesHook(*tree) : 0;
      for (uint32_t i = 1; tree != nullptr && i < tree->size(); ++i) {
        if (IsListedInTable(*tree, i, keys) && !tree->PlainText(i).empty()) {
          (*listed)[tree->PlainText(i)].push_back({tree, i});
        } else if (const size_t dot =
                       hook != 0 ? LastWordOfArgument(*tree, i, hook) : llvm::StringRef::npos;
                   dot != llvm::StringRef::npos) {
          (*listed)[tree->PlainText(i).drop_front(dot)].push_back({tree, i});
        }
      }
    }
  }
  return *listed;
}

llvm::ArrayRef<TreeNode> SourceTrees::ListedInTables(ModuleId module, llvm::StringRef text) {
  const NodesByText &listed = TablesOf(module);
  const auto nodes = listed.find(text);
  return nodes == listed.end() ? llvm::ArrayRef<TreeNode>() : llvm::ArrayRef(nodes->second);
}

std::vector<llvm::StringRef> SourceTrees::TextsListed(ModuleId module) {
  const auto texts = TablesOf(module).keys();
  return {texts.begin(), texts.end()};
}

// Reads on all threads what the table does not have yet.
template <typename Table, typename Read>
static void ReadMissing(Table &table, llvm::ArrayRef<ModuleId> modules, unsigned jobs, Read read) {
  std::vector<ModuleId> missing;
  llvm::copy_if(modules, std::back_inserter(missing),
                [&](ModuleId module) { return !table.contains(module); });
  std::vector<typename Table::mapped_type> found(missing.size());
  ParallelFor(missing.size(), jobs, 1, [&](size_t i) { found[i] = read(missing[i]); });
  for (size_t i = 0; i < missing.size(); ++i) {
    table.try_emplace(missing[i], std::move(found[i]));
  }
}

void SourceTrees::ReadTrees(llvm::ArrayRef<ModuleId> modules) {
  ReadMissing(trees_, modules, jobs_, [&](ModuleId module) { return ReadTree(module); });
}

void SourceTrees::ReadTexts(llvm::ArrayRef<ModuleId> modules) {
  ReadMissing(texts_, modules, jobs_, [&](ModuleId module) { return ReadText(module); });
}

namespace {

// What the import statements of one file name.
struct NamedModules {
  std::vector<std::pair<ModuleId, uint32_t>> from; // and the statement
  std::vector<ModuleId> plain;
};

} // namespace

static NamedModules FindNamed(const Project &project, const ImportTargets &targets, FileId file) {
  const SyntaxView view(project.scanned);
  const auto &statements = project.scanned.facts[file].statements;
  NamedModules named;
  for (uint32_t s = 0; s < statements.size(); ++s) {
    const Statement &statement = view.Of(statements[s]);
    if (statement.kind == StatementKind::FromImport) {
      const ModuleId source = targets.Of(file, s).module;
      if (source.valid()) {
        named.from.push_back({source, s});
      }
    } else if (statement.kind == StatementKind::Import) {
      uint32_t number = 0;
      for (ExprId alias : view.Operands(statement)) {
        const ImportTarget &target = targets.Of(file, s, number++);
        const ModuleId last = view.Child(alias).valid() ? target.module : target.top;
        for (ModuleId at = target.module; at.valid(); at = project.modules[at].parent) {
          named.plain.push_back(at);
          if (at == last) {
            break;
          }
        }
      }
    }
  }
  return named;
}

void SourceTrees::NoteImports() {
  if (noted_imports_) {
    return;
  }
  noted_imports_ = true;
  std::vector<NamedModules> named(project_.module_of_file.size());
  ParallelFor(named.size(), jobs_, 32,
              [&](size_t f) { named[f] = FindNamed(project_, targets_, FileId(f)); });
  from_imports_.resize(project_.modules.size());
  plain_imports_.resize(project_.modules.size());
  for (size_t f = 0; f < named.size(); ++f) {
    const ModuleId importer = project_.module_of_file[FileId(f)];
    for (const auto &[source, statement] : named[f].from) {
      from_imports_[source].push_back({importer, statement});
    }
    for (ModuleId module : named[f].plain) {
      plain_imports_[module].push_back(importer);
    }
  }
}

llvm::ArrayRef<FromImport> SourceTrees::FromImportsOf(ModuleId module) {
  NoteImports();
  const bool known = static_cast<size_t>(module.index) < from_imports_.size();
  return known ? llvm::ArrayRef(from_imports_[module]) : llvm::ArrayRef<FromImport>();
}

std::vector<ModuleId> SourceTrees::UsersOf(ModuleId module) {
  NoteImports();
  const SyntaxView view(project_.scanned);
  std::vector<ModuleId> users;
  if (static_cast<size_t>(module.index) < plain_imports_.size()) {
    users = plain_imports_[module];
  }
  const ModuleId package = project_.modules[module].parent;
  const llvm::StringRef name = project_.Text(project_.modules[module].name).rsplit('.').second;
  for (const auto &[importer, s] :
       package.valid() ? FromImportsOf(package) : llvm::ArrayRef<FromImport>()) {
    const auto &statements = project_.StatementsOf(importer);
    if (llvm::any_of(view.Operands(view.Of(statements[s])),
                     [&](ExprId alias) { return view.TextOf(alias) == name; })) {
      users.push_back(importer);
    }
  }
  llvm::sort(users);
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

} // namespace pydefrag
