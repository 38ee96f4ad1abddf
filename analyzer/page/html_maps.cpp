// The pictures that show where: the package treemap and the explorer's first neighbourhood.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/text/style.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pydefrag {

static std::string Round(double number) {
  return llvm::formatv("{0:f1}", number).str();
}

// As much of `text` as fits into `width` units of 12-unit type.
static std::string Fit(llvm::StringRef text, double width) {
  constexpr double kPerLetter = 6.9;
  const auto letters = static_cast<size_t>(std::max(0.0, (width - 8) / kPerLetter));
  if (text.size() <= letters) {
    return text.str();
  }
  return letters < 4 ? "" : (text.take_front(letters - 1) + "\xE2\x80\xA6").str(); // an ellipsis
}

static std::string TileTitle(const PackageTree &tree, uint32_t index) {
  const PackageNode &node = tree.nodes[index];
  std::string title = tree.NameOf(index) + ": " + Counted(node.modules, "module");
  if (node.findings > 0) {
    title += ", " + Counted(node.findings, "finding") + " in " + Counted(node.affected, "module");
  }
  if (node.broken > 0) {
    title += ", " + WithCommas(node.broken) + " cannot be imported";
  }
  return title;
}

static void WriteTile(llvm::raw_ostream &os, const PackageTree &tree, const Tile &tile,
                      bool holds_others) {
  const PackageNode &node = tree.nodes[tile.node];
  const Box &box = tile.box;
  const double share = node.modules == 0 ? 0 : double(node.affected) / node.modules;
  os << "<g class=\"tile " << HealthName(node.worst) << (holds_others ? " holder" : "")
     << "\" data-node=\"" << tile.node << "\"><title>" << HtmlText(TileTitle(tree, tile.node))
     << "</title><rect x=\"" << Round(box.x) << "\" y=\"" << Round(box.y) << "\" width=\""
     << Round(box.width) << "\" height=\"" << Round(box.height)
     << "\" style=\"--share:" << llvm::formatv("{0:f2}", share).str() << "\"/>";
  const std::string label = box.height < 16 ? "" : Fit(node.label, box.width);
  if (!label.empty()) {
    os << "<text x=\"" << Round(box.x + 4) << "\" y=\"" << Round(box.y + 14) << "\">"
       << HtmlText(label) << "</text>";
  }
  os << "</g>\n";
}

static void WriteMapKey(llvm::raw_ostream &os) {
  os << "<p class=\"key\">";
  const std::pair<Health, const char *> kKeys[] = {{Health::Broken, "cannot be imported"},
                                                   {Health::Error, "error"},
                                                   {Health::Warning, "warning"},
                                                   {Health::Note, "note"},
                                                   {Health::Clean, "nothing found"}};
  for (const auto &[health, text] : kKeys) {
    os << "<span>" << HealthIcon(health) << ' ' << text << "</span> ";
  }
  os << "</p>\n";
}

static void WritePackageTable(llvm::raw_ostream &os, const PackageTree &tree) {
  constexpr size_t kMost = 100;
  std::vector<uint32_t> parts = tree.nodes.front().children;
  if (parts.size() == 1) {
    parts = tree.nodes[parts.front()].children;
  }
  std::stable_sort(parts.begin(), parts.end(), [&](uint32_t a, uint32_t b) {
    return tree.nodes[a].findings > tree.nodes[b].findings;
  });
  os << "<details><summary>the same as a table</summary><div class=\"scroll\"><table><thead><tr>"
        "<th>package</th><th>modules</th><th>with findings</th><th>findings</th>"
        "<th>cannot be imported</th></tr></thead><tbody>\n";
  for (uint32_t part : llvm::ArrayRef(parts).take_front(kMost)) {
    const PackageNode &node = tree.nodes[part];
    os << "<tr><td>" << HealthIcon(node.worst) << " <code>" << HtmlText(tree.NameOf(part))
       << "</code></td><td>" << WithCommas(node.modules) << "</td><td>" << WithCommas(node.affected)
       << "</td><td>" << WithCommas(node.findings) << "</td><td>" << WithCommas(node.broken)
       << "</td></tr>\n";
  }
  os << "</tbody></table></div>";
  if (parts.size() > kMost) {
    os << "<p>" << WithCommas(parts.size() - kMost) << " more</p>";
  }
  os << "</details>\n";
}

void WriteTreemap(llvm::raw_ostream &os, const Page &page) {
  const MapView &view = page.treemap.views.front();
  if (view.tiles.empty()) {
    return;
  }
  OpenSection(
      os, "map", "Where it is",
      "Each area is a package or module; the more modules, the larger. The colour tells the "
      "worst that was found in it, and is stronger the more of its modules are affected. "
      "Choose a package to look into it, a module to see its neighbours.");
  WriteMapKey(os);
  os << "<nav class=\"crumbs needs-script\" id=\"map-crumbs\" aria-label=\"package shown\"></nav>\n"
     << "<svg id=\"treemap\" viewBox=\"0 0 " << kMapWidth << ' ' << kMapHeight
     << "\" role=\"group\" aria-label=\"map of the packages\">\n";
  for (size_t i = 0; i < view.tiles.size(); ++i) {
    const bool holds = i + 1 < view.tiles.size() && view.tiles[i + 1].depth > view.tiles[i].depth;
    WriteTile(os, page.tree, view.tiles[i], holds);
  }
  os << "</svg>\n";
  WritePackageTable(os, page.tree);
  os << "</section>\n";
}

