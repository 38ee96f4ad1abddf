#include "link/direct_paths.h"

namespace pydefrag {

static constexpr uint32_t kNoRow = 0xffffffff;

void DirectPaths::Collect(ModuleId module, ModulePaths &found) const {
  const NamespaceLog &log = resolver_.Log(module);
  const FileId file = project_.modules[module].file;
  if (project_.scanned.facts[file].state != FileState::Parsed || !resolver_.IsPlainLog(module)) {
    return;
  }
  const std::vector<uint32_t> rows = FindRows(file, log);
  for (size_t k = 0; k < log.by_name.size();) {
    size_t next = k + 1;
    const NameId name = log.events[log.by_name[k]].name;
    while (next < log.by_name.size() && log.events[log.by_name[next]].name == name) {
      ++next;
    }
    CollectName(module, log, llvm::ArrayRef(log.by_name).slice(k, next - k), rows, found);
    k = next;
  }
}

// The rows of the from-imports that are events of the module.
std::vector<uint32_t> DirectPaths::FindRows(FileId file, const NamespaceLog &log) const {
  std::vector<uint32_t> rows(log.events.size(), kNoRow);
  uint32_t row = row_begin_[static_cast<size_t>(file.index)];
  const uint32_t end = row_begin_[static_cast<size_t>(file.index) + 1];
  for (uint32_t e = 0; e < log.events.size(); ++e) {
    if (log.events[e].kind != EventKind::From) {
      continue;
    }
    auto before = [&](const ImportRow &r) {
      return r.statement < log.events[e].statement ||
             (r.statement == log.events[e].statement && r.alias != log.events[e].value);
    };
    while (row < end && before(project_.rows[RowId(size_t{row})])) {
      ++row;
    }
    rows[e] = row < end ? row : kNoRow;
  }
  return rows;
}

// The last event decides where it surely happens, which is nearly always.
void DirectPaths::CollectName(ModuleId module, const NamespaceLog &log,
                              llvm::ArrayRef<uint32_t> events, llvm::ArrayRef<uint32_t> rows,
                              ModulePaths &found) const {
  const uint32_t last = events.back();
  const Event &event = log.events[last];
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const bool sure = !event.maybe && statements[event.statement].parent < 0;
  const bool alias =
      view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
  if (sure && (event.kind == EventKind::Define || (event.kind == EventKind::Value && !alias))) {
    found.reached.push_back({module, last, module, event.name});
    return;
  }
  const ImportRow *row = sure && event.kind == EventKind::From && rows[last] != kNoRow
                             ? &project_.rows[RowId(size_t{rows[last]})]
                             : nullptr;
  const bool several = events.size() > 1 || (row && resolver_.TargetOf(module, row->statement).put);
  if (!row || (row->status != RowStatus::Resolved && several)) {
    found.asked.push_back(event.name);
  } else if (row->status == RowStatus::Resolved && row->target.kind == TargetKind::Definition) {
    found.reached.push_back({row->target.module,
                             static_cast<uint32_t>(row->target.definition.index), module,
                             event.name});
  }
}

} // namespace pydefrag
