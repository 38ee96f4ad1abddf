// Suggest: what a missing import probably meant. Names: one edit away in the same module, then the
// other modules that define it. Modules: the same last component elsewhere, then one edit away.
#include "link/identity/identity.h"
#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kMostSuggestions = 5;

class Suggester {
public:
  Suggester(const Project &project, const ImportRow &row)
      : project_(project), state_(*project.state), row_(row) {}

  std::vector<Suggestion> Suggest() {
    if (row_.status == RowStatus::MissingName) {
      SuggestSimilarNames();
      SuggestDefiners(row_.name);
    } else if (row_.status == RowStatus::MissingModule && !row_.beyond_top) {
      SuggestModules();
    }
    if (suggestions_.size() > kMostSuggestions) {
      suggestions_.resize(kMostSuggestions);
    }
    return std::move(suggestions_);
  }

private:
  llvm::StringRef ModuleText(ModuleId module) const {
    return project_.Text(project_.modules[module].name);
  }
  static bool IsPrivate(llvm::StringRef name) {
    return name.starts_with("_") || name.contains("._");
  }
  static unsigned Allowed(llvm::StringRef name) { return name.size() <= 4 ? 1 : 2; }

  // No file asks for what an entry point names.
  bool IsAskedByTest() const {
    return row_.importer.valid() && project_.modules[row_.importer].test;
  }

  // Whether the importing file can import the module under its name.
  bool IsInReach(ModuleId module) const {
    Resolver &resolver = *state_.resolver;
    return !resolver.table().IsOfAnotherProject(module, row_.file) &&
           resolver.FindModule(row_.importer, ModuleText(module)).module == module;
  }

  Location LocationOf(ModuleId module, NameId name) const {
    const Found found = state_.resolver->Attribute(module, name);
    if (!found.IsObject() || !project_.modules[found.module].first_party) {
      return {};
    }
    return PlaceOfName(project_, *state_.resolver, found.module, found.event);
  }
  llvm::ArrayRef<DefinitionId> DefinitionsOf(NameId name) const {
    return state_.definitions_by_name.Of(name);
  }

  void SuggestSimilarNames() {
    if (!state_.resolver->HasLog(row_.source)) {
      return;
    }
    const llvm::StringRef wanted = project_.Text(row_.name);
    NearNames &names = state_.resolver->NamesToMistake(row_.source);
    for (const NearNames::Near &near : names.Find(wanted, Allowed(wanted))) {
      const llvm::StringRef name = names[near.index];
      if (name.starts_with("_") == wanted.starts_with("_")) {
        suggestions_.push_back({ModuleText(row_.source).str(), name.str(),
                                LocationOf(row_.source, project_.scanned.names.Find(name)),
                                "a similar name is defined here"});
      }
    }
  }

  // Other modules that define the very name, the nearest in the tree first.
  void SuggestDefiners(NameId name) {
    std::vector<DefinitionId> definers;
    for (DefinitionId id : DefinitionsOf(name)) {
      const Definition &definition = project_.definitions[id];
      const Module &module = project_.modules[definition.module];
      if (definition.kind != DefinitionKind::Constant && !module.test && module.reported &&
          definition.module != row_.source && IsInReach(definition.module)) {
        definers.push_back(id);
      }
    }
    const llvm::StringRef from = project_.Text(row_.module);
    llvm::stable_sort(definers, [&](DefinitionId a, DefinitionId b) {
      return Shared(from, ModuleText(project_.definitions[a].module)) >
             Shared(from, ModuleText(project_.definitions[b].module));
    });
    for (DefinitionId id : definers) {
      const Definition &definition = project_.definitions[id];
      const bool listed = !definition.paths.empty();
      const size_t best = static_cast<size_t>(definition.canonical);
      const ModuleId module = listed ? definition.paths[best].module : definition.module;
      const NameId shown = listed ? definition.paths[best].name : definition.name;
      suggestions_.push_back({ModuleText(module).str(), project_.Text(shown).str(),
                              definition.where, "this module defines it"});
    }
  }

