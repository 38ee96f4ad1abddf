#include "driver/fix_harm.h"

#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <tuple>

namespace pydefrag {
namespace {

using Key = std::tuple<std::string, std::string, std::string>; // code, path, message

// Collects which files are to blame.
class HarmFinder {
public:
  explicit HarmFinder(const FixEffect &effect) : effect_(effect) {}

  // Paths of files, sorted. `everything`: something is wrong, and nobody knows through which.
  std::set<std::string> Find() {
    FindFailures();
    if (!effect_.cycles_allowed) {
      FindCycles();
    }
    FindErrors();
    FindUnfixed();
    return std::move(paths_);
  }

  bool everything = false;

private:
  bool IsEdited(llvm::StringRef path) const {
    return llvm::any_of(effect_.batch.edits, [&](const auto &entry) {
      return effect_.before.PathOf(entry.first) == path;
    });
  }

  // Blames those of `paths` that were edited; all that was done when none was.
  void Blame(const std::vector<std::string> &paths) {
    bool blamed = false;
    for (const std::string &path : paths) {
      if (IsEdited(path)) {
        paths_.insert(path);
        blamed = true;
      }
    }
    everything |= !blamed;
  }

  static bool IsParsed(const Project &project, size_t file) {
    return project.scanned.facts[FileId(file)].state == FileState::Parsed;
  }
  static bool Works(const ImportOutcome &outcome) { return outcome.status != ImportOutcome::Fails; }

  void FindFailures() {
    for (size_t i = 0; i < effect_.before.file_count; ++i) {
      if (IsParsed(effect_.before, i) && !IsParsed(effect_.after, i)) {
        Blame({effect_.after.PathOf(FileId(i)).str()});
        continue;
      }
      const ModuleId id = effect_.before.module_of_file[FileId(i)];
      const ModuleId now = effect_.after.module_of_file[FileId(i)];
      const ImportOutcome &was = effect_.before.outcomes[id];
      const ImportOutcome &is = effect_.after.outcomes[now];
      if (Works(is) || (!Works(was) && (was.certain || !is.certain))) {
        continue;
      }
      std::vector<std::string> paths{effect_.after.PathOf(FileId(i)).str()};
      for (const Location &hop : is.chain) {
        paths.push_back(effect_.after.PathOf(hop.file).str());
      }
      Blame(paths);
    }
  }

  void FindCycles() {
    const ImportGraph &was = effect_.before.state->graph;
    for (const std::vector<ModuleId> &members : effect_.after.state->graph.components) {
      if (members.size() < 2) {
        continue;
      }
      std::set<int32_t> components;
      std::vector<std::string> paths;
      for (ModuleId member : members) {
        const FileId file = effect_.after.modules[member].file;
        if (file.index < static_cast<int32_t>(effect_.before.file_count)) {
          components.insert(was.component_of[effect_.before.module_of_file[file]]);
          paths.push_back(effect_.after.PathOf(file).str());
        }
      }
      if (components.size() > 1) {
        Blame(paths);
      }
    }
  }

  static Key KeyOf(const Project &project, const Finding &finding) {
    return {finding.code, project.PathOf(finding.where.file).str(), finding.message};
  }

  void FindErrors() {
    std::map<Key, int> known;
    for (const Finding &finding : effect_.findings_before) {
      ++known[KeyOf(effect_.before, finding)];
    }
    for (const Finding &finding : effect_.findings_after) {
      const Key key = KeyOf(effect_.after, finding);
      if (finding.severity == Severity::Error && --known[key] < 0) {
        Blame({std::get<1>(key)});
      }
    }
  }

  // A fix after which its finding is still there would be made again and again.
  void FindUnfixed() {
    std::map<Key, int> left;
    for (const Finding &finding : effect_.findings_before) {
      ++left[KeyOf(effect_.before, finding)];
    }
    std::set<Key> fixed;
    for (size_t index : effect_.batch.fixed) {
      fixed.insert(KeyOf(effect_.before, effect_.findings_before[index]));
    }
    for (const Finding &finding : effect_.findings_after) {
      --left[KeyOf(effect_.after, finding)];
    }
    for (const Key &key : fixed) {
      if (left[key] <= 0) {
        Blame({std::get<1>(key)});
      }
    }
  }

  const FixEffect &effect_;
  std::set<std::string> paths_;
};

} // namespace

bool Blocked::Contains(const Project &project, const Fix &fix) const {
  if (fix.changes.empty()) {
    return texts_.count(project.PathOf(fix.edits.front().where.file).str()) != 0;
  }
  return llvm::any_of(fix.changes, [&](const ImportChange &change) {
    const std::string path = project.PathOf(project.rows[change.row].file).str();
    return changes_.count({path, change.module}) != 0;
  });
}

size_t Blocked::Note(const FixEffect &effect) {
  HarmFinder finder(effect);
  const std::set<std::string> paths = finder.Find();
  if (paths.empty() && !finder.everything) {
    return 0;
  }
  const bool all = paths.empty();
  const size_t before = changes_.size() + texts_.size();
  for (const ImportChange &change : effect.batch.changes) {
    const std::string path = effect.before.PathOf(effect.before.rows[change.row].file).str();
    if (all || paths.count(path) != 0) {
      changes_.insert({path, change.module});
    }
  }
  for (size_t index : effect.batch.fixed) {
    const Finding &finding = effect.findings_before[index];
    const Fix &fix = finding.fixes.front();
    if (fix.changes.empty()) {
      const std::string path = effect.before.PathOf(fix.edits.front().where.file).str();
      if (all || paths.count(path) != 0) {
        texts_.insert(path);
      }
    }
  }
  return changes_.size() + texts_.size() - before;
}

} // namespace pydefrag
