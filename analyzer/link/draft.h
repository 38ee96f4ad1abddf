// FileDraft: a linked project with one file as it is being written, for as long as the draft lives.
// The file's facts, its log and its rows are made anew and resolved against all that is linked; the
// rest of the project stays what it was. So a draft knows what the file's imports reach, and not
// what its own definitions mean to others: that takes a link.
//
// While it lives, Project::rows holds the rows of this file only, and row ids of before mean
// nothing; there are no missing attributes, and string targets are those of the linked project.
// When it ends, everything is as it was, but for names and modules that look-ups met on the way.
#pragma once

#include "link/project.h"
#include "link/resolve/resolve.h"
#include "source/disk.h"

namespace pydefrag {

class FileDraft {
public:
  // `disk` has the file as it is now. Both must outlive the draft.
  FileDraft(Project &project, FileId file, const Disk &disk);
  ~FileDraft();
  FileDraft(const FileDraft &) = delete;
  FileDraft &operator=(const FileDraft &) = delete;

  // Whether the file says the same as when it was linked (facts/same_facts.h).
  bool same_facts() const { return same_facts_; }

private:
  void Scan(const Disk &disk);
  void MakeLog();
  void MakeRows();
  void Exchange();

  Project &project_;
  const FileId file_;
  const ModuleId module_;
  bool same_facts_ = false;
  size_t statements_ = 0; // of the syntax table before the draft
  size_t exprs_ = 0;
  // Of the draft until Exchange, then of the linked project, until Exchange again.
  ModuleFacts facts_;
  NamespaceLog log_;
  Answers answers_;
  IdVector<RowId, ImportRow> rows_;
  std::vector<MissingAttribute> missing_attributes_;
  std::vector<uint32_t> row_begin_;
  std::string open_reason_;
};

} // namespace pydefrag
