// Binding conflicts: `from a import X` and later `from b import X` in one module, where the two are
// different objects and nothing in between uses the first. Twins in the arms of one `if` or `try`,
// and names that a condition may leave out, are no conflict.
#include "link/defects/defects.h"
#include "link/resolve/resolve.h"

#include <algorithm>

namespace pydefrag {
namespace {

class ConflictFinder {
public:
  ConflictFinder(Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  void ReadFile(FileId file, llvm::ArrayRef<RowId> rows, std::vector<BindingConflict> &result) {
    const ModuleId module = project_.module_of_file[file];
    const NamespaceLog &log = resolver_.Log(module);
    // `by_name` keeps the events of a name together, in order.
    for (size_t k = 1; k < log.by_name.size(); ++k) {
      const uint32_t first = log.by_name[k - 1];
      const uint32_t second = log.by_name[k];
      if (log.names[k - 1] == log.names[k] && IsConflict(module, first, second)) {
        const RowId a = RowOf(log.events[first], rows);
        const RowId b = RowOf(log.events[second], rows);
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
    const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
    return a.kind == EventKind::From && b.kind == EventKind::From &&
           statements[a.statement].parent < 0 && statements[b.statement].parent < 0 &&
           a.statement != b.statement && !IsUsedBetween(module, a, b);
  }

  // Code of the module's top level and of its classes; function bodies run later and see the
  // second.
  bool IsUsedBetween(ModuleId module, const Event &a, const Event &b) const {
    const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
    for (uint32_t i = a.statement + 1; i < b.statement; ++i) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport &&
          statement.kind != StatementKind::Docstring) {
        return true; // annotations and defaults are not kept, so any code may use it
      }
    }
    return false;
  }

  RowId RowOf(const Event &event, llvm::ArrayRef<RowId> rows) const {
    for (RowId id : rows) {
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

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
};

} // namespace

std::vector<BindingConflict> FindBindingConflicts(Project &project, Resolver &resolver) {
  std::vector<BindingConflict> result;
  ConflictFinder finder(project, resolver);
  size_t next = 0;
  for (size_t i = 0; i < project.file_count; ++i) {
    std::vector<RowId> rows;
    for (; next < project.rows.size() && project.rows[RowId(next)].file == FileId(i); ++next) {
      rows.push_back(RowId(next));
    }
    finder.ReadFile(FileId(i), rows, result);
  }
  std::sort(result.begin(), result.end(),
            [](const BindingConflict &a, const BindingConflict &b) { return a.second < b.second; });
  return result;
}

} // namespace pydefrag
