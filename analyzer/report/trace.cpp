#include "report/trace.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {

static constexpr size_t kMaxSimilar = 5;

namespace {

struct Query {
  std::string module; // empty: any
  std::string name;
};

} // namespace

// `a.b:C` and `a.b.C` mean the same.
static Query ParseQuery(llvm::StringRef text) {
  auto [module, name] = text.contains(':') ? text.split(':') : text.rsplit('.');
  if (name.empty()) {
    return {.module = "", .name = text.str()};
  }
  return {.module = module.str(), .name = name.str()};
}

static bool Reaches(const Project &project, const Definition &definition, const Query &query) {
  if (query.module.empty()) {
    return project.Text(definition.name) == query.name;
  }
  // Projects below one folder may each have a module of the name.
  const ModuleId module = project.FindModule(query.module);
  const NameId name = project.scanned.names.Find(query.module);
  return llvm::any_of(definition.paths, [&](const PathInfo &path) {
    const bool named = name.valid() && project.modules[path.module].name == name;
    return (named || (module.valid() && path.module == module)) &&
           project.Text(path.name) == query.name;
  });
}

static std::vector<std::string> Similar(const Project &project, const Query &query) {
  const unsigned limit = static_cast<unsigned>(query.name.size() / 3 + 1);
  std::vector<std::tuple<unsigned, std::string>> found;
  for (const Definition &definition : project.definitions) {
    if (definition.kind == DefinitionKind::Constant) {
      continue;
    }
    const unsigned distance =
        llvm::StringRef(query.name)
            .edit_distance_insensitive(project.Text(definition.name), true, limit);
    if (distance <= limit) {
      found.push_back({distance, project.PathText(definition.module, definition.name)});
    }
  }
  llvm::sort(found);
  std::vector<std::string> similar;
  for (const auto &[distance, path] : found) {
    if (similar.size() < kMaxSimilar && !llvm::is_contained(similar, path)) {
      similar.push_back(path);
    }
  }
  return similar;
}

SymbolMatches FindSymbols(const Project &project, llvm::StringRef text) {
  const Query query = ParseQuery(text);
  SymbolMatches matches;
  for (size_t i = 0; i < project.definitions.size(); ++i) {
    if (Reaches(project, project.definitions[DefinitionId(i)], query)) {
      matches.definitions.push_back(DefinitionId(i));
    }
  }
  if (matches.definitions.empty()) {
    matches.similar = Similar(project, query);
  }
  return matches;
}

} // namespace pydefrag
