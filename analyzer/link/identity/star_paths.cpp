#include "link/identity/star_paths.h"

#include "base/parallel.h"

namespace pydefrag {

StarPaths::StarPaths(Project &project, Resolver &resolver,
                     llvm::ArrayRef<std::vector<Chain>> chains, unsigned jobs)
    : project_(project), resolver_(resolver), asked_(project.scanned.names.size()) {
  auto ask_name = [&](NameId name) {
    if (name.valid()) {
      asked_.Mark(static_cast<size_t>(name.index));
    }
  };
  auto ask = [&](const ImportRow &row) {
    ask_name(row.name);
    if (row.target.kind == TargetKind::Definition) {
      ask_name(row.target.name);
    }
  };
  ParallelFor(project.rows.size(), jobs, 4096, [&](size_t i) { ask(project.rows[RowId(i)]); });
  for (const StringTarget &target : project.string_targets) {
    ask(target.row);
  }
  ParallelFor(chains.size(), jobs, 64, [&](size_t i) {
    for (const Chain &chain : chains[i]) {
      for (llvm::StringRef rest = chain.attributes; !rest.empty(); rest = rest.split('.').second) {
        ask_name(project.scanned.names.Find(rest.split('.').first));
      }
    }
  });
}

bool StarPaths::Covers(ModuleId module) const {
  const NamespaceLog &log = resolver_.Log(module);
  return !log.stars.empty() && !log.replaced() && llvm::all_of(log.stars, [&](uint32_t star) {
    return log.events[star].kind == EventKind::Star;
  });
}

IdVector<ModuleId, std::vector<NameId>> StarPaths::Find() {
  importers_.resize(project_.modules.size());
  found_.resize(project_.modules.size());
  FindImporters();
  for (size_t i = 0; i < importers_.size(); ++i) {
    if (!importers_[ModuleId(i)].empty()) {
      Start(ModuleId(i));
    }
  }
  while (!open_.empty()) {
    const auto [module, name] = open_.back();
    open_.pop_back();
    for (ModuleId importer : importers_[module]) {
      Visit(importer, name);
    }
  }
  return std::move(found_);
}

void StarPaths::FindImporters() {
  for (size_t i = 0; i < project_.file_count; ++i) {
    const ModuleId module = project_.module_of_file[FileId(i)];
    if (!Covers(module)) {
      continue;
    }
    for (uint32_t star : resolver_.Log(module).stars) {
      const ModuleId source =
          resolver_.TargetOf(module, resolver_.Log(module).events[star].statement).module;
      const ModuleId stand_in =
          source.valid() && resolver_.HasLog(source) ? resolver_.StandInOf(source) : source;
      if (stand_in.valid() && static_cast<size_t>(stand_in.index) < importers_.size()) {
        importers_[stand_in].push_back(module);
      }
    }
  }
}

// Another name of an object may be what nobody asks for.
bool StarPaths::IsAsked(const Event &event) const {
  const SyntaxView &view = resolver_.view();
  const bool named = event.value.valid() &&
                     (event.kind == EventKind::From || view.Is(event.value, ExprKind::Name) ||
                      view.Is(event.value, ExprKind::Attribute));
  const auto name = static_cast<size_t>(event.name.index);
  return (name < asked_.size() && asked_.Has(name)) ||
         (named && view.At(event.value).text != event.name);
}

void StarPaths::Start(ModuleId module) {
  const std::vector<NameId> own =
      Covers(module) ? resolver_.OwnNames(module) : resolver_.FindBoundNames(module);
  for (NameId name : own) {
    const llvm::ArrayRef<uint32_t> events = resolver_.Log(module).Of(name);
    const bool asked = llvm::any_of(
        events, [&](uint32_t event) { return IsAsked(resolver_.Log(module).events[event]); });
    if ((asked || events.empty()) && seen_.insert({module, name}).second) {
      open_.push_back({module, name});
    }
  }
}

// A module that binds the name itself is no way through: that is where another walk starts.
void StarPaths::Visit(ModuleId module, NameId name) {
  if (!seen_.insert({module, name}).second || !resolver_.Log(module).Of(name).empty()) {
    return;
  }
  if (resolver_.Attribute(module, name).answer != Answer::No) {
    found_[module].push_back(name);
    open_.push_back({module, name});
  }
}

} // namespace pydefrag
