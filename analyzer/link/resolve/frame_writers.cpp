#include "link/resolve/frame_writers.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// How many bytes `[...]` at the beginning has, on one line; 0: it begins otherwise.
static size_t BracketsIn(llvm::StringRef text) {
  int depth = 0;
  for (size_t i = 0; i < text.size() && text[i] != '\n'; ++i) {
    depth += (text[i] == '[') - (text[i] == ']');
    if (depth == 0) {
      return text[i] == ']' ? i + 1 : 0;
    }
  }
  return 0;
}

// Whether the text says `name[...] = ` or `name.update(`.
static bool WritesItems(llvm::StringRef text, llvm::StringRef name) {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    if (at > 0 && (llvm::isAlnum(text[at - 1]) || text[at - 1] == '_' || text[at - 1] == '.')) {
      continue; // the end of another name
    }
    const llvm::StringRef rest = text.drop_front(at + name.size());
    const llvm::StringRef behind = rest.drop_front(BracketsIn(rest)).ltrim(' ');
    if (rest.starts_with(".update(") || rest.starts_with(".setdefault(") ||
        (rest.starts_with("[") && behind.starts_with("=") && !behind.starts_with("=="))) {
      return true;
    }
  }
  return false;
}

static void FindWriters(const Project &project, const StatementSigns &signs, Resolver &resolver,
                        FileId file, llvm::DenseSet<NameId> &found) {
  const SyntaxView &view = resolver.view();
  const auto &statements = project.scanned.facts[file].statements;
  const auto text_of = [&](const PlacedStatement &function) {
    const llvm::StringRef text = resolver.sources() != nullptr
                                     ? resolver.sources()->TextOf(project.module_of_file[file])
                                     : "";
    return text.slice(function.head, function.end < statements.size()
                                         ? statements[function.end].begin
                                         : text.size());
  };
  for (const PlacedStatement &placed : statements) {
    if (!signs.Shows(placed, Sign::TakesGlobals)) {
      continue;
    }
    int32_t top = placed.parent;
    while (top >= 0 && statements[static_cast<size_t>(top)].parent >= 0) {
      top = statements[static_cast<size_t>(top)].parent;
    }
    if (top < 0) {
      continue;
    }
    const PlacedStatement &function = statements[static_cast<size_t>(top)];
    const Statement &statement = view.Of(placed);
    if (view.Of(function).kind == StatementKind::Function &&
        (view.Is(statement.first, ExprKind::Subscript) ||
         (view.Is(statement.first, ExprKind::Name) &&
          WritesItems(text_of(function), view.TextOf(statement.first))))) {
      found.insert(view.Of(function).text);
    }
  }
}

llvm::DenseSet<NameId> FindFrameWriters(const Project &project, const StatementSigns &signs,
                                        Resolver &resolver) {
  llvm::DenseSet<NameId> found;
  for (size_t i = 0; i < project.module_of_file.size(); ++i) {
    if (signs.IsIn(FileId(i), Sign::TakesGlobals)) {
      FindWriters(project, signs, resolver, FileId(i), found);
    }
  }
  return found;
}

} // namespace pydefrag
