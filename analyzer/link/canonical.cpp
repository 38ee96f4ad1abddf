// The canonical path of a definition: the configured one; else, when the defining module or the
// name is private, a public one; else the definition's own. Entry point: ChooseCanonical.
#include "link/identity.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

namespace pydefrag {
namespace {

bool IsPrivate(llvm::StringRef dotted) {
  for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
    if (rest.starts_with("_")) {
      return true;
    }
  }
  return false;
}

bool IsBelow(llvm::StringRef module, llvm::StringRef package) {
  return module.size() > package.size() && module.starts_with(package) &&
         module[package.size()] == '.';
}

class Chooser {
public:
  Chooser(Project &project, Resolver &resolver, const Config &config)
      : project_(project), resolver_(resolver), config_(config) {}

  void Choose(Definition &definition) {
    definition.canonical = 0;
    definition.because = "definition";
    if (definition.paths.size() < 2 || UseConfigured(definition)) {
      return;
    }
    const bool private_module = IsPrivate(ModuleText(definition.module));
    const bool private_name = project_.Text(definition.name).starts_with("_");
    if (private_module && UseDeclared(definition)) {
      return;
    }
    if (private_module || private_name) {
      UsePublicAlias(definition);
    }
  }

private:
  llvm::StringRef ModuleText(ModuleId module) const {
    return project_.Text(project_.modules[module].name);
  }
  bool IsPublic(const PathInfo &path) const {
    return !IsPrivate(ModuleText(path.module)) && !project_.Text(path.name).starts_with("_");
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

  // Declared: listed in __all__, or imported as `X as X`.
  bool IsDeclared(const PathInfo &path) {
    const AllNames &all = resolver_.All(path.module);
    if (all.present && all.Lists(path.name)) {
      return true;
    }
    const NamespaceLog &log = resolver_.Log(path.module);
    return llvm::any_of(log.Of(path.name), [&](uint32_t index) {
      const Event &event = log.events[index];
      const ExprId as =
          event.kind == EventKind::From ? resolver_.view().Child(event.value) : ExprId();
      return as.valid() && resolver_.view().At(as).text == resolver_.view().At(event.value).text;
    });
  }

  // The top-most ancestor package that declares it.
  bool UseDeclared(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      const llvm::StringRef name = ModuleText(path.module);
      const bool ancestor = IsBelow(ModuleText(definition.module), name) &&
                            project_.modules[path.module].kind == ModuleKind::Package;
      if (!ancestor || path.deprecated || !IsPublic(path) || !IsDeclared(path)) {
        continue;
      }
      if (best < 0 ||
          name.size() < ModuleText(definition.paths[static_cast<size_t>(best)].module).size()) {
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

  void UsePublicAlias(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (!IsPublic(path) || path.deprecated) {
        continue;
      }
      const PathInfo *chosen = best < 0 ? nullptr : &definition.paths[static_cast<size_t>(best)];
      // In the defining module first; then the most used; then the shortest, then by text.
      if (!chosen || Rank(definition, path) < Rank(definition, *chosen)) {
        best = static_cast<int>(i);
      }
    }
    if (best >= 0) {
      definition.canonical = best;
      definition.because = "public-alias";
    }
  }
  std::tuple<bool, int64_t, size_t> Rank(const Definition &definition, const PathInfo &path) const {
    return {path.module != definition.module, -static_cast<int64_t>(path.uses),
            ModuleText(path.module).size()};
  }

  Project &project_;
  Resolver &resolver_;
  const Config &config_;
};

} // namespace

void ChooseCanonical(Project &project, Resolver &resolver, const Config &config) {
  Chooser chooser(project, resolver, config);
  for (Definition &definition : project.definitions) {
    chooser.Choose(definition);
  }
}

} // namespace pydefrag
