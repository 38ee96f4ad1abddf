#include "fix/batch.h"

#include "fix/apply.h"
#include "fix/plan.h"
#include "fix/string_edits.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

struct FileFixes {
  std::vector<ImportChange> changes;
  std::vector<size_t> owners;    // of each change: the finding
  std::vector<size_t> with_text; // findings whose fix has edits of its own
};

FileId FileOf(const Project &project, const Fix &fix) {
  return fix.changes.empty() ? fix.edits.front().where.file
                             : project.rows[fix.changes.front().row].file;
}

// All edits of a fix are in one file, or it is left to be applied by hand.
bool InOneFile(const Fix &fix) {
  return llvm::all_of(
      fix.edits, [&](const Edit &edit) { return edit.where.file == fix.edits.front().where.file; });
}

void PlanFile(const std::vector<Finding> &findings, const Project &project, FileId file,
              const SourceText &source, const FileFixes &fixes, FixBatch &batch) {
  ImportPlan plan = PlanImports(project, FileRows(project, file), source, fixes.changes);
  std::vector<Edit> &edits = batch.edits[file];
  edits = std::move(plan.edits);
  std::map<size_t, bool> whole; // finding -> all its changes were made
  for (size_t i = 0; i < fixes.changes.size(); ++i) {
    const auto place = whole.try_emplace(fixes.owners[i], true).first;
    place->second = place->second && plan.done[i];
    if (plan.done[i]) {
      batch.changes.push_back(fixes.changes[i]);
    }
  }
  for (const auto &[finding, made] : whole) {
    if (made) {
      batch.fixed.push_back(finding);
    }
  }
  for (size_t finding : fixes.with_text) {
    std::vector<Edit> more = findings[finding].fixes.front().edits;
    llvm::stable_sort(more, [](const Edit &a, const Edit &b) { return a.where < b.where; });
    if (AddEdits(edits, more)) {
      batch.fixed.push_back(finding);
    }
  }
}

} // namespace

FixBatch PlanFixes(const std::vector<Finding> &findings, const Project &project,
                   SourceCache &sources, Applicability at_most,
                   llvm::function_ref<bool(const Fix &)> allowed) {
  std::map<FileId, FileFixes> by_file;
  for (size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].fixes.empty()) {
      continue;
    }
    const Fix &fix = findings[i].fixes.front();
    if (fix.applicability > at_most || fix.edits.empty() || !InOneFile(fix) || !allowed(fix)) {
      continue;
    }
    FileFixes &file = by_file[FileOf(project, fix)];
    if (fix.changes.empty()) {
      file.with_text.push_back(i);
    }
    for (const ImportChange &change : fix.changes) {
      file.changes.push_back(change);
      file.owners.push_back(i);
    }
  }
  FixBatch batch;
  for (const auto &[file, fixes] : by_file) {
    if (const SourceText *source = sources.Get(file)) {
      PlanFile(findings, project, file, *source, fixes, batch);
    }
  }
  if (at_most >= Applicability::Unsafe) {
    for (auto &[file, strings] : PlanStringEdits(project, sources, batch.changes)) {
      for (const Edit &edit : strings) {
        AddEdits(batch.edits[file], edit);
      }
    }
  }
  llvm::sort(batch.fixed);
  return batch;
}

} // namespace pydefrag
