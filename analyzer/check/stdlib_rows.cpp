#include "check/stdlib_rows.h"

#include "check/dependencies.h"
#include "check/views.h"
#include "facts/headers_around.h"
#include "link/link_state.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

static constexpr int kOldestMinor = 6;
static constexpr int kNewestMinor = 15;

// The first minor version up to `last` that `present` lacks after one that it has; 0: none.
static int RemovedIn(VersionMask present, int last) {
  bool seen = false;
  for (int minor = kOldestMinor; minor <= std::min(last, kNewestMinor); ++minor) {
    const bool has = (present & MaskOf(minor)) != 0;
    if (seen && !has) {
      return minor;
    }
    seen |= has;
  }
  return 0;
}

static int NextRemoval(VersionMask present, int from, int announced) {
  for (int minor = from + 1; minor <= kNewestMinor; ++minor) {
    if (!(present & MaskOf(minor))) {
      return minor;
    }
  }
  return announced;
}

static StdlibVerdict Python2Verdict(const Project &project, const ImportRow &row) {
  StdlibVerdict verdict;
  const bool unresolved =
      row.status == RowStatus::External || row.status == RowStatus::MissingModule;
  if (!unresolved || row.beyond_top) {
    return verdict;
  }
  const llvm::StringRef top = project.Text(row.module).split('.').first;
  const char *replacement = Python2Replacement(top);
  if (!replacement || IsOwned(project, top) || DependsOn(project, top)) {
    return verdict;
  }
  // Something of that name that was found is no remnant of Python 2.
  if (row.source.valid() && project.modules[row.source].kind != ModuleKind::External) {
    return verdict;
  }
  if (!project.environment.empty() && row.status == RowStatus::External) {
    return verdict;
  }
  verdict.state = StdlibState::Removed;
  verdict.python2 = true;
  verdict.module = top.str();
  verdict.replacement = replacement == llvm::StringRef("-") ? "" : replacement;
  return verdict;
}

static StdlibVerdict ModuleVerdict(const Project &project, const ImportRow &row) {
  StdlibVerdict verdict;
  const bool missing = row.status == RowStatus::MissingModule && !row.beyond_top;
  const bool standard =
      row.source.valid() && project.modules[row.source].kind == ModuleKind::Stdlib;
  if (!missing && !standard) {
    return verdict;
  }
  const NameId id = missing && row.missing_part.valid() ? row.missing_part : row.module;
  const llvm::StringRef dotted = project.Text(id);
  const StdlibModule *info = FindStdlibModule(dotted);
  if (!info || IsOwned(project, dotted)) {
    return verdict;
  }
  const int target = project.target.minor;
  verdict.module = dotted.str();
  verdict.replacement = info->replacement;
  if (missing) {
    verdict.since = RemovedIn(info->present, target);
    verdict.state = verdict.since > 0 ? StdlibState::Removed : StdlibState::Fine;
    return verdict;
  }
  if (info->warns & MaskOf(target)) {
    verdict.state = StdlibState::Deprecated;
    verdict.removal = NextRemoval(info->present, target, info->removal);
  }
  return verdict;
}

static StdlibVerdict NameVerdict(const Project &project, const ImportRow &row) {
  StdlibVerdict verdict;
  if (!row.name.valid() || row.context.star || !row.source.valid() ||
      project.modules[row.source].kind != ModuleKind::Stdlib) {
    return verdict;
  }
  verdict.module = project.Text(project.modules[row.source].name).str();
  verdict.name = project.Text(row.name).str();
  const StdlibName info = FindStdlibName(verdict.module, verdict.name);
  const int target = project.target.minor;
  // A submodule is no name of its package, though it may have been one by accident.
  const StdlibModule *submodule = FindStdlibModule(verdict.module + "." + verdict.name);
  if (submodule) {
    const bool found = row.status == RowStatus::Resolved;
    verdict.since = found ? 0 : RemovedIn(submodule->present, target);
    verdict.state = verdict.since > 0 ? StdlibState::Removed : StdlibState::Fine;
    verdict.module += "." + verdict.name;
    verdict.name = "";
    verdict.replacement = submodule->replacement;
    verdict.by_name = true;
    return verdict;
  }
  verdict.replacement = info.replacement;
  if (row.status != RowStatus::MissingName && row.status != RowStatus::Resolved) {
    return verdict;
  }
  // A range of versions may have the name although the target has not.
  if (!(info.present & MaskOf(target))) {
    verdict.since = RemovedIn(info.present, target);
    verdict.state = verdict.since > 0 ? StdlibState::Removed : StdlibState::Fine;
  } else if (!info.doc_only && (info.deprecated & MaskOf(target))) {
    verdict.state = StdlibState::Deprecated;
    verdict.removal = NextRemoval(info.present, target, info.removal);
  }
  return verdict;
}

StdlibVerdict StdlibVerdictOf(const Project &project, const ImportRow &row) {
  if (row.context.string) {
    return StdlibVerdict();
  }
  StdlibVerdict verdict = ModuleVerdict(project, row);
  if (verdict.state == StdlibState::Fine) {
    verdict = NameVerdict(project, row);
  }
  return verdict.state == StdlibState::Fine ? Python2Verdict(project, row) : verdict;
}

bool IsRemovedStdlib(const Project &project, const ImportRow &row) {
  return StdlibVerdictOf(project, row).state == StdlibState::Removed;
}

// PY2, HAS_CGI, OLD_GENERICS: what such a flag is made of is a version or the thing itself.
static bool IsFlag(llvm::StringRef name) {
  return name.size() > 2 && llvm::none_of(name, llvm::isLower);
}

static bool AsksForVersion(const SyntaxView &view, ExprId condition) {
  bool asks = false;
  view.Walk(condition, [&](ExprId id) {
    if (view.Is(id, ExprKind::Name) || view.Is(id, ExprKind::Attribute)) {
      const llvm::StringRef text = view.TextOf(id);
      asks |= text == "version_info" || text == "hexversion" || text == "python_version" ||
              text == "hasattr" || IsFlag(text);
    }
  });
  return asks;
}

bool IsUnderVersionTest(const Project &project, const ImportRow &row) {
  const SyntaxView &view = project.state->view;
  const NamespaceLog &log = project.state->resolver->Log(row.importer);
  const std::vector<PlacedStatement> &statements = project.scanned.facts[row.file].statements;
  for (uint32_t header : HeadersAround(statements, row.statement)) {
    uint32_t arm = header;
    const bool is_else = view.Of(statements[arm]).kind == StatementKind::Else;
    while (true) {
      const Statement &test = view.Of(statements[arm]);
      const bool tests = test.kind == StatementKind::If || test.kind == StatementKind::Elif;
      if (tests && AsksForVersion(view, test.first)) {
        return true;
      }
      if (is_else && test.kind == StatementKind::Try) {
        return true; // what runs when an import before it went well
      }
      const uint32_t before = log.PreviousArm(arm);
      if (before == arm) {
        break;
      }
      arm = before;
    }
  }
  return false;
}

} // namespace pydefrag
