#include "link/link.h"

#include "base/parallel.h"
#include "link/defects/deprecation.h"
#include "link/defects/missing_attributes.h"
#include "link/environment.h"
#include "link/execute/hidden_names.h"
#include "link/execute/import_time.h"
#include "link/flow/finders.h"
#include "link/flow/source_trees.h"
#include "link/identity/attribute_uses.h"
#include "link/identity/chain_reader.h"
#include "link/identity/identity.h"
#include "link/link_state.h"
#include "link/modules/built_modules.h"
#include "link/modules/entries.h"
#include "link/names/statement_signs.h"
#include "link/resolve/foreseen_trees.h"
#include "link/resolve/given_names.h"
#include "link/resolve/written_modules.h"
#include "link/rows/rows.h"
#include "link/settled_rows.h"
#include "link/site_directories.h"
#include "link/strings/settings_targets.h"
#include "link/strings/string_targets.h"
#include "source/test_files.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

// The newest minor version that a project without a target is taken to support.
constexpr int kNewestMinor = 14;

bool IsTestPath(llvm::StringRef path) {
  if (IsTestFileName(path)) {
    return true;
  }
  llvm::SmallVector<llvm::StringRef, 8> parts;
  path.split(parts, '/');
  parts.pop_back();
  return llvm::any_of(parts, [](llvm::StringRef part) {
    return part == "tests" || part == "test" || part == "testing";
  });
}

SupportedVersions VersionsOf(const LinkInput &input) {
  if (input.config->target_version) {
    const int minor = input.config->target_version->minor;
    return {minor, minor};
  }
  SupportedVersions versions{input.target.minor, input.target.minor};
  for (const ProjectSettings &project : input.settings->projects) {
    if (project.requires_python) {
      versions.lowest = std::min(versions.lowest, project.requires_python->minor);
      versions.highest = std::max(kNewestMinor, versions.lowest);
    }
  }
  return versions;
}

void FillTree(const Discovery &discovery, FileTree &tree) {
  for (const std::string &directory : discovery.directories) {
    tree.AddDirectory(directory);
  }
  size_t next_file = 0;
  for (const DiscoveredFile &file : discovery.files) {
    const FileId id = file.kind == FileKind::Source ? FileId(next_file++) : FileId();
    tree.AddFile(file.path, file.kind, id);
  }
  for (const std::string &path : discovery.ignored_modules) {
    tree.AddFile(path, FileKind::Generator, FileId());
  }
}

void AddGenerated(const SettingsResult &settings, FileTree &tree) {
  for (const ProjectSettings &project : settings.projects) {
    for (const std::string &path : project.generated) {
      tree.AddFile(path, FileKind::Generator, FileId());
    }
  }
}

void FlagModules(Project &project, const Discovery &discovery) {
  size_t next_file = 0;
  for (const DiscoveredFile &file : discovery.files) {
    if (file.kind != FileKind::Source) {
      continue;
    }
    const FileId id(next_file++);
    Module &module = project.modules[project.module_of_file[id]];
    const ModuleFacts &facts = project.scanned.facts[id];
    module.reported = file.reported;
    module.test = IsTestPath(file.path);
    module.script = facts.has_main_guard || facts.has_shebang;
  }
}

