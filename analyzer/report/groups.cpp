#include "report/groups.h"

#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {

FragmentCounts CountFragment(const Definition &definition) {
  FragmentCounts counts;
  if (definition.paths.size() < 2) {
    return counts; // nothing to choose between
  }
  const ModuleId canonical = definition.paths[static_cast<size_t>(definition.canonical)].module;
  llvm::SmallSet<ModuleId, 4> modules;
  for (const PathInfo &path : definition.paths) {
    if (!path.in_use) {
      continue;
    }
    modules.insert(path.module);
    if (path.module == canonical) {
      counts.canonical_uses += path.uses;
    } else if (!path.accepted) {
      counts.stray_uses += path.uses;
    }
  }
  counts.paths_in_use = modules.size();
  return counts;
}

std::vector<DefinitionId> FragmentedDefinitions(const Project &project) {
  std::vector<DefinitionId> fragmented;
  for (size_t i = 0; i < project.definitions.size(); ++i) {
    const Definition &definition = project.definitions[DefinitionId(i)];
    if (definition.kind != DefinitionKind::Constant && definition.decided &&
        project.modules[definition.module].first_party &&
        CountFragment(definition).paths_in_use >= 2) {
      fragmented.push_back(DefinitionId(i));
    }
  }
  return fragmented;
}

// Where the statement that starts at `place` ends: where the next one that is kept starts.
static uint32_t EndOfStatement(const Project &project, Location place) {
  const std::vector<PlacedStatement> &statements = project.scanned.facts[place.file].statements;
  auto next = std::upper_bound(
      statements.begin(), statements.end(), place.span.begin,
      [](uint32_t at, const PlacedStatement &statement) { return at < statement.begin; });
  return next == statements.end() ? UINT32_MAX : next->begin;
}

// Index of the error that stands in the statement at `place`, or findings.size().
static size_t FindingAt(const Report &report, Location place) {
  const std::vector<Finding> &findings = report.findings;
  auto at = std::lower_bound(findings.begin(), findings.end(), place,
                             [](const Finding &finding, const Location &where) {
                               return std::tie(finding.where.file, finding.where.span.begin) <
                                      std::tie(where.file, where.span.begin);
                             });
  const uint32_t end = EndOfStatement(*report.project, place);
  for (; at != findings.end() && at->where.file == place.file; ++at) {
    if (at->where.span.begin >= end) {
      break;
    }
    if (at->severity == Severity::Error) {
      return static_cast<size_t>(at - findings.begin());
    }
  }
  return findings.size();
}

// For each finding, how many modules fail to import because of it.
static std::vector<size_t> BlockedByFinding(const Report &report) {
  std::vector<size_t> blocked(report.findings.size() + 1, 0);
  for (const ImportOutcome &outcome : report.project->outcomes) {
    if (outcome.status == ImportOutcome::Fails && !outcome.chain.empty()) {
      ++blocked[FindingAt(report, outcome.chain.back())];
    }
  }
  return blocked;
}

static void FindFragments(const Project &project, llvm::StringMap<size_t> &by_cause,
                          std::vector<CauseGroup> &groups) {
  for (DefinitionId id : FragmentedDefinitions(project)) {
    const Definition &definition = project.definitions[id];
    const std::string symbol = project.PathText(definition.module, definition.name);
    auto group = by_cause.find("DFG101:" + symbol);
    if (group != by_cause.end()) {
      groups[group->second].fragment = id;
    }
  }
}

std::vector<CauseGroup> GroupByCause(const Report &report) {
  const std::vector<size_t> blocked = BlockedByFinding(report);
  llvm::StringMap<size_t> by_cause;
  std::vector<CauseGroup> groups;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const Finding &finding = report.findings[i];
    auto [place, added] = by_cause.try_emplace(finding.cause, groups.size());
    if (added) {
      groups.emplace_back().cause = finding.cause;
    }
    CauseGroup &group = groups[place->second];
    if (group.findings.empty() ||
        report.findings[group.findings.back()].where.file != finding.where.file) {
      ++group.files;
    }
    group.findings.push_back(i);
    group.severity = std::max(group.severity, finding.severity);
    group.blocked_modules += blocked[i];
  }
  for (CauseGroup &group : groups) {
    llvm::stable_sort(group.findings, [&](size_t a, size_t b) {
      return report.findings[a].severity > report.findings[b].severity;
    });
  }
  for (const RootCause &cause : report.joined.causes) {
    auto group = by_cause.find(cause.cause);
    if (group != by_cause.end() && cause.state != CauseState::None) {
      groups[group->second].joined = &cause;
      groups[group->second].tests = cause.tests_blocked + cause.modules_blocked;
    }
  }
  FindFragments(*report.project, by_cause, groups);
  llvm::stable_sort(groups, [](const CauseGroup &a, const CauseGroup &b) {
    auto worse = [](const CauseGroup &g) {
      return std::make_tuple(g.tests, g.severity, g.blocked_modules, g.findings.size());
    };
    return worse(a) > worse(b);
  });
  return groups;
}

std::string HeadlineOf(const Report &report, const CauseGroup &group) {
  if (!group.fragment.valid()) {
    return report.findings[group.findings.front()].message;
  }
  const Definition &definition = report.project->definitions[group.fragment];
  const FragmentCounts counts = CountFragment(definition);
  return ("`" + report.project->Text(definition.name) +
          "`: " + Counted(counts.paths_in_use, "path") + " in use, " +
          Counted(counts.canonical_uses, "import") + " of the canonical one, " +
          WithCommas(counts.stray_uses) + " stray")
      .str();
}

} // namespace pydefrag
