// A comment at the end of a line speaks of that line; of the whole statement when it stands on the
// statement's first or last line. A comment alone on its line speaks of the next line that is not
// one itself. `ignore-file` speaks of the whole file.
#include "report/suppress.h"

#include "base/check.h"
#include "source/glob.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

namespace {

// Lines a comment may stand on, or speak of, to silence one finding.
struct FindingLines {
  uint32_t where = 0;
  uint32_t first = 0; // of the statement
  uint32_t last = 0;
};

// The comments of one file and which of them have silenced something.
class FileComments {
public:
  FileComments(const SuppressInput &input, FileId file)
      : input_(input), file_(file), facts_(input.project.scanned.facts[file]),
        text_(facts_.suppressions.empty() ? nullptr : input.sources.Get(file)) {
    for (const Suppression &comment : facts_.suppressions) {
      targets_.push_back(TargetOf(comment));
      used_.emplace_back(std::max<size_t>(comment.codes.size(), 1), false);
    }
  }

  bool Silences(const Finding &finding);
  void AddUnused(std::vector<UnusedSuppression> &unused) const;

private:
  uint32_t TargetOf(const Suppression &comment) const;
  FindingLines LinesOf(const Finding &finding) const;
  bool Matches(size_t index, const Finding &finding);
  bool Counts(const Suppression &comment) const;

  const SuppressInput &input_;
  FileId file_;
  const ModuleFacts &facts_;
  const SourceText *text_;
  std::vector<uint32_t> targets_;       // the line each comment speaks of
  std::vector<std::vector<bool>> used_; // for each comment, for each code (one for a bare comment)
};

} // namespace

uint32_t FileComments::TargetOf(const Suppression &comment) const {
  if (!comment.own_line) {
    return comment.line;
  }
  uint32_t line = comment.line + 1;
  while (text_ && line < text_->line_count() && text_->Line(line).trim().starts_with("#")) {
    ++line;
  }
  return line;
}

FindingLines FileComments::LinesOf(const Finding &finding) const {
  FindingLines lines;
  const uint32_t offset = finding.where.span.begin;
  lines.where = text_ ? text_->LineOf(offset) : 0;
  const std::vector<PlacedStatement> &statements = facts_.statements;
  auto after = std::upper_bound(
      statements.begin(), statements.end(), offset,
      [](uint32_t at, const PlacedStatement &statement) { return at < statement.begin; });
  if (after != statements.begin() && lines.where <= std::prev(after)->last_line) {
    lines.first = std::prev(after)->line;
    lines.last = std::prev(after)->last_line;
  }
  return lines;
}

// With `require-reason`, a comment that gives none is void.
bool FileComments::Counts(const Suppression &comment) const {
  return !input_.config.require_reason || !comment.reason.empty();
}

bool FileComments::Matches(size_t index, const Finding &finding) {
  const Suppression &comment = facts_.suppressions[index];
  if (comment.codes.empty()) {
    if (input_.comments == CommentScope::NamedOnly) {
      return false;
    }
    used_[index][0] = true;
    return true;
  }
  const Rule *rule = FindRule(finding.code);
  bool any = false;
  for (size_t i = 0; i < comment.codes.size(); ++i) {
    if (rule && SelectorMatches(comment.codes[i], rule->meta)) {
      used_[index][i] = true;
      any = true;
    }
  }
  return any;
}

bool FileComments::Silences(const Finding &finding) {
  if (facts_.suppressions.empty()) {
    return false;
  }
  const FindingLines lines = LinesOf(finding);
  bool silenced = false; // all comments that apply count as used
  for (size_t i = 0; i < facts_.suppressions.size(); ++i) {
    const Suppression &comment = facts_.suppressions[i];
    const uint32_t target = targets_[i];
    const bool near = comment.whole_file || target == lines.where || target == lines.first ||
                      (target == lines.last && !comment.own_line);
    if (near && target != 0 && Counts(comment)) {
      silenced = Matches(i, finding) || silenced;
    }
  }
  return silenced;
}

