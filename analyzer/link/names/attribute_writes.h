// AttributeWrites: which attributes the code of a file sets on something, `X.name = ...` and
// `setattr(X, "name", ...)`, in function bodies too; and which it expects others to set: a plugin
// that speaks of `__options__` and never binds it gets it from whoever loads it. Facts leave such
// statements out; they matter only when a missing name is about to be claimed, so the few files
// concerned are read again. A textual look: it can only make a claim unknown.
#pragma once

#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace pydefrag {

class AttributeWrites {
public:
  // `rows`: who imports what; those of the project, or before one of its files was edited.
  AttributeWrites(const Project &project, const Disk &disk, const IdVector<RowId, ImportRow> &rows)
      : project_(project), disk_(disk), rows_(rows) {}

  // Whether a file that imports the module, or the module itself, sets `name` on anything but
  // `self`; or the module has the double underscores of `name` from elsewhere.
  bool MaySet(ModuleId module, llvm::StringRef name);

private:
  void NoteImporters();
  struct Spoken {
    llvm::StringSet<> written;
    llvm::StringSet<> expected; // `__name__`, not behind a dot
  };
  const Spoken &SpokenIn(FileId file);

  const Project &project_;
  const Disk &disk_;
  const IdVector<RowId, ImportRow> &rows_;
  bool noted_ = false;                                // nothing is read before the first question
  IdVector<ModuleId, std::vector<FileId>> importers_; // of the modules that there were then
  llvm::DenseMap<FileId, Spoken> spoken_;
};

// An import in a function finds what other code has set on the module by then: such a name is not
// missing for sure.
void DoubtDeferredImports(Project &project, AttributeWrites &writes);

} // namespace pydefrag
