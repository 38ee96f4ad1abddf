#include "driver/draft.h"

#include "fix/prepare.h"
#include "link/draft.h"
#include "report/suppress.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <iterator>

namespace pydefrag {
namespace {

class Drafter {
public:
  Drafter(const DraftInput &input, FileId file, const Disk &disk)
      : input_(input), project_(*input.analysis.project), file_(file), disk_(disk),
        sources_(project_, disk), plan_(PlanRules(input.line.selection, input.analysis.config)) {}

  LiveFile Draft(LiveFile live) {
    Advance(live);
    std::vector<Finding> same = Carry(live, CarryScope::Unchanged);
    std::vector<Finding> changed = Carry(live, CarryScope::Changed);
    const FileDraft draft(project_, file_, disk_);
    std::vector<Finding> &carried = draft.same_facts() ? same : changed;
    live.findings = Suppressed(Merged(RunImportRules(), std::move(carried)));
    PrepareOwn(live.findings);
    TakeOutKnown(live.findings);
    return live;
  }

private:
  enum class CarryScope : uint8_t { Unchanged, Changed };

  // One more step, to the text of now.
  void Advance(LiveFile &live) {
    const SourceText *linked = input_.sources.Get(file_);
    const SourceText *now = sources_.Get(file_);
    const llvm::StringRef before = live.text ? live.text->text()
                                   : linked  ? linked->text()
                                             : llvm::StringRef();
    auto text = std::make_unique<SourceText>(now ? now->text().str() : std::string());
    if (const std::optional<TextStep> step = StepBetween(before, text->text())) {
      live.steps.push_back(*step);
    }
    live.text = std::move(text);
  }

  // The linked findings that still stand, apart from those that are made anew.
  std::vector<Finding> Carry(const LiveFile &live, CarryScope scope) const {
    std::vector<Finding> carried;
    const std::vector<Finding> &all = input_.report.findings;
    auto finding = llvm::partition_point(all, [&](const Finding &each) {
      return project_.PathOf(each.where.file) < project_.PathOf(file_);
    });
    for (; finding != all.end() && finding->where.file == file_; ++finding) {
      const Rule *rule = FindRule(finding->code);
      const RuleReach reach = rule ? rule->reach : RuleReach::Project;
      if (reach == RuleReach::Imports ||
          (reach == RuleReach::File && scope == CarryScope::Changed)) {
        continue;
      }
      const Span extent =
          scope == CarryScope::Changed ? StatementLines(finding->where.span) : finding->where.span;
      if (std::optional<Finding> now = FindingNow(*finding, extent, live)) {
        carried.push_back(std::move(*now));
      }
    }
    return carried;
  }

  // From the first to the last line of the linked statement that the bytes stand in.
  Span StatementLines(Span span) const {
    const SourceText *text = input_.sources.Get(file_);
    const std::vector<PlacedStatement> &statements = project_.scanned.facts[file_].statements;
    const auto after = llvm::partition_point(
        statements, [&](const PlacedStatement &each) { return each.begin <= span.begin; });
    if (!text || after == statements.begin()) {
      return span;
    }
    const PlacedStatement &placed = *std::prev(after);
    const uint32_t last = std::max(placed.last_line, text->LineOf(span.begin));
    const uint32_t end = text->LineBegin(last) + static_cast<uint32_t>(text->Line(last).size());
    return placed.last_line < text->LineOf(span.begin)
               ? Span{text->LineBegin(last), end}
               : Span{placed.begin, std::max(end, span.end)};
  }

  std::vector<Finding> RunImportRules() const {
    RulePlan plan = plan_;
    llvm::erase_if(plan.rules,
                   [](const auto &each) { return each.first->reach != RuleReach::Imports; });
    std::vector<Finding> found = RunRules(project_, input_.analysis.config, plan, 1).findings;
    llvm::erase_if(found, [&](const Finding &finding) { return finding.where.file != file_; });
    for (Finding &finding : found) { // places of the linked text
      llvm::erase_if(finding.related,
                     [&](const Related &related) { return related.where.file == file_; });
    }
    return found;
  }

  static std::vector<Finding> Merged(std::vector<Finding> all, std::vector<Finding> more) {
    llvm::move(more, std::back_inserter(all));
    llvm::stable_sort(all, FindingBefore);
    return all;
  }

  std::vector<Finding> Suppressed(std::vector<Finding> found) {
    const auto about_comments = [](const Finding &finding) {
      const Rule *rule = FindRule(finding.code);
      return rule && rule->phase == RulePhase::Suppressed;
    };
    std::vector<Finding> late;
    llvm::copy_if(found, std::back_inserter(late), about_comments);
    llvm::erase_if(found, about_comments);
    SuppressInput input{.project = project_,
                        .config = input_.analysis.config,
                        .plan = plan_,
                        .sources = sources_,
                        .only = file_};
    found = Suppress(input, std::move(found)).kept;
    input.comments = CommentScope::NamedOnly;
    return Merged(std::move(found), Suppress(input, std::move(late)).kept);
  }

  // Edits of what was carried are made already, of rows that the draft does not have.
  void PrepareOwn(std::vector<Finding> &found) {
    std::vector<Finding> own;
    std::vector<Finding> carried;
    for (Finding &finding : found) {
      const Rule *rule = FindRule(finding.code);
      const bool drafted = rule && rule->reach == RuleReach::Imports;
      (drafted ? own : carried).push_back(std::move(finding));
    }
    PrepareFixes(own, project_, sources_);
    found = Merged(std::move(own), std::move(carried));
  }

  // What a baseline or `--since` knew when all was looked at.
  void TakeOutKnown(std::vector<Finding> &found) const {
    llvm::erase_if(found, [&](const Finding &finding) {
      return !IsInPaths(project_.PathOf(file_), input_.report.paths) ||
             llvm::any_of(input_.report.suppressed, [&](const Finding &known) {
               return known.id == finding.id &&
                      (known.suppressed == "baseline" || known.suppressed == "since");
             });
    });
  }

  const DraftInput &input_;
  Project &project_;
  const FileId file_;
  const Disk &disk_;
  SourceCache sources_; // with the file as it is now
  const RulePlan plan_;
};

} // namespace

LiveFile DraftFile(const DraftInput &input, FileId file, const Disk &disk, LiveFile live) {
  return Drafter(input, file, disk).Draft(std::move(live));
}

} // namespace pydefrag
