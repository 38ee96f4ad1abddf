// Names in `__all__` that are not there. A module is looked at only when every operation on its
// `__all__` was understood and nothing can bind names unseen.
#include "link/defects/defects.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace pydefrag {
namespace {

class ExportChecker {
public:
  ExportChecker(Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  void ReadModule(ModuleId module, std::vector<UndefinedExport> &result) {
    const NamespaceLog &log = resolver_.Log(module);
    if (log.all_ops.empty() || !log.open_reason.empty() || log.replaced()) {
      return;
    }
    const AllNames &all = resolver_.All(module);
    if (!all.present || !all.known) {
      return;
    }
    for (NameId name : all.names) {
      if (Exists(module, name)) {
        continue;
      }
      if (const Location where = Find(module, name); where.file.valid()) {
        result.push_back({module, name, where});
      }
    }
  }

private:
  bool Exists(ModuleId module, NameId name) {
    if (resolver_.Attribute(module, name).answer != Answer::No) {
      return true;
    }
    if (!resolver_.table().IsPackage(module)) {
      return false;
    }
    return resolver_.table().FindChild(module, name).valid() ||
           resolver_.table().WhyOpenBelow(module, name) != nullptr;
  }

  // The string in this module's own statements; none when it came from another `__all__`.
  Location Find(ModuleId module, NameId name) const {
    const FileId file = project_.modules[module].file;
    const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
    for (uint32_t index : resolver_.Log(module).all_ops) {
      const PlacedStatement &placed = statements[index];
      Location where;
      view_.Walk(view_.Of(placed), [&](ExprId id) {
        const Expr &expr = view_.At(id);
        if (!where.file.valid() && expr.kind == ExprKind::String && expr.text == name &&
            expr.begin != kNoPosition) {
          where = {file, {placed.head + expr.begin, placed.head + expr.end}};
        }
      });
      if (where.file.valid()) {
        return where;
      }
    }
    return {};
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
};

} // namespace

std::vector<UndefinedExport> FindUndefinedExports(Project &project, Resolver &resolver) {
  std::vector<UndefinedExport> result;
  ExportChecker checker(project, resolver);
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    if (project.scanned.facts[FileId(i)].state == FileState::Parsed) {
      checker.ReadModule(module, result);
    }
  }
  std::sort(result.begin(), result.end(),
            [](const UndefinedExport &a, const UndefinedExport &b) { return a.where < b.where; });
  return result;
}

} // namespace pydefrag
