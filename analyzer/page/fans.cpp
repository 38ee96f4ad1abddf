#include "page/fans.h"

#include "report/groups.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {

static std::string WhyCanonical(llvm::StringRef because) {
  return llvm::StringSwitch<std::string>(because)
      .Case("configured", "the configuration says so")
      .Case("public-api", "the package offers it as its public name")
      .Case("public-alias", "it is the public name of a private definition")
      .Default("it is where the definition stands");
}

namespace {

class FanBuilder {
public:
  FanBuilder(const Report &report, SourceCache &sources)
      : project_(*report.project), sources_(sources) {}

  Fan Build(DefinitionId id) {
    const Definition &definition = project_.definitions[id];
    const FragmentCounts counts = CountFragment(definition);
    Fan fan;
    fan.symbol = project_.PathText(definition.module, definition.name);
    fan.name = project_.Text(definition.name).str();
    fan.kind = DefinitionKindName(definition.kind);
    fan.file = project_.PathOf(definition.where.file).str();
    fan.line = LineOf(definition.where);
    fan.because = WhyCanonical(definition.because);
    fan.paths_in_use = counts.paths_in_use;
    fan.canonical_uses = counts.canonical_uses;
    fan.stray_uses = counts.stray_uses;
    AddPaths(definition, fan);
    return fan;
  }

private:
  uint32_t LineOf(Location where) {
    const SourceText *text = sources_.Get(where.file);
    return text ? text->LineOf(where.span.begin) : 0;
  }

  void AddPaths(const Definition &definition, Fan &fan) {
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &info = definition.paths[i];
      const bool canonical = i == static_cast<size_t>(definition.canonical);
      if (!info.in_use && !canonical) {
        continue;
      }
      FanPath path{.path = project_.PathText(info.module, info.name),
                   .canonical = canonical,
                   .deprecated = info.deprecated,
                   .uses = info.uses,
                   .in_tests = info.in_tests,
                   .via = {}};
      for (const Location &hop : info.via) {
        path.via.push_back({.path = project_.PathOf(hop.file).str(), .line = LineOf(hop)});
      }
      fan.paths.push_back(std::move(path));
    }
    llvm::sort(fan.paths, [](const FanPath &a, const FanPath &b) {
      return std::make_tuple(!a.canonical, UINT32_MAX - a.uses, llvm::StringRef(a.path)) <
             std::make_tuple(!b.canonical, UINT32_MAX - b.uses, llvm::StringRef(b.path));
    });
    fan.paths_total = fan.paths.size();
    fan.paths.resize(std::min(fan.paths.size(), kMaxFanPaths));
  }

  const Project &project_;
  SourceCache &sources_;
};

} // namespace

Fans BuildFans(const Report &report, SourceCache &sources, size_t limit) {
  std::vector<std::pair<size_t, DefinitionId>> order; // stray uses
  Fans fans;
  for (DefinitionId id : FragmentedDefinitions(*report.project)) {
    const Definition &definition = report.project->definitions[id];
    if (!IsInPaths(report.project->PathOf(definition.where.file), report.paths)) {
      continue;
    }
    const size_t stray = CountFragment(definition).stray_uses;
    fans.stray_uses += stray;
    order.push_back({stray, id});
  }
  llvm::stable_sort(order, [](const auto &a, const auto &b) { return a.first > b.first; });
  fans.total = order.size();
  FanBuilder builder(report, sources);
  for (const auto &[stray, id] : llvm::ArrayRef(order).take_front(limit)) {
    fans.fans.push_back(builder.Build(id));
  }
  return fans;
}

} // namespace pydefrag
