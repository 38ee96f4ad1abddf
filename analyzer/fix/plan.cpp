// One statement at a time, in source order. The names of a statement fall into those that stay and
// one group for each new module. A group goes into an import of that module in the same block, if
// there is one; else the first group takes the statement over when no name stays; else it becomes a
// statement of its own right below.
//
//     from shop.api import Cart, pay        from shop.api import pay
//                                      ->   from shop.cart import Cart
#include "fix/plan.h"

#include "check/views.h"
#include "fix/apply.h"
#include "fix/import_place.h"
#include "fix/spelling.h"
#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <map>

namespace pydefrag {
namespace {

struct NameChange {
  size_t name = 0;   // among the statement's names
  size_t change = 0; // among the changes
};

struct Group { // names that get one new module
  std::string module;
  std::vector<NameChange> names;
};

class FilePlanner {
public:
  FilePlanner(const Project &project, const FileRows &rows, const SourceText &source,
              llvm::ArrayRef<ImportChange> changes)
      : project_(project), rows_(rows), file_(rows.file()), source_(source), text_(source.text()),
        changes_(changes), statements_(project.scanned.facts[file_].statements) {
    plan_.done.resize(changes.size());
  }

  ImportPlan Plan();

private:
  struct Edited {
    std::string text;   // instead of the statement
    std::string below;  // statements below it, each with its line end
    std::string behind; // statements behind it on its line
    bool removed = false;
  };

  std::optional<ImportPlace> PlaceOf(uint32_t statement) const;
  ImportClause ClauseFor(const NameChange &change) const;
  void PlanString(size_t change);
  void PlanPlainImport(uint32_t statement, llvm::ArrayRef<NameChange> names);
  void PlanFrom(uint32_t statement, llvm::ArrayRef<NameChange> names);
  std::vector<Group> Grouped(llvm::ArrayRef<NameChange> names) const;
  void TakeOver(uint32_t statement, ImportPlace &place, const Group &group);
  void PutBelow(uint32_t statement, const ImportPlace &place, const Group &group,
                const std::vector<std::string> &comments);
  bool CanMerge(const ImportRow &row, uint32_t into) const;
  std::optional<uint32_t> MergeTarget(const Group &group, uint32_t statement) const;
  void MergeInto(uint32_t into, const Group &group, const std::vector<std::string> &comments);
  bool BoundOnce(const ImportRow &row) const;
  Edited &EditedAt(uint32_t statement, const ImportPlace &place);
  std::string Spelled(uint32_t statement, llvm::StringRef module) const;
  void Done(const Group &group);
  void WriteEdit(uint32_t begin, uint32_t end, llvm::StringRef content);
  void WriteEdits();

