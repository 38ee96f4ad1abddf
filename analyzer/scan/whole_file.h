// Whole file: the outline of a text from a full tree-sitter parse, for texts that the line lexer
// is not certain about, and for tests that compare both. Entry point: OutlineTree.
#pragma once

#include "scan/outline/outline.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// The same items as OutlineLines gives. A tree with an ERROR or MISSING node makes it Uncertain,
// with the items that were recovered; Python 2 statements make it Rejected. `tree` and `outline`
// are reused.
void OutlineTree(llvm::StringRef text, TreeParser &parser, FlatTree &tree, Outline &outline);

} // namespace pydefrag
