#include "link/modules/entries.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

std::vector<ModuleId> FindEntryModules(const Project &project, const SettingsResult &settings) {
  std::vector<ModuleId> modules;
  for (const ProjectSettings &each : settings.projects) {
    for (const EntryPoint &entry : each.entry_points) {
      const llvm::StringRef target = llvm::StringRef(entry.target).split(':').first.trim();
      const ModuleId module = project.FindModule(target);
      if (module.valid() && !llvm::is_contained(modules, module)) {
        modules.push_back(module);
      }
    }
  }
  return modules;
}

} // namespace pydefrag
