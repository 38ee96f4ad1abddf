// Put modules: what code puts into `sys.modules` under a name that no file has.
//
//     sys.modules["os.path"] = path              -> os.path, the module that `path` is
//     sys.modules[__name__ + ".moves"] = moves   -> compat.moves
//     io.__name__ = __name__ + ".io"
//     sys.modules[io.__name__] = io              -> typing.io, a class that serves its own names
#pragma once

#include "link/names/statement_signs.h"
#include "link/project.h"
#include "link/syntax_view.h"
#include "source/disk.h"

#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace pydefrag {

struct PutModule {
  NameId name; // dotted, absolute
  ModuleId by; // the module that puts it there
  uint32_t statement = 0;
  ExprId value;
};

struct PutModules {
  std::vector<PutModule> named; // in order of files; a name may be put by several
  // Classes and functions, methods too, that put modules of computed names, or that say one of
  // their file that does; all of a file where one may go by another name.
  llvm::DenseSet<NameId> makers;
  std::vector<ModuleId> unread; // that put modules in another way, or under computed names
};

// `sys.modules[f"{__name__}.{old}"] = ...`, `sys.modules[__name__ + "." + old] = ...`: modules
// below the module, under names that are not looked into.
bool PutsBelowItself(const SyntaxView &view, const Statement &statement);

// `disk`: the files that put modules are read again; what functions call is not in the facts.
PutModules FindPutModules(Project &project, const SyntaxView &view, const StatementSigns &signs,
                          const Disk &disk);

} // namespace pydefrag
