// Findings by cause: what people are shown first. Findings that one change would end are one group;
// groups are ordered by how much they hold up. Also: which definitions are fragmented.
#pragma once

#include "report/report.h"

#include <string>
#include <vector>

namespace pydefrag {

struct CauseGroup {
  std::string cause;
  std::vector<size_t> findings; // indices into Report::findings, worst first; never empty
  Severity severity = Severity::Note;
  size_t files = 0;
  size_t tests = 0;                  // tests and test modules that it holds up, seen or forecast
  const RootCause *joined = nullptr; // what the tests say of it, in the report
  size_t blocked_modules = 0;        // modules whose import fails at one of its findings
  DefinitionId fragment; // the definition that is imported by several paths, if that is it
};

// Worst first: tests held up, then severity, then modules held up, then number of findings, then
// position.
std::vector<CauseGroup> GroupByCause(const Report &report);

// One line that says what the whole group is about.
std::string HeadlineOf(const Report &report, const CauseGroup &group);

// Classes and functions of the project used through two or more modules, in order of definition.
std::vector<DefinitionId> FragmentedDefinitions(const Project &project);

// Uses of one definition, by path.
struct FragmentCounts {
  size_t paths_in_use = 0; // modules through which it is used
  size_t canonical_uses = 0;
  size_t stray_uses = 0;
};
FragmentCounts CountFragment(const Definition &definition);

} // namespace pydefrag
