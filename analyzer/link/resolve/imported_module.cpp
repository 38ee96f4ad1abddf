#include "link/resolve/imported_module.h"

namespace pydefrag {
namespace {

ModuleId Child(Resolver &resolver, ModuleId package, llvm::StringRef name) {
  const NameId id = resolver.project().scanned.names.Find(name);
  return id.valid() && resolver.table().IsPackage(package) ? resolver.table().FindChild(package, id)
                                                           : ModuleId();
}

// The module below `at` that a dotted name leads to.
ModuleId Below(Resolver &resolver, ModuleId at, llvm::StringRef dotted) {
  for (; at.valid() && !dotted.empty(); dotted = dotted.split('.').second) {
    at = Child(resolver, at, dotted.split('.').first);
  }
  return at;
}

ModuleId SourceOf(Resolver &resolver, ModuleId importer, const Statement &from) {
  const llvm::StringRef named = resolver.view().Text(from.text);
  if (from.level == 0) {
    return resolver.FindModule(importer, named).module;
  }
  ModuleId at = resolver.table().PackageOf(importer);
  for (unsigned level = 1; level < from.level && at.valid(); ++level) {
    at = resolver.table().ParentPackage(at);
  }
  return Below(resolver, at, named);
}

} // namespace

ModuleId ImportedModule(Resolver &resolver, FileId file, llvm::StringRef dotted) {
  const SyntaxView &view = resolver.view();
  const Project &project = resolver.project();
  const ModuleId importer = project.module_of_file[file];
  const auto [local, rest] = dotted.split('.');
  for (const PlacedStatement &placed : project.scanned.facts[file].statements) {
    const Statement &statement = view.Of(placed);
    const bool whole = statement.kind == StatementKind::Import;
    if (!whole && statement.kind != StatementKind::FromImport) {
      continue;
    }
    for (ExprId alias : view.Operands(statement)) {
      const ExprId as = view.Child(alias);
      const llvm::StringRef imported = view.TextOf(alias);
      const llvm::StringRef first = imported.split('.').first;
      if (!view.Is(alias, ExprKind::Alias) || (as.valid() ? view.TextOf(as) : first) != local) {
        continue;
      }
      const ModuleId source = whole ? ModuleId() : SourceOf(resolver, importer, statement);
      const ModuleId module =
          whole            ? resolver.FindModule(importer, as.valid() ? imported : first).module
          : source.valid() ? Child(resolver, source, imported)
                           : ModuleId();
      if (module.valid()) {
        return Below(resolver, module, rest);
      }
    }
  }
  return ModuleId();
}

} // namespace pydefrag
