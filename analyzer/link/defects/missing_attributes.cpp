#include "link/defects/missing_attributes.h"

#include "link/resolve/other_worlds.h"
#include "link/strings/scoped_files.h"

#include <optional>

namespace pydefrag {
namespace {

class AttributeChecker {
public:
  AttributeChecker(Project &project, Resolver &resolver, AttributeWrites &writes)
      : project_(project), resolver_(resolver), writes_(writes) {}

  void Check(FileId file, const ScopedUse &use) {
    if (use.imports.empty() || use.attributes.empty() || use.guarded || use.annotation) {
      return;
    }
    std::optional<Miss> miss;
    for (const ImportRow *row : RowsOf(project_, file, use.name, use.imports)) {
      const std::optional<Miss> each = MissOf(*row, use);
      if (!each) {
        return; // by one of the ways it may be there
      }
      miss = miss ? miss : each;
    }
    if (miss && !writes_.MaySet(miss->module, project_.Text(miss->name))) {
      Add(file, use, *miss);
    }
  }

private:
  struct Miss {
    ModuleId module;
    NameId name;
    uint32_t at = 0; // offset of the name in "b.c"
  };

  // The module that the row gives to the local name.
  ModuleId ModuleOf(const ImportRow &row) {
    if (row.status != RowStatus::Resolved || row.context.type_checking || row.context.star ||
        row.target.kind != TargetKind::Module) {
      return ModuleId();
    }
    const bool relative = project_.Syntax(project_.StatementAt(row)).level > 0;
    if (!relative &&
        (project_.scanned.facts[row.file].own_environment ||
         MeansOtherElsewhere(project_, resolver_, row.file, project_.Text(row.module)))) {
      return ModuleId();
    }
    if (row.name.valid()) {
      return Surely(resolver_.ImportFrom(row.source, row.name));
    }
    if (row.as.valid()) {
      return ModuleNamed(row);
    }
    return resolver_.FindModule(row.importer, project_.Text(row.module).split('.').first).module;
  }

  // `import a.b as c` gives what `a` has as `b`, which `a` may have bound anew.
  ModuleId ModuleNamed(const ImportRow &row) {
    const auto [above, last] = project_.Text(row.module).rsplit('.');
    if (last.empty()) {
      return row.target.module;
    }
    const ModuleId package = resolver_.FindModule(row.importer, above).module;
    const Found found = package.valid()
                            ? resolver_.ImportFrom(package, project_.scanned.names.Intern(last))
                            : Found();
    return Surely(found);
  }

  // The module that a name holds whatever conditions come to; invalid: another one may.
  static ModuleId Surely(const Found &found) {
    const bool sure = found.answer == Answer::Yes && !found.unknown && !found.bound;
    return found.IsModule() && sure ? found.module : ModuleId();
  }

  std::optional<Miss> MissOf(const ImportRow &row, const ScopedUse &use) {
    ModuleId at = ModuleOf(row);
    llvm::StringRef rest = use.attributes;
    while (at.valid() && project_.modules[at].first_party && !rest.empty()) {
      const auto [part, tail] = rest.split('.');
      const NameId name = project_.scanned.names.Intern(part);
      if (project_.modules[at].kind == ModuleKind::Namespace && !project_.environment.empty()) {
        return std::nullopt; // installed packages may share it
      }
      const Found found = resolver_.ImportFrom(at, name);
      if (found.answer == Answer::No && !found.unknown) {
        // What is stored need not be there before.
        const bool stored = use.stored && tail.empty();
        const auto offset = static_cast<uint32_t>(part.data() - use.attributes.data());
        return stored ? std::nullopt : std::optional(Miss{at, name, offset});
      }
      if (found.unknown || IsDropped(at, name)) {
        const auto offset = static_cast<uint32_t>(part.data() - use.attributes.data());
        return found.unknown ? std::nullopt : std::optional(Miss{at, name, offset});
      }
      at = Surely(found);
      rest = tail;
    }
    return std::nullopt;
  }

  // A submodule whose name the package deletes again after it loaded the submodule: importing it
  // once more does not bring the attribute back (semantics.md B08).
  bool IsDropped(ModuleId package, NameId name) {
    if (!resolver_.HasLog(package) || resolver_.Attribute(package, name).answer != Answer::No) {
      return false;
    }
    const NamespaceLog &log = resolver_.Log(package);
    const llvm::ArrayRef<uint32_t> events = log.Of(name);
    if (events.size() < 2) {
      return false;
    }
    const Event &last = log.events[events.back()];
    const Event &before = log.events[events[events.size() - 2]];
    return last.kind == EventKind::Unbind && before.kind == EventKind::Submodule && !last.maybe &&
           !before.maybe && resolver_.Reach(package, last.statement) == Tri::Yes;
  }

  void Add(FileId file, const ScopedUse &use, const Miss &miss) {
    MissingAttribute missing;
    ImportRow &row = missing.row;
    row.file = file;
    row.importer = project_.module_of_file[file];
    row.module = project_.modules[miss.module].name;
    row.name = miss.name;
    row.source = miss.module;
    row.status = RowStatus::MissingName;
    const auto size = static_cast<uint32_t>(project_.Text(miss.name).size());
    // Chains are mostly written without blanks; else the whole chain is named.
    const uint32_t chain = use.begin + static_cast<uint32_t>(use.name.size()) + 1;
    const bool plain = chain + use.attributes.size() == use.end;
    row.where = plain ? Span{chain + miss.at, chain + miss.at + size} : Span{use.begin, use.end};
    row.statement_span = {use.begin, use.end};
    missing.spelled = use.name + "." + use.attributes.substr(0, miss.at + size);
    project_.missing_attributes.push_back(std::move(missing));
  }

  Project &project_;
  Resolver &resolver_;
  AttributeWrites &writes_;
};

} // namespace

void FindMissingAttributes(Project &project, Resolver &resolver, const Disk &disk,
                           AttributeWrites &writes, const std::vector<DoubtfulName> &doubtful,
                           unsigned jobs) {
  std::vector<WantedNames> wanted;
  for (const DoubtfulName &doubt : doubtful) {
    if (wanted.empty() || wanted.back().file != doubt.file) {
      wanted.push_back({doubt.file, {}});
    }
    wanted.back().names.insert(doubt.local);
  }
  if (wanted.empty()) {
    return;
  }
  const std::vector<std::vector<ScopedUse>> uses = ReadScopedUses(project, disk, wanted, jobs);
  AttributeChecker checker(project, resolver, writes);
  for (size_t i = 0; i < wanted.size(); ++i) {
    for (const ScopedUse &use : uses[i]) {
      checker.Check(wanted[i].file, use);
    }
  }
}

} // namespace pydefrag
