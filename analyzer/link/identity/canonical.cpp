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
#include "link/identity/identity.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace pydefrag {
namespace {

size_t PrivateParts(llvm::StringRef dotted) {
  size_t count = 0;
  for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
    count += rest.starts_with("_") ? 1 : 0;
  }
  return count;
}

bool IsBelow(llvm::StringRef module, llvm::StringRef package) {
  return module.size() > package.size() && module.starts_with(package) &&
         module[package.size()] == '.';
}

// How a module makes a name of another one its own.
enum class Declared : uint8_t {
  No,      // imported for the module's own use: nobody promised that it stays
  Idiom,   // by the `__init__` of a package around the definition
  Written, // listed in `__all__`, or imported as `X as X`
};

// So many imports of a module are no slip.
constexpr uint32_t kHabit = 5;

class Chooser {
public:
  Chooser(Project &project, Resolver &resolver, const Config &config)
      : project_(project), resolver_(resolver), config_(config) {}

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
      least_ = std::min(least_, PrivacyOf(path));
    }
    ChooseOf(definition);
    MarkAccepted(definition);
    MarkInternal(definition);
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

  llvm::StringRef ModuleText(ModuleId module) const {
    return project_.Text(project_.modules[module].name);
  }
  size_t PrivacyOf(const PathInfo &path) const {
    return PrivateParts(ModuleText(path.module)) + PrivateParts(project_.Text(path.name));
  }
  // In `pip._internal.metadata.base` everything is private alike: what is more so counts.
  bool IsPublic(const PathInfo &path) const { return PrivacyOf(path) == least_; }
  // Whether it is a path through a package that the defining module stands in.
  bool IsAround(const Definition &definition, const PathInfo &path) const {
    return project_.modules[path.module].kind == ModuleKind::Package &&
           IsBelow(ModuleText(definition.module), ModuleText(path.module));
  }

  bool UseConfigured(Definition &definition) {
    for (const PathInfo &own : definition.paths) {
      const std::string symbol = project_.PathText(own.module, own.name);
      for (const CanonicalPath &entry : config_.canonical) {
        std::string wanted = entry.path;
        if (entry.symbol == ModuleText(own.module)) {
          wanted += ":" + project_.Text(own.name).str();
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

  Declared HowDeclared(const Definition &definition, const PathInfo &path) {
    const AllNames &all = resolver_.All(path.module);
    if (all.present && all.Lists(path.name)) {
      return Declared::Written;
    }
    const NamespaceLog &log = resolver_.Log(path.module);
    const bool as_itself = llvm::any_of(log.Of(path.name), [&](uint32_t index) {
      const Event &event = log.events[index];
      const ExprId as =
          event.kind == EventKind::From ? resolver_.view().Child(event.value) : ExprId();
      return as.valid() && resolver_.view().At(as).text == resolver_.view().At(event.value).text;
    });
    if (as_itself) {
      return Declared::Written;
    }
    return IsAround(definition, path) ? Declared::Idiom : Declared::No;
  }
  // A path that a package around the definition declares. An idiom that nobody uses may well be an
  // import for the package's own use.
  bool IsDeclaredAround(const Definition &definition, const PathInfo &path) {
    if (!IsAround(definition, path) || path.deprecated || !IsPublic(path)) {
      return false;
    }
    const Declared how = HowDeclared(definition, path);
    return how == Declared::Written || (how == Declared::Idiom && path.in_use);
  }

  // Paths that are nobody's mistake: what others offer as their own, and what is not simply the
  // definition under another address.
  void MarkAccepted(Definition &definition) {
    for (PathInfo &path : definition.paths) {
      if (path.in_use && path.module != definition.module) {
        path.accepted = (IsPublic(path) && IsOffered(definition, path)) || HangsOnCondition(path) ||
                        IsNamedAnew(definition, path) || Completes(path);
      }
    }
  }
  // By another distribution, under another listed name, or where most imports take it from.
  bool IsOffered(const Definition &definition, const PathInfo &path) {
    const bool package = project_.modules[path.module].kind == ModuleKind::Package;
    if (path.uses >= kHabit && size_t{path.uses} * 2 > definition.uses &&
        !IsAround(definition, path)) {
      return true;
    }
    const bool elsewhere =
        IsInPackage(path.module) && IsInPackage(definition.module) &&
        ModuleText(path.module).split('.').first != ModuleText(definition.module).split('.').first;
    if (HowDeclared(definition, path) == Declared::Written) {
      return elsewhere || IsListedAnew(definition, path) ||
             (!IsAround(definition, path) && IsApi(path.module));
    }
    const AllNames &all = resolver_.All(path.module);
    return elsewhere && package && all.present && !all.known; // it may list it
  }
  // Whether consumers have the habit of taking what is defined elsewhere from the module: so many
  // different names that it is an API, not a detour.
  bool IsApi(ModuleId module) {
    if (!taken_read_) {
      taken_read_ = true;
      for (const ImportRow &row : project_.rows) {
        if (row.target.kind == TargetKind::Definition && !row.context.star &&
            project_.definitions[row.target.definition].module != row.source) {
          taken_[row.source].insert(row.name);
        }
      }
    }
    return taken_[module].size() >= kHabit;
  }
  bool IsInPackage(ModuleId module) const {
    return project_.modules[module].parent.valid() ||
           project_.modules[module].kind == ModuleKind::Package;
  }
  // `from numbers import Rational as SymPyRational`, and `__all__` lists it.
  bool IsListedAnew(const Definition &definition, const PathInfo &path) {
    return path.name != definition.name && resolver_.All(path.module).Lists(path.name);
  }
  // `if FAST: from fast import f`, `else: from slow import f`: somewhere on the way.
  bool HangsOnCondition(const PathInfo &path) {
    return resolver_.Attribute(path.module, path.name).answer == Answer::Maybe &&
           llvm::any_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
             const auto &[module, event] = hop;
             return resolver_.HangsOnConditions(module,
                                                resolver_.Log(module).events[event].statement);
           });
  }
  // `mprint = vprint` in another module.
  bool IsNamedAnew(const Definition &definition, const PathInfo &path) {
    const Found found = resolver_.Attribute(path.module, path.name);
    return found.via != kNoEvent && path.name != definition.name &&
           resolver_.Log(path.module).events[found.via].kind == EventKind::Value;
  }

  // A module that registers its own functions with what it imports (`@Predicate.register(Set)`) is
  // more than another address: the import through it loads them.
  bool Completes(const PathInfo &path) {
    const FileId file = project_.modules[path.module].file;
    if (!file.valid()) {
      return false;
    }
    const SyntaxView &view = resolver_.view();
    const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
    for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
      const Statement &statement = view.Of(statements[i]);
      if (statement.kind != StatementKind::Function && statement.kind != StatementKind::Class) {
        continue;
      }
      for (ExprId decorator = statement.first; decorator.valid() && decorator != statement.bases;
           decorator = view.Next(decorator)) {
        const ExprId callee =
            view.Is(decorator, ExprKind::Call) ? view.Child(decorator) : decorator;
        if (view.Is(callee, ExprKind::Attribute) &&
            view.IsName(view.Child(callee), project_.Text(path.name))) {
          return true;
        }
      }
    }
    return false;
  }

  // Inside the package of the canonical path other packages around the definition serve as well;
  // beside a private module its neighbours take from it what they like.
  void MarkInternal(Definition &definition) {
    const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
    const bool api = project_.modules[canonical.module].kind == ModuleKind::Package;
    const ModuleId parent = project_.modules[definition.module].parent;
    for (PathInfo &path : definition.paths) {
      const bool own = path.module == definition.module;
      const bool beside = own && PrivacyOf(path) > PrivacyOf(canonical);
      for (RowId id : path.rows) {
        ImportRow &row = project_.rows[id];
        row.context.internal |=
            (api && IsAround(definition, path) && IsWithin(row.importer, canonical.module)) ||
            (beside && parent.valid() && IsWithin(row.importer, parent)) ||
            (beside && undeclared_ && MayUsePrivate(row.importer, definition));
      }
    }
  }
  // `pkg._impl` is private to `pkg`, `_impl` to whoever it came with.
  bool MayUsePrivate(ModuleId importer, const Definition &definition) const {
    const llvm::StringRef home = ModuleText(definition.module);
    const size_t at = home.starts_with("_") ? 0 : home.find("._");
    const llvm::StringRef owner =
        home.take_front(at == llvm::StringRef::npos ? home.rfind('.') : at);
    return owner.empty() || ModuleText(importer) == owner || IsBelow(ModuleText(importer), owner);
  }
  bool IsWithin(ModuleId module, ModuleId package) const {
    return module == package || IsBelow(ModuleText(module), ModuleText(package));
  }

  // How many imports go through `module`.
  static size_t UsesThrough(const Definition &definition, ModuleId module) {
    size_t count = 0;
    for (const PathInfo &path : definition.paths) {
      count += path.module == module ? path.uses : 0;
    }
    return count;
  }
  // How many imports outside of `package` go through `module`.
  size_t UsesOutside(const Definition &definition, ModuleId module, ModuleId package) const {
    const llvm::StringRef owner = ModuleText(package);
    auto outside = [&](ModuleId user) {
      return ModuleText(user) != owner && !IsBelow(ModuleText(user), owner);
    };
    size_t count = 0;
    for (const PathInfo &path : definition.paths) {
      if (path.module != module) {
        continue;
      }
      for (RowId id : path.rows) {
        count += outside(project_.rows[id].importer);
      }
      for (const Location &use : path.attribute_uses) {
        count += outside(project_.module_of_file[use.file]);
      }
    }
    return count;
  }

  // The shortest module first, then the definition's own name.
  std::tuple<size_t, bool> RankOfName(const Definition &definition, const PathInfo &path) const {
    return {ModuleText(path.module).size(), path.name != definition.name};
  }

  // Whether importers have the habit of taking the path, and take it more often than the
  // definition's own: all of them, or those outside of the path's package. Or nobody takes that.
  bool IsPreferred(const Definition &definition, const PathInfo &path) const {
    const size_t uses = UsesThrough(definition, path.module);
    const size_t own = UsesThrough(definition, definition.module);
    if (own == 0 || (uses >= kHabit && uses > own)) {
      return true;
    }
    const size_t outside = UsesOutside(definition, path.module, path.module);
    return outside >= kHabit && outside > UsesOutside(definition, definition.module, path.module);
  }

  // Of what the packages around a public definition declare, the most used path that is preferred
  // to the definition's own.
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
           HowDeclared(definition, path) == Declared::Written);
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
  // The most used public path of a private definition, though nobody declared it: one that
  // consumers take at least as often as the private one, or where hardly anybody takes that.
  bool UsePublicPath(Definition &definition) {
    const size_t own = UsesThrough(definition, definition.module);
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (!path.in_use || !IsPublic(path) || path.deprecated ||
          project_.modules[path.module].test || (own >= kHabit && path.uses < own)) {
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
  size_t least_ = 0; // private parts of the most public path
  bool taken_read_ = false;
  llvm::DenseMap<ModuleId, llvm::DenseSet<NameId>> taken_; // names of others', by source
  bool undeclared_ = false; // the canonical path is one that consumers take, no more
};

} // namespace

void ChooseCanonical(Project &project, Resolver &resolver, const Config &config) {
  Chooser chooser(project, resolver, config);
  for (Definition &definition : project.definitions) {
    chooser.Choose(definition);
  }
}

} // namespace pydefrag
