// A package tree and its imports put together by hand, for layout tests.
#pragma once

#include "page/explorer.h"
#include "page/package_tree.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <string>
#include <vector>

namespace pydefrag {

class MadeGraph {
public:
  // Dotted names in order; packages come before what they hold.
  explicit MadeGraph(std::vector<std::string> names) {
    tree.nodes.emplace_back();
    for (const std::string &name : names) {
      const size_t dot = name.rfind('.');
      PackageNode node;
      node.label = dot == std::string::npos ? name : name.substr(dot + 1);
      node.parent =
          dot == std::string::npos ? 0 : static_cast<int32_t>(number_.at(name.substr(0, dot)));
      node.module = ModuleId(explorer.modules.size());
      const auto number = static_cast<uint32_t>(tree.nodes.size());
      number_[name] = number;
      tree.nodes[static_cast<size_t>(node.parent)].children.push_back(number);
      tree.nodes.push_back(node);
      ExplorerModule module;
      module.node = number;
      module.module = node.module;
      explorer.modules.push_back(module);
      for (int32_t at = static_cast<int32_t>(number); at >= 0;
           at = tree.nodes[static_cast<size_t>(at)].parent) {
        ++tree.nodes[static_cast<size_t>(at)].modules;
      }
    }
  }

  MadeGraph &Import(const std::string &from, const std::string &to) {
    explorer.modules[Module(from)].imports.push_back({.to = Module(to), .line = 1});
    explorer.modules[Module(to)].importers.push_back(Module(from));
    return *this;
  }

  uint32_t Module(const std::string &name) const { return number_.at(name) - 1; }

  PackageTree tree;
  Explorer explorer;

private:
  std::map<std::string, uint32_t> number_; // nodes; modules are one less
};

} // namespace pydefrag
