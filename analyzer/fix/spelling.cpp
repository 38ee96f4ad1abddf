#include "fix/spelling.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

std::string SpellRelative(const Project &project, ModuleId importer, llvm::StringRef module) {
  llvm::SmallVector<llvm::StringRef, 8> package;
  project.Text(project.modules[importer].name).split(package, '.');
  if (project.modules[importer].kind != ModuleKind::Package) {
    package.pop_back();
  }
  llvm::SmallVector<llvm::StringRef, 8> parts;
  module.split(parts, '.');
  size_t shared = 0;
  while (shared < package.size() && shared < parts.size() && package[shared] == parts[shared]) {
    ++shared;
  }
  if (shared == 0) {
    return module.str();
  }
  const std::string dots(package.size() - shared + 1, '.');
  return dots + llvm::join(llvm::ArrayRef<llvm::StringRef>(parts).drop_front(shared), ".");
}

} // namespace pydefrag