// Whether the rules that `code` speaks of have all run, so that silence means something.
static bool HasRun(llvm::StringRef code, const RulePlan &plan) {
  return llvm::all_of(AllRules(), [&](const Rule *rule) {
    return !SelectorMatches(code, rule->meta) ||
           (plan.Find(rule->meta.code) && rule->phase != RulePhase::Suppressed);
  });
}

void FileComments::AddUnused(std::vector<UnusedSuppression> &unused) const {
  for (size_t i = 0; i < facts_.suppressions.size(); ++i) {
    const Suppression &comment = facts_.suppressions[i];
    UnusedSuppression entry{.file = file_, .suppression = static_cast<uint32_t>(i), .codes = {}};
    if (comment.noqa) {
      continue;
    }
    if (comment.codes.empty()) {
      if (!used_[i][0] && !input_.plan.narrowed) {
        unused.push_back(std::move(entry));
      }
      continue;
    }
    for (size_t c = 0; c < comment.codes.size(); ++c) {
      if (!used_[i][c] && HasRun(comment.codes[c], input_.plan)) {
        entry.codes.push_back(comment.codes[c]);
      }
    }
    if (!entry.codes.empty()) {
      unused.push_back(std::move(entry));
    }
  }
}

namespace {

class PathIgnores {
public:
  explicit PathIgnores(const Config &config) : config_(config) {
    for (const PerPathIgnore &entry : config.per_path_ignores) {
      patterns_.push_back(IgnoreRules::FromPatterns({entry.pattern}));
    }
  }

  bool Silences(llvm::StringRef path, const Finding &finding) const {
    const Rule *rule = FindRule(finding.code);
    for (size_t i = 0; i < patterns_.size(); ++i) {
      const bool named =
          llvm::any_of(config_.per_path_ignores[i].rules, [&](const std::string &code) {
            return rule && SelectorMatches(code, rule->meta);
          });
      if (named && Covers(patterns_[i], path)) {
        return true;
      }
    }
    return false;
  }

private:
  // A pattern that names a folder covers what is in it.
  static bool Covers(const IgnoreRules &pattern, llvm::StringRef path) {
    PathKind kind = PathKind::File;
    while (!path.empty()) {
      if (pattern.Match(path, kind) == IgnoreVerdict::Ignored) {
        return true;
      }
      path = FolderOf(path);
      kind = PathKind::Directory;
    }
    return false;
  }

  const Config &config_;
  std::vector<IgnoreRules> patterns_;
};

} // namespace

SuppressResult Suppress(const SuppressInput &input, std::vector<Finding> findings) {
  SuppressResult result;
  const PathIgnores ignores(input.config);
  size_t next = 0;
  // Behind the project's own files stand those of installed modules, which are not reported on, and
  // settings files.
  const bool all = !input.only.valid();
  const size_t first = all ? 0 : static_cast<size_t>(input.only.index);
  const size_t end = all ? input.project.scanned.facts.size() : first + 1;
  for (size_t i = first; i < end; ++i) {
    const FileId file(i);
    const bool has_findings = next < findings.size() && findings[next].where.file == file;
    if (!has_findings && input.project.scanned.facts[file].suppressions.empty()) {
      continue;
    }
    FileComments comments(input, file);
    for (; next < findings.size() && findings[next].where.file == file; ++next) {
      Finding &finding = findings[next];
      if (comments.Silences(finding)) {
        finding.suppressed = "comment";
      } else if (ignores.Silences(input.project.PathOf(file), finding)) {
        finding.suppressed = "per-path-ignores";
      }
      auto &place = finding.suppressed.empty() ? result.kept : result.suppressed;
      place.push_back(std::move(finding));
    }
    comments.AddUnused(result.unused);
  }
  PD_CHECK(next == findings.size()); // every finding stands in a file of the project
  return result;
}

} // namespace pydefrag
