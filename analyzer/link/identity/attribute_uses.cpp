#include "link/identity/attribute_uses.h"

#include "base/parallel.h"
#include "link/flow/source_trees.h"
#include "link/resolve/foreseen_trees.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace pydefrag {

// The first attribute of a chain; invalid: no file's facts know the name.
static NameId FirstName(const Project &project, const Chain &chain) {
  return project.scanned.names.Find(llvm::StringRef(chain.attributes).split('.').first);
}

namespace {

class UseFinder {
public:
  UseFinder(Project &project, Resolver &resolver, const PathTable &table)
      : project_(project), resolver_(resolver), table_(table) {}

  AttributeUses Find(llvm::ArrayRef<std::vector<Chain>> chains) {
    std::vector<std::vector<First>> firsts(chains.size());
    ParallelFor(chains.size(), resolver_.jobs(), 64, [&](size_t i) {
      for (const Chain &chain : chains[i]) {
        firsts[i].push_back(FirstOf(chain));
      }
    });
    AttributeUses uses;
    for (size_t i = 0; i < chains.size(); ++i) {
      Resolve(FileId(i), chains[i], firsts[i], uses);
    }
    return uses;
  }

private:
  struct First { // what logs tell of the first attribute of a chain
    NameId name;
    bool is_object = false;
    DefinitionId definition;
  };

  First FirstOf(const Chain &chain) const {
    First first;
    first.name = FirstName(project_, chain);
    const std::optional<Found> found = chain.base.valid() && first.name.valid()
                                           ? resolver_.Simple(chain.base, first.name)
                                           : std::nullopt;
    if (found && found->IsObject()) {
      first.is_object = true;
      first.definition = table_.MadeBy(found->module, found->event);
    }
    return first;
  }

  void Resolve(FileId file, const std::vector<Chain> &chains, llvm::ArrayRef<First> firsts,
               AttributeUses &all) {
    std::vector<AttributeUse> &uses = all.uses;
    llvm::StringMap<char> doubted;
    llvm::DenseSet<std::pair<ModuleId, NameId>> seen;
    for (size_t i = 0; i < chains.size(); ++i) {
      const Chain &chain = chains[i];
      const First &first = firsts[i];
      if (first.is_object) {
        if (first.definition.valid() && seen.insert({chain.base, first.name}).second) {
          uses.push_back({file, chain.base, first.name, first.definition, chain.offset});
        }
        continue;
      }
      ModuleId at = chain.base;
      llvm::StringRef rest = chain.attributes;
      while (!rest.empty() && at.valid()) {
        const auto [part, tail] = rest.split('.');
        rest = tail;
        const NameId name = project_.scanned.names.Intern(part);
        const Found found = resolver_.ImportFrom(at, name);
        if (IsDoubtful(at, name, found) && doubted.try_emplace(chain.name).second) {
          all.doubtful.push_back({file, chain.name});
        }
        if (found.answer == Answer::No || found.unknown) {
          break;
        }
        if (found.IsModule()) {
          at = found.module;
          continue;
        }
        const DefinitionId definition =
            found.IsObject() ? table_.MadeBy(found.module, found.event) : DefinitionId();
        if (definition.valid() && seen.insert({at, name}).second) {
          uses.push_back({file, at, name, definition, chain.offset});
        }
        break;
      }
    }
  }

  // Missing, or a submodule whose name the package unbinds again.
  bool IsDoubtful(ModuleId module, NameId name, const Found &found) {
    if (found.answer == Answer::No) {
      return !found.unknown;
    }
    return found.IsModule() && resolver_.HasLog(module) &&
           !resolver_.Log(module).Of(name).empty() &&
           resolver_.Attribute(module, name).answer == Answer::No;
  }

  Project &project_;
  Resolver &resolver_;
  const PathTable &table_;
};

} // namespace

void ForeseeTreesOfChains(const Project &project, Resolver &resolver,
                          llvm::ArrayRef<std::vector<Chain>> chains) {
  std::vector<llvm::SmallVector<ModuleId, 1>> bases(chains.size());
  ParallelFor(chains.size(), resolver.jobs(), 64, [&](size_t i) {
    for (const Chain &chain : chains[i]) {
      if (chain.base.valid() && !llvm::is_contained(bases[i], chain.base) &&
          MayTakeTree(resolver, chain.base, FirstName(project, chain))) {
        bases[i].push_back(chain.base);
      }
    }
  });
  std::vector<ModuleId> foreseen;
  for (const llvm::SmallVector<ModuleId, 1> &modules : bases) {
    llvm::append_range(foreseen, modules);
  }
  if (resolver.sources() != nullptr) {
    resolver.sources()->Foresee(foreseen);
  }
}

AttributeUses FindAttributeUses(Project &project, Resolver &resolver, const PathTable &table,
                                llvm::ArrayRef<std::vector<Chain>> chains) {
  return UseFinder(project, resolver, table).Find(chains);
}

} // namespace pydefrag
