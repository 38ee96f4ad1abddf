// Attribute uses: files that reach a class or function as `mod.X` through an imported module. A
// name that a function shadows is counted all the same: uses weigh paths, they are no findings.
#pragma once

#include "link/identity/chain_reader.h"
#include "link/identity/identity.h"

namespace pydefrag {

struct AttributeUse { // once for each file and path
  FileId file;
  ModuleId module; // the path is module:name
  NameId name;
  DefinitionId definition;
  uint32_t offset = 0; // the first place
};

// A name of a file that stands for a module, through which the file says an attribute that the
// module does not have. Not yet sure: something nearer may bind the name.
struct DoubtfulName {
  FileId file;
  std::string local;
};

struct AttributeUses {
  std::vector<AttributeUse> uses;
  std::vector<DoubtfulName> doubtful; // by file; each once
};

// Foresees the trees that FindAttributeUses is going to ask for.
void ForeseeTreesOfChains(const Project &project, Resolver &resolver,
                          llvm::ArrayRef<std::vector<Chain>> chains);

// `chains` by file.
AttributeUses FindAttributeUses(Project &project, Resolver &resolver, const PathTable &table,
                                llvm::ArrayRef<std::vector<Chain>> chains);

} // namespace pydefrag
