// The two renderings of a traced symbol: a tree for the terminal, and schema pydefrag/trace/1.
#include "report/json/json_text.h"
#include "report/text/code_frame.h"
#include "report/trace.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static llvm::StringRef ReasonText(llvm::StringRef because) {
  if (because == "configured") {
    return "configured in `canonical`";
  }
  if (because == "public-api") {
    return "the public name that the package declares";
  }
  if (because == "public-alias") {
    return "the most used public name where it is defined";
  }
  return "where it is defined";
}

namespace {

class TraceRenderer {
public:
  TraceRenderer(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                const TraceOptions &options)
      : os_(os), project_(project), options_(options), palette_(options.color),
        frame_{.project = &project,
               .sources = &sources,
               .palette = &palette_,
               .path_prefix = options.path_prefix} {}

  void Tree(const Definition &definition);

private:
  std::vector<const PathInfo *> PathsToShow(const Definition &definition) const;
  void Branch(const PathInfo &path, const PathInfo *canonical, bool last);
  void Users(const PathInfo &path, llvm::StringRef indent);
  std::string Uses(const PathInfo &path) const;

  llvm::raw_ostream &os_;
  const Project &project_;
  const TraceOptions &options_;
  Palette palette_;
  FrameOptions frame_;
};

} // namespace

std::string TraceRenderer::Uses(const PathInfo &path) const {
  std::string text = Counted(path.uses, "use");
  const std::pair<uint32_t, llvm::StringRef> parts[] = {
      {path.in_tests, "in tests"},
      {path.type_checking, "for type checking"},
      {path.guarded, "guarded"},
  };
  llvm::StringRef separator = " (";
  for (const auto &[count, word] : parts) {
    if (count > 0) {
      text += (separator + WithCommas(count) + " " + word).str();
      separator = ", ";
    }
  }
  return text + (separator == ", " ? ")" : "");
}

// The imports that take a path and the files that say it as an attribute, by file and place.
static std::vector<Location> PlacesOfUse(const Project &project, const PathInfo &path) {
  std::vector<Location> places = path.attribute_uses;
  for (RowId id : path.rows) {
    places.push_back({project.rows[id].file, project.rows[id].where});
  }
  llvm::sort(places);
  return places;
}

void TraceRenderer::Users(const PathInfo &path, llvm::StringRef indent) {
  const std::vector<Location> places = PlacesOfUse(project_, path);
  const size_t limit = options_.max_users == 0 ? places.size() : options_.max_users;
  for (Location place : llvm::ArrayRef(places).take_front(limit)) {
    os_ << indent << "used " << PlaceText(frame_, place) << '\n';
  }
  if (places.size() > limit) {
    os_ << indent << "and " << WithCommas(places.size() - limit) << " more (--all)\n";
  }
}

// The canonical path, then those that somebody takes, by right or not, the most used first; with
// --all every binding.
std::vector<const PathInfo *> TraceRenderer::PathsToShow(const Definition &definition) const {
  const PathInfo *canonical = &definition.paths[static_cast<size_t>(definition.canonical)];
  std::vector<const PathInfo *> paths;
  for (const PathInfo &path : definition.paths) {
    if (path.in_use || path.uses > 0 || &path == canonical || options_.max_users == 0) {
      paths.push_back(&path);
    }
  }
  llvm::stable_sort(paths, [&](const PathInfo *a, const PathInfo *b) {
    return std::make_pair(a == canonical, a->uses) > std::make_pair(b == canonical, b->uses);
  });
  return paths;
}

void TraceRenderer::Branch(const PathInfo &path, const PathInfo *canonical, bool last) {
  const std::string name = project_.PathText(path.module, path.name);
  const bool best = &path == canonical;
  os_ << (last ? "`-- " : "|-- ") << palette_.Paint(best ? Ink::Help : Ink::Strong, name) << "  "
      << Uses(path) << (best ? "  <- canonical" : "") << (path.deprecated ? "  deprecated" : "")
      << '\n';
  const std::string indent = last ? "      " : "|     ";
  for (const Location &hop : path.via) {
    os_ << indent << "via  " << PlaceText(frame_, hop) << '\n';
  }
  Users(path, indent);
}

