// The data that the page's script draws from. Rows are arrays: of 10,000 modules and 60,000 imports
// this is most of the page.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/json/json_text.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

namespace pydefrag {
namespace {

class DataWriter {
public:
  DataWriter(llvm::raw_ostream &os, const Page &page) : json_(os), page_(page) {}

  void Document() {
    json_.BeginObject();
    HealthNames();
    Nodes();
    Views();
    Modules();
    MatrixRows();
    Causes();
    Tests();
    json_.EndObject();
  }

private:
  void BeginRows(llvm::StringRef key) {
    json_.BreakLine();
    json_.BeginArray(key);
  }

  // Names of the states, which rows name by their place in this list.
  void HealthNames() {
    BeginRows("health");
    for (size_t i = 0; i < kHealths; ++i) {
      json_.String(HealthName(static_cast<Health>(i)));
    }
    json_.EndArray();
  }

  // [label, parent, modules, affected, findings, broken, worst]
  void Nodes() {
    BeginRows("nodes");
    for (const PackageNode &node : page_.tree.nodes) {
      json_.BreakLine();
      json_.BeginArray();
      json_.String(node.label);
      json_.Number(node.parent < 0 ? 0 : static_cast<uint64_t>(node.parent));
      for (uint32_t number : {node.modules, node.affected, node.findings, node.broken}) {
        json_.Number(number);
      }
      json_.Number(static_cast<uint64_t>(node.worst));
      json_.EndArray();
    }
    json_.EndArray();
  }

  void Units(double length) { json_.Number(static_cast<uint64_t>(std::llround(length * 10))); }

  // [package, [part, x, y, width, height, depth]...], in tenths of a unit
  void Views() {
    BeginRows("views");
    for (const MapView &view : page_.treemap.views) {
      json_.BreakLine();
      json_.BeginArray();
      json_.Number(view.node);
      for (const Tile &tile : view.tiles) {
        json_.BeginArray();
        json_.Number(tile.node);
        Units(tile.box.x);
        Units(tile.box.y);
        Units(tile.box.width);
        Units(tile.box.height);
        json_.Number(static_cast<uint64_t>(tile.depth));
        json_.EndArray();
      }
      json_.EndArray();
    }
    json_.EndArray();
  }

  // [node, health, path, [to, line, to, line...], [importer...]]
  void Modules() {
    const Project &project = *page_.report->project;
    BeginRows("modules");
    for (const ExplorerModule &module : page_.explorer.modules) {
      json_.BreakLine();
      json_.BeginArray();
      json_.Number(module.node);
      json_.Number(static_cast<uint64_t>(module.health));
      json_.String(project.PathOf(project.modules[module.module].file));
      json_.BeginArray();
      for (const ExplorerLink &link : module.imports) {
        json_.Number(link.to);
        json_.Number(link.line);
      }
      json_.EndArray();
      json_.BeginArray();
      llvm::for_each(module.importers, [&](uint32_t importer) { json_.Number(importer); });
      json_.EndArray();
      json_.EndArray();
    }
    json_.EndArray();
  }

  // The row of each module, -1 as null.
  void MatrixRows() {
    BeginRows("rows");
    for (int32_t row : page_.matrix.row_of) {
      if (row < 0) {
        json_.Null();
      } else {
        json_.Number(static_cast<uint64_t>(row));
      }
    }
    json_.EndArray();
  }

  // Those that have no card in the page: [number, severity, code, rule, headline, package, state,
  // places, fix, path, line]
  void Causes() {
    BeginRows("causes");
    const size_t shown = std::min(page_.causes.size(), kMaxStaticCards);
    for (const CauseCard &card : llvm::ArrayRef(page_.causes).drop_front(shown)) {
      json_.BreakLine();
      json_.BeginArray();
      json_.Number(card.number);
      json_.Number(static_cast<uint64_t>(HealthOfSeverity(card.severity)));
      for (llvm::StringRef text :
           {llvm::StringRef(card.code), llvm::StringRef(card.rule), llvm::StringRef(card.headline),
            llvm::StringRef(card.package), llvm::StringRef(CauseStateName(card.State()))}) {
        json_.String(text);
      }
      json_.Number(card.places);
      json_.String(card.fix);
      json_.String(card.sites.empty() ? "" : card.sites.front().path);
      json_.Number(card.sites.empty() ? 0 : card.sites.front().line);
      json_.EndArray();
    }
    json_.EndArray();
  }

  // [id, outcome, milliseconds or null, what explains it, its number]
  void Tests() {
    constexpr llvm::StringRef reasons[] = {"", "cause", "cluster", "related"}; // as ReasonKind
    BeginRows("tests");
    for (const TestRow &test : page_.report->joined.tests) {
      json_.BreakLine();
      json_.BeginArray();
      json_.String(test.id);
      json_.String(OutcomeText(test));
      if (test.seconds < 0) {
        json_.Null();
      } else {
        json_.Number(static_cast<uint64_t>(std::llround(double(test.seconds) * 1000)));
      }
      json_.String(reasons[static_cast<size_t>(test.reason.kind)]);
      json_.Number(test.reason.index + 1);
      json_.EndArray();
    }
    json_.EndArray();
  }

  JsonWriter json_;
  const Page &page_;
};

} // namespace

void WritePageData(llvm::raw_ostream &os, const Page &page) {
  std::string json;
  llvm::raw_string_ostream stream(json);
  DataWriter(stream, page).Document();
  os << "<script type=\"application/json\" id=\"data\">";
  WriteScriptJson(os, json);
  os << "</script>\n";
}

} // namespace pydefrag