  const Project &project_;
  const FileRows &rows_;
  FileId file_;
  const SourceText &source_;
  llvm::StringRef text_;
  llvm::ArrayRef<ImportChange> changes_;
  const std::vector<PlacedStatement> &statements_;
  std::map<uint32_t, std::vector<NameChange>> by_statement_;
  std::map<uint32_t, Edited> edited_;
  ImportPlan plan_;
};

std::optional<ImportPlace> FilePlanner::PlaceOf(uint32_t statement) const {
  return FindImport(source_, statements_[statement].head);
}

std::string FilePlanner::Spelled(uint32_t statement, llvm::StringRef module) const {
  const Statement &syntax = project_.Syntax(statements_[statement]);
  return syntax.level > 0
             ? SpellRelative(project_, project_.module_of_file[file_], module)
             : SpelledLike(project_, project_.rows[rows_.Of(statement).front()], module);
}

// What names the change in the new statement: the name below the import stays what it was.
ImportClause FilePlanner::ClauseFor(const NameChange &change) const {
  const ImportChange &wanted = changes_[change.change];
  const ImportRow &row = project_.rows[wanted.row];
  const std::string name = wanted.name.empty() ? project_.Text(row.name).str() : wanted.name;
  const llvm::StringRef bound = project_.Text(row.as.valid() ? row.as : row.name);
  if (row.context.star || (!row.as.valid() && bound == name)) {
    return {name, ""};
  }
  return {name + " as " + bound.str(), ""};
}

FilePlanner::Edited &FilePlanner::EditedAt(uint32_t statement, const ImportPlace &place) {
  return edited_.try_emplace(statement, Edited{place.text, "", "", false}).first->second;
}

void FilePlanner::Done(const Group &group) {
  for (const NameChange &name : group.names) {
    plan_.done[name.change] = true;
  }
}

std::vector<Group> FilePlanner::Grouped(llvm::ArrayRef<NameChange> names) const {
  std::vector<Group> groups;
  for (const NameChange &name : names) {
    const std::string &module = changes_[name.change].module;
    auto group = llvm::find_if(groups, [&](const Group &g) { return g.module == module; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), Group{.module = module, .names = {}});
    }
    group->names.push_back(name);
  }
  return groups;
}

// Whether one row of the file, and nothing else at its module's level, binds the row's name.
bool FilePlanner::BoundOnce(const ImportRow &row) const {
  const NameId bound = row.as.valid() ? row.as : row.name;
  return rows_.BindsOnce(bound) &&
         project_.state->resolver->Log(row.importer).Of(bound).size() <= 1;
}

// Names may be bound earlier than before, not later than they are used.
bool FilePlanner::CanMerge(const ImportRow &row, uint32_t into) const {
  if (!BoundOnce(row)) {
    return false;
  }
  return into <= row.statement || (!row.context.deferred && rows_.OnlyImports(row.statement, into));
}

std::optional<uint32_t> FilePlanner::MergeTarget(const Group &group, uint32_t statement) const {
  const ImportRow &row = project_.rows[changes_[group.names.front().change].row];
  for (const uint32_t i : rows_.ImportsFrom(SpelledLike(project_, row, group.module))) {
    if (i == statement || by_statement_.count(i) != 0 || statements_[i].lazy ||
        statements_[i].parent != statements_[statement].parent) {
      continue;
    }
    const std::optional<ImportPlace> place = PlaceOf(i);
    if (!place || place->shared || !place->comment.empty()) {
      continue;
    }
    if (llvm::all_of(group.names, [&](const NameChange &name) {
          return CanMerge(project_.rows[changes_[name.change].row], i);
        })) {
      return i;
    }
  }
  return std::nullopt;
}

void FilePlanner::MergeInto(uint32_t into, const Group &group,
                            const std::vector<std::string> &comments) {
  const std::optional<ImportPlace> place = PlaceOf(into);
  Edited &edited = EditedAt(into, *place);
  for (const NameChange &name : group.names) {
    AddName(edited.text, ClauseFor(name).text, comments[name.name], LayoutAt(source_, *place));
  }
  Done(group);
}

// The statement imports from the group's module from now on; other names are out of it already.
void FilePlanner::TakeOver(uint32_t statement, ImportPlace &place, const Group &group) {
  std::string &text = EditedAt(statement, place).text;
  const std::optional<ImportText> import = ReadImport(text, 0);
  for (size_t i = group.names.size(); i-- > 0;) {
    const Span span = import->names[i].all;
    const std::string clause = ClauseFor(group.names[i]).text;
    const std::optional<ImportText> written = ReadImport("from m import " + clause, 0);
    const bool same_as = written && written->names.front().as.begin != 0 &&
                         import->names[i].as.begin != import->names[i].as.end;
    if (same_as) { // only the name in front of `as`, so that what stands between stays
      const Span name = import->names[i].name;
      text.replace(name.begin, name.end - name.begin, clause.substr(0, clause.find(' ')));
    } else {
      text.replace(span.begin, span.end - span.begin, clause);
    }
  }
  text.replace(import->module.begin, import->module.end - import->module.begin,
               Spelled(statement, group.module));
  Done(group);
}

// Comments that tools read, and that are about any import, go with what is moved.
llvm::StringRef Pragma(llvm::StringRef comment) {
  const llvm::StringRef word = comment.ltrim("# ");
  for (const llvm::StringRef tool :
       {"noqa", "type:", "pylint:", "pyright:", "mypy:", "isort:", "ruff:", "pragma:"}) {
    if (word.starts_with_insensitive(tool)) {
      return comment;
    }
  }
  return "";
}

void FilePlanner::PutBelow(uint32_t statement, const ImportPlace &place, const Group &group,
                           const std::vector<std::string> &comments) {
  const ImportLayout layout = LayoutAt(source_, place);
  llvm::SmallVector<ImportClause, 4> clauses;
  for (const NameChange &name : group.names) {
    ImportClause clause = ClauseFor(name);
    clause.comment = comments[name.name];
    clauses.push_back(std::move(clause));
  }
  std::string text = NewImport(Spelled(statement, group.module), clauses, layout);
  const llvm::StringRef pragma = Pragma(place.comment);
  if (!pragma.empty() && !llvm::StringRef(text).contains('#')) {
    text.insert(std::min(text.find_first_of("\r\n"), text.size()), ("  " + pragma).str());
  }
  Edited &edited = EditedAt(statement, place);
  if (place.shared) {
    edited.behind += "; " + text;
  } else {
    edited.below += layout.indentation + text + layout.line_end;
  }
  Done(group);
}

void FilePlanner::PlanFrom(uint32_t statement, llvm::ArrayRef<NameChange> names) {
  std::optional<ImportPlace> place = PlaceOf(statement);
  const size_t count = place ? place->import.names.size() : 0;
  const bool splits = names.size() < count || Grouped(names).size() > 1;
  if (!place || rows_.Of(statement).size() != count ||
      (splits && (statements_[statement].lazy || (place->shared && place->import.comments)))) {
    return;
  }
  const bool stays = names.size() < count;
  // A line may go when nothing but the statement stands there.
  const bool may_go = !place->shared && !place->import.comments && place->comment.empty();
  std::vector<Group> groups = Grouped(names);
  std::vector<std::pair<uint32_t, size_t>> merged; // target, group
  std::vector<size_t> own;
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto target = stays || may_go ? MergeTarget(groups[i], statement) : std::nullopt;
    if (target) {
      merged.push_back({*target, i});
    } else {
      own.push_back(i);
    }
  }
  Edited &edited = EditedAt(statement, *place);
  std::vector<std::string> comments(count);
  const bool takes_over = !stays && !own.empty();
  for (size_t i = names.size(); i-- > 0;) {
    const bool first = takes_over && llvm::any_of(groups[own.front()].names, [&](const auto &n) {
                         return n.name == names[i].name;
                       });
    if (!first && (stays || takes_over)) {
      comments[names[i].name] = RemoveName(edited.text, names[i].name);
    }
  }
  for (const auto &[target, group] : merged) {
    MergeInto(target, groups[group], comments);
  }
  if (takes_over) {
    TakeOver(statement, *place, groups[own.front()]);
    own.erase(own.begin());
  }
  for (const size_t group : own) {
    PutBelow(statement, *place, groups[group], comments);
  }
  edited.removed = !stays && !takes_over;
}

