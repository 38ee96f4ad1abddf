// Narrow trees: of a file only the top-level statements that say certain words, and its imports. A
// long file takes long to parse, and hardly a question needs all of it.
#pragma once

#include "link/flow/source_trees.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

// Null when the file does not parse. Offsets are those of the narrow text: no statement of the
// facts is found by them. What other statements bind is not seen.
std::unique_ptr<SourceTree> ReadNarrowTree(const Project &project, SourceTrees &trees,
                                           ModuleId module, llvm::ArrayRef<std::string> words);

} // namespace pydefrag
