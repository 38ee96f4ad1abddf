#include "link/project.h"

#include "facts/headers_around.h"
#include "link/link_state.h"

namespace pydefrag {

Project::Project() = default;
Project::~Project() = default;

std::string Project::PathText(ModuleId module, NameId name) const {
  return (Text(modules[module].name) + ":" + Text(name)).str();
}

const PlacedStatement &Project::StatementAt(const ImportRow &row) const {
  return scanned.facts[row.file].statements[row.statement];
}

const Statement &Project::Syntax(const PlacedStatement &placed) const {
  return scanned.syntax.statements[placed.statement];
}

ModuleId Project::TopOf(ModuleId module) const {
  while (modules[module].parent.valid()) {
    module = modules[module].parent;
  }
  return module;
}

ModuleId Project::FindModule(llvm::StringRef dotted) const {
  auto it = module_by_name.find(scanned.names.Find(dotted));
  return it == module_by_name.end() ? ModuleId() : it->second;
}

std::string Project::ScopeOf(FileId file, uint32_t statement) const {
  const std::vector<PlacedStatement> &statements = scanned.facts[file].statements;
  std::string scope;
  for (uint32_t header : HeadersAround(statements, statement)) {
    const Statement &above = Syntax(statements[header]);
    if (above.kind == StatementKind::Function || above.kind == StatementKind::Class) {
      scope = Text(above.text).str() + (scope.empty() ? "" : "." + scope);
    }
  }
  return scope;
}

} // namespace pydefrag