// What tests only read is not reported on: unless code imports it, nobody runs it.
void HideSamples(Project &project, const Discovery &discovery) {
  std::vector<bool> sample(project.modules.size(), false);
  size_t next_file = 0;
  bool any = false;
  for (const DiscoveredFile &file : discovery.files) {
    if (file.kind == FileKind::Source) {
      const ModuleId module = project.module_of_file[FileId(next_file++)];
      sample[static_cast<size_t>(module.index)] = file.sample;
      any |= file.sample;
    }
  }
  const auto is_sample = [&](ModuleId module) {
    const auto i = static_cast<size_t>(module.index);
    return module.valid() && i < sample.size() && sample[i];
  };
  std::vector<const ImportRow *> rows; // that use one
  for (size_t i = 0; i < project.rows.size() && any; ++i) {
    const ImportRow &row = project.rows[RowId(i)];
    if (row.importer.valid() && (is_sample(row.source) || is_sample(row.target.module))) {
      rows.push_back(&row);
    }
  }
  for (bool grew = any; grew;) {
    grew = false;
    for (const ImportRow *row : rows) {
      for (ModuleId used : {row->source, row->target.module}) {
        if (!is_sample(row->importer) && is_sample(used)) {
          sample[static_cast<size_t>(used.index)] = false;
          grew = true;
        }
      }
    }
  }
  for (size_t i = 0; i < sample.size(); ++i) {
    project.modules[ModuleId(i)].reported &= !sample[i];
  }
}

void FillOpenReasons(Project &project, const Resolver &resolver) {
  for (size_t i = 0; i < project.file_count; ++i) {
    Module &module = project.modules[project.module_of_file[FileId(i)]];
    module.open_reason = resolver.Log(project.module_of_file[FileId(i)]).open_reason;
  }
}

bool AnyMissing(const Project &project) {
  return llvm::any_of(project.rows, [](const ImportRow &row) {
    return row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName;
  });
}

void CountRows(Project &project) {
  LinkStats &stats = project.stats;
  llvm::StringMap<size_t> reasons;
  for (const ImportRow &row : project.rows) {
    ++stats.rows;
    switch (row.status) {
    case RowStatus::Resolved:
      ++stats.resolved;
      break;
    case RowStatus::External:
      ++stats.external;
      break;
    case RowStatus::MissingModule:
    case RowStatus::MissingName:
      ++stats.missing;
      break;
    case RowStatus::Unknown:
      ++stats.unknown;
      ++reasons[row.reason];
      break;
    }
  }
  project.third_party_unchecked = project.environment.empty() ? stats.external : 0;
  for (const auto &entry : reasons) {
    stats.unknown_reasons.push_back({entry.getKey().str(), entry.getValue()});
  }
  std::sort(stats.unknown_reasons.begin(), stats.unknown_reasons.end(),
            [](const auto &a, const auto &b) {
              return a.second != b.second ? a.second > b.second : a.first < b.first;
            });
}

