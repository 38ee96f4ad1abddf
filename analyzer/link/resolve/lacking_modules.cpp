#include "link/resolve/lacking_modules.h"

#include "link/resolve/failing_blocks.h"

#include "llvm/ADT/DenseMap.h"

namespace pydefrag {
namespace {

class Finder {
public:
  explicit Finder(const Resolver &resolver)
      : resolver_(resolver), project_(resolver.project()), view_(resolver.view()) {}

  llvm::DenseSet<ModuleId> Find() {
    for (ModuleId module : project_.module_of_file) {
      Read(module);
    }
    while (!open_.empty()) {
      const ModuleId module = open_.pop_back_val();
      for (ModuleId needs_it : needed_by_.lookup(module)) {
        Add(needs_it);
      }
    }
    return std::move(lacking_);
  }

private:
  void Add(ModuleId module) {
    if (lacking_.insert(module).second) {
      open_.push_back(module);
    }
  }

  // What surely runs when the module is imported: nothing under a header, nothing behind an exit.
  void Read(ModuleId module) {
    const auto &statements = project_.StatementsOf(module);
    const NamespaceLog &log = resolver_.Log(module);
    const size_t end = log.exits.empty() ? statements.size() : log.exits.front();
    for (uint32_t s = 0; s < end; s = statements[s].end) {
      ImportsAny(resolver_, module, s, [&](const ImportTarget &target) {
        Needs(module, target);
        return false; // all of them
      });
      const Statement &statement = view_.Of(statements[s]);
      const ModuleId source = statement.kind == StatementKind::FromImport
                                  ? resolver_.TargetOf(module, s).module
                                  : ModuleId();
      for (ExprId alias : source.valid() ? view_.Operands(statement) : Operands()) {
        NoteSubmodule(module, source, alias);
      }
    }
    if (const ModuleId package = project_.modules[module].parent; package.valid()) {
      needed_by_[package].push_back(module);
    }
  }

  void Needs(ModuleId module, const ImportTarget &target) {
    if (target.not_installed) {
      Add(module);
    } else if (target.module.valid()) {
      needed_by_[target.module].push_back(module);
    }
  }

  // `from . import part`, where nothing but the submodule can be meant.
  void NoteSubmodule(ModuleId module, ModuleId source, ExprId alias) {
    const NameId name = view_.Is(alias, ExprKind::Alias) ? view_.At(alias).text : NameId();
    const auto child =
        name.valid() ? resolver_.table().KnownChild(source, name) : std::optional<ModuleId>();
    if (child && child->valid() && resolver_.IsSubmoduleOnly(source, name)) {
      needed_by_[*child].push_back(module);
    }
  }

  using Operands = llvm::SmallVector<ExprId, 8>;
  const Resolver &resolver_;
  const Project &project_;
  const SyntaxView &view_;
  llvm::DenseMap<ModuleId, llvm::SmallVector<ModuleId, 4>> needed_by_;
  llvm::DenseSet<ModuleId> lacking_;
  llvm::SmallVector<ModuleId, 16> open_; // lacking, and who needs them is not noted yet
};

} // namespace

llvm::DenseSet<ModuleId> FindLackingModules(const Resolver &resolver) {
  return resolver.project().environment.empty() ? llvm::DenseSet<ModuleId>()
                                                : Finder(resolver).Find();
}

} // namespace pydefrag
