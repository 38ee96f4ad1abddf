#include "link/settled_rows.h"

#include "link/identity/identity.h"
#include "link/link_state.h"
#include "link/names/bound_throughout.h"

namespace pydefrag {

// Whether the source surely binds the name, whatever to: where what it takes it from lacks it,
// nobody can import the source, and that is the import to doubt.
static bool IsBoundBySource(const Project &project, const Resolver &resolver, const ImportRow &row,
                            const Found &found) {
  return !found.broken && !found.absent && !resolver.Log(row.source).replaced() &&
         IsBoundThroughout(resolver.view(), project.StatementsOf(row.source),
                           resolver.Log(row.source), row.name);
}

// Whether a package puts the name into the source before the importer, which it does not run while
// it is imported itself, has the source.
static bool IsPutBefore(const Project &project, Resolver &resolver, ImportRow &row) {
  const Found put = resolver.PutByPackage(row.source, row.name);
  const ImportGraph &graph = project.state->graph;
  if (put.answer != Answer::Yes || !row.importer.valid() ||
      graph.ComponentOf(row.importer) == graph.ComponentOf(row.source)) {
    return false;
  }
  row.target.kind = put.kind;
  row.target.module = put.module;
  row.target.definition =
      put.IsObject() ? FindDefinition(project, resolver, put.module, put.event) : DefinitionId();
  return !put.IsObject() || row.target.definition.valid();
}

void SettleRow(const Project &project, Resolver &resolver, ImportRow &row) {
  const RowContext &context = row.context;
  if (row.status != RowStatus::Unknown || !row.name.valid() || !row.source.valid() ||
      context.star || context.guarded || context.string || !resolver.HasLog(row.source)) {
    return;
  }
  const Found found = resolver.ImportFrom(row.source, row.name);
  if (!found.unknown || llvm::StringRef(found.reason) != row.reason) {
    return; // something else is in doubt
  }
  if (IsBoundBySource(project, resolver, row, found)) {
    row.target.kind = TargetKind::Opaque;
    row.target.module = row.source;
    row.target.name = row.name;
  } else if (!IsPutBefore(project, resolver, row)) {
    row.target = Target();
    return;
  }
  row.status = RowStatus::Resolved;
  row.reason = "";
}

void SettleRows(Project &project, Resolver &resolver) {
  for (ImportRow &row : project.rows) {
    SettleRow(project, resolver, row);
  }
}

} // namespace pydefrag
