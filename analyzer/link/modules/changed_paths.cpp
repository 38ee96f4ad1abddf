#include "link/modules/changed_paths.h"

#include "base/identifier.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

// What the names that import statements of a file bind are called where they are taken from.
llvm::DenseMap<NameId, NameId> NamesImported(const Project &project, const SyntaxView &view,
                                             llvm::ArrayRef<PlacedStatement> statements) {
  llvm::DenseMap<NameId, NameId> names;
  for (const PlacedStatement &placed : statements) {
    const Statement &statement = view.Of(placed);
    if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport) {
      continue;
    }
    for (ExprId alias : view.Operands(statement)) {
      const ExprId as = view.Is(alias, ExprKind::Alias) ? view.Child(alias) : ExprId();
      // `import shop.cart` binds `shop`.
      const NameId first = project.scanned.names.Find(view.TextOf(alias).split('.').first);
      const NameId local = as.valid() ? view.At(as).text : first;
      if (local.valid()) {
        names.try_emplace(
            local, as.valid() ? project.scanned.names.Find(LastPart(view.TextOf(alias))) : first);
      }
    }
  }
  return names;
}

bool OnlyReads(llvm::StringRef callee) {
  return llvm::StringSwitch<bool>(callee)
      .Cases("iter_modules", "walk_packages", "extend_path", "find_spec", "find_module", true)
      .Cases("list", "tuple", "set", "frozenset", "sorted", "iter", "next", "len", "enumerate",
             true)
      .Cases("str", "repr", "print", "isinstance", "type", "id", "bool", true)
      .Default(false);
}

} // namespace

llvm::DenseSet<NameId> FindChangedPaths(const Project &project, const SyntaxView &view,
                                        const StatementSigns &signs) {
  llvm::DenseSet<NameId> changed;
  for (size_t i = 0; i < project.scanned.facts.size(); ++i) {
    if (!signs.IsIn(FileId(i), Sign::ChangesPath)) {
      continue;
    }
    const auto &statements = project.scanned.facts[FileId(i)].statements;
    const auto imported = NamesImported(project, view, statements);
    for (const PlacedStatement &placed : statements) {
      if (!signs.Shows(placed, Sign::ChangesPath)) {
        continue;
      }
      const ExprId first = view.Of(placed).first;
      const ExprId written = view.Is(first, ExprKind::Call)        ? view.Child(view.Child(first))
                             : view.Is(first, ExprKind::Subscript) ? view.Child(first)
                                                                   : first; // `x.__path__`
      const ExprId package = view.Child(written);
      if (view.Is(package, ExprKind::Name)) {
        changed.insert(imported.lookup(view.At(package).text));
      } else if (view.Is(package, ExprKind::Attribute)) {
        changed.insert(view.At(package).text);
      }
    }
  }
  changed.erase(NameId());
  return changed;
}

bool HandsPathOver(const SyntaxView &view, const Statement &statement) {
  bool hands = false;
  view.Walk(statement, [&](ExprId id) {
    const NameId called = view.CalledName(id);
    hands |= called.valid() && !OnlyReads(view.Text(called)) &&
             llvm::any_of(view.Arguments(id),
                          [&](ExprId argument) { return view.IsName(argument, "__path__"); });
  });
  return hands;
}

} // namespace pydefrag
