// Where definitions stand, and which one stands at a place.
#include "link/identity/identity.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

Location PlaceOfName(const Project &project, const Resolver &resolver, ModuleId module,
                     uint32_t index) {
  const SyntaxView &view = resolver.view();
  const FileId file = project.modules[module].file;
  const Event &event = resolver.Log(module).events[index];
  const PlacedStatement &placed = project.scanned.facts[file].statements[event.statement];
  const Statement &statement = view.Of(placed);
  Span name{statement.text_begin, statement.text_end};
  if (event.kind != EventKind::Define && event.target.valid()) {
    name = {view.At(event.target).begin, view.At(event.target).end};
  }
  if (name.begin == kNoPosition) {
    name = {0, 1};
  }
  return {file, {placed.head + name.begin, placed.head + name.end}};
}

DefinitionId FindDefinition(const Project &project, const Resolver &resolver, ModuleId module,
                            uint32_t event) {
  if (!project.modules[module].first_party) {
    return {};
  }
  const Location where = PlaceOfName(project, resolver, module, event);
  const std::vector<Definition> &all = project.definitions.raw();
  const auto place = llvm::partition_point(
      all, [&](const Definition &definition) { return definition.where < where; });
  return place != all.end() && place->where == where && place->module == module
             ? DefinitionId(static_cast<size_t>(place - all.begin()))
             : DefinitionId();
}

bool PathTable::IsHeldBy(DefinitionId id, ModuleId package) const {
  return std::binary_search(holders.begin(), holders.end(), std::pair(id, package));
}

} // namespace pydefrag
