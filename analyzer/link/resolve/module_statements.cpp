#include "link/resolve/module_statements.h"

#include "base/parallel.h"

namespace pydefrag {

std::vector<std::vector<uint32_t>>
FindModuleStatements(const Project &project, unsigned jobs,
                     llvm::function_ref<bool(FileId file, uint32_t statement)> wanted) {
  std::vector<std::vector<uint32_t>> found(project.module_of_file.size());
  ParallelFor(found.size(), jobs, 64, [&](size_t i) {
    const auto &statements = project.scanned.facts[FileId(i)].statements;
    for (uint32_t s = 0; s < statements.size();) {
      if (wanted(FileId(i), s)) {
        found[i].push_back(s);
      }
      const bool function = project.Syntax(statements[s]).kind == StatementKind::Function;
      s = function ? statements[s].end : s + 1;
    }
  });
  return found;
}

} // namespace pydefrag