void LinkInto(Project &project, LinkInput &input) {
  project.scanned = std::move(input.scanned);
  project.root = input.root;
  project.target = input.target;
  project.environment = input.environment;
  project.state = std::make_unique<LinkState>(project);
  LinkState &state = *project.state;
  FillTree(*input.discovery, state.tree);
  AddGenerated(*input.settings, state.tree);
  project.file_count = project.scanned.paths.size();
  std::vector<std::string> sites;
  if (!input.environment.empty()) {
    sites = SiteDirectories(*input.disk, input.environment, input.target);
    LoadEnvironment(project, state.tree, *input.disk, sites, input.jobs);
  }
  const StatementSigns signs(project.scanned, input.jobs);
  AddBuiltModules(project, *input.discovery, signs, state.tree);
  state.roots = FindRoots(state.tree, input.root, *input.config, *input.settings, project.scanned,
                          signs, project.file_count);
  project.roots = state.roots.roots;
  const bool starts_here =
      llvm::any_of(project.roots, [](const SourceRoot &root) { return root.path.empty(); });
  for (const PackageDir &dir : state.roots.mapped) {
    if (dir.folder.empty() && !starts_here) {
      project.roots.push_back({"..", dir.because}); // to be told, not to be searched
    }
  }
  state.table = std::make_unique<ModuleTable>(project, state.tree, state.roots, sites, state.view);
  state.table->AddFiles();
  state.table->NotePutModules(signs, *input.disk);
  FlagModules(project, *input.discovery);
  IdVector<ModuleId, NamespaceLog> logs;
  std::vector<ServedByFinder> served;
  FileTrees trees(project, *input.disk);
  RunBeside(
      input.jobs, [&] { logs = ReadNamespaces(project, input.jobs); },
      [&] { served = FindFinders(project, *state.table, state.view, signs, trees, input.jobs); });
  state.table->NoteFinders(std::move(served), input.disk);
  state.targets = std::make_unique<ImportTargets>(project, *state.table, state.view);
  state.extensions = std::make_unique<ExtensionNames>(input.disk, input.root);
  state.resolver =
      std::make_unique<Resolver>(project, *state.table, *state.targets, *state.extensions,
                                 std::move(logs), signs, VersionsOf(input), input.jobs);
  Resolver &resolver = *state.resolver;
  resolver.ReadSourcesFrom(input.disk);
  resolver.sources()->Keep(trees.Take());
  ForeseeTreesOfImports(project, resolver);
  OpenModulesWrittenElsewhere(project, signs, resolver);
  OpenModulesGivenAway(project, resolver);
  resolver.CloseUnreached(project.module_of_file.raw());
  FillOpenReasons(project, resolver);
  const std::vector<RowNotes> notes = ResolveRows(project, resolver, state.roots, input.jobs);
  state.graph = BuildImportGraph(project, resolver, signs, input.jobs);
  // These read beside what follows, one after the other.
  ChainReader reader(project, resolver, *input.disk, state.graph.row_begin, input.jobs);
  state.duplicates = std::make_unique<DuplicateClasses>(project, *input.disk, input.jobs,
                                                        [&reader] { reader.Finish(); });
  SimulateImports(project, resolver, state.graph, input.jobs);
  HideNamesBySubmodules(project, resolver, state.graph);
  if (resolver.HasOverrides()) {
    resolver.ForgetAnswers();
    ResolveRowsAgain(project, resolver, state.roots, notes, input.jobs);
  }
  DoubtHiddenRows(project, resolver, input.jobs);
  AttributeWrites writes(project, *input.disk, project.rows);
  DoubtDeferredImports(project, writes);
  FindStringTargets(project, resolver, state.roots, *input.disk, writes, input.jobs);
  state.duplicates->Finish(); // facts of settings files are put behind the others
  AddSettingsTargets(project, resolver, *input.settings, *input.disk);
  HideSamples(project, *input.discovery);
  const IdentityScope scope = input.all_paths ? IdentityScope::All : IdentityScope::Checked;
  const std::vector<std::vector<Chain>> chains = reader.Take();
  ForeseeTreesOfChains(project, resolver, chains);
  const PathTable table = CollectDefinitions(project, resolver, chains, scope, input.jobs);
  FindModuleDeprecations(project, resolver);
  FindSymbolDeprecations(project, resolver, input.jobs);
  MarkDeprecatedRows(project, resolver);
  const AttributeUses uses = FindAttributeUses(project, resolver, table, chains);
  CountUses(project, table, uses.uses, scope, input.jobs);
  FindMissingAttributes(project, resolver, *input.disk, writes, uses.doubtful, input.jobs);
  ChooseCanonical(project, resolver, uses.uses, *input.config, *input.disk);
  FillUsedHops(project, resolver, scope);
  SettleRows(project, resolver);
  RunBeside(
      input.jobs,
      [&] {
        if (AnyMissing(project)) {
          IndexForSuggestions(project);
        }
        project.entry_modules = FindEntryModules(project, *input.settings);
      },
      [&] { CountRows(project); });
  // Look-ups made modules on the way (namespaces, standard modules).
  project.outcomes.resize(project.modules.size());
  FindDefects(project, resolver, *input.config, *input.disk, input.jobs);
  project.module_deprecations.resize(project.modules.size());
  resolver.ReadSourcesFrom(nullptr); // the disk may go
  state.table->ForgetDisk();
}

} // namespace

std::unique_ptr<Project> Link(LinkInput input) {
  auto project = std::make_unique<Project>();
  RunWithStack(kLinkStackBytes, [&] { LinkInto(*project, input); });
  return project;
}

} // namespace pydefrag
