#include "link/execute/hidden_names.h"

#include "base/identifier.h"

#include <set>

namespace pydefrag {
namespace {

// A package and a module or folder in it.
struct Child {
  ModuleId package;
  ModuleId module;
  friend bool operator<(const Child &a, const Child &b) {
    return std::pair(a.package, a.module) < std::pair(b.package, b.module);
  }
};

// The names of packages that are bound by their code as well as by a submodule.
class Finder {
public:
  Finder(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph) {}

  void Find() {
    for (size_t f = 0; f < project_.file_count; ++f) {
      const ModuleId module = project_.module_of_file[FileId(f)];
      ModuleId child = module;
      for (ModuleId at = project_.modules[module].parent; at.valid();
           at = project_.modules[at].parent) {
        Note(at, child, module);
        child = at;
      }
    }
    for (const Child &clash : clashes_) {
      const ImportOutcome &outcome = project_.outcomes[clash.module];
      const bool never = outcome.status == ImportOutcome::Fails && outcome.certain;
      if (!loaded_.count(clash) && !never) { // what fails becomes no attribute
        Hide(clash);
      }
    }
  }

private:
  NameId NameIn(ModuleId child) const {
    return project_.scanned.names.Find(LastPart(project_.Text(project_.modules[child].name)));
  }

  // `module` is `child` or stands below it.
  void Note(ModuleId package, ModuleId child, ModuleId module) {
    if (!resolver_.HasLog(package) || resolver_.Log(package).Of(NameIn(child)).empty()) {
      return;
    }
    clashes_.insert({package, child});
    if (graph_.ComponentOf(package) == graph_.ComponentOf(module) || LoadsFolder(package, child)) {
      loaded_.insert({package, child});
    }
  }

  // Whether the package surely loads a folder without code below it, which no edge leads back from.
  bool LoadsFolder(ModuleId package, ModuleId child) const {
    const NamespaceLog &log = resolver_.Log(package);
    return !resolver_.HasLog(child) && llvm::any_of(log.Of(NameIn(child)), [&](uint32_t index) {
      const Event &event = log.events[index];
      return event.kind == EventKind::Submodule && !event.maybe &&
             resolver_.Reach(package, event.statement) == Tri::Yes;
    });
  }

  void Hide(const Child &clash) {
    const NameId name = NameIn(clash.module);
    const Found found = resolver_.Attribute(clash.package, name);
    if (found.answer == Answer::No || found.unknown || found.lazy ||
        (found.IsModule() && found.module == clash.module)) {
      return;
    }
    Found hidden;
    hidden.answer = found.answer;
    hidden.kind = TargetKind::Opaque;
    hidden.module = clash.package;
    resolver_.Override(clash.package, name, hidden);
  }

  const Project &project_;
  Resolver &resolver_;
  const ImportGraph &graph_;
  std::set<Child> clashes_;
  std::set<Child> loaded_;
};

} // namespace

void HideNamesBySubmodules(const Project &project, Resolver &resolver, const ImportGraph &graph) {
  Finder(project, resolver, graph).Find();
}

} // namespace pydefrag
