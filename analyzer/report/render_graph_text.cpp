#include "report/render_graph_text.h"

#include "check/import_edges.h"
#include "report/module_edges.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/GraphWriter.h"

#include <map>
#include <set>

namespace pydefrag {

static constexpr size_t kMaxMermaidArrows = 250; // more need a setting that hosts do not offer

namespace {

struct Arrow {
  bool at_import = false;
  bool in_cycle = false;
};

// What is drawn: names, and arrows between them, sorted.
struct Picture {
  std::set<std::string> nodes;
  std::map<std::pair<std::string, std::string>, Arrow> arrows;
};

class PictureMaker {
public:
  PictureMaker(const Project &project, const GraphTextOptions &options)
      : project_(project), options_(options), edges_(FindModuleEdges(project)) {
    FindCycles();
  }

  Picture Make();

private:
  void FindCycles();
  llvm::DenseSet<ModuleId> Wanted() const;
  llvm::DenseSet<ModuleId> Near() const;
  std::string NameOf(ModuleId module) const;

  const Project &project_;
  const GraphTextOptions &options_;
  ModuleEdges edges_;
  llvm::DenseMap<ModuleId, size_t> cycle_of_; // which cycle a module is part of
};

} // namespace

void PictureMaker::FindCycles() {
  const ImportEdges found = FindImportEdges(project_);
  for (size_t i = 0; i < found.cycles.size(); ++i) {
    for (ModuleId module : found.cycles[i]) {
      cycle_of_[module] = i;
    }
  }
}

// `focus` and what is at most `depth` hops away from it, in one direction or the other.
llvm::DenseSet<ModuleId> PictureMaker::Near() const {
  llvm::DenseSet<ModuleId> all;
  ModuleEdges reversed;
  for (size_t i = 0; i < edges_.size(); ++i) {
    reversed.push_back({});
  }
  for (size_t i = 0; i < edges_.size(); ++i) {
    for (const ModuleEdge &edge : edges_[ModuleId(i)]) {
      reversed[edge.to].push_back({.to = ModuleId(i), .row = edge.row});
    }
  }
  for (const ModuleEdges *edges : {&edges_, static_cast<const ModuleEdges *>(&reversed)}) {
    llvm::DenseSet<ModuleId> seen = {options_.focus};
    std::vector<ModuleId> border = {options_.focus};
    for (unsigned hop = 0; hop < options_.depth; ++hop) {
      std::vector<ModuleId> next;
      for (ModuleId module : border) {
        for (const ModuleEdge &edge : (*edges)[module]) {
          if (seen.insert(edge.to).second) {
            next.push_back(edge.to);
          }
        }
      }
      border = std::move(next);
    }
    all.insert(seen.begin(), seen.end());
  }
  return all;
}

llvm::DenseSet<ModuleId> PictureMaker::Wanted() const {
  if (options_.focus.valid()) {
    return Near();
  }
  llvm::DenseSet<ModuleId> wanted;
  for (size_t i = 0; i < project_.modules.size(); ++i) {
    const Module &module = project_.modules[ModuleId(i)];
    if (module.first_party && module.file.valid() && module.reported &&
        IsInPaths(project_.PathOf(module.file), options_.paths)) {
      wanted.insert(ModuleId(i));
    }
  }
  return wanted;
}

std::string PictureMaker::NameOf(ModuleId module) const {
  llvm::StringRef name = project_.Text(project_.modules[module].name);
  if (options_.collapse == 0) {
    return name.str();
  }
  size_t end = 0;
  for (unsigned i = 0; i < options_.collapse && end != llvm::StringRef::npos; ++i) {
    end = name.find('.', i == 0 ? 0 : end + 1);
  }
  return name.take_front(end).str();
}

Picture PictureMaker::Make() {
  Picture picture;
  const llvm::DenseSet<ModuleId> wanted = Wanted();
  for (size_t i = 0; i < edges_.size(); ++i) {
    const ModuleId from(i);
    if (!wanted.contains(from)) {
      continue;
    }
    picture.nodes.insert(NameOf(from));
    for (const ModuleEdge &edge : edges_[from]) {
      if (!wanted.contains(edge.to) || NameOf(from) == NameOf(edge.to)) {
        continue;
      }
      Arrow &arrow = picture.arrows[{NameOf(from), NameOf(edge.to)}];
      arrow.at_import |= edge.at_import;
      const auto cycle = cycle_of_.find(from);
      const auto other = cycle_of_.find(edge.to);
      arrow.in_cycle |= edge.at_import && cycle != cycle_of_.end() && other != cycle_of_.end() &&
                        cycle->second == other->second;
    }
  }
  return picture;
}

static void WriteDot(llvm::raw_ostream &os, const Picture &picture) {
  os << "digraph imports {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (const std::string &node : picture.nodes) {
    os << "  \"" << llvm::DOT::EscapeString(node) << "\";\n";
  }
  for (const auto &[ends, arrow] : picture.arrows) {
    os << "  \"" << llvm::DOT::EscapeString(ends.first) << "\" -> \""
       << llvm::DOT::EscapeString(ends.second) << '"';
    if (arrow.in_cycle) {
      os << " [color=red]";
    } else if (!arrow.at_import) {
      os << " [style=dashed]";
    }
    os << ";\n";
  }
  os << "}\n";
}

// Mermaid's own words may not be names of nodes, so the nodes are numbered.
static void WriteMermaid(llvm::raw_ostream &os, const Picture &picture) {
  std::map<std::string, size_t> numbers;
  os << "flowchart LR\n";
  for (const std::string &node : picture.nodes) {
    const size_t number = numbers.size();
    numbers[node] = number;
    std::string label;
    for (char c : node) {
      label += c == '"' ? std::string("#quot;") : std::string(1, c);
    }
    os << "  m" << number << "[\"" << label << "\"]\n";
  }
  size_t written = 0;
  std::vector<size_t> red;
  for (const auto &[ends, arrow] : picture.arrows) {
    if (written == kMaxMermaidArrows) {
      break;
    }
    if (arrow.in_cycle) {
      red.push_back(written);
    }
    os << "  m" << numbers[ends.first] << (arrow.at_import ? " --> m" : " -.-> m")
       << numbers[ends.second] << '\n';
    ++written;
  }
  for (size_t index : red) {
    os << "  linkStyle " << index << " stroke:red\n";
  }
  if (written < picture.arrows.size()) {
    os << "  %% " << picture.arrows.size() - written << " more arrows left out; try --collapse 1\n";
  }
}

void RenderGraphText(llvm::raw_ostream &os, const Project &project,
                     const GraphTextOptions &options) {
  const Picture picture = PictureMaker(project, options).Make();
  if (options.language == GraphLanguage::Dot) {
    WriteDot(os, picture);
  } else {
    WriteMermaid(os, picture);
  }
}

} // namespace pydefrag
