// SourceTrees: files that are read again, and who imports from whom.
#include "link/flow/source_trees.h"

#include "link/syntax_view.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

// Larger files are not read again.
static constexpr size_t kMostBytes = 1u << 20;

std::string SourceTrees::DiskPath(FileId file) const {
  const std::string path = project_.PathOf(file).str();
  // Files of an environment have whole paths.
  const bool below = !project_.root.empty() && !llvm::sys::path::is_absolute(path);
  return below ? project_.root + "/" + path : path;
}

std::optional<SourceText> SourceTrees::Load(ModuleId module) const {
  return LoadSource(disk_, DiskPath(project_.modules[module].file));
}

const SourceTree *SourceTrees::Of(ModuleId module) {
  auto [it, inserted] = trees_.try_emplace(module);
  const FileId file = project_.modules[module].file;
  if (!inserted || !file.valid()) {
    return it->second.get();
  }
  const auto source = Load(module);
  if (!source || source->text().size() > kMostBytes) {
    return nullptr;
  }
  FlatTree tree;
  TreeParser().Parse(source->text(), TreeParser::Comments::Drop, tree);
  if (!tree.has_error) {
    it->second = std::make_unique<SourceTree>(file, module, source->text().str(), std::move(tree));
  }
  return it->second.get();
}

llvm::StringRef SourceTrees::TextOf(ModuleId module) {
  const auto [it, inserted] = texts_.try_emplace(module);
  if (inserted && project_.modules[module].file.valid()) {
    const auto source = Load(module);
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
