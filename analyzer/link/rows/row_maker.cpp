#include "link/rows/row_maker.h"

#include "base/identifier.h"
#include "link/link_state.h"
#include "link/modules/package_folders.h"
#include "source/test_files.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>

namespace pydefrag {

RowMaker::RowMaker(Project &project, const Resolver &tables, const Roots &roots, NameId star,
                   FileId file)
    : project_(project), tables_(tables), view_(tables.view()), roots_(roots), star_(star),
      file_(file), module_(project.module_of_file[file]),
      statements_(project.scanned.facts[file].statements) {
  open_path_ =
      std::binary_search(roots_.open_path_files.begin(), roots_.open_path_files.end(), file);
  open_world_ = llvm::any_of(roots_.open_path_folders, [&](llvm::StringRef folder) {
    return llvm::StringRef(project.scanned.paths[file]).starts_with(folder);
  });
}

void RowMaker::ReadFile(uint32_t row, RowNotes &notes) {
  for (uint32_t i = 0; i < statements_.size(); ++i) {
    const Statement &statement = view_.Of(statements_[i]);
    if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport) {
      NoteImportOrSkip(i, statement, notes);
      continue;
    }
    uint32_t number = 0;
    for (ExprId alias = statement.first; alias.valid(); alias = view_.Next(alias), ++row) {
      ImportRow &made = project_.rows[RowId(size_t{row})];
      made.statement = i;
      made.alias = alias;
      if (!Make(made, number++, notes)) {
        notes.unfinished.push_back(row);
      }
      if (made.source.valid() && IsRenamed(made)) {
        notes.renamed.push_back(row);
      }
    }
  }
}

void RowMaker::Finish(ImportRow &row, Resolver &resolver, const RowNotes &notes) {
  resolver_ = &resolver;
  ImportRow again;
  again.statement = row.statement;
  again.alias = row.alias;
  const Statement &statement = view_.Of(statements_[row.statement]);
  const bool plain = statement.kind == StatementKind::Import;
  Make(again, plain ? resolver.NumberOf(statement, row.alias) : 0, notes);
  row = again;
}

void RowMaker::NoteImportOrSkip(uint32_t i, const Statement &statement, RowNotes &notes) const {
  if (statement.kind != StatementKind::Expression && statement.kind != StatementKind::Assign) {
    return;
  }
  const ExprId call = view_.LastOperand(statement);
  const ExprId function = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
  const bool named = view_.Is(function, ExprKind::Name) || view_.Is(function, ExprKind::Attribute);
  if (named && view_.TextOf(function).ends_with("importorskip") && view_.Callee(call)) {
    const auto arguments = view_.Arguments(call);
    if (!arguments.empty() && view_.Is(arguments[0], ExprKind::String)) {
      notes.skips.push_back({i, view_.TextOf(arguments[0])});
    }
  }
}

bool RowMaker::IsRenamed(const ImportRow &row) const {
  const Module &module = project_.modules[row.source];
  return module.file.valid() && module.name != row.module;
}

void RowMaker::Start(ImportRow &row, const Statement &statement) {
  const PlacedStatement &placed = statements_[row.statement];
  row.file = file_;
  row.importer = module_;
  const Expr &expr = view_.At(row.alias);
  row.where = {placed.head + expr.begin, placed.head + expr.end};
  if (measured_ != row.statement) { // once, however many names it imports
    measured_ = row.statement;
    length_ = view_.At(view_.LastOperand(statement)).end;
  }
  row.statement_span = {placed.head, placed.head + length_};
  const ExprId as = view_.Child(row.alias);
  row.as = as.valid() ? view_.At(as).text : NameId();
}

