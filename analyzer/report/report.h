// Report: what a run found, ready for any rendering. Built by the driver; rendered by render_*.cpp.
#pragma once

#include "base/problem.h"
#include "check/finding.h"
#include "check/run.h"
#include "join/joined.h"
#include "link/project.h"
#include "report/baseline.h"
#include "source/source_file.h"

#include "llvm/ADT/StringRef.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct RunStats {
  size_t files = 0, lines = 0, bytes = 0, modules = 0;
  double seconds = 0;
};

// What is not shown because it is known.
struct KnownFindings {
  std::string baseline;   // the file; empty: none was used
  size_t in_baseline = 0; // findings that it knows
  std::vector<BaselineEntry> stale;
  std::string since;  // a commit, as the user named it; empty: none was compared with
  size_t earlier = 0; // findings that stood there already
};

struct Report {
  const Project *project = nullptr;
  const Disk *disk = nullptr;
  std::vector<Finding> findings;   // shown: not suppressed, inside the PATHs; sorted
  std::vector<Finding> suppressed; // silenced by a comment, a per-path ignore, a baseline...
  KnownFindings known;
  std::vector<Problem> problems;     // sorted by path and line
  std::vector<RuleOutcome> outcomes; // one a rule
  Joined joined;                     // with what the tests did; the forecast at least
  std::vector<std::string> paths;    // what is reported on, relative to the root; empty: all
  std::string root_shown;            // the root as seen from where the user stands: "."
  std::string root_because;          // "pyproject.toml", "--root"...
  RunStats stats;
  bool complete = true;
  Severity fail_level = Severity::Error; // the least that fails
  int exit_status = 0;
};

// Whether this finding alone makes the run fail: at or above the level, and not refuted by a test.
bool Fails(const Report &report, const Finding &finding);

// The order of everything that is shown: path, offset, code. Ids of settings files follow those of
// sources, so FindingBefore alone does not give it.
bool ShownBefore(const Project &project, const Finding &a, const Finding &b);

// Findings that a comment, a per-path ignore or a baseline silenced, marked as such.
enum class SuppressedFindings : uint8_t { LeftOut, Shown };

// The findings, with or without the suppressed ones, in order.
std::vector<const Finding *> ShownFindings(const Report &report, SuppressedFindings suppressed);

// Whether `path` is one of `paths` or stands below one. No paths: everything is.
bool IsInPaths(llvm::StringRef path, llvm::ArrayRef<std::string> paths);

// Texts of the files that findings point into, loaded when first asked for.
class SourceCache {
public:
  SourceCache(const Project &project, const Disk &disk) : project_(project), disk_(disk) {}
  // Nothing when the file can no longer be read.
  const SourceText *Get(FileId file);
  // Loads those that are not there yet, several at a time.
  void Load(std::vector<FileId> files, unsigned jobs);

private:
  std::unique_ptr<SourceText> Read(FileId file) const;

  const Project &project_;
  const Disk &disk_;
  std::map<FileId, std::unique_ptr<SourceText>> texts_;
};

// The word used for a kind of definition in all renderings.
llvm::StringRef DefinitionKindName(DefinitionKind kind);

} // namespace pydefrag
