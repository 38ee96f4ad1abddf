#include "link/identity/import_order.h"

#include "base/identifier.h"
#include "link/execute/graph.h"

#include "llvm/ADT/SmallVector.h"

#include <utility>

namespace pydefrag {

// Each holds all modules that its first one leads to.
static constexpr size_t kMostWalks = 64;

bool ImportOrder::IsTooEarly(ModuleId source, NameId name, ModuleId importer) {
  const int32_t component = graph_.ComponentOf(source);
  if (source == importer || component < 0 || component != graph_.ComponentOf(importer) ||
      !resolver_.HasLog(source)) {
    return false; // they are on no cycle
  }
  const Found found = resolver_.Attribute(source, name);
  if (found.via == kNoEvent || found.lazy) {
    return false;
  }
  const Event &event = resolver_.Log(source).events[found.via];
  if (event.kind != EventKind::From && event.kind != EventKind::Star) {
    return false;
  }
  const Walk &walk = WalkFrom(FirstOf(source, importer));
  auto outer = walk.find(source);
  auto inner = walk.find(importer);
  if (outer == walk.end() || inner == walk.end() || inner->second.begin < outer->second.begin ||
      inner->second.begin >= outer->second.end) {
    return false;
  }
  ModuleId child = importer; // which the source imports, and that runs the importer
  for (ModuleId by = inner->second.by; by != source; by = walk.find(by)->second.by) {
    child = by;
  }
  return StatementOf(source, child) <= event.statement;
}

// The outermost package around both whose import runs either; `source` where none does.
ModuleId ImportOrder::FirstOf(ModuleId source, ModuleId importer) {
  ModuleId first = source;
  for (ModuleId at = project_.modules[source].parent; at.valid();
       at = project_.modules[at].parent) {
    const llvm::StringRef name = project_.Text(project_.modules[at].name);
    const bool around =
        at == importer || IsBelow(project_.Text(project_.modules[importer].name), name);
    if (around && graph_.ComponentOf(at) >= 0) {
      const Walk &walk = WalkFrom(at);
      if (walk.contains(source) || walk.contains(importer)) {
        first = at;
      }
    }
  }
  return first;
}

// Depth first, as imports are executed: a module that has begun is not run again.
const ImportOrder::Walk &ImportOrder::WalkFrom(ModuleId first) {
  if (walks_.size() > kMostWalks) {
    walks_.clear();
  }
  auto [place, fresh] = walks_.try_emplace(first);
  Walk &walk = place->second;
  if (!fresh) {
    return walk;
  }
  uint32_t time = 0;
  llvm::SmallVector<std::pair<ModuleId, size_t>, 32> open; // modules on their way, next edge
  const auto begin = [&](ModuleId module, ModuleId by) {
    if (walk.try_emplace(module, Step{.begin = time, .end = 0, .by = by}).second) {
      ++time;
      open.push_back({module, 0});
    }
  };
  begin(first, first);
  while (!open.empty()) {
    const auto [module, next] = open.back();
    const std::vector<ModuleId> &edges = graph_.edges[module];
    if (next < edges.size()) {
      ++open.back().second;
      begin(edges[next], module);
    } else {
      walk[module].end = time;
      open.pop_back();
    }
  }
  return walk;
}

// The first statement of `source` that imports the module, or what stands in it; 0: a call does.
uint32_t ImportOrder::StatementOf(ModuleId source, ModuleId imported) const {
  const llvm::StringRef name = project_.Text(project_.modules[imported].name);
  for (const ImportRow &row : graph_.RowsOf(project_, project_.modules[source].file)) {
    if (row.context.deferred || row.context.type_checking || row.context.unreachable ||
        !row.source.valid()) {
      continue;
    }
    const bool module = row.target.kind == TargetKind::Module && row.target.module == imported;
    if (module || row.source == imported ||
        IsBelow(project_.Text(project_.modules[row.source].name), name)) {
      return row.statement;
    }
  }
  return 0;
}

} // namespace pydefrag
