// Finders: what the finders may serve that the project's code, and the installed files that were
// read, put into `sys.meta_path` or `sys.path_hooks` when they are imported. Entry point:
// FindFinders.
//
//     sys.meta_path.append(Importer("shop.plugins"))
//     def install(): sys.meta_path.insert(0, Finder())
//     install()
#pragma once

#include "link/flow/file_trees.h"
#include "link/modules/module_table.h"
#include "link/modules/served_by_finders.h"
#include "link/syntax_view.h"

#include <vector>

namespace pydefrag {

// In order of files. A class whose method cannot be bounded serves the package of the first name
// that it is made with; made with none, anything. `trees`: the files that it reads are there then.
std::vector<ServedByFinder> FindFinders(const Project &project, ModuleTable &table,
                                        const SyntaxView &view, const StatementSigns &signs,
                                        FileTrees &trees, unsigned jobs);

} // namespace pydefrag
