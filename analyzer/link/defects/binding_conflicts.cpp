// Binding conflicts: `from a import X` and later `from b import X` in one module, where the two are
// different objects and nothing in between uses the first. Twins in the arms of one `if` or `try`,
// and names that a condition may leave out, are no conflict.
#include "base/parallel.h"
#include "link/defects/defects.h"
#include "link/link_state.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <vector>

namespace pydefrag {
namespace {

class ConflictFinder {
public:
  ConflictFinder(const Project &project, const Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()),
        row_begin_(project.state->graph.row_begin) {}

  // Asks nobody, so files are read side by side.
  void ReadFile(FileId file, std::vector<BindingConflict> &result) const {
    const ModuleId module = project_.module_of_file[file];
    const NamespaceLog &log = resolver_.Log(module);
    // `by_name` keeps the events of a name together, in order.
    for (size_t k = 1; k < log.by_name.size(); ++k) {
      const uint32_t first = log.by_name[k - 1];
      const uint32_t second = log.by_name[k];
      if (log.names[k - 1] == log.names[k] && IsConflict(module, first, second)) {
        const RowId a = RowOf(log.events[first], file);
        const RowId b = RowOf(log.events[second], file);
        if (a.valid() && b.valid() && AreDifferent(project_.rows[a], project_.rows[b])) {
          result.push_back({a, b});
        }
      }
    }
  }

private:
  // Both bound at the top level of the module by from-imports, one surely after the other.
  bool IsConflict(ModuleId module, uint32_t first, uint32_t second) const {
    const NamespaceLog &log = resolver_.Log(module);
    const Event &a = log.events[first];
    const Event &b = log.events[second];
    const auto &statements = project_.StatementsOf(module);
    return a.kind == EventKind::From && b.kind == EventKind::From &&
           statements[a.statement].parent < 0 && statements[b.statement].parent < 0 &&
           a.statement != b.statement && !IsUsedBetween(module, a, b);
  }

  // Code of the module's top level and of its classes; function bodies run later and see the
  // second.
  bool IsUsedBetween(ModuleId module, const Event &a, const Event &b) const {
    const auto &statements = project_.StatementsOf(module);
    for (uint32_t i = a.statement + 1; i < b.statement; ++i) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport &&
          statement.kind != StatementKind::Docstring) {
        return true; // annotations and defaults are not kept, so any code may use it
      }
    }
    return false;
  }

  RowId RowOf(const Event &event, FileId file) const {
    const auto f = static_cast<size_t>(file.index);
    for (uint32_t r = row_begin_[f]; r < row_begin_[f + 1]; ++r) {
      const RowId id(size_t{r});
      const ImportRow &row = project_.rows[id];
      if (row.statement == event.statement && row.alias == event.value) {
        return id;
      }
    }
    return RowId();
  }

  bool IsExternal(const ImportRow &row) const {
    return row.source.valid() && !project_.modules[row.source].first_party;
  }
  // A class or function that a statement of the project makes: no other object is it.
  bool IsOwnObject(const ImportRow &row) const {
    return row.status == RowStatus::Resolved && row.target.kind == TargetKind::Definition &&
           project_.definitions[row.target.definition].kind != DefinitionKind::Constant;
  }

  bool AreDifferent(const ImportRow &a, const ImportRow &b) const {
    if (IsOwnObject(a) && IsOwnObject(b)) {
      return a.target.definition != b.target.definition;
    }
    // From outside, and made here.
    return (IsOwnObject(a) && IsExternal(b)) || (IsExternal(a) && IsOwnObject(b));
  }

  const Project &project_;
  const Resolver &resolver_;
  const SyntaxView &view_;
  const std::vector<uint32_t> &row_begin_; // of each file
};

} // namespace

std::vector<BindingConflict> FindBindingConflicts(Project &project, Resolver &resolver) {
  const ConflictFinder finder(project, resolver);
  std::vector<std::vector<BindingConflict>> found(project.file_count);
  ParallelFor(found.size(), resolver.jobs(), 64,
              [&](size_t i) { finder.ReadFile(FileId(i), found[i]); });
  std::vector<BindingConflict> result;
  for (const std::vector<BindingConflict> &of_file : found) {
    llvm::append_range(result, of_file);
  }
  std::sort(result.begin(), result.end(),
            [](const BindingConflict &a, const BindingConflict &b) { return a.second < b.second; });
  return result;
}

} // namespace pydefrag
