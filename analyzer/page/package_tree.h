// The project's modules as a tree of packages, with what was found in each subtree. Node 0 stands
// for the whole project. Entry point: BuildPackageTree.
#pragma once

#include "link/project.h"
#include "report/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

// Ascending by how bad it is.
enum class Health : uint8_t { Clean, Note, Warning, Error, Broken /* cannot be imported */ };
constexpr size_t kHealths = 5;
const char *HealthName(Health health); // "clean"... "broken"

struct PackageNode {
  std::string label;              // last part of the dotted name; the root's is empty
  int32_t parent = -1;            // smaller than the node's own number
  std::vector<uint32_t> children; // by label
  ModuleId module;                // none: a folder that is no module with a file
  uint32_t modules = 0;           // in the subtree, its own included
  uint32_t affected = 0;          // of these, with a finding or broken
  uint32_t findings = 0;          // in the subtree
  uint32_t broken = 0;            // modules of the subtree that cannot be imported
  Health worst = Health::Clean;   // of the subtree
};

struct PackageTree {
  std::vector<PackageNode> nodes;
  IdVector<ModuleId, int32_t> node_of; // -1: not shown (third-party, excluded)

  std::string NameOf(size_t node) const; // dotted; "" for the root
};

// First-party modules that are reported on and have a file.
PackageTree BuildPackageTree(const Report &report);

} // namespace pydefrag
