#include "link/draft.h"

#include "base/parallel.h"
#include "facts/same_facts.h"
#include "link/defects/deprecation.h"
#include "link/identity/identity.h"
#include "link/link_state.h"
#include "link/names/attribute_writes.h"
#include "link/rows/rows.h"
#include "link/settled_rows.h"

namespace pydefrag {

FileDraft::FileDraft(Project &project, FileId file, const Disk &disk)
    : project_(project), file_(file), module_(project.module_of_file[file]) {
  RunWithStack(kLinkStackBytes, [&] {
    Scan(disk);
    row_begin_.assign(project_.state->graph.row_begin.size(), 0);
    Exchange();
    project_.state->resolver->ReadSourcesFrom(&disk);
    MakeLog();
    MakeRows();
    AttributeWrites writes(project_, disk, rows_);
    DoubtDeferredImports(project_, writes);
    project_.state->resolver->ReadSourcesFrom(nullptr);
  });
}

FileDraft::~FileDraft() {
  project_.state->targets->Lift();
  Exchange();
  project_.scanned.syntax.statements.resize(statements_);
  project_.scanned.syntax.exprs.resize(exprs_);
}

// The scan puts the file behind all others; only its facts are kept.
void FileDraft::Scan(const Disk &disk) {
  Scanned &scanned = project_.scanned;
  statements_ = scanned.syntax.statements.size();
  exprs_ = scanned.syntax.exprs.size();
  const size_t files = scanned.paths.size();
  std::vector<Problem> problems = scanned.problems;
  ScanOptions options;
  options.root = project_.root;
  options.jobs = 1;
  const std::string path = scanned.paths[file_];
  ScanFiles(disk, path, options, scanned);
  facts_ = std::move(scanned.facts[FileId(files)]);
  scanned.paths.resize(files);
  scanned.facts.resize(files);
  scanned.problems = std::move(problems);
  same_facts_ = SameFacts(scanned.syntax, scanned.facts[file_], facts_);
}

void FileDraft::Exchange() {
  LinkState &state = *project_.state;
  std::swap(project_.scanned.facts[file_], facts_);
  std::swap(project_.rows, rows_);
  std::swap(project_.missing_attributes, missing_attributes_);
  std::swap(state.graph.row_begin, row_begin_);
  std::swap(project_.modules[module_].open_reason, open_reason_);
  state.resolver->Exchange(module_, log_, answers_);
}

void FileDraft::MakeLog() {
  const Module &module = project_.modules[module_];
  NamespaceLog log = ReadNamespace(project_.scanned, file_, module.kind == ModuleKind::Package,
                                   project_.Text(module.name));
  if (!log_.open_reason.empty()) { // perhaps other modules write into this one
    log.Open(log_.open_reason, log_.opened_otherwise ? OpenedBy::Others : OpenedBy::OwnDict);
  }
  Answers none;
  Resolver &resolver = *project_.state->resolver;
  resolver.Exchange(module_, log, none);
  resolver.CloseUnreached(module_);
  project_.modules[module_].open_reason = resolver.Log(module_).open_reason;
}

void FileDraft::MakeRows() {
  LinkState &state = *project_.state;
  state.targets->LayOver(file_);
  ResolveRowsOf(project_, *state.resolver, state.roots, file_);
  for (ImportRow &row : project_.rows) {
    if (row.source.valid() && answers_.Overrides(row.source, row.name)) {
      row.status = RowStatus::Unknown; // the order of imports decides, and it is to be linked anew
      row.target = Target();
    }
    if (row.target.kind != TargetKind::Definition) {
      continue;
    }
    const uint32_t event = static_cast<uint32_t>(row.target.definition.index);
    // What the file itself defines now is no definition of the linked project.
    row.target.definition = row.target.module == module_ ? DefinitionId()
                                                         : FindDefinition(project_, *state.resolver,
                                                                          row.target.module, event);
    if (!row.target.definition.valid()) {
      row.target.kind = TargetKind::Opaque;
    } else {
      row.context.plumbing = IsPlumbing(project_, row);
    }
  }
  MarkDeprecatedRows(project_, *state.resolver);
  SettleRows(project_, *state.resolver);
  if (!state.definitions_by_name.IsFilled()) {
    IndexForSuggestions(project_);
  }
  const size_t file = static_cast<size_t>(file_.index);
  for (size_t i = file + 1; i < state.graph.row_begin.size(); ++i) {
    state.graph.row_begin[i] = static_cast<uint32_t>(project_.rows.size());
  }
  project_.outcomes.resize(project_.modules.size());
  project_.module_deprecations.resize(project_.modules.size());
}

} // namespace pydefrag
