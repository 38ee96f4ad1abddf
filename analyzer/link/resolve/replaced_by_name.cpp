#include "link/resolve/replaced_by_name.h"

#include "base/parallel.h"
#include "link/flow/source_trees.h"
#include "link/resolve/frame_writers.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <vector>

namespace pydefrag {

// Of a long statement arguments are left out; its text has them.
static bool MaySayName(Resolver &resolver, FileId file, uint32_t s) {
  const Project &project = resolver.project();
  const PlacedStatement &placed = project.scanned.facts[file].statements[s];
  const ModuleId module = project.module_of_file[file];
  const llvm::StringRef text =
      resolver.sources() != nullptr ? resolver.sources()->TextOf(module) : "";
  return text.empty() || text.slice(placed.head, BehindLinesOf(placed, text)).contains("__name__");
}

static void OpenIfGiven(Resolver &resolver, FileId file, uint32_t s,
                        const llvm::DenseSet<NameId> &functions) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const Statement &statement = view.Of(project.scanned.facts[file].statements[s]);
  view.Walk(statement, [&](ExprId id) {
    if (!CallsOneOf(view, id, functions)) {
      return;
    }
    const bool given = llvm::any_of(
        view.Arguments(id), [&](ExprId argument) { return view.IsName(argument, "__name__"); });
    if (given || (statement.reduced && MaySayName(resolver, file, s))) {
      resolver.OpenModule(project.module_of_file[file],
                          "`" + view.Text(view.CalledName(id)) + "` may replace the module",
                          OpenedBy::Others);
    }
  });
}

// The statements at the top level of a file that call something of such a name.
static std::vector<uint32_t> FindCalls(const Resolver &resolver, FileId file,
                                       const llvm::DenseSet<NameId> &functions) {
  const SyntaxView &view = resolver.view();
  std::vector<uint32_t> found;
  const auto &statements = resolver.project().scanned.facts[file].statements;
  for (uint32_t s = 0; s < statements.size(); s = statements[s].end) {
    const Statement &statement = view.Of(statements[s]);
    if (statement.kind != StatementKind::Assign && statement.kind != StatementKind::Expression) {
      continue;
    }
    bool calls = false;
    view.Walk(statement, [&](ExprId id) { calls |= CallsOneOf(view, id, functions); });
    if (calls) {
      found.push_back(s);
    }
  }
  return found;
}

void OpenModulesReplacedByName(Resolver &resolver, llvm::ArrayRef<FileId> makers) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  llvm::DenseSet<NameId> functions;
  for (FileId file : makers) {
    const auto &statements = project.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size();) { // methods of classes too
      const Statement &statement = view.Of(statements[s]);
      // pkg_resources' own lets a module stay that is loaded, with a longer `__path__`.
      if (statement.kind == StatementKind::Function &&
          view.Text(statement.text) != "declare_namespace") {
        functions.insert(statement.text);
      }
      s = statement.kind == StatementKind::Class ? s + 1 : statements[s].end;
    }
  }
  if (functions.empty()) {
    return;
  }
  std::vector<std::vector<uint32_t>> calls(project.module_of_file.size());
  ParallelFor(calls.size(), resolver.jobs(), 32,
              [&](size_t i) { calls[i] = FindCalls(resolver, FileId(i), functions); });
  for (size_t i = 0; i < calls.size(); ++i) {
    for (uint32_t s : calls[i]) {
      OpenIfGiven(resolver, FileId(i), s, functions);
    }
  }
}

} // namespace pydefrag
