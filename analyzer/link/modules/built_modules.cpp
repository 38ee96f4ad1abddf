#include "link/modules/built_modules.h"

#include "base/identifier.h"
#include "link/syntax_view.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// A script stands in its project, not deeper below the root than this.
static constexpr unsigned kMostFolders = 16;

// Whether a build has made modules already, in the package or beside: then what is not there is not
// made.
static bool IsBuilt(const Discovery &discovery, llvm::StringRef folder, llvm::StringRef name) {
  const auto [package, below] = name.split('.');
  const std::string top = JoinPath(folder, package);
  return llvm::any_of(discovery.files, [&, dotted = !below.empty()](const DiscoveredFile &file) {
    return file.kind == FileKind::Extension &&
           (dotted ? IsInFolder(file.path, top) : FolderOf(file.path) == folder);
  });
}

// `shop._native` below `folder` ("" is the root): `shop/_native.py`, where `shop` is a folder.
static void AddBelow(const Discovery &discovery, const std::string &folder, llvm::StringRef name,
                     FileTree &tree) {
  std::string path = folder;
  for (auto [part, rest] = name.split('.'); !rest.empty(); std::tie(part, rest) = rest.split('.')) {
    path = JoinPath(path, part);
  }
  if ((path.empty() || tree.FindDirectory(path).valid()) && !IsBuilt(discovery, folder, name)) {
    tree.AddFile(JoinPath(path, (LastPart(name) + ".py").str()), FileKind::Generator, FileId());
  }
}

static bool ImportsCffi(const SyntaxView &view, const std::vector<PlacedStatement> &statements) {
  return llvm::any_of(statements, [&](const PlacedStatement &placed) {
    const Statement &statement = view.Of(placed);
    return (statement.kind == StatementKind::FromImport && view.Text(statement.text) == "cffi") ||
           (statement.kind == StatementKind::Import &&
            llvm::any_of(view.Operands(statement),
                         [&](ExprId alias) { return view.TextOf(alias) == "cffi"; }));
  });
}

void AddBuiltModules(const Project &project, const Discovery &discovery,
                     const StatementSigns &signs, FileTree &tree) {
  const Scanned &scanned = project.scanned;
  const SyntaxView view(scanned);
  for (size_t i = 0; i < project.file_count; ++i) {
    const FileId file(i);
    if (!signs.IsIn(file, Sign::NamesBuilt) || !ImportsCffi(view, scanned.facts[file].statements)) {
      continue;
    }
    for (const PlacedStatement &placed : scanned.facts[file].statements) {
      const auto arguments = signs.Shows(placed, Sign::NamesBuilt)
                                 ? view.Arguments(view.Of(placed).first)
                                 : llvm::SmallVector<ExprId, 4>();
      if (arguments.empty() || !view.Is(arguments[0], ExprKind::String) ||
          !IsDottedIdentifier(view.TextOf(arguments[0]))) {
        continue;
      }
      llvm::StringRef folder = scanned.paths[file];
      for (unsigned up = 0; up < kMostFolders && !folder.empty(); ++up) {
        folder = FolderOf(folder);
        AddBelow(discovery, folder.str(), view.TextOf(arguments[0]), tree);
        AddBelow(discovery, JoinPath(folder, "src"), view.TextOf(arguments[0]), tree);
      }
    }
  }
}

} // namespace pydefrag
