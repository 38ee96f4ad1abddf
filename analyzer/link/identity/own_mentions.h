// Whether a module uses what it imports: a name that it says nowhere but where it imports or lists
// it is there for others.
#pragma once

#include "link/project.h"
#include "link/resolve/resolve.h"
#include "source/disk.h"
#include "source/source_file.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <utility>

namespace pydefrag {

// Refers to what it is made of, which outlives it. Reads a file when it is first asked about it,
// and keeps the text.
class OwnMentions {
public:
  OwnMentions(const Project &project, const Resolver &resolver, const Disk &disk)
      : project_(project), resolver_(resolver), disk_(disk) {}

  // Outside strings, comments, the statements that bind it at module level, and as no attribute.
  // A file that cannot be read may use all that it has.
  bool Has(ModuleId module, NameId name);
  // Whether a comment beside the statement that imports it tells linters to leave it alone, or says
  // that it is re-exported.
  bool IsKeptByComment(ModuleId module, NameId name);

private:
  struct File {
    std::optional<SourceText> source;
    size_t asked = 0; // for how many names
    // The lines of each name, once it was asked for several.
    llvm::DenseMap<NameId, llvm::SmallVector<uint32_t, 2>> lines;
  };

  bool Look(ModuleId module, NameId name);
  File &FileOf(FileId file);
  void IndexLines(File &file) const;

  const Project &project_;
  const Resolver &resolver_;
  const Disk &disk_;
  llvm::DenseMap<FileId, File> files_;
  llvm::DenseMap<std::pair<ModuleId, NameId>, bool> known_;
};

} // namespace pydefrag
