#include "link/resolve/suppressed_blocks.h"

#include "facts/headers_around.h"
#include "link/resolve/failing_blocks.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

bool Suppresses(const SyntaxView &view, const Statement &with) {
  return with.kind == StatementKind::With && llvm::any_of(view.Operands(with), [&](ExprId item) {
           const auto callee =
               view.Callee(view.Is(item, ExprKind::Walrus) ? view.Child(item, 1) : item);
           return callee && llvm::StringRef(*callee).ends_with("suppress");
         });
}

bool DefersImports(const SyntaxView &view, const Statement &with) {
  return with.kind == StatementKind::With && llvm::any_of(view.Operands(with), [&](ExprId item) {
           const ExprId manager = view.Is(item, ExprKind::Walrus) ? view.Child(item, 1) : item;
           const auto name =
               view.Is(manager, ExprKind::Call) ? view.Callee(manager) : view.Dotted(manager);
           const llvm::StringRef dotted = name ? llvm::StringRef(*name) : "";
           return dotted.substr(dotted.rfind('.') + 1).contains_insensitive("lazy");
         });
}

bool IsDeferred(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                uint32_t statement) {
  for (uint32_t header : HeadersAround(statements, statement)) {
    const Statement &above = view.Of(statements[header]);
    if (above.kind == StatementKind::Function || above.kind == StatementKind::Class) {
      return false;
    }
    if (DefersImports(view, above)) {
      return true;
    }
  }
  return false;
}

// Not where there is no environment to look into: as in a `try`, it is taken to be installed.
bool ImportsAbsent(const Resolver &resolver, ModuleId module, uint32_t statement) {
  return ImportsAny(resolver, module, statement, [](const ImportTarget &target) {
    return (target.unknown || target.not_installed) && target.put == nullptr;
  });
}

constexpr uint32_t kMostStatements = 200; // of a block that are looked at

const char *WhySuppressed(const Resolver &resolver, ModuleId module, uint32_t statement) {
  const SyntaxView &view = resolver.view();
  const auto &statements = resolver.project().StatementsOf(module);
  for (uint32_t header : HeadersAround(statements, statement)) {
    if (!Suppresses(view, view.Of(statements[header]))) {
      continue;
    }
    for (uint32_t i = header + 1; i < statement;) {
      const StatementKind kind = view.Of(statements[i]).kind;
      if (ImportsAbsent(resolver, module, i) || i - header > kMostStatements) {
        return "behind an import that may fail, where nobody notices";
      }
      i = kind == StatementKind::Function ? statements[i].end : i + 1;
    }
  }
  return nullptr;
}

} // namespace pydefrag