void FilePlanner::PlanPlainImport(uint32_t statement, llvm::ArrayRef<NameChange> names) {
  std::optional<ImportPlace> place = PlaceOf(statement);
  if (!place || rows_.Of(statement).size() != place->import.names.size()) {
    return;
  }
  std::string text = place->text;
  for (const NameChange &name : llvm::reverse(names)) {
    const ImportChange &change = changes_[name.change];
    if (!project_.rows[change.row].as.valid()) {
      continue; // `import a.b` binds `a`: the code below it would have to change too
    }
    const Span span = place->import.names[name.name].name;
    text.replace(span.begin, span.end - span.begin,
                 SpelledLike(project_, project_.rows[change.row], change.module));
    plan_.done[name.change] = true;
  }
  EditedAt(statement, *place).text = std::move(text);
}

// A string that names a path: only when the literal spells it in one piece.
void FilePlanner::PlanString(size_t index) {
  const ImportChange &change = changes_[index];
  const ImportRow &row = project_.rows[change.row];
  std::string old_path = project_.Text(row.module).str();
  std::string new_path = change.module;
  if (row.name.valid()) {
    (old_path += ".") += project_.Text(row.name);
    (new_path += ".") += change.name.empty() ? project_.Text(row.name).str() : change.name;
  }
  const llvm::StringRef literal = text_.slice(row.where.begin, row.where.end);
  const size_t at = literal.find(old_path);
  if (at == llvm::StringRef::npos || literal.count(old_path) != 1) {
    return;
  }
  const uint32_t begin = row.where.begin + static_cast<uint32_t>(at);
  WriteEdit(begin, begin + static_cast<uint32_t>(old_path.size()), new_path);
  plan_.done[index] = true;
}