// False when there is no resolver yet, and the row needs one.
bool RowMaker::Make(ImportRow &row, uint32_t number, const RowNotes &notes) {
  const Statement &statement = view_.Of(statements_[row.statement]);
  Start(row, statement);
  ImportFailure failure = ImportFailure::None;
  const bool done = statement.kind == StatementKind::Import
                        ? MakeImport(row, tables_.TargetOf(module_, row.statement, number), failure)
                        : MakeFrom(row, tables_.TargetOf(module_, row.statement), failure);
  if (!done || !FillContext(row, failure)) {
    return false;
  }
  if (resolver_) {
    Excuse(row);
  }
  if (row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName) {
    if (statement.level > 0 && IsCodeOfPackage(row.statement)) {
      row.status = RowStatus::Unknown;
      row.reason = "in a function that is the code of another package";
      row.beyond_top = false;
      return true;
    }
    if (statement.level == 0 && project_.scanned.facts[file_].own_environment && !IsStandard(row)) {
      row.status = RowStatus::Unknown;
      row.reason = "the script says itself what it needs: that may be another version";
      return true;
    }
    const llvm::StringRef module = project_.Text(row.module);
    for (const auto &[at, name] : notes.skips) {
      if (at < row.statement && IsWithin(module, name)) {
        row.context.masked = true;
      }
    }
  }
  return true;
}

bool RowMaker::MakeImport(ImportRow &row, const ImportTarget &target, ImportFailure &failure) {
  row.module = target.dotted;
  if (Settle(row, target)) {
    SetModule(row, target.module);
    if (row.as.valid() && row.status == RowStatus::Resolved &&
        project_.Text(row.module).contains('.')) {
      if (!resolver_) {
        return false;
      }
      CheckAttributePath(row);
    }
  }
  failure = row.status == RowStatus::MissingModule ? ImportFailure::NoModule : failure;
  return true;
}

bool RowMaker::MakeFrom(ImportRow &row, const ImportTarget &target, ImportFailure &failure) {
  row.module = target.dotted;
  const bool star = view_.Is(row.alias, ExprKind::Star);
  row.context.star = star;
  row.name = star ? star_ : view_.At(row.alias).text;
  if (target.beyond_top) {
    row.status = RowStatus::MissingModule;
    row.beyond_top = true;
    row.missing_part = target.dotted;
    failure = ImportFailure::BeyondTop;
  } else if (!Settle(row, target)) {
    failure = row.status == RowStatus::MissingModule ? ImportFailure::NoModule : failure;
  } else if (star) {
    SetModule(row, target.module);
  } else {
    return ResolveName(row, target.module, failure);
  }
  return true;
}

void RowMaker::SetModule(ImportRow &row, ModuleId module) const {
  row.status = project_.modules[module].kind == ModuleKind::External ? RowStatus::External
                                                                     : RowStatus::Resolved;
  row.target.kind = TargetKind::Module;
  row.target.module = module;
}

// `import a.b.c as q` walks attributes: a function called `b` in `a` hides the module.
void RowMaker::CheckAttributePath(ImportRow &row) {
  const NamespaceLog &log = tables_.Log(module_);
  const uint32_t first = tables_.EventLimit(module_, row.statement);
  for (uint32_t e = first; e < log.events.size() && log.events[e].statement == row.statement; ++e) {
    if (log.events[e].kind == EventKind::Import && log.events[e].value == row.alias &&
        resolver_->ValueOf(module_, e).answer == Answer::No) {
      row.status = RowStatus::MissingModule;
      row.missing_part = row.module;
      row.reason = "an attribute on the way is no module";
      row.target = Target();
    }
  }
}

// False when the module itself is missing or unknown; the row then says so.
bool RowMaker::Settle(ImportRow &row, const ImportTarget &search) const {
  row.source = search.module;
  if (search.module.valid()) {
    return true;
  }
  const bool open = (open_path_ && !IsOwnPackage(search.missing_part)) ||
                    ((open_path_ || open_world_) && IsTop(search.missing_part));
  if (search.unknown || open) {
    row.status = RowStatus::Unknown;
    row.reason = search.unknown ? search.reason : kOpenPath;
    return false;
  }
  row.status = RowStatus::MissingModule;
  row.missing_part = search.missing_part;
  row.reason = search.reason;
  row.not_installed = search.not_installed;
  return false;
}

// Whether the importer is in the package that lacks it: that one is loaded already.
bool RowMaker::IsOwnPackage(NameId missing_part) const {
  const llvm::StringRef top = project_.Text(missing_part).split('.').first;
  const llvm::StringRef own = project_.Text(project_.modules[module_].name);
  return own.contains('.') && own.split('.').first == top;
}

// Whether a folder on sys.path decides, no package of ours.
bool RowMaker::IsTop(NameId missing_part) const {
  const auto [parent, last] = project_.Text(missing_part).rsplit('.');
  const ModuleId above = last.empty() ? ModuleId() : project_.FindModule(parent);
  return !above.valid() || project_.modules[above].kind == ModuleKind::Namespace;
}

