#include "fix/prepare.h"

#include "fix/plan.h"
#include "fix/safety.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

namespace {

class Preparer {
public:
  Preparer(const Project &project, SourceCache &sources)
      : project_(project), sources_(sources), judge_(project) {}

  // All changes of one fix are in one file.
  void Prepare(Fix &fix) {
    for (const ImportChange &change : fix.changes) {
      fix.applicability = std::max(fix.applicability, judge_.Judge(change));
    }
    if (fix.applicability == Applicability::Display) {
      return;
    }
    const FileId file = project_.rows[fix.changes.front().row].file;
    if (const SourceText *source = sources_.Get(file)) {
      ImportPlan plan = PlanImports(project_, RowsOf(file), *source, fix.changes);
      if (llvm::all_of(plan.done, [](bool done) { return done; })) {
        fix.edits = std::move(plan.edits);
      }
    }
    if (fix.edits.empty()) {
      fix.applicability = Applicability::Display;
    }
  }

private:
  // A file may have as many findings as names that it imports.
  const FileRows &RowsOf(FileId file) {
    std::unique_ptr<FileRows> &rows = rows_[file];
    if (!rows) {
      rows = std::make_unique<FileRows>(project_, file);
    }
    return *rows;
  }

  const Project &project_;
  SourceCache &sources_;
  FixJudge judge_;
  llvm::DenseMap<FileId, std::unique_ptr<FileRows>> rows_;
};

} // namespace

void PrepareFixes(std::vector<Finding> &findings, const Project &project, SourceCache &sources) {
  Preparer preparer(project, sources);
  for (Finding &finding : findings) {
    for (Fix &fix : finding.fixes) {
      if (!fix.changes.empty()) {
        preparer.Prepare(fix);
      }
    }
  }
}

} // namespace pydefrag
