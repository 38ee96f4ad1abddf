// Resolver: what only a type checker sees.
#include "facts/headers_around.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

// What only a type checker sees: names under `if TYPE_CHECKING:`, annotations without a value, what
// a stub beside the source says.
bool Resolver::ExistsForTypeCheckers(ModuleId module, NameId name,
                                     llvm::DenseSet<std::pair<ModuleId, NameId>> &seen) {
  const FileId file = project_.modules[module].file;
  if (!file.valid() || table_.HasStubBeside(module)) {
    return file.valid();
  }
  if (!seen.insert({module, name}).second) {
    return false; // names that only import each other
  }
  const auto &statements = project_.scanned.facts[file].statements;
  for (uint32_t index : Log(module).Of(name)) {
    const Event &event = Log(module).events[index];
    if (event.kind == EventKind::Unbind || !IsUnderTypeChecking(statements, event.statement)) {
      continue;
    }
    const ModuleId source =
        event.kind == EventKind::From ? TargetOf(module, event.statement).module : ModuleId();
    const NameId wanted = source.valid() ? view_.At(event.value).text : NameId();
    if (!source.valid() || ImportFrom(source, wanted).answer != Answer::No ||
        ExistsForTypeCheckers(source, wanted, seen)) {
      return true;
    }
  }
  for (const PlacedStatement &placed : statements) {
    const Statement &statement = view_.Of(placed);
    if (statement.kind == StatementKind::AnnAssign && view_.Is(statement.first, ExprKind::Name) &&
        view_.At(statement.first).text == name) {
      return true;
    }
  }
  return llvm::any_of(Log(module).stars, [&](uint32_t index) {
    if (Log(module).events[index].kind == EventKind::Copy) {
      return false;
    }
    const ImportTarget &search = TargetOf(module, Log(module).events[index].statement);
    return search.module.valid() && ExistsForTypeCheckers(search.module, name, seen);
  });
}

bool Resolver::IsUnderTypeChecking(const std::vector<PlacedStatement> &statements,
                                   uint32_t statement) const {
  return llvm::any_of(HeadersAround(statements, statement), [&](uint32_t header) {
    const Statement &above = view_.Of(statements[header]);
    return (above.kind == StatementKind::If || above.kind == StatementKind::Elif) &&
           IsTypeCheckingTest(view_, above.first);
  });
}

// An import under `if TYPE_CHECKING:` of a module that serves names lazily (semantics B23). What a
// star brings is served when `__all__` lists it.
Found Resolver::TypeCheckingBinding(ModuleId module, NameId name) {
  const NamespaceLog &log = Log(module);
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t index : log.Of(name)) {
    const Event &event = log.events[index];
    const int32_t parent = statements[event.statement].parent;
    if (event.kind == EventKind::From && parent >= 0 &&
        IsTypeCheckingTest(view_, view_.Of(statements[static_cast<size_t>(parent)]).first)) {
      return FromEvent(module, index);
    }
  }
  if (!All(module).Lists(name)) {
    return Found();
  }
  for (uint32_t index : log.stars) {
    const uint32_t statement = log.events[index].statement;
    if (log.events[index].kind == EventKind::Star && IsUnderTypeChecking(statements, statement)) {
      const Found found = StarEvent(module, index, name);
      if (found.answer != Answer::No && !found.unknown) {
        return found;
      }
    }
  }
  return Found();
}

} // namespace pydefrag