namespace {

constexpr double kColumnWidth = 240, kRowHeight = 24, kNodeWidth = 200;

// Where the nodes of a neighbourhood stand.
struct EgoPlaces {
  std::map<uint32_t, std::pair<double, double>> at; // module -> x, y of its left middle
  double width = 0, height = 0;
};

} // namespace

static EgoPlaces PlaceEgo(const EgoGraph &ego) {
  std::map<int, size_t> sizes;
  for (const EgoNode &node : ego.nodes) {
    ++sizes[node.column];
  }
  size_t tallest = 0;
  std::map<int, double> x;
  EgoPlaces places;
  for (const auto &[column, size] : sizes) {
    tallest = std::max(tallest, size);
    x[column] = 8 + double(x.size()) * kColumnWidth;
  }
  places.width = double(sizes.size() - 1) * kColumnWidth + kNodeWidth + 16;
  places.height = double(tallest) * kRowHeight + 16;
  std::map<int, size_t> used;
  for (const EgoNode &node : ego.nodes) {
    const double top = (places.height - double(sizes[node.column]) * kRowHeight) / 2;
    const double row = double(used[node.column]++);
    places.at[node.module] = {x[node.column], top + (row + 0.5) * kRowHeight};
  }
  return places;
}

static void WriteEgo(llvm::raw_ostream &os, const Page &page, const EgoGraph &ego) {
  const EgoPlaces places = PlaceEgo(ego);
  os << "<svg id=\"ego\" viewBox=\"0 0 " << Round(places.width) << ' ' << Round(places.height)
     << "\" width=\"" << Round(places.width)
     << "\" role=\"group\" "
        "aria-label=\"importers to the left, imports to the right\">\n";
  for (const EgoNode &node : ego.nodes) {
    const auto [x, y] = places.at.at(node.module);
    for (const ExplorerLink &link : page.explorer.modules[node.module].imports) {
      const auto to = places.at.find(link.to);
      if (to == places.at.end() || to->second.first <= x) {
        continue; // arcs run from left to right only
      }
      const double end = to->second.first, middle = (x + kNodeWidth + end) / 2;
      os << "<path class=\"arc\" d=\"M" << Round(x + kNodeWidth) << ' ' << Round(y) << "C"
         << Round(middle) << ' ' << Round(y) << ' ' << Round(middle) << ' '
         << Round(to->second.second) << ' ' << Round(end) << ' ' << Round(to->second.second)
         << "\"/>";
    }
  }
  os << '\n';
  for (const EgoNode &node : ego.nodes) {
    const auto [x, y] = places.at.at(node.module);
    const ExplorerModule &module = page.explorer.modules[node.module];
    const std::string name = page.tree.NameOf(module.node);
    const size_t letters = 27;
    const std::string shown =
        name.size() <= letters ? name : "\xE2\x80\xA6" + name.substr(name.size() - letters + 1);
    os << "<g class=\"ego-node " << HealthName(module.health) << (node.column == 0 ? " center" : "")
       << "\" data-module=\"" << node.module << "\"><title>" << HtmlText(name)
       << "</title><rect x=\"" << Round(x) << "\" y=\"" << Round(y - 10) << "\" width=\""
       << kNodeWidth << "\" height=\"20\" rx=\"3\"/><text x=\"" << Round(x + 6) << "\" y=\""
       << Round(y + 4) << "\">" << HtmlText(shown) << "</text></g>\n";
  }
  os << "</svg>\n";
}

void WriteExplorer(llvm::raw_ostream &os, const Page &page) {
  if (page.explorer.modules.empty()) {
    return;
  }
  constexpr size_t kMostNodes = 80;
  OpenSection(os, "explorer", "Neighbours of one module",
              "On the left who imports it, on the right what it imports, when Python imports it. "
              "Choose a module to move there.");
  const uint32_t start = page.explorer.start;
  const EgoGraph ego = LayOutEgo(page.explorer, start, 1, kMostNodes);
  os << "<form class=\"filters needs-script\" id=\"explore\"><label>module <input id=\"module\" "
        "list=\"module-list\" autocomplete=\"off\" spellcheck=\"false\" value=\""
     << HtmlText(page.tree.NameOf(page.explorer.modules[start].node))
     << "\"></label><datalist id=\"module-list\"></datalist>\n"
        "<label>steps <select id=\"depth\"><option>1</option><option>2</option></select></label>\n"
        "<label>way to <input id=\"way-to\" list=\"module-list\" autocomplete=\"off\" "
        "spellcheck=\"false\" placeholder=\"another module\"></label></form>\n"
        "<p id=\"ego-note\" class=\"by\" aria-live=\"polite\">";
  if (ego.left_out > 0) {
    os << WithCommas(ego.left_out) << " more neighbours are not drawn";
  }
  os << "</p>\n<div class=\"scroll\">\n";
  WriteEgo(os, page, ego);
  os << "</div>\n</section>\n";
}

} // namespace pydefrag
