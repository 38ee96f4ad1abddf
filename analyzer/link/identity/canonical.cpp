// The canonical path of a definition. Only what somebody declared is a candidate: a module that
// imports a name for its own use promises nothing. Entry point: ChooseCanonical.
//
// 1. configured;
// 2. of a private definition: what the top-most package around it declares; else another public
//    name in the defining module, or one that some module declares (`__all__`, `X as X`); else the
//    public path that consumers take, unless they have the habit of taking the private one: then
//    there is none to propose (`decided` is false);
// 3. of a public definition: its own path, unless a package around it declares another that
//    consumers have the habit of taking, and more of them than the definition's own.
#include "link/identity/accepted_paths.h"
#include "link/identity/arguable_imports.h"
#include "link/identity/arguable_paths.h"
#include "link/identity/identity.h"
#include "link/identity/internal_uses.h"
#include "link/identity/whole_statements.h"
#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace pydefrag {
namespace {

class Chooser {
public:
  Chooser(Project &project, Resolver &resolver, llvm::ArrayRef<AttributeUse> attribute_uses,
          const Config &config, const Disk &disk)
      : project_(project), resolver_(resolver), config_(config), declared_(project, resolver, disk),
        habits_(project, resolver, attribute_uses, declared_),
        accepted_(project, resolver, declared_, habits_),
        internal_(project, resolver, declared_, accepted_),
        arguable_(project, resolver, declared_) {}

  void Choose(Definition &definition) {
    definition.canonical = 0;
    definition.because = "definition";
    definition.decided = true;
    if (definition.paths.size() < 2) {
      return;
    }
    if (UseConfigured(definition)) {
      return;
    }
    least_ = SIZE_MAX;
    undeclared_ = false;
    for (const PathInfo &path : definition.paths) {
      least_ = std::min(least_, declared_.PrivacyOf(path));
    }
    ChooseOf(definition);
    accepted_.Mark(definition, least_);
    internal_.Mark(definition, undeclared_);
    arguable_.Mark(definition);
  }

  // Once all are chosen.
  void JudgeImports() {
    KeepStatementsWhole(project_, declared_);
    project_.state->arguable_imports = FindArguableImports(project_, resolver_, declared_);
  }

private:
  void ChooseOf(Definition &definition) {
    if (IsPublic(definition.paths.front())) {
      UsePreferred(definition);
    } else if (!UseTopMost(definition) && !UsePublicAlias(definition) &&
               !UsePublicPath(definition)) {
      definition.decided =
          llvm::none_of(definition.paths, [&](const PathInfo &path) { return IsPublic(path); });
    }
  }

  bool IsPrivateName(NameId name) const {
    return project_.Text(name).starts_with("_") && project_.Text(name) != "_";
  }
  llvm::StringRef ModuleText(ModuleId module) const { return declared_.ModuleText(module); }
  // In `pip._internal.metadata.base` everything is private alike: what is more so counts.
  bool IsPublic(const PathInfo &path) const { return declared_.PrivacyOf(path) == least_; }

  bool UseConfigured(Definition &definition) {
    if (config_.canonical.empty()) {
      return false;
    }
    for (const PathInfo &own : definition.paths) {
      const std::string symbol = project_.PathText(own.module, own.name);
      for (const CanonicalPath &entry : config_.canonical) {
        std::string wanted = entry.path;
        if (entry.symbol == ModuleText(own.module)) {
          wanted += ':';
          wanted += project_.Text(own.name);
        } else if (entry.symbol != symbol) {
          continue;
        }
        for (size_t i = 0; i < definition.paths.size(); ++i) {
          const PathInfo &path = definition.paths[i];
          if (project_.PathText(path.module, path.name) == wanted) {
            definition.canonical = static_cast<int>(i);
            definition.because = "configured";
            return true;
          }
        }
      }
    }
    return false;
  }

