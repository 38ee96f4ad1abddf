#include "link/identity/attribute_uses.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

class UseFinder {
public:
  UseFinder(Project &project, Resolver &resolver, const PathTable &table)
      : project_(project), resolver_(resolver), table_(table) {}

  AttributeUses Find(llvm::ArrayRef<std::vector<Chain>> chains) {
    AttributeUses uses;
    for (size_t i = 0; i < chains.size(); ++i) {
      Resolve(FileId(i), chains[i], uses);
    }
    return uses;
  }

private:
  void Resolve(FileId file, const std::vector<Chain> &chains, AttributeUses &all) {
    std::vector<AttributeUse> &uses = all.uses;
    llvm::StringMap<char> doubted;
    llvm::DenseSet<std::pair<ModuleId, NameId>> seen;
    for (const Chain &chain : chains) {
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

AttributeUses FindAttributeUses(Project &project, Resolver &resolver, const PathTable &table,
                                llvm::ArrayRef<std::vector<Chain>> chains) {
  return UseFinder(project, resolver, table).Find(chains);
}

} // namespace pydefrag
