// ClassTexts: the members of module-level classes and the text of each, read again from disk for
// the classes that are compared. A member is what a class body defines or assigns directly.
#pragma once

#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace pydefrag {

struct ClassMember {
  NameId name;
  StatementId statement; // of the member's first statement: equal texts have equal ones
  uint32_t begin = 0;    // byte range in the file, up to the next member
  uint32_t end = 0;
  uint64_t text_hash = 0; // 0: not read yet
  uint32_t size = 0;      // bytes of the text that was hashed
  bool is_function = false;
};

struct ComparedClass {
  ModuleId module;
  NameId name;
  Location where;
  bool has_bases = false;
  size_t functions = 0;
  std::vector<ClassMember> members; // by name; an overloaded name once, all its texts together
};

// The classes that stand directly in a module, in order.
std::vector<ComparedClass> ClassesOf(const Project &project, FileId file,
                                     llvm::function_ref<bool(NameId)> wanted);

// Fills in the hashes of the members of `classes`, which all stand in `file`.
void ReadTexts(const Project &project, const Disk &disk, FileId file,
               llvm::ArrayRef<ComparedClass *> classes);

} // namespace pydefrag
