// Suggest: what a missing import probably meant. Names: one edit away in the same module, then the
// other modules that define it. Modules: the same last component elsewhere, then one edit away.
#include "link/identity.h"
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

  Location LocationOf(ModuleId module, NameId name) const {
    const Found found = state_.resolver->Attribute(module, name);
    if (!found.IsObject() || !project_.modules[found.module].first_party) {
      return {};
    }
    return PlaceOfName(project_, *state_.resolver, found.module, found.event);
  }
  llvm::ArrayRef<DefinitionId> DefinitionsOf(NameId name) const {
    auto it = state_.definitions_by_name.find(name);
    return it == state_.definitions_by_name.end() ? llvm::ArrayRef<DefinitionId>()
                                                  : llvm::ArrayRef<DefinitionId>(it->second);
  }

  void SuggestSimilarNames() {
    if (!state_.resolver->HasLog(row_.source)) {
      return;
    }
    const llvm::StringRef wanted = project_.Text(row_.name);
    std::vector<std::pair<unsigned, NameId>> close;
    for (NameId name : state_.resolver->BoundNames(row_.source)) {
      const llvm::StringRef text = project_.Text(name);
      if (text.starts_with("_") != wanted.starts_with("_")) {
        continue;
      }
      const unsigned distance = text.equals_insensitive(wanted)
                                    ? 1
                                    : wanted.edit_distance(text, true, Allowed(wanted) + 1);
      if (distance <= Allowed(wanted)) {
        close.push_back({distance, name});
      }
    }
    llvm::stable_sort(close, [](const auto &a, const auto &b) { return a.first < b.first; });
    for (const auto &[distance, name] : close) {
      suggestions_.push_back({ModuleText(row_.source).str(), project_.Text(name).str(),
                              LocationOf(row_.source, name), "a similar name is defined here"});
    }
  }

  // Other modules that define the very name, the nearest in the tree first.
  void SuggestDefiners(NameId name) {
    std::vector<DefinitionId> definers;
    for (DefinitionId id : DefinitionsOf(name)) {
      const Definition &definition = project_.definitions[id];
      const Module &module = project_.modules[definition.module];
      if (definition.kind != DefinitionKind::Constant && !module.test && module.reported &&
          definition.module != row_.source) {
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
        if (module.reported && (!module.test || project_.modules[row_.importer].test) &&
            BindsName(id)) {
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
    std::vector<std::pair<unsigned, ModuleId>> close;
    const llvm::StringRef parent = wanted.drop_back(last.size());
    for (size_t i = 0; i < project_.file_count; ++i) {
      const ModuleId id = project_.module_of_file[FileId(i)];
      const llvm::StringRef name = ModuleText(id);
      if (!name.starts_with(parent) || name.size() + 3 < wanted.size() ||
          name.size() > wanted.size() + 3 || name.drop_front(parent.size()).contains('.')) {
        continue;
      }
      const unsigned distance =
          last.edit_distance(name.drop_front(parent.size()), true, Allowed(last) + 1);
      if (distance <= Allowed(last) && BindsName(id)) {
        close.push_back({distance, id});
      }
    }
    llvm::stable_sort(close, [](const auto &a, const auto &b) { return a.first < b.first; });
    for (const auto &[distance, id] : close) {
      Add(id, "a module with a similar name");
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

void IndexForSuggestions(Project &project) {
  LinkState &state = *project.state;
  for (size_t i = 0; i < project.definitions.size(); ++i) {
    state.definitions_by_name[project.definitions[DefinitionId(i)].name].push_back(DefinitionId(i));
  }
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId id = project.module_of_file[FileId(i)];
    const llvm::StringRef name = project.Text(project.modules[id].name);
    const NameId last =
        project.scanned.names.Intern(name.contains('.') ? name.rsplit('.').second : name);
    state.modules_by_last_name[last].push_back(id);
  }
}

} // namespace pydefrag
