#include "link/identity/path_table.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace pydefrag {
namespace {

bool IsAbove(const Project &project, ModuleId package, ModuleId module) {
  for (ModuleId at = project.modules[module].parent; at.valid(); at = project.modules[at].parent) {
    if (at == package) {
      return true;
    }
  }
  return false;
}

} // namespace

PathTable MakePathTable(const Project &project, llvm::ArrayRef<Reached> reached,
                        std::vector<uint32_t> event_begin,
                        std::vector<DefinitionId> definition_of) {
  const auto id_of = [&](const Reached &path) {
    return definition_of[event_begin[static_cast<size_t>(path.home.index)] + path.event];
  };
  PathTable table;
  table.begin.assign(project.definitions.size() + 1, 0);
  for (const Reached &path : reached) {
    ++table.begin[static_cast<size_t>(id_of(path).index) + 1];
  }
  for (size_t i = 1; i < table.begin.size(); ++i) {
    table.begin[i] += table.begin[i - 1];
  }
  table.paths.resize(reached.size());
  std::vector<uint32_t> next(table.begin.begin(), table.begin.end());
  for (const Reached &path : reached) {
    const DefinitionId id = id_of(path);
    table.paths[next[static_cast<size_t>(id.index)]++] = {path.module, path.name};
    if (project.modules[path.module].kind == ModuleKind::Package && path.module != path.home &&
        IsAbove(project, path.module, path.home)) {
      table.holders.push_back({id, path.module});
    }
  }
  llvm::sort(table.holders);
  table.event_begin = std::move(event_begin);
  table.definition_of = std::move(definition_of);
  return table;
}

} // namespace pydefrag
