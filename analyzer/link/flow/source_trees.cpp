// SourceTrees: files that are read again, and who imports from whom.
#include "link/flow/source_trees.h"

#include "link/syntax_view.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

// Larger files are not read again.
static constexpr size_t kMostBytes = 1u << 20;

std::string DiskPathOf(const Project &project, FileId file) {
  const std::string path = project.PathOf(file).str();
  // Files of an environment have whole paths.
  const bool below = !project.root.empty() && !llvm::sys::path::is_absolute(path);
  return below ? project.root + "/" + path : path;
}

std::unique_ptr<SourceTree> ReadSourceTree(const Project &project, const Disk &disk, FileId file,
                                           ModuleId module) {
  const auto source = LoadSource(disk, DiskPathOf(project, file));
  if (!source || source->text().size() > kMostBytes) {
    return nullptr;
  }
  FlatTree tree;
  TreeParser().Parse(source->text(), TreeParser::Comments::Drop, tree);
  return tree.has_error
             ? nullptr
             : std::make_unique<SourceTree>(file, module, source->text().str(), std::move(tree));
}

const SourceTree *SourceTrees::Of(ModuleId module) {
  auto [it, inserted] = trees_.try_emplace(module);
  const FileId file = project_.modules[module].file;
  if (inserted && file.valid()) {
    it->second = ReadSourceTree(project_, disk_, file, module);
  }
  return it->second.get();
}

llvm::StringRef SourceTrees::TextOf(ModuleId module) {
  const auto [it, inserted] = texts_.try_emplace(module);
  if (inserted && project_.modules[module].file.valid()) {
    const auto source = LoadSource(disk_, DiskPathOf(project_, project_.modules[module].file));
    it->second = source ? source->text().str() : "";
  }
  return it->second;
}

void SourceTrees::NoteImports() {
  const SyntaxView view(project_.scanned);
  for (size_t f = 0; f < project_.module_of_file.size() && !noted_imports_; ++f) {
    const FileId file(f);
    const ModuleId importer = project_.module_of_file[file];
    const auto &statements = project_.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const Statement &statement = view.Of(statements[s]);
      if (statement.kind == StatementKind::FromImport) {
        const ModuleId source = targets_.Of(file, s).module;
        if (source.valid()) {
          from_imports_[source].push_back({importer, s});
        }
      } else if (statement.kind == StatementKind::Import) {
        uint32_t number = 0;
        for (ExprId alias : view.Operands(statement)) {
          const ImportTarget &target = targets_.Of(file, s, number++);
          const ModuleId last = view.Child(alias).valid() ? target.module : target.top;
          for (ModuleId at = target.module; at.valid(); at = project_.modules[at].parent) {
            plain_imports_[at].push_back(importer);
            if (at == last) {
              break;
            }
          }
        }
      }
    }
  }
  noted_imports_ = true;
}

llvm::ArrayRef<FromImport> SourceTrees::FromImportsOf(ModuleId module) {
  NoteImports();
  return from_imports_[module];
}

std::vector<ModuleId> SourceTrees::UsersOf(ModuleId module) {
  NoteImports();
  const SyntaxView view(project_.scanned);
  std::vector<ModuleId> users = plain_imports_.lookup(module);
  const ModuleId package = project_.modules[module].parent;
  const llvm::StringRef name = project_.Text(project_.modules[module].name).rsplit('.').second;
  for (const auto &[importer, s] :
       package.valid() ? FromImportsOf(package) : llvm::ArrayRef<FromImport>()) {
    const auto &statements = project_.scanned.facts[project_.modules[importer].file].statements;
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