  // A path that a package around the definition declares. An idiom that nobody uses may well be an
  // import for the package's own use, another name that nobody uses one of former times.
  bool IsDeclaredAround(const Definition &definition, const PathInfo &path) {
    if (!declared_.IsAround(definition, path) || path.deprecated || !IsPublic(path)) {
      return false;
    }
    const Declared how = declared_.HowDeclared(definition, path);
    const bool same = path.name == definition.name;
    if (how == Declared::Idiom && IsLeaked(definition, path)) {
      return false;
    }
    return path.in_use ? how != Declared::No : how == Declared::Written && same;
  }

  // `from .pages import *` where `pages` imports the name for its own use.
  bool IsLeaked(const Definition &definition, const PathInfo &path) {
    return declared_.IsUnnamed(path) &&
           llvm::any_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
             const ModuleId module = hop.first;
             return module != definition.module && !declared_.IsPackage(module) &&
                    resolver_.Log(module).events[hop.second].kind == EventKind::From &&
                    !resolver_.All(module).Lists(path.name);
           });
  }

  // The shortest module first, then the definition's own name.
  std::tuple<size_t, bool> RankOfName(const Definition &definition, const PathInfo &path) const {
    return {ModuleText(path.module).size(), path.name != definition.name};
  }

  // Whether importers have the habit of taking the path, and take it more often than the
  // definition's own. Or nobody takes that, but for types. Or few take either, and more of them
  // what the package offers. Or those outside of the package take what it holds rather from it, and
  // this very name as well, if they take it often at all.
  bool IsPreferred(const Definition &definition, const PathInfo &path) {
    const size_t uses = UsesThrough(definition, path.module);
    const size_t own = UsesThrough(definition, definition.module);
    const size_t own_at_run_time = own - TypesThrough(definition, definition.module);
    if (own == 0 || (own_at_run_time == 0 && RunsOutsideTests(path)) ||
        (uses >= kHabit && uses > own && MoreTake(definition, path))) {
      return true;
    }
    if (path.name != definition.name) { // of former times, as often as not
      return false;
    }
    if (own < kHabit && habits_.NamesTaken(path.module) < kSeveral && MoreTake(definition, path) &&
        declared_.Offers(definition, path)) {
      return true;
    }
    if (!habits_.Prefers(path.module)) {
      return false;
    }
    const OutsideUses outside = habits_.UsesOutside(definition, path.module, path.module);
    const OutsideUses own_outside = habits_.UsesOutside(definition, definition.module, path.module);
    return outside.in_code >= own_outside.in_code &&
           (own < kHabit || (outside.all >= kHabit && outside.all > own_outside.all));
  }

  // Whether somebody takes it neither for types only nor in a test.
  bool RunsOutsideTests(const PathInfo &path) const {
    return !path.attribute_uses.empty() || llvm::any_of(path.rows, [&](RowId id) {
      const ImportRow &row = project_.rows[id];
      return !row.context.type_checking && !project_.modules[row.importer].test;
    });
  }

  // Than take the definition's own path: of all imports, and of those outside tests, which need the
  // module that they test. Or as many, of what the package lists.
  bool MoreTake(const Definition &definition, const PathInfo &path) {
    const auto count = [&](ModuleId module) {
      std::pair<size_t, size_t> uses; // all, outside tests
      for (const PathInfo &each : definition.paths) {
        uses.first += each.module == module ? each.uses : 0;
        uses.second += each.module == module ? each.uses - each.in_tests : 0;
      }
      return uses;
    };
    const auto own = count(definition.module);
    const auto uses = count(path.module);
    return uses.first >= own.first && uses.second >= own.second &&
           (uses != own || declared_.HowDeclared(definition, path) == Declared::Written);
  }

  // Of what the packages around a public definition declare, the most used path that is preferred
  // to the definition's own; none where more take what another package offers.
  void UsePreferred(Definition &definition) {
    size_t most = 0;
    for (size_t i = 1; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (!path.in_use || !IsDeclaredAround(definition, path) || !IsPreferred(definition, path)) {
        continue;
      }
      const size_t uses = UsesThrough(definition, path.module);
      const PathInfo &best = definition.paths[static_cast<size_t>(definition.canonical)];
      const bool shorter = most > 0 && RankOfName(definition, path) < RankOfName(definition, best);
      if (uses > most || (uses == most && shorter)) {
        most = uses;
        definition.canonical = static_cast<int>(i);
        definition.because = "public-api";
      }
    }
    const bool passed_by = most > 0 && llvm::any_of(definition.paths, [&](const PathInfo &path) {
                             return path.module != definition.module && path.uses > most &&
                                    path.in_use && IsDeclaredAround(definition, path) &&
                                    declared_.Offers(definition, path);
                           });
    if (passed_by) {
      definition.canonical = 0;
      definition.because = "definition";
    }
  }

  // The top-most package around a private definition that declares it.
  bool UseTopMost(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (IsDeclaredAround(definition, path) &&
          (best < 0 || RankOfName(definition, path) <
                           RankOfName(definition, definition.paths[static_cast<size_t>(best)]))) {
        best = static_cast<int>(i);
      }
    }
    if (best < 0) {
      return false;
    }
    definition.canonical = best;
    definition.because = "public-api";
    return true;
  }

  // Another public name in the defining module, or a name that some module declares.
  bool UsePublicAlias(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      const bool chosen_by_hand =
          path.module == definition.module ||
          (!project_.modules[path.module].test && resolver_.HasLog(path.module) &&
           declared_.HowDeclared(definition, path) == Declared::Written &&
           (path.in_use || path.name == definition.name));
      if (!IsPublic(path) || path.deprecated || !chosen_by_hand) {
        continue;
      }
      const PathInfo *chosen = best < 0 ? nullptr : &definition.paths[static_cast<size_t>(best)];
      // In the defining module first; then the most used; then the shortest, then by text.
      if (!chosen || Rank(definition, path) < Rank(definition, *chosen)) {
        best = static_cast<int>(i);
      }
    }
    if (best < 0) {
      return false;
    }
    definition.canonical = best;
    definition.because = "public-alias";
    return true;
  }
  // Of a public path that fewer take than the private one: whether the private one is a habit, or
  // the name itself private, or the module imports it for its own use.
  bool IsPassedBy(const Definition &definition, const PathInfo &path) {
    return UsesThrough(definition, definition.module) >= kHabit || IsPrivateName(definition.name) ||
           !declared_.HoldsForOthers(path);
  }

  // The most used public path of a private definition, though nobody declared it: one that
  // consumers take at least as often as the private one, or where hardly anybody takes that and its
  // own name is public. Under a private name nothing is public.
  bool UsePublicPath(Definition &definition) {
    const size_t own = UsesThrough(definition, definition.module);
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (!path.in_use || !IsPublic(path) || path.deprecated || IsPrivateName(path.name) ||
          project_.modules[path.module].test || (path.uses < own && IsPassedBy(definition, path))) {
        continue;
      }
      if (best < 0 ||
          Rank(definition, path) < Rank(definition, definition.paths[static_cast<size_t>(best)])) {
        best = static_cast<int>(i);
      }
    }
    if (best < 0) {
      return false;
    }
    definition.canonical = best;
    definition.because = "public-alias";
    undeclared_ = true;
    return true;
  }
  std::tuple<bool, int64_t, size_t> Rank(const Definition &definition, const PathInfo &path) const {
    return {path.module != definition.module, -static_cast<int64_t>(path.uses),
            ModuleText(path.module).size()};
  }

  Project &project_;
  Resolver &resolver_;
  const Config &config_;
  DeclaredPaths declared_;
  PackageHabits habits_;
  AcceptedPaths accepted_;
  InternalUses internal_;
  ArguablePaths arguable_;
  size_t least_ = 0;        // private parts of the most public path
  bool undeclared_ = false; // the canonical path is one that consumers take, no more
};

} // namespace

void ChooseCanonical(Project &project, Resolver &resolver,
                     llvm::ArrayRef<AttributeUse> attribute_uses, const Config &config,
                     const Disk &disk) {
  Chooser chooser(project, resolver, attribute_uses, config, disk);
  for (Definition &definition : project.definitions) {
    chooser.Choose(definition);
  }
  chooser.JudgeImports();
}

} // namespace pydefrag
