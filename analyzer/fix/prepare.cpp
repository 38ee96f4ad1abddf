#include "fix/prepare.h"

#include "fix/plan.h"
#include "fix/safety.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// All changes of one fix are in one file.
static void Prepare(Fix &fix, const Project &project, FixJudge &judge, SourceCache &sources) {
  for (const ImportChange &change : fix.changes) {
    fix.applicability = std::max(fix.applicability, judge.Judge(change));
  }
  if (fix.applicability == Applicability::Display) {
    return;
  }
  const FileId file = project.rows[fix.changes.front().row].file;
  const SourceText *source = sources.Get(file);
  if (source) {
    ImportPlan plan = PlanImports(project, file, *source, fix.changes);
    if (llvm::all_of(plan.done, [](bool done) { return done; })) {
      fix.edits = std::move(plan.edits);
    }
  }
  if (fix.edits.empty()) {
    fix.applicability = Applicability::Display;
  }
}

void PrepareFixes(std::vector<Finding> &findings, const Project &project, SourceCache &sources) {
  FixJudge judge(project);
  for (Finding &finding : findings) {
    for (Fix &fix : finding.fixes) {
      if (!fix.changes.empty()) {
        Prepare(fix, project, judge, sources);
      }
    }
  }
}

} // namespace pydefrag