  static size_t Shared(llvm::StringRef a, llvm::StringRef b) {
    size_t shared = 0;
    while (!a.empty() && !b.empty() && a.split('.').first == b.split('.').first) {
      a = a.split('.').second;
      b = b.split('.').second;
      ++shared;
    }
    return shared;
  }

  void SuggestModules() {
    const llvm::StringRef wanted = project_.Text(row_.module);
    const llvm::StringRef last = wanted.contains('.') ? wanted.rsplit('.').second : wanted;
    auto it = state_.modules_by_last_name.find(project_.scanned.names.Find(last));
    std::vector<ModuleId> moved;
    if (it != state_.modules_by_last_name.end()) {
      for (ModuleId id : it->second) {
        const Module &module = project_.modules[id];
        if (module.reported && (!module.test || IsAskedByTest()) && BindsName(id) &&
            IsInReach(id)) {
          moved.push_back(id);
        }
      }
    }
    llvm::stable_sort(moved, [&](ModuleId a, ModuleId b) {
      return Shared(wanted, ModuleText(a)) > Shared(wanted, ModuleText(b));
    });
    for (ModuleId id : moved) {
      Add(id, "the module moved here");
    }
    if (!suggestions_.empty()) {
      return;
    }
    SuggestSimilarModules(wanted, last);
    if (suggestions_.empty() && row_.name.valid() && !row_.context.star) {
      SuggestDefiners(row_.name);
    }
  }

  // A moved module must still have what is imported from it.
  bool BindsName(ModuleId id) const {
    return !row_.name.valid() || row_.context.star ||
           state_.resolver->ImportFrom(id, row_.name).answer != Answer::No;
  }

  void SuggestSimilarModules(llvm::StringRef wanted, llvm::StringRef last) {
    const llvm::StringRef parent = wanted.drop_back(last.size());
    const auto below = state_.modules_below.find(parent);
    if (below == state_.modules_below.end()) {
      return;
    }
    SimilarModules &modules = *below->second;
    for (const NearNames::Near &near : modules.names.Find(last, Allowed(last))) {
      if (BindsName(modules.ids[near.index]) && IsInReach(modules.ids[near.index])) {
        Add(modules.ids[near.index], "a module with a similar name");
      }
    }
  }

  void Add(ModuleId id, const char *why) {
    const FileId file = project_.modules[id].file;
    suggestions_.push_back({ModuleText(id).str(), "", {file, {0, 0}}, why});
  }

  const Project &project_;
  const LinkState &state_;
  const ImportRow &row_;
  std::vector<Suggestion> suggestions_;
};

} // namespace

std::vector<Suggestion> Project::Suggest(const ImportRow &row) const {
  return Suggester(*this, row).Suggest();
}

void DefinitionsByName::Fill(const Project &project) {
  begin_.assign(project.scanned.names.size() + 1, 0);
  for (const Definition &definition : project.definitions) {
    ++begin_[static_cast<size_t>(definition.name.index) + 1];
  }
  for (size_t i = 1; i < begin_.size(); ++i) {
    begin_[i] += begin_[i - 1];
  }
  ids_.resize(project.definitions.size());
  std::vector<uint32_t> next(begin_.begin(), begin_.end());
  for (size_t i = 0; i < project.definitions.size(); ++i) {
    const NameId name = project.definitions[DefinitionId(i)].name;
    ids_[next[static_cast<size_t>(name.index)]++] = DefinitionId(i);
  }
}

void IndexForSuggestions(Project &project) {
  LinkState &state = *project.state;
  state.definitions_by_name.Fill(project);
  llvm::StringMap<std::pair<std::vector<ModuleId>, std::vector<llvm::StringRef>>> below;
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId id = project.module_of_file[FileId(i)];
    const llvm::StringRef name = project.Text(project.modules[id].name);
    const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
    state.modules_by_last_name[project.scanned.names.Intern(last)].push_back(id);
    auto &[ids, texts] = below[name.drop_back(last.size())];
    ids.push_back(id);
    texts.push_back(last);
  }
  for (auto &entry : below) {
    auto &[ids, texts] = entry.getValue();
    state.modules_below[entry.getKey()] = std::make_unique<SimilarModules>(
        SimilarModules{std::move(ids), NearNames(std::move(texts))});
  }
}

} // namespace pydefrag
