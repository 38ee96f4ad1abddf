#include "page/package_tree.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace pydefrag {

const char *HealthName(Health health) {
  switch (health) {
  case Health::Clean:
    return "clean";
  case Health::Note:
    return "note";
  case Health::Warning:
    return "warning";
  case Health::Error:
    return "error";
  case Health::Broken:
    return "broken";
  }
  return "";
}

static Health HealthOf(Severity severity) {
  switch (severity) {
  case Severity::Off:
    return Health::Clean;
  case Severity::Note:
    return Health::Note;
  case Severity::Warning:
    return Health::Warning;
  case Severity::Error:
    return Health::Error;
  }
  return Health::Clean;
}

std::string PackageTree::NameOf(size_t node) const {
  std::vector<llvm::StringRef> parts;
  for (size_t at = node; at != 0; at = static_cast<size_t>(nodes[at].parent)) {
    parts.push_back(nodes[at].label);
  }
  std::string name;
  for (llvm::StringRef part : llvm::reverse(parts)) {
    name += name.empty() ? "" : ".";
    name += part;
  }
  return name;
}

static bool IsShown(const Module &module) {
  return module.first_party && module.reported && module.file.valid();
}

namespace {

class TreeBuilder {
public:
  explicit TreeBuilder(const Report &report) : report_(report), project_(*report.project) {}

  PackageTree Build() {
    tree_.nodes.emplace_back();
    AddModules();
    std::vector<Health> own(project_.modules.size(), Health::Clean);
    AddFindings(own);
    AddOutcomes(own);
    AddUp(own);
    for (PackageNode &node : tree_.nodes) {
      llvm::sort(node.children, [&](uint32_t a, uint32_t b) {
        return tree_.nodes[a].label < tree_.nodes[b].label;
      });
    }
    return std::move(tree_);
  }

private:
  uint32_t NodeFor(llvm::StringRef dotted) {
    uint32_t at = 0;
    size_t end = 0;
    while (end < dotted.size()) {
      const size_t begin = end == 0 ? 0 : end + 1;
      // A folder may be called `.github`: its dot parts nothing.
      end = std::min(dotted.find('.', begin + 1), dotted.size());
      auto [place, added] =
          by_name_.try_emplace(dotted.take_front(end), static_cast<uint32_t>(tree_.nodes.size()));
      if (added) {
        PackageNode node;
        node.label = dotted.slice(begin, end).str();
        node.parent = static_cast<int32_t>(at);
        tree_.nodes[at].children.push_back(place->second);
        tree_.nodes.push_back(std::move(node));
      }
      at = place->second;
    }
    return at;
  }

  void AddModules() {
    tree_.node_of.raw().assign(project_.modules.size(), -1);
    std::vector<ModuleId> shown;
    for (size_t i = 0; i < project_.modules.size(); ++i) {
      if (IsShown(project_.modules[ModuleId(i)])) {
        shown.push_back(ModuleId(i));
      }
    }
    llvm::sort(shown, [&](ModuleId a, ModuleId b) { return Name(a) < Name(b); });
    for (ModuleId id : shown) {
      const uint32_t node = NodeFor(Name(id));
      tree_.nodes[node].module = id;
      tree_.nodes[node].modules = 1;
      tree_.node_of[id] = static_cast<int32_t>(node);
    }
  }

  // Raises what is known of the module; returns its node, or null.
  PackageNode *Mark(ModuleId module, Health health, std::vector<Health> &own) {
    if (!module.valid() || tree_.node_of[module] < 0) {
      return nullptr;
    }
    Health &known = own[static_cast<size_t>(module.index)];
    known = std::max(known, health);
    return &tree_.nodes[static_cast<size_t>(tree_.node_of[module])];
  }

  void AddFindings(std::vector<Health> &own) {
    for (const Finding &finding : report_.findings) {
      const FileId file = finding.where.file;
      if (static_cast<size_t>(file.index) >= project_.module_of_file.size()) {
        continue; // a settings file belongs to no package
      }
      const ModuleId module = project_.module_of_file[file];
      if (PackageNode *node = Mark(module, HealthOf(finding.severity), own)) {
        ++node->findings;
      }
    }
  }

  void AddOutcomes(std::vector<Health> &own) {
    for (size_t i = 0; i < project_.outcomes.size(); ++i) {
      if (project_.outcomes[ModuleId(i)].status != ImportOutcome::Fails) {
        continue;
      }
      if (PackageNode *node = Mark(ModuleId(i), Health::Broken, own)) {
        node->broken = 1;
      }
    }
  }

  // Children have larger numbers than their parents.
  void AddUp(const std::vector<Health> &own) {
    for (size_t i = tree_.nodes.size(); i-- > 0;) {
      PackageNode &node = tree_.nodes[i];
      if (node.module.valid()) {
        const Health health = own[static_cast<size_t>(node.module.index)];
        node.worst = std::max(node.worst, health);
        node.affected += health == Health::Clean ? 0 : 1;
      }
      if (i == 0) {
        break;
      }
      PackageNode &parent = tree_.nodes[static_cast<size_t>(node.parent)];
      parent.modules += node.modules;
      parent.affected += node.affected;
      parent.findings += node.findings;
      parent.broken += node.broken;
      parent.worst = std::max(parent.worst, node.worst);
    }
  }

  llvm::StringRef Name(ModuleId id) const { return project_.Text(project_.modules[id].name); }

  const Report &report_;
  const Project &project_;
  PackageTree tree_;
  llvm::StringMap<uint32_t> by_name_;
};

} // namespace

PackageTree BuildPackageTree(const Report &report) {
  return TreeBuilder(report).Build();
}

} // namespace pydefrag
