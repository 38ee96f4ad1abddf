// The passes of an analysis, in order. Entry points: Analyze (disk -> linked project) and Check
// (linked project -> report). Everything that renders stands behind them.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/locate.h"
#include "driver/since.h"
#include "link/link.h"
#include "report/report.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct PhaseTime {
  std::string name;
  double seconds = 0;
  size_t memory = 0; // bytes that the process holds at its end; 0: not known
};

// Writes down how long the phases of a run take.
class Stopwatch {
public:
  // `times` gets them. Both must outlive the watch.
  Stopwatch(const Environment &env, std::vector<PhaseTime> &times);
  // What ran since the last lap was `phase`.
  void Lap(const char *phase);

private:
  const Environment &env_;
  std::vector<PhaseTime> &times_;
  double last_;
};

// A project that was read and linked. Its parts refer to each other: it stays at one address.
struct Analysis {
  ProjectPlace place;
  std::unique_ptr<Disk> overlay; // the disk with standard input laid over it, if that was asked for
  const Disk *disk = nullptr;    // what the analysis read
  Config config;
  std::optional<EarlierFindings> earlier; // with --since
  Discovery discovery;
  SettingsResult settings;
  std::unique_ptr<Project> project;
  std::vector<Problem> problems;
  RunStats stats;
  std::vector<PhaseTime> times;
};

// Fails when the analysis cannot start: a bad configuration, a PATH outside the root. `config`: use
// this one and read none.
llvm::Expected<std::unique_ptr<Analysis>> Analyze(const CommandLine &line, const Environment &env,
                                                  const Config *config = nullptr);

// A copy that Reanalyze can use up while the original goes on being asked: what was read of the
// project's own files, without what linking made of it.
std::unique_ptr<Analysis> CopyForReanalysis(const Analysis &analysis);

// When only the content of some files (paths below the root) is different from what was read: scans
// just these, from `env.disk`, and links again. Uses up `before`.
std::unique_ptr<Analysis> Reanalyze(std::unique_ptr<Analysis> before,
                                    llvm::ArrayRef<std::string> paths, const CommandLine &line,
                                    const Environment &env);

// Runs the rules and takes out what is suppressed or outside the PATHs. Fails on an unknown rule.
llvm::Expected<Report> Check(Analysis &analysis, const CommandLine &line, const Environment &env,
                             SourceCache &sources);

} // namespace pydefrag