void FilePlanner::WriteEdit(uint32_t begin, uint32_t end, llvm::StringRef content) {
  if (std::optional<Edit> edit = ChangedPart({file_, {begin, end}}, text_, content)) {
    plan_.edits.push_back(std::move(*edit));
  }
}

void FilePlanner::WriteEdits() {
  for (const auto &[statement, edited] : edited_) {
    const std::optional<ImportPlace> place = PlaceOf(statement);
    if (edited.removed) {
      plan_.edits.push_back(
          {.where = {file_, {place->line_begin, place->next_line}}, .content = ""});
      continue;
    }
    if (edited.below.empty()) {
      WriteEdit(place->begin, place->end, edited.text + edited.behind);
      continue;
    }
    llvm::StringRef rest = text_.slice(place->end, place->next_line);
    llvm::StringRef below = edited.below;
    const std::string line_end = LayoutAt(source_, *place).line_end;
    const bool unended = !rest.ends_with("\n") && !rest.ends_with("\r");
    if (unended) { // the file's last line: it stays without an end
      below = below.drop_back(line_end.size());
    }
    WriteEdit(place->begin, place->end, edited.text);
    plan_.edits.push_back({.where = {file_, {place->next_line, place->next_line}},
                           .content = (unended ? line_end : "") + below.str()});
  }
  llvm::stable_sort(plan_.edits, [](const Edit &a, const Edit &b) { return a.where < b.where; });
}

ImportPlan FilePlanner::Plan() {
  std::map<RowId, size_t> first;
  for (size_t i = 0; i < changes_.size(); ++i) {
    const ImportRow &row = project_.rows[changes_[i].row];
    if (!first.emplace(changes_[i].row, i).second) {
      continue;
    }
    if (row.context.string) {
      PlanString(i);
      continue;
    }
    const std::vector<RowId> rows = rows_.Of(row.statement);
    const auto at = llvm::find(rows, changes_[i].row);
    by_statement_[row.statement].push_back(
        {.name = static_cast<size_t>(at - rows.begin()), .change = i});
  }
  for (auto &[statement, names] : by_statement_) {
    llvm::sort(names, [](const NameChange &a, const NameChange &b) { return a.name < b.name; });
    if (project_.Syntax(statements_[statement]).kind == StatementKind::Import) {
      PlanPlainImport(statement, names);
    } else {
      PlanFrom(statement, names);
    }
  }
  WriteEdits();
  return std::move(plan_);
}

} // namespace

ImportPlan PlanImports(const Project &project, const FileRows &rows, const SourceText &source,
                       llvm::ArrayRef<ImportChange> changes) {
  return FilePlanner(project, rows, source, changes).Plan();
}

} // namespace pydefrag
