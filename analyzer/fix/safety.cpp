#include "fix/safety.h"

#include "link/link_state.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

// What importing `name` (or the module itself) from `module` gives.
Found Reached(const Project &project, ModuleId module, NameId name) {
  if (!name.valid()) {
    Found found;
    found.answer = Answer::Yes;
    found.kind = TargetKind::Module;
    found.module = module;
    return found;
  }
  return project.state->resolver->ImportFrom(module, name);
}

bool SameObject(const Found &a, const Found &b) {
  return a.kind == b.kind && a.kind != TargetKind::None && a.module == b.module &&
         (a.kind == TargetKind::Module || a.event == b.event);
}

bool IsAbove(const Project &project, ModuleId package, ModuleId module) {
  for (ModuleId at = module; at.valid(); at = project.modules[at].parent) {
    if (at == package) {
      return true;
    }
  }
  return false;
}

} // namespace

FixJudge::FixJudge(const Project &project)
    : project_(project), order_(project, *project.state->resolver, project.state->graph) {
  for (const StringTarget &target : project.string_targets) {
    if (target.row.source.valid() && target.row.name.valid()) {
      named_in_strings_.insert({target.row.source, target.row.name});
    }
  }
}

// Whether an import of `from` runs `to`. A component of the graph imports only earlier ones, so
// what comes before `to` need not be looked at.
bool FixJudge::Runs(ModuleId from, ModuleId to) {
  const auto [place, added] = runs_.try_emplace({from, to}, false);
  if (!added) {
    return place->second;
  }
  const ImportGraph &graph = project_.state->graph;
  const int32_t goal = graph.component_of[to];
  llvm::SmallVector<ModuleId, 16> open{from};
  llvm::DenseSet<ModuleId> seen;
  while (!open.empty()) {
    const ModuleId at = open.pop_back_val();
    if (at == to) {
      return place->second = true;
    }
    if (graph.component_of[at] >= goal && seen.insert(at).second) {
      open.append(graph.edges[at].begin(), graph.edges[at].end());
    }
  }
  return false;
}

// Whether `row`, which is executed on import, would lead back to its own module.
bool FixJudge::ClosesCycle(const ImportRow &row, ModuleId target) {
  for (ModuleId at = target; at.valid(); at = project_.modules[at].parent) {
    const bool loaded = at != target && IsAbove(project_, at, row.importer);
    if (!loaded && project_.modules[at].file.valid() &&
        !llvm::is_contained(project_.state->graph.edges[row.importer], at) &&
        Runs(at, row.importer)) {
      return true;
    }
  }
  return false;
}

Applicability FixJudge::Judge(const ImportChange &change) {
  const Project &project = project_;
  const ImportRow &row = project.rows[change.row];
  const ModuleId target = project.FindModule(change.module);
  if (!target.valid() && !project.FindModule(llvm::StringRef(change.module).split('.').first)) {
    return Applicability::Unsafe; // not the project's: nothing is known of it
  }
  if (!target.valid() || (target == row.importer && !row.context.string)) {
    return Applicability::Display;
  }
  const bool star = row.context.star;
  const NameId name =
      change.name.empty() ? (star ? NameId() : row.name) : project.scanned.names.Find(change.name);
  if (!change.name.empty() && !name.valid()) {
    return Applicability::Display; // no file speaks of it
  }
  const Found after = Reached(project, target, name);
  if (after.answer == Answer::No) {
    return Applicability::Display;
  }
  if (after.answer != Answer::Yes || after.unknown || after.broken || row.context.string) {
    return Applicability::Unsafe;
  }
  if (row.status == RowStatus::Resolved) {
    const Found before = Reached(project, row.source, star ? NameId() : row.name);
    if (star || before.answer != Answer::Yes || !SameObject(before, after)) {
      return Applicability::Unsafe;
    }
  }
  const bool spelled_otherwise =
      row.source.valid() && project.modules[row.source].name != row.module;
  // A module that was met after linking has no outcome.
  const bool imports = static_cast<size_t>(target.index) < project.outcomes.size() &&
                       project.outcomes[target].status != ImportOutcome::Fails;
  if (spelled_otherwise || !imports) {
    return Applicability::Unsafe;
  }
  if (row.context.deferred) { // a test may patch the name where this function looks for it
    return named_in_strings_.contains({row.source, row.name}) ? Applicability::Unsafe
                                                              : Applicability::Safe;
  }
  const bool runs = !row.context.type_checking && !row.context.unreachable;
  const bool circular =
      ClosesCycle(row, target) || (name.valid() && order_.IsTooEarly(target, name, row.importer));
  return runs && circular ? Applicability::Unsafe : Applicability::Safe;
}

} // namespace pydefrag