void TraceRenderer::Tree(const Definition &definition) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  os_ << DefinitionKindName(definition.kind) << ' '
      << palette_.Paint(Ink::Strong, project_.PathText(definition.module, definition.name))
      << " at " << PlaceText(frame_, definition.where) << '\n';
  os_ << "canonical path: " << project_.PathText(canonical.module, canonical.name) << " ("
      << (definition.decided ? ReasonText(definition.because)
                             : "private, and no module declares a public name")
      << ")\n";
  if (definition.deprecation.deprecated) {
    os_ << "deprecated: " << definition.deprecation.message << '\n';
  }
  const std::vector<const PathInfo *> paths = PathsToShow(definition);
  const size_t unused = definition.paths.size() - paths.size();
  for (size_t i = 0; i < paths.size(); ++i) {
    Branch(*paths[i], &canonical, i + 1 == paths.size() && unused == 0);
  }
  if (unused > 0) {
    os_ << "`-- " << Counted(unused, "more module") << (unused == 1 ? " binds" : " bind")
        << " it; nobody takes it from there (--all)\n";
  }
}

void RenderTrace(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                 llvm::ArrayRef<DefinitionId> definitions, const TraceOptions &options) {
  TraceRenderer renderer(os, project, sources, options);
  for (size_t i = 0; i < definitions.size(); ++i) {
    os << (i > 0 ? "\n" : "");
    renderer.Tree(project.definitions[definitions[i]]);
  }
}

static void Place(JsonWriter &json, const Project &project, SourceCache &sources, Location where) {
  json.Text("path", project.PathOf(where.file));
  if (const SourceText *text = sources.Get(where.file)) {
    const LineColumn at = text->At(where.span.begin);
    json.Count("line", at.line);
    json.Count("column", at.column);
  }
}

static void Places(JsonWriter &json, const Project &project, SourceCache &sources,
                   llvm::ArrayRef<Location> places) {
  json.BeginArray();
  for (const Location &place : places) {
    json.BeginObject();
    Place(json, project, sources, place);
    json.EndObject();
  }
  json.EndArray();
}

static void TracedPath(JsonWriter &json, const Project &project, SourceCache &sources,
                       const PathInfo &path) {
  json.BreakLine();
  json.BeginObject();
  json.Text("path", project.PathText(path.module, path.name));
  json.Count("uses", path.uses);
  json.Count("in_tests", path.in_tests);
  json.Count("type_checking", path.type_checking);
  json.Count("guarded", path.guarded);
  json.Key("deprecated");
  json.Bool(path.deprecated);
  json.Key("via");
  Places(json, project, sources, path.via);
  json.Key("used_at");
  Places(json, project, sources, PlacesOfUse(project, path));
  json.EndObject();
}

void RenderTraceJson(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                     llvm::ArrayRef<DefinitionId> definitions) {
  JsonWriter json(os);
  json.BeginObject();
  json.Text("schema", "pydefrag/trace/1");
  json.BeginArray("symbols");
  for (DefinitionId id : definitions) {
    const Definition &definition = project.definitions[id];
    const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
    json.BreakLine();
    json.BeginObject();
    json.Text("definition", project.PathText(definition.module, definition.name));
    json.Text("kind", DefinitionKindName(definition.kind));
    Place(json, project, sources, definition.where);
    json.Text("canonical", project.PathText(canonical.module, canonical.name));
    json.Text("because", definition.because);
    json.TextIfAny("deprecated", definition.deprecation.message);
    json.BeginArray("paths");
    for (const PathInfo &path : definition.paths) {
      TracedPath(json, project, sources, path);
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  os << '\n';
}

} // namespace pydefrag
