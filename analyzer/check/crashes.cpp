#include "check/crashes.h"

#include "link/link_state.h"
#include "source/paths.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace pydefrag {
namespace {

constexpr llvm::StringRef kPartial = "partially initialized module '";
constexpr llvm::StringRef kCircular = " (most likely due to a circular import)";

// The module that was under way when it was asked for something it did not have yet.
ModuleId PartialModule(const Project &project, llvm::StringRef reason) {
  if (const size_t at = reason.find(kPartial); at != llvm::StringRef::npos) {
    return project.FindModule(reason.drop_front(at + kPartial.size()).split('\'').first);
  }
  llvm::SmallVector<llvm::StringRef, 5> parts; // cannot access submodule 'b' of module 'p'
  reason.split(parts, '\'');
  return parts.size() < 4 ? ModuleId() : project.FindModule((parts[3] + "." + parts[1]).str());
}

// Works as the first import, and fails once the module where the chain begins was imported.
bool FailsLate(const ImportOutcome &outcome) {
  return outcome.status == ImportOutcome::Ok && !outcome.certain;
}

} // namespace

bool IsCircular(const ImportOutcome &outcome) {
  return (outcome.status == ImportOutcome::Fails || FailsLate(outcome)) && !outcome.chain.empty() &&
         llvm::StringRef(outcome.reason).contains("circular import");
}

namespace {

// The chain from the statement of the partial module on.
llvm::ArrayRef<Location> WayRound(const Project &project, const ImportOutcome &outcome) {
  const ModuleId partial = PartialModule(project, outcome.reason);
  auto begin = outcome.chain.begin();
  if (partial.valid() && project.modules[partial].file.valid()) {
    auto found = llvm::find_if(outcome.chain, [&](const Location &hop) {
      return hop.file == project.modules[partial].file;
    });
    begin = found == outcome.chain.end() ? begin : found;
  }
  return llvm::ArrayRef(outcome.chain)
      .drop_front(static_cast<size_t>(begin - outcome.chain.begin()));
}

std::vector<ModuleId> ModulesOn(const Project &project, llvm::ArrayRef<Location> way) {
  std::vector<ModuleId> modules;
  llvm::DenseSet<ModuleId> seen;
  for (const Location &hop : way) {
    const ModuleId module = project.module_of_file[hop.file];
    if (seen.insert(module).second) {
      modules.push_back(module);
    }
  }
  return modules;
}

class Grouper {
public:
  explicit Grouper(const Project &project) : project_(project) {}

  std::vector<Crash> Group() {
    for (size_t i = 0; i < project_.outcomes.size(); ++i) {
      const ModuleId module(i);
      if (project_.modules[module].first_party && IsCircular(project_.outcomes[module])) {
        Add(module);
      }
    }
    std::vector<Crash> crashes;
    for (size_t i = 0; i < crashes_.size(); ++i) {
      if (merged_into_[i] == i) {
        std::sort(crashes_[i].failing.begin(), crashes_[i].failing.end());
        crashes.push_back(std::move(crashes_[i]));
      }
    }
    std::sort(crashes.begin(), crashes.end(), [](const Crash &a, const Crash &b) {
      return std::tie(a.where, a.witness) < std::tie(b.where, b.witness);
    });
    return crashes;
  }

private:
  void Add(ModuleId module) {
    const ImportOutcome &outcome = project_.outcomes[module];
    Crash crash;
    const bool late = FailsLate(outcome);
    crash.witness = late ? project_.module_of_file[outcome.chain.front().file] : module;
    crash.where = outcome.chain.back();
    const llvm::StringRef words = llvm::StringRef(outcome.reason).split(": ").second;
    crash.reason = words.substr(0, words.find(kCircular)).str();
    crash.cycle = WayRound(project_, outcome).vec();
    crash.modules = ModulesOn(project_, crash.cycle);
    crash.has_entry =
        !late && IsEntry(project_, module) &&
        !(project_.modules[module].test &&
          (IsLoadedByFramework(crash.modules) || IsLoadedByConftest(module, crash.modules)));
    crash.failing.push_back(crash.witness);

    std::vector<ModuleId> key = crash.modules;
    std::sort(key.begin(), key.end());
    const auto [cycle, is_new] = cycles_.try_emplace(key);
    if (is_new) {
      cycle->second.certain =
          llvm::all_of(key, [&](ModuleId member) { return FailsWithin(member, key); });
    }
    crash.certain = cycle->second.certain;
    const size_t fresh = crashes_.size();
    size_t place = fresh;
    if (auto it = by_place_.find(crash.where); it != by_place_.end()) {
      place = Root(it->second);
    }
    if (!is_new) {
      const size_t other = Root(cycle->second.place);
      if (place != fresh && place != other) {
        Merge(std::min(place, other), std::max(place, other));
      }
      place = std::min(place, other);
    }
    by_place_[crash.where] = place;
    cycle->second.place = place;
    if (place == fresh) {
      merged_into_.push_back(fresh);
      crashes_.push_back(std::move(crash));
    } else {
      Absorb(crashes_[place], std::move(crash));
    }
  }

