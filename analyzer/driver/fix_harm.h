// What a round of fixes did that it must not: modules that fail to import, import cycles, errors
// that were not there. Entry point: Blocked::Note.
#pragma once

#include "fix/batch.h"
#include "link/project.h"

#include <set>
#include <string>
#include <vector>

namespace pydefrag {

struct FixEffect {
  const Project &before;
  const Project &after;
  const std::vector<Finding> &findings_before;
  const std::vector<Finding> &findings_after;
  const FixBatch &batch;
  bool cycles_allowed = false;
};

// Changes that are not tried again: that a file imports from a module.
class Blocked {
public:
  bool Contains(const Project &project, const Fix &fix) const;

  // Adds the changes that are behind the harm done. Returns how many; 0: there is none.
  size_t Note(const FixEffect &effect);

private:
  std::set<std::pair<std::string, std::string>> changes_; // path, module
  std::set<std::string> texts_; // paths in which fixes with edits of their own did harm
};

} // namespace pydefrag
