#include "link/execute/given_back.h"

#include "link/link_state.h"

#include <algorithm>

namespace pydefrag {

bool IsGivenBack(const Project &project, const ImportRow &row) {
  const std::vector<std::string> &declared = project.state->roots.dependencies;
  return row.status == RowStatus::MissingModule && row.missing_part.valid() &&
         project.Text(row.missing_part) == "distutils" &&
         std::binary_search(declared.begin(), declared.end(), "setuptools");
}

} // namespace pydefrag
