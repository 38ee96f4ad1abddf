#include "link/resolve/foreseen_trees.h"

#include "link/flow/source_trees.h"
#include "link/resolve/library_names.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Whether the project's code makes the module's `__getattr__` by a call: all that look at its names
// ask which it is.
static bool MakesHook(const Resolver &resolver, ModuleId module, NameId hook) {
  const NamespaceLog &log = resolver.Log(module);
  return hook.valid() && llvm::any_of(log.Of(hook), [&](uint32_t index) {
           const Event &event = log.events[index];
           return event.kind == EventKind::Value &&
                  !(resolver.view().Is(event.value, ExprKind::Call) &&
                    ComesFromLibrary(resolver, module, resolver.view().Child(event.value)));
         });
}

static bool CopiesNames(const NamespaceLog &log) {
  return llvm::any_of(log.stars,
                      [&](uint32_t star) { return log.events[star].kind == EventKind::Copy; });
}

// Whether the module may get names that no event tells, but the code that does it (the tree's) may.
static bool MayBeBounded(const NamespaceLog &log) {
  return !log.opened_otherwise && (log.lazy || !log.open_reason.empty() || CopiesNames(log));
}

// Whether somebody imports a name of the module that none of its statements binds, and that is no
// submodule.
static bool IsAskedInVain(const Project &project, Resolver &resolver, ModuleId module) {
  const SyntaxView &view = resolver.view();
  const auto is_lacking = [&](ExprId alias) {
    if (view.Is(alias, ExprKind::Star) || !MayTakeTree(resolver, module, view.At(alias).text)) {
      return false;
    }
    const NameId submodule = project.scanned.names.Find(
        (project.Text(project.modules[module].name) + "." + view.TextOf(alias)).str());
    return !submodule.valid() || !project.module_by_name.contains(submodule);
  };
  return llvm::any_of(resolver.sources()->FromImportsOf(module), [&](const FromImport &from) {
    const auto &statements = project.StatementsOf(from.first);
    return llvm::any_of(view.Operands(view.Of(statements[from.second])), is_lacking);
  });
}

bool MayTakeTree(const Resolver &resolver, ModuleId module, NameId name) {
  if (!resolver.HasLog(module) || !MayBeBounded(resolver.Log(module))) {
    return false;
  }
  const NamespaceLog &log = resolver.Log(module);
  return !name.valid() || log.Of(name).empty() || CopiesNames(log); // which may bind it anew
}

void ForeseeTreesOfImports(const Project &project, Resolver &resolver) {
  if (resolver.sources() == nullptr) {
    return;
  }
  const NameId hook = project.scanned.names.Find("__getattr__");
  std::vector<ModuleId> foreseen;
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    const NamespaceLog &log = resolver.Log(module);
    if ((log.lazy && MakesHook(resolver, module, hook)) ||
        (MayBeBounded(log) && IsAskedInVain(project, resolver, module))) {
      foreseen.push_back(module);
    }
  }
  resolver.sources()->Foresee(foreseen);
}

} // namespace pydefrag
