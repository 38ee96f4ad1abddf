// Suppress: takes out the findings that a comment or a per-path ignore silences, and tells which
// comments silenced nothing. Does not know baselines.
#pragma once

#include "check/rule.h"
#include "check/run.h"
#include "report/report.h"

#include <vector>

namespace pydefrag {

// Which comments count. A comment without codes must not silence the finding that it is unused.
enum class CommentScope : uint8_t { All, NamedOnly };

struct SuppressInput {
  const Project &project;
  const Config &config;
  const RulePlan &plan;
  SourceCache &sources;
  CommentScope comments = CommentScope::All;
  FileId only{}; // the one file to look at, when all findings stand in it
};

struct SuppressResult {
  std::vector<Finding> kept;
  std::vector<Finding> suppressed;       // `Finding::suppressed` says by what
  std::vector<UnusedSuppression> unused; // by file and position
};

// `findings` are sorted, and stay so.
SuppressResult Suppress(const SuppressInput &input, std::vector<Finding> findings);

} // namespace pydefrag