  // Whether importing the module first fails on a way round within `cycle`, which is sorted, not in
  // another one.
  bool FailsWithin(ModuleId module, llvm::ArrayRef<ModuleId> cycle) const {
    const ImportOutcome &outcome = project_.outcomes[module];
    return outcome.status == ImportOutcome::Fails &&
           (!IsCircular(outcome) ||
            llvm::all_of(WayRound(project_, outcome), [&](const Location &hop) {
              const ModuleId on = project_.module_of_file[hop.file];
              return std::binary_search(cycle.begin(), cycle.end(), on);
            }));
  }

  // Whether Django is on the way: its `setup()` imports the models of all apps, in their order,
  // before any test module is imported.
  bool IsLoadedByFramework(llvm::ArrayRef<ModuleId> cycle) {
    if (!framework_read_) {
      framework_read_ = true;
      for (const ImportRow &row : project_.rows) {
        if (project_.Text(row.module).split('.').first == "django") {
          imports_framework_.insert(row.importer);
        }
      }
    }
    return llvm::any_of(cycle,
                        [&](ModuleId module) { return imports_framework_.contains(module); });
  }

  // Whether a conftest above the test imports the cycle, by its good end, before pytest comes to
  // the test.
  bool IsLoadedByConftest(ModuleId test, llvm::ArrayRef<ModuleId> cycle) {
    if (conftests_.empty()) {
      for (size_t i = 0; i < project_.file_count; ++i) {
        const llvm::StringRef path = project_.PathOf(FileId(i));
        if (FileNameOf(path) == "conftest.py") {
          conftests_[FolderOf(path)] = project_.module_of_file[FileId(i)];
        }
      }
    }
    llvm::StringRef folder = project_.PathOf(project_.modules[test].file);
    while (!folder.empty()) {
      folder = FolderOf(folder);
      const auto conftest = conftests_.find(folder);
      if (conftest != conftests_.end() && conftest->second != test &&
          project_.outcomes[conftest->second].status != ImportOutcome::Fails &&
          llvm::any_of(cycle, [&](ModuleId module) {
            return ReachedFrom(conftest->second).contains(module);
          })) {
        return true;
      }
    }
    return false;
  }

  const llvm::DenseSet<ModuleId> &ReachedFrom(ModuleId module) {
    const auto [it, fresh] = reached_.try_emplace(module);
    if (fresh) {
      llvm::SmallVector<ModuleId, 32> todo{module};
      while (!todo.empty()) {
        for (ModuleId next : project_.state->graph.edges[todo.pop_back_val()]) {
          if (it->second.insert(next).second) {
            todo.push_back(next);
          }
        }
      }
    }
    return it->second;
  }

  size_t Root(size_t i) const {
    while (merged_into_[i] != i) {
      i = merged_into_[i];
    }
    return i;
  }
  void Merge(size_t into, size_t from) {
    merged_into_[from] = into;
    Absorb(crashes_[into], std::move(crashes_[from]));
  }

  // The better witness stays: an entry of the project, then the shorter way round.
  static bool Better(const Crash &a, const Crash &b) {
    return std::tuple(!a.has_entry, a.cycle.size(), a.where, a.witness) <
           std::tuple(!b.has_entry, b.cycle.size(), b.where, b.witness);
  }
  static void Absorb(Crash &crash, Crash other) {
    const bool certain = crash.certain || other.certain;
    std::vector<ModuleId> failing = crash.failing;
    failing.insert(failing.end(), other.failing.begin(), other.failing.end());
    if (Better(other, crash)) {
      crash = std::move(other);
    }
    crash.certain = certain;
    crash.failing = std::move(failing);
  }

  const Project &project_;
  std::vector<Crash> crashes_;
  std::vector<size_t> merged_into_;
  bool framework_read_ = false;
  llvm::DenseSet<ModuleId> imports_framework_;
  llvm::StringMap<ModuleId> conftests_; // by folder
  std::map<ModuleId, llvm::DenseSet<ModuleId>> reached_;
  std::map<Location, size_t> by_place_;
  struct Cycle {
    bool certain = false; // every member fails within it
    size_t place = 0;     // in crashes_
  };
  std::map<std::vector<ModuleId>, Cycle> cycles_; // by their modules, ascending
};

} // namespace

bool IsEntry(const Project &project, ModuleId module) {
  const Module &m = project.modules[module];
  const llvm::StringRef name = project.Text(m.name);
  return m.test || m.script || name == "__main__" || name.ends_with(".__main__") ||
         llvm::is_contained(project.entry_modules, module);
}

std::vector<Crash> FindCrashes(const Project &project) {
  return Grouper(project).Group();
}

} // namespace pydefrag
