#include "link/resolve/star_submodules.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

// So many modules are read for one question, so that a project of any size can ask many.
constexpr size_t kMostModules = 512;

// Modules that importing one module loads, found import by import.
class Loads {
public:
  // `sure`: only by imports at module level, outside of every block.
  Loads(const Project &project, Resolver &resolver, bool sure)
      : project_(project), resolver_(resolver), sure_(sure) {}

  // Unknown: more modules than are read.
  Tri Reach(ModuleId from, ModuleId wanted) {
    Add(from);
    for (size_t i = 0; i < ahead_.size() && i < kMostModules && !seen_.contains(wanted); ++i) {
      ReadImports(ahead_[i]);
    }
    return seen_.contains(wanted)         ? Tri::Yes
           : ahead_.size() > kMostModules ? Tri::Unknown
                                          : Tri::No;
  }

private:
  // A module, and the packages it lies in.
  void Add(ModuleId module) {
    while (module.valid() && seen_.insert(module).second) {
      if (resolver_.HasLog(module)) {
        ahead_.push_back(module);
      }
      module = project_.modules[module].parent;
    }
  }

  void ReadImports(ModuleId module) {
    const SyntaxView &view = resolver_.view();
    const auto &statements = project_.StatementsOf(module);
    for (uint32_t i = 0; i < statements.size(); ++i) {
      const Statement &statement = view.Of(statements[i]);
      if ((sure_ && statements[i].parent >= 0) || resolver_.NeverRuns(module, i)) {
        continue;
      }
      if (statement.kind == StatementKind::Import) {
        for (uint32_t k = 0; k < view.Operands(statement).size(); ++k) {
          Add(resolver_.TargetOf(module, i, k).module);
        }
      } else if (statement.kind == StatementKind::FromImport) {
        AddFrom(resolver_.TargetOf(module, i).module, view.Operands(statement));
      }
    }
  }

  // `from package import name` imports a submodule when the package has no such attribute.
  void AddFrom(ModuleId package, llvm::ArrayRef<ExprId> aliases) {
    Add(package);
    if (!package.valid() || !resolver_.table().IsPackage(package)) {
      return;
    }
    for (ExprId alias : aliases) {
      const NameId name = resolver_.view().At(alias).text;
      if (name.valid() && (!sure_ || resolver_.IsSubmoduleOnly(package, name))) {
        Add(resolver_.table().FindChild(package, name));
      }
    }
  }

  const Project &project_;
  Resolver &resolver_;
  const bool sure_;
  llvm::DenseSet<ModuleId> seen_;
  llvm::SmallVector<ModuleId, 32> ahead_; // in the order in which they are met
};

} // namespace

Tri StarTakesSubmodule(const Project &project, Resolver &resolver, ModuleId importer,
                       ModuleId package, ModuleId child) {
  if (Loads(project, resolver, true).Reach(package, child) == Tri::Yes) {
    return Tri::Yes;
  }
  return Loads(project, resolver, false).Reach(importer, child) == Tri::No ? Tri::No : Tri::Unknown;
}

} // namespace pydefrag
