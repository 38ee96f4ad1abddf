// ModuleTable: where a file's own imports look first: its project's roots, and the folders beside
// it.
#include "link/modules/module_table.h"
#include "source/paths.h"
#include "source/test_files.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// The roots of the project that the file stands in, nearest first: two projects below one folder
// may each have their `tests`. Empty when there is one project.
llvm::SmallVector<DirId, 8> ModuleTable::OwnRoots(FileId importer) const {
  llvm::SmallVector<DirId, 8> own;
  if (!importer.valid()) {
    return own;
  }
  const llvm::StringRef path = project_.PathOf(importer);
  auto holds = [](llvm::StringRef folder, llvm::StringRef path) {
    return !folder.empty() && path.consume_front(folder) && path.starts_with("/");
  };
  llvm::SmallVector<const SourceRoot *, 4> around;
  for (const SourceRoot &root : roots_.roots) {
    if (!IsWeak(root) && holds(root.path, path)) {
      around.push_back(&root);
    }
  }
  llvm::stable_sort(around, [](const SourceRoot *a, const SourceRoot *b) {
    return a->path.size() > b->path.size();
  });
  for (const SourceRoot *root : around) {
    own.push_back(tree_.FindDirectory(root->path));
  }
  for (const SourceRoot &root : roots_.roots) {
    if (!around.empty() && holds(around.back()->path, root.path)) {
      own.push_back(tree_.FindDirectory(root.path));
    }
  }
  return own;
}

bool ModuleTable::IsOfAnotherProject(ModuleId module, FileId importer) const {
  const llvm::SmallVector<DirId, 8> own = OwnRoots(importer);
  const FileId file = project_.modules[module].file;
  return !own.empty() && file.valid() && llvm::none_of(own, [&](DirId dir) {
    llvm::StringRef path = project_.PathOf(file);
    return path.consume_front(tree_.Path(dir)) && path.starts_with("/");
  });
}

// What `python dir/file.py` and pytest's prepend mode add: the file's own folder, and the first
// folder above it that is no package.
ModuleId ModuleTable::FindBesideImporter(NameId name, FileId importer) {
  if (!importer.valid()) {
    return ModuleId();
  }
  llvm::SmallVector<DirId, 2> dirs;
  const auto [own, base] = FoldersBeside(importer);
  // A file of a package, though it may be started, means what the project depends on.
  const bool depends = std::binary_search(roots_.dependencies.begin(), roots_.dependencies.end(),
                                          project_.Text(name).lower());
  for (DirId dir : {own, base}) {
    if (dir.valid() && !(depends && tree_.IsRegularPackage(dir))) {
      dirs.push_back(dir);
    }
  }
  ModuleId found = SearchIn(dirs, name, ModuleId(), false);
  // A neighbour in the package that starts with `from .` is of no use to a script beside it.
  if (found.valid() && own.valid() && tree_.IsRegularPackage(own) &&
      project_.modules[found].kind == ModuleKind::Module &&
      FolderOf(project_.PathOf(project_.modules[found].file)) == tree_.Path(own) &&
      ImportsRelatively(project_.modules[found].file)) {
    dirs.erase(dirs.begin());
    found = SearchIn(dirs, name, ModuleId(), false);
  }
  // A file that imports its own name means another module, unless it is found by a root.
  return found.valid() && project_.modules[found].file == importer ? ModuleId() : found;
}

uint64_t ModuleTable::BesideKey(FileId importer) {
  const auto [own, base] = FoldersBeside(importer);
  return (static_cast<uint64_t>(static_cast<uint32_t>(own.index)) << 32) |
         static_cast<uint32_t>(base.index);
}

// `from . import x` at module level: `python dir/file.py` gets no further, unless it says which
// package it means (PEP 366).
bool ModuleTable::ImportsRelatively(FileId file) const {
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  bool relative = false;
  for (uint32_t i = 0; i < statements.size() && !relative; i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    relative = statement.kind == StatementKind::FromImport && statement.level > 0;
  }
  return relative && llvm::none_of(statements, [&](const PlacedStatement &each) {
           const Statement &statement = view_.Of(each);
           return statement.kind == StatementKind::Assign &&
                  view_.IsName(statement.first, "__package__");
         });
}

std::pair<DirId, DirId> ModuleTable::FoldersBeside(FileId importer) const {
  const llvm::StringRef path = project_.PathOf(importer);
  const DirId own = tree_.FindDirectory(FolderOf(path));
  const ModuleFacts &facts = project_.scanned.facts[importer];
  const bool starts = !tree_.IsRegularPackage(own) ||
                      ((facts.has_main_guard || facts.has_shebang) && !ImportsRelatively(importer));
  const DirId base = tree_.BaseOf(own);
  // Nobody starts a program in a folder of nothing but packages, as a part of a namespace is.
  const bool on_path = base.valid() && (tree_.HasOwnModules(base) || IsTestFileName(path));
  return {starts ? own : DirId(), on_path && !(starts && base == own) ? base : DirId()};
}

// Whether a script's own folder holds a bare folder that leads to the module. Another root's module
// of the name comes first only where both are on the path.
bool ModuleTable::IsInFolderBeside(llvm::ArrayRef<llvm::StringRef> parts, FileId importer) const {
  DirId at = importer.valid() ? FoldersBeside(importer).first : DirId();
  for (size_t i = 0; i < parts.size() && at.valid(); ++i) {
    const NameId name = project_.scanned.names.Find(parts[i]);
    if (!name.valid()) {
      return false;
    }
    const DirId sub = tree_.SubDirectory(at, name);
    const ModuleCandidates *file = tree_.Find(at, name);
    const bool module = file && file->source.valid();
    if (i == 0 && (module || (sub.valid() && tree_.IsRegularPackage(sub)))) {
      return false; // goes before the bare folder
    }
    if (i + 1 == parts.size() && module) {
      return true;
    }
    at = sub;
  }
  return at.valid();
}

// Whether the importer stands below a folder of the name that a root holds.
bool ModuleTable::IsBelowBareFolder(NameId name, FileId importer) const {
  return importer.valid() && llvm::any_of(root_dirs_, [&](DirId dir) {
           const DirId sub = tree_.SubDirectory(dir, name);
           llvm::StringRef path = project_.PathOf(importer);
           return sub.valid() && !tree_.IsRegularPackage(sub) &&
                  path.consume_front(tree_.Path(sub)) && path.starts_with("/");
         });
}

// Whether the module lies in a project of its own that tests work on, and the importer does not:
// `build.py` of `tests/sample/` is no module of `tests/conftest.py`.
bool ModuleTable::IsMaterialOfTests(ModuleId module, FileId importer) const {
  const FileId file = project_.modules[module].file;
  if (!file.valid() || !importer.valid() || roots_.nested_projects.empty()) {
    return false;
  }
  llvm::StringRef folder = FolderOf(project_.PathOf(file));
  while (!folder.empty() && !roots_.nested_projects.contains(folder)) {
    folder = FolderOf(folder);
  }
  llvm::SmallVector<llvm::StringRef, 8> parts;
  folder.split(parts, '/');
  return !folder.empty() && !IsInFolder(project_.PathOf(importer), folder) &&
         llvm::any_of(parts,
                      [](llvm::StringRef part) { return part == "tests" || part == "test"; });
}

} // namespace pydefrag
