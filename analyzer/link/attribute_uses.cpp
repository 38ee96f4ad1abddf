#include "link/attribute_uses.h"

#include "base/parallel.h"
#include "scan/attribute_chains.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

struct Chain {
  ModuleId base;
  uint32_t offset = 0;
  std::string name;
  std::string attributes; // "b.c"
};

class UseFinder {
public:
  UseFinder(Project &project, Resolver &resolver, const PathTable &table, const Disk &disk)
      : project_(project), resolver_(resolver), table_(table), disk_(disk) {}

  AttributeUses Find(unsigned jobs) {
    const size_t files = project_.file_count;
    names_.resize(files);
    for (const ImportRow &row : project_.rows) {
      NoteModule(row);
    }
    std::vector<std::vector<Chain>> chains(files);
    ParallelFor(files, jobs, 8, [&](size_t i) {
      if (!names_[i].empty()) {
        chains[i] = Read(FileId(i));
      }
    });
    AttributeUses uses;
    for (size_t i = 0; i < files; ++i) {
      Resolve(FileId(i), chains[i], uses);
    }
    return uses;
  }

private:
  // The local name that an import gives to a module of the project.
  void NoteModule(const ImportRow &row) {
    if (row.status != RowStatus::Resolved || row.target.kind != TargetKind::Module ||
        row.context.star || row.context.type_checking) {
      return;
    }
    ModuleId module = row.target.module;
    llvm::StringRef local = project_.Text(row.as.valid() ? row.as : row.name);
    if (!row.name.valid() && !row.as.valid()) { // import a.b.c binds a
      local = project_.Text(row.module).split('.').first;
      const Statement &statement = project_.Syntax(project_.StatementAt(row));
      module =
          resolver_.TargetOf(row.importer, row.statement, resolver_.NumberOf(statement, row.alias))
              .top;
    }
    const bool ours = module.valid() && project_.modules[module].first_party;
    if (ours) {
      names_[static_cast<size_t>(row.file.index)].try_emplace(local, module);
    }
  }

  std::vector<Chain> Read(FileId file) const {
    std::vector<Chain> chains;
    llvm::SmallVector<char, 0> buffer;
    const std::string path = project_.root.empty()
                                 ? project_.scanned.paths[file]
                                 : project_.root + "/" + project_.scanned.paths[file];
    if (disk_.Read(path, 100u << 20, buffer)) {
      return chains;
    }
    const llvm::StringMap<ModuleId> &names = names_[static_cast<size_t>(file.index)];
    llvm::StringMap<char> seen;
    FindAttributeChains(
        {buffer.data(), buffer.size()}, [&](llvm::StringRef name) { return names.contains(name); },
        [&](const AttributeChain &chain) {
          const llvm::StringRef whole(chain.name.data(),
                                      chain.name.size() + 1 + chain.attributes.size());
          if (seen.try_emplace(whole).second) {
            chains.push_back(
                {names.lookup(chain.name), chain.begin, chain.name.str(), chain.attributes.str()});
          }
        });
    return chains;
  }

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
  const Disk &disk_;
  std::vector<llvm::StringMap<ModuleId>> names_;
};

} // namespace

AttributeUses FindAttributeUses(Project &project, Resolver &resolver, const PathTable &table,
                                const Disk &disk, unsigned jobs) {
  return UseFinder(project, resolver, table, disk).Find(jobs);
}

} // namespace pydefrag
