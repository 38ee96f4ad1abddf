// Duplicate classes: class statements of one name in several modules whose members have the same
// text. Sharing member names is not enough: every implementation of one interface does. Classes of
// a name are grouped; those that share members with others of the group are read again and compared
// by the hash of each member's text.
//
//     a.Address: __init__ lines is_domestic validate      drifted: __init__ and lines are the same
//     b.Address: __init__ lines is_domestic label         text, is_domestic differs
//
// Cost: one look at every class; then pairs that share a member which few others share.
//
// Reads beside the caller, with several jobs, from the moment it is made until Finish.
#pragma once

#include "base/parallel.h"
#include "link/defects/class_texts.h"
#include "link/defects/defects.h"

#include <functional>
#include <vector>

namespace pydefrag {

class DuplicateClasses {
public:
  // Names and modules are looked at in the calling thread only; the files' facts stay as they are
  // until Finish. Nothing is read before `first` has returned.
  DuplicateClasses(const Project &project, const Disk &disk, unsigned jobs,
                   std::function<void()> first);

  // Waits until nothing is read any more.
  void Finish() { reading_.IsDone(-1); }
  // Sorted by place. When uses are counted, and it is known which modules are reported.
  std::vector<DuplicateClass> Take(const Config &config);

private:
  void Read();

  const Project &project_;
  const Disk &disk_;
  const unsigned jobs_;
  const size_t names_;        // how many there are when it is made
  std::vector<FileId> files_; // whose classes are compared
  std::vector<ComparedClass> classes_;
  Background reading_; // the last member: it uses the others
};

} // namespace pydefrag
