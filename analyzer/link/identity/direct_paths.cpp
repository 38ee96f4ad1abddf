#include "link/identity/direct_paths.h"

#include "link/resolve/aliases.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr uint32_t kNoRow = 0xffffffff;

void DirectPaths::Collect(ModuleId module, ModulePaths &found) const {
  const NamespaceLog &log = resolver_.Log(module);
  const FileId file = project_.modules[module].file;
  if (project_.scanned.facts[file].state != FileState::Parsed ||
      !resolver_.HasPlainEvents(module)) {
    return;
  }
  for (NameId name : resolver_.OverriddenIn(module)) {
    if (!llvm::is_contained(found.asked, name)) {
      found.asked.push_back(name);
    }
  }
  const std::vector<uint32_t> rows = FindRows(file, log);
  for (size_t k = 0; k < log.by_name.size();) {
    size_t next = k + 1;
    while (next < log.names.size() && log.names[next] == log.names[k]) {
      ++next;
    }
    if (!resolver_.IsOverridden(module, log.names[k])) {
      CollectName(module, log, llvm::ArrayRef(log.by_name).slice(k, next - k), rows, found);
    }
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
  size_t end = events.size();
  while (end > 0 && resolver_.NeverRuns(module, log.events[events[end - 1]].statement)) {
    --end;
  }
  if (end == 0 && !log.lazy && log.open_reason.empty()) {
    return; // no object
  }
  const uint32_t last = events[end == 0 ? 0 : end - 1];
  const Event &event = log.events[last];
  const auto &statements = project_.StatementsOf(module);
  const bool sure = end > 0 && !event.maybe && statements[event.statement].parent < 0;
  const bool alias = MayBeAlias(view_, event.value);
  if (sure && (event.kind == EventKind::Define || (event.kind == EventKind::Value && !alias))) {
    Add({module, last, module, event.name}, found);
    return;
  }
  if (sure && event.kind == EventKind::Import && ImportsModule(module, event)) {
    return;
  }
  const ImportRow *row = sure && event.kind == EventKind::From && rows[last] != kNoRow
                             ? &project_.rows[RowId(size_t{rows[last]})]
                             : nullptr;
  const bool several = events.size() > 1 || (row && resolver_.TargetOf(module, row->statement).put);
  if (!row || (row->status != RowStatus::Resolved && several)) {
    if (!kinds_ || log.lazy || end == 0 ||
        llvm::any_of(events, [&](uint32_t e) { return MayBindDefinition(module, e); })) {
      found.asked.push_back(event.name);
    }
  } else if (row->status == RowStatus::Resolved && row->target.kind == TargetKind::Definition) {
    Add({row->target.module, static_cast<uint32_t>(row->target.definition.index), module,
         event.name},
        found);
  }
}

// Whether an event may bind a name to a class or function of the project, whoever asks for it.
bool DirectPaths::MayBindDefinition(ModuleId module, uint32_t index) const {
  const Event &event = resolver_.Log(module).events[index];
  switch (event.kind) {
  case EventKind::Submodule:
  case EventKind::Unbind:
    return false;
  case EventKind::Import: // `import a.b as c` may take an attribute
    return view_.Child(event.value).valid() && view_.TextOf(event.value).contains('.');
  case EventKind::From: {
    const ImportTarget &target = resolver_.TargetOf(module, event.statement);
    return target.put || (target.module.valid() && !resolver_.ImportsOutside(module, event));
  }
  case EventKind::Value:
    return MayBeAlias(view_, event.value) || kinds_->Of(module, index) != DefinitionKind::Constant;
  case EventKind::Define:
  case EventKind::Star:
  case EventKind::Copy:
    return true;
  }
  return true;
}

void DirectPaths::Add(const Reached &path, ModulePaths &found) const {
  if (!kinds_ || (project_.modules[path.home].first_party &&
                  kinds_->Of(path.home, path.event) != DefinitionKind::Constant)) {
    found.reached.push_back(path);
  }
}

// `import a.b as c` may take an attribute.
bool DirectPaths::ImportsModule(ModuleId module, const Event &event) const {
  if (view_.Child(event.value).valid()) {
    return false;
  }
  const FileId file = project_.modules[module].file;
  const Statement &statement = view_.Of(project_.scanned.facts[file].statements[event.statement]);
  const uint32_t number = resolver_.NumberOf(statement, event.value);
  return resolver_.TargetOf(module, event.statement, number).top.valid();
}

} // namespace pydefrag
