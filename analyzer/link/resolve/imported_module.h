// ImportedModule: the module that a name stands for by the import statements of its file alone,
// while the namespaces are not complete yet. Entry point: ImportedModule.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// The module that "a.b" stands for where an import of `file`, at any depth, binds `a`; invalid
// where none does, or where it binds something else than a module. Only looks modules up.
ModuleId ImportedModule(Resolver &resolver, FileId file, llvm::StringRef dotted);

} // namespace pydefrag
