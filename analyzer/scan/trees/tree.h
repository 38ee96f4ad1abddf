// A thin wrapper on tree-sitter: text in, flat tree out. Entry point: TreeParser::Parse. Nothing
// else in the program includes tree-sitter's header, but for node_kinds.cpp.
//
// The flat tree holds the nodes in preorder, so that walking it needs neither recursion nor the
// library: the children of node i are i + 1, nodes[i + 1].subtree_end, ... below subtree_end.
#pragma once

#include "scan/trees/node_kinds.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace pydefrag {

enum NodeFlags : uint8_t {
  kHasComma = 1,  // a comma stands directly in it
  kIsAsync = 2,   // the keyword `async` stands directly in it
  kErroneous = 4, // an ERROR or MISSING node stands in it, or it is one
};

struct Node {
  uint32_t begin = 0; // byte offset in the parsed text
  uint32_t end = 0;
  uint32_t subtree_end = 0; // index past the last node below
  NodeKind kind = NodeKind::None;
  uint8_t flags = 0;
};

struct FlatTree {
  std::vector<Node> nodes; // nodes[0] is the module
  bool has_error = false;  // an ERROR or MISSING node somewhere; the nodes are those recovered
};

// One per thread. Strings without interpolations are leaves; comments are kept in whole-file
// trees only.
class TreeParser {
public:
  TreeParser();
  ~TreeParser();
  TreeParser(const TreeParser &) = delete;
  TreeParser &operator=(const TreeParser &) = delete;

  enum class Comments : uint8_t { Drop, Keep };
  // Replaces `tree` by the tree of `text`, reusing its capacity.
  void Parse(llvm::StringRef text, Comments comments, FlatTree &tree);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace pydefrag
