#include "report/why.h"

#include "report/json/json_text.h"
#include "report/json/render_graph_json.h"
#include "report/module_edges.h"
#include "report/places.h"
#include "report/text/code_frame.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <deque>

namespace pydefrag {

namespace {

enum class EdgeScope : uint8_t { AtImport, All };

// Breadth first, so that the first chain found is a shortest one; in source order, so that it is
// always the same one.
class ChainFinder {
public:
  ChainFinder(const Project &project, const ModuleEdges &edges, EdgeScope scope)
      : project_(project), edges_(edges), scope_(scope) {
    for (size_t i = 0; i < project.modules.size(); ++i) {
      reached_.push_back({});
    }
  }

  std::vector<ChainHop> Find(ModuleId from, ModuleId to) {
    start_ = from;
    std::deque<ModuleId> queue = {from};
    while (!queue.empty() && !reached_[to].to.valid()) {
      const ModuleId module = queue.front();
      queue.pop_front();
      for (const ModuleEdge &edge : edges_[module]) {
        if (scope_ == EdgeScope::All || edge.at_import) {
          Follow(module, edge, queue);
        }
      }
    }
    return Collect(to);
  }

private:
  void Reach(const ChainHop &hop, std::deque<ModuleId> &queue) {
    if (hop.to != start_ && !reached_[hop.to].to.valid()) {
      reached_[hop.to] = hop;
      queue.push_back(hop.to);
    }
  }

  // Importing a module runs the packages above it.
  void Follow(ModuleId module, const ModuleEdge &edge, std::deque<ModuleId> &queue) {
    Reach({.from = module, .to = edge.to, .row = edge.row}, queue);
    for (ModuleId up = project_.modules[edge.to].parent; up.valid();
         up = project_.modules[up].parent) {
      if (up != module) {
        Reach({.from = module, .to = up, .row = edge.row, .on_the_way = true}, queue);
      }
    }
  }

  std::vector<ChainHop> Collect(ModuleId to) const {
    std::vector<ChainHop> hops;
    for (ModuleId at = to; at != start_ && reached_[at].to.valid(); at = reached_[at].from) {
      hops.push_back(reached_[at]);
    }
    std::reverse(hops.begin(), hops.end());
    return hops;
  }

  const Project &project_;
  const ModuleEdges &edges_;
  EdgeScope scope_;
  ModuleId start_;
  IdVector<ModuleId, ChainHop> reached_; // the hop that led to each module
};

} // namespace

ImportChain FindChain(const Project &project, ModuleId from, ModuleId to) {
  const ModuleEdges edges = FindModuleEdges(project);
  ImportChain chain;
  chain.hops = ChainFinder(project, edges, EdgeScope::AtImport).Find(from, to);
  if (chain.hops.empty()) {
    chain.at_import = false;
    chain.hops = ChainFinder(project, edges, EdgeScope::All).Find(from, to);
  }
  return chain;
}

static llvm::StringRef NameOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name);
}

void RenderChain(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                 const ImportChain &chain, ColorUse color, const PathPrefix &path_prefix) {
  const Palette palette(color);
  const FrameOptions frame{
      .project = &project, .sources = &sources, .palette = &palette, .path_prefix = path_prefix};
  os << palette.Paint(Ink::Strong, NameOf(project, chain.hops.front().from)) << '\n';
  for (const ChainHop &hop : chain.hops) {
    const ImportRow &row = project.rows[hop.row];
    os << "  imports " << palette.Paint(Ink::Strong, NameOf(project, hop.to)) << " at "
       << PlaceText(frame, {row.file, row.where});
    if (hop.on_the_way) {
      os << ", on the way to " << project.Text(row.module);
    }
    const llvm::SmallVector<llvm::StringRef, 4> context = ContextNames(row.context);
    os << (context.empty() ? "" : " (" + llvm::join(context, ", ") + ")") << '\n';
  }
  if (!chain.at_import) {
    os << "Importing the first does not run the last: not all of these imports run at import "
          "time.\n";
  }
}

void RenderChainJson(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                     ModuleId from, ModuleId to, const ImportChain &chain) {
  JsonWriter json(os);
  json.BeginObject();
  json.Text("schema", "pydefrag/why/1");
  json.Text("from", NameOf(project, from));
  json.Text("to", NameOf(project, to));
  json.Key("at_import");
  json.Bool(chain.at_import && !chain.hops.empty());
  json.BeginArray("chain");
  for (const ChainHop &hop : chain.hops) {
    const ImportRow &row = project.rows[hop.row];
    json.BreakLine();
    json.BeginObject();
    json.Text("from", NameOf(project, hop.from));
    json.Text("to", NameOf(project, hop.to));
    json.Text("path", project.PathOf(row.file));
    if (const std::optional<TextRange> range = RangeOf(sources, {row.file, row.where})) {
      json.Count("line", range->begin.line);
      json.Count("column", range->begin.column);
    }
    json.Key("on_the_way");
    json.Bool(hop.on_the_way);
    json.BeginArray("context");
    for (llvm::StringRef word : ContextNames(row.context)) {
      json.String(word);
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  os << '\n';
}

} // namespace pydefrag