// What Resolver::ImportFrom answers, where logs and tables alone tell. Nothing where it takes more.
std::optional<Found> RowMaker::FindInTables(ModuleId source, NameId name) const {
  if (tables_.HasLog(source)) {
    if (source == module_ && !tables_.Log(source).Of(name).empty()) {
      return std::nullopt; // which of its events have happened by then
    }
    const std::optional<Found> simple = tables_.Simple(source, name);
    return simple ? simple : FindSubmodule(source, name);
  }
  const bool listed = project_.modules[source].kind == ModuleKind::Stdlib &&
                      !project_.Text(name).starts_with("__") &&
                      !tables_.table().SecondLoadOf(source).valid();
  return listed ? tables_.StandardName(source, name) : std::nullopt;
}

// A submodule that the package's own code does not name.
std::optional<Found> RowMaker::FindSubmodule(ModuleId package, NameId name) const {
  if (!tables_.table().IsPackage(package) || !project_.modules[package].first_party ||
      !tables_.Log(package).Of(name).empty() || project_.Text(name).starts_with("__") ||
      !tables_.IsSubmoduleOnly(package, name)) {
    return std::nullopt;
  }
  const std::optional<ModuleId> child = tables_.table().KnownChild(package, name);
  if (!child || !child->valid()) {
    return std::nullopt;
  }
  Found found;
  found.answer = Answer::Yes;
  found.kind = TargetKind::Module;
  found.module = *child;
  return found;
}

// `from shop import Cart` in `shop/till.py`, beside `shop/shop.py`, where `shop` has no `__init__`:
// started, the file finds that one; imported, the folder.
bool RowMaker::IsBesideItsName(const ImportRow &row, ModuleId source) const {
  const FileTree &tree = project_.state->tree;
  const DirId folder = tree.FindDirectory(FolderOf(project_.PathOf(row.file)));
  const ModuleCandidates *beside =
      project_.modules[source].kind == ModuleKind::Namespace && folder.valid()
          ? tree.Find(folder, row.module)
          : nullptr;
  return beside != nullptr && beside->source.valid() && beside->source != row.file;
}

// `from client import connect` in a file of a package, beside `client.py`: started, the file finds
// that one; imported, another distribution's. What pytest starts is sure.
bool RowMaker::IsNeighbour(const ImportRow &row, ModuleId source) const {
  llvm::StringRef name = project_.Text(project_.modules[source].name);
  return !IsTestFileName(project_.PathOf(row.file)) &&
         name.consume_back(project_.Text(row.module)) && name.ends_with(".") &&
         IsInPackage(project_.state->tree, project_.PathOf(row.file));
}

bool RowMaker::ResolveName(ImportRow &row, ModuleId source, ImportFailure &failure) {
  const Module &module = project_.modules[source];
  if (module.kind == ModuleKind::External) {
    row.status = RowStatus::External;
    return true;
  }
  const std::optional<Found> simple =
      resolver_ ? resolver_->ImportFromAt(module_, row.statement, source, row.name)
                : FindInTables(source, row.name);
  if (!simple) {
    return false;
  }
  const Found &found = *simple;
  const bool named_beside = found.answer == Answer::No && IsBesideItsName(row, source);
  if (named_beside || (found.answer == Answer::No && IsNeighbour(row, source))) {
    row.status = RowStatus::Unknown;
    row.reason = named_beside ? "a file beside it has the name of the folder" : kNeighbour;
    return true;
  }
  if (found.answer == Answer::No) {
    row.status = RowStatus::MissingName;
    failure = ImportFailure::NoName;
    return true;
  }
  if (found.unknown || found.fallback) {
    row.status = RowStatus::Unknown;
    row.reason = found.unknown ? found.reason : "bound by a handler that may not run";
    return true;
  }
  row.status = RowStatus::Resolved;
  row.target.kind = found.kind;
  row.target.module = found.module;
  row.target.name = row.name;
  if (found.IsObject()) { // the definition's id is filled in by identity.cpp
    row.target.name = tables_.Log(found.module).events[found.event].name;
    row.target.definition = DefinitionId(static_cast<int32_t>(found.event));
  }
  return true;
}

} // namespace pydefrag
