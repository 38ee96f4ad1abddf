#include "link/modules/built_modules.h"

#include "base/identifier.h"
#include "link/syntax_view.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// `shop._native` below `folder` ("" is the root): `shop/_native.py`, where `shop` is a folder.
static void AddBelow(const std::string &folder, llvm::StringRef name, FileTree &tree) {
  std::string path = folder;
  for (auto [part, rest] = name.split('.'); !rest.empty(); std::tie(part, rest) = rest.split('.')) {
    path = path.empty() ? part.str() : path + "/" + part.str();
  }
  if (path.empty() || tree.FindDirectory(path).valid()) {
    const llvm::StringRef last = LastPart(name);
    tree.AddFile(path.empty() ? (last + ".py").str() : (path + "/" + last + ".py").str(),
                 FileKind::Generator, FileId());
  }
}

static bool IsDotted(llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef, 4> parts;
  name.split(parts, '.');
  return llvm::all_of(parts, IsIdentifier);
}

void AddBuiltModules(const Project &project, const StatementSigns &signs, FileTree &tree) {
  const Scanned &scanned = project.scanned;
  const SyntaxView view(scanned);
  for (size_t i = 0; i < project.file_count; ++i) {
    const FileId file(i);
    if (!signs.IsIn(file, Sign::NamesBuilt)) {
      continue;
    }
    for (const PlacedStatement &placed : scanned.facts[file].statements) {
      const auto arguments = signs.Shows(placed, Sign::NamesBuilt)
                                 ? view.Arguments(view.Of(placed).first)
                                 : llvm::SmallVector<ExprId, 4>();
      if (arguments.empty() || !view.Is(arguments[0], ExprKind::String) ||
          !IsDotted(view.TextOf(arguments[0]))) {
        continue;
      }
      llvm::StringRef folder = scanned.paths[file];
      do {
        folder = FolderOf(folder);
        AddBelow(folder.str(), view.TextOf(arguments[0]), tree);
        AddBelow(folder.empty() ? "src" : (folder + "/src").str(), view.TextOf(arguments[0]), tree);
      } while (!folder.empty());
    }
  }
}

} // namespace pydefrag
