#include "link/rows.h"

#include "base/parallel.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>

namespace pydefrag {
namespace {

constexpr const char *kOpenPath = "`sys.path` changed at run time";

// What the first pass over a file leaves to do.
struct FileNotes {
  std::vector<uint32_t> unfinished; // rows that only the resolver can finish
  std::vector<uint32_t> renamed;    // rows that spell a module by another name than its own
  // `pytest.importorskip("x")`: what imports x after it is skipped, not failed.
  llvm::SmallVector<std::pair<uint32_t, llvm::StringRef>, 0> skips; // by statement
};

// Makes the rows of one file. The first pass reads the logs and tables alone, so files are read
// side by side; rows that need more are made again with a resolver, one after the other.
class RowMaker {
public:
  RowMaker(Project &project, const Resolver &tables, const Roots &roots, NameId star, FileId file)
      : project_(project), tables_(tables), view_(tables.view()), roots_(roots), star_(star),
        file_(file), module_(project.module_of_file[file]),
        statements_(project.scanned.facts[file].statements) {
    open_path_ =
        std::binary_search(roots_.open_path_files.begin(), roots_.open_path_files.end(), file);
    open_world_ = llvm::any_of(roots_.open_path_folders, [&](llvm::StringRef folder) {
      return llvm::StringRef(project.scanned.paths[file]).starts_with(folder);
    });
  }

  // Fills the rows from `row` on.
  void ReadFile(uint32_t row, FileNotes &notes) {
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

  // Makes a row again, with all that the resolver knows.
  void Finish(ImportRow &row, Resolver &resolver, const FileNotes &notes) {
    resolver_ = &resolver;
    ImportRow again;
    again.statement = row.statement;
    again.alias = row.alias;
    const Statement &statement = view_.Of(statements_[row.statement]);
    Make(again, resolver.NumberOf(statement, row.alias), notes);
    row = again;
  }

private:
  void NoteImportOrSkip(uint32_t i, const Statement &statement, FileNotes &notes) const {
    if (statement.kind != StatementKind::Expression && statement.kind != StatementKind::Assign) {
      return;
    }
    const ExprId call = view_.LastOperand(statement);
    const ExprId function = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
    const bool named =
        view_.Is(function, ExprKind::Name) || view_.Is(function, ExprKind::Attribute);
    if (named && view_.TextOf(function).ends_with("importorskip") && view_.Callee(call)) {
      const auto arguments = view_.Arguments(call);
      if (!arguments.empty() && view_.Is(arguments[0], ExprKind::String)) {
        notes.skips.push_back({i, view_.TextOf(arguments[0])});
      }
    }
  }

  bool IsRenamed(const ImportRow &row) const {
    const Module &module = project_.modules[row.source];
    return module.file.valid() && module.name != row.module;
  }

  void Start(ImportRow &row, const Statement &statement) const {
    const PlacedStatement &placed = statements_[row.statement];
    row.file = file_;
    row.importer = module_;
    const Expr &expr = view_.At(row.alias);
    row.where = {placed.head + expr.begin, placed.head + expr.end};
    const Expr &last = view_.At(view_.LastOperand(statement));
    row.statement_span = {placed.head, placed.head + last.end};
    const ExprId as = view_.Child(row.alias);
    row.as = as.valid() ? view_.At(as).text : NameId();
  }

  // False when there is no resolver yet, and the row needs one.
  bool Make(ImportRow &row, uint32_t number, const FileNotes &notes) {
    const Statement &statement = view_.Of(statements_[row.statement]);
    Start(row, statement);
    ImportFailure failure = ImportFailure::None;
    const bool done =
        statement.kind == StatementKind::Import
            ? MakeImport(row, tables_.TargetOf(module_, row.statement, number), failure)
            : MakeFrom(row, tables_.TargetOf(module_, row.statement), failure);
    if (!done || !FillContext(row, failure)) {
      return false;
    }
    if (resolver_) {
      Excuse(row);
    }
    if (row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName) {
      const llvm::StringRef module = project_.Text(row.module);
      for (const auto &[at, name] : notes.skips) {
        if (at < row.statement &&
            (module == name || (module.starts_with(name) && module[name.size()] == '.'))) {
          row.context.masked = true;
        }
      }
    }
    return true;
  }

  // What the module lacks, but nobody misses.
  void Excuse(ImportRow &row) {
    const bool no_name = row.status == RowStatus::MissingName;
    if (!no_name && row.status != RowStatus::MissingModule) {
      return;
    }
    if (no_name && row.context.type_checking &&
        resolver_->ExistsForTypeCheckers(row.source, row.name)) {
      row.status = RowStatus::Resolved;
      row.target.kind = TargetKind::Opaque;
      row.target.module = row.source;
      row.target.name = row.name;
      return;
    }
    if (no_name && (open_path_ || open_world_) &&
        project_.modules[row.source].kind == ModuleKind::Namespace) {
      row.status = RowStatus::Unknown;
      row.reason = kOpenPath;
      return;
    }
    if (IsStandard(row) && resolver_->IsSkippedBy(project_.target.minor, module_, row.statement)) {
      row.context.unreachable = true; // for versions that have it
    }
    if (row.context.conditional && IsOneOfTwo(row)) {
      row.context.guarded = true;
    }
  }

  // Whether the standard library of another version may have it.
  bool IsStandard(const ImportRow &row) const {
    return FindStdlibModule(project_.Text(row.module).split('.').first) != nullptr;
  }

  // Whether another arm of the same `if` binds the name too; of a module that is missing, any of
  // the statement's names.
  bool IsOneOfTwo(const ImportRow &row) {
    const Statement &statement = view_.Of(statements_[row.statement]);
    return llvm::any_of(view_.Operands(statement), [&](ExprId alias) {
      const bool asked = row.status == RowStatus::MissingModule || alias == row.alias;
      if (!asked || view_.Is(alias, ExprKind::Star)) {
        return false;
      }
      const ExprId as = view_.Child(alias);
      const NameId plain = project_.scanned.names.Find(view_.TextOf(alias).split('.').first);
      return resolver_->IsBoundInOtherArm(module_, row.statement,
                                          as.valid() ? view_.At(as).text : plain);
    });
  }

  // Decorators that skip a test or a class of tests, always or under a condition: `@skipIf(...)`,
  // `@requires_ipv6`, `@testing.requires.python314`.
  bool MaySkip(const Statement &header) const {
    if (!project_.modules[module_].test) {
      return false;
    }
    for (ExprId id = header.first; id.valid() && id != header.bases; id = view_.Next(id)) {
      const auto dotted = view_.Is(id, ExprKind::Call) ? view_.Callee(id) : view_.Dotted(id);
      const llvm::StringRef name = dotted ? llvm::StringRef(*dotted) : "";
      if (name.contains_insensitive("skip") ||
          ("." + name).str().find(".requires") != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  bool MakeImport(ImportRow &row, const ImportTarget &target, ImportFailure &failure) {
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

  bool MakeFrom(ImportRow &row, const ImportTarget &target, ImportFailure &failure) {
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

  void SetModule(ImportRow &row, ModuleId module) const {
    row.status = project_.modules[module].kind == ModuleKind::External ? RowStatus::External
                                                                       : RowStatus::Resolved;
    row.target.kind = TargetKind::Module;
    row.target.module = module;
  }

  // `import a.b.c as q` walks attributes: a function called `b` in `a` hides the module.
  void CheckAttributePath(ImportRow &row) {
    const NamespaceLog &log = tables_.Log(module_);
    const uint32_t first = tables_.EventLimit(module_, row.statement);
    for (uint32_t e = first; e < log.events.size() && log.events[e].statement == row.statement;
         ++e) {
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
  bool Settle(ImportRow &row, const ImportTarget &search) const {
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
  bool IsOwnPackage(NameId missing_part) const {
    const llvm::StringRef top = project_.Text(missing_part).split('.').first;
    const llvm::StringRef own = project_.Text(project_.modules[module_].name);
    return own.contains('.') && own.split('.').first == top;
  }

  // Whether a folder on sys.path decides, no package of ours.
  bool IsTop(NameId missing_part) const {
    const auto [parent, last] = project_.Text(missing_part).rsplit('.');
    const ModuleId above = last.empty() ? ModuleId() : project_.FindModule(parent);
    return !above.valid() || project_.modules[above].kind == ModuleKind::Namespace;
  }

  bool ResolveName(ImportRow &row, ModuleId source, ImportFailure &failure) {
    const Module &module = project_.modules[source];
    if (module.kind == ModuleKind::External) {
      row.status = RowStatus::External;
      return true;
    }
    const std::optional<Found> simple =
        resolver_ ? resolver_->ImportFrom(source, row.name) : tables_.Simple(source, row.name);
    if (!simple) {
      return false;
    }
    const Found &found = *simple;
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

  bool FillContext(ImportRow &row, ImportFailure failure) {
    uint32_t child = row.statement;
    for (int32_t p = statements_[row.statement].parent; p >= 0;
         p = statements_[static_cast<size_t>(p)].parent) {
      const uint32_t header = static_cast<uint32_t>(p);
      if (!ReadHeader(row, header, child, view_.Of(statements_[header]))) {
        return false;
      }
      child = header;
    }
    const ImportFailure asked = failure == ImportFailure::None ? ImportFailure::NoModule : failure;
    const Guard guard = tables_.GuardOf(module_, row.statement, asked);
    row.context.guarded |= guard.guarded;
    row.context.masked |= guard.masked;
    if (statements_[row.statement].parent < 0 && !tables_.Log(module_).exits.empty()) {
      if (!resolver_) {
        return false;
      }
      row.context.unreachable |= resolver_->Reach(module_, row.statement) == Tri::No;
    }
    return true;
  }

  // False when only the resolver can tell what the header means.
  bool ReadHeader(ImportRow &row, uint32_t header, uint32_t child, const Statement &above) {
    switch (above.kind) {
    case StatementKind::Function:
      row.context.deferred = true;
      row.context.masked |= MaySkip(above);
      return true;
    case StatementKind::Class:
      row.context.masked |= MaySkip(above);
      return true;
    case StatementKind::If:
    case StatementKind::Elif:
      if (IsTypeCheckingTest(view_, above.first)) {
        row.context.type_checking = true;
        return true;
      }
      if (IsMainGuard(view_, above.first)) {
        row.context.deferred = true;
        return true;
      }
      row.context.guarded |= AsksForSpec(above.first);
      break;
    case StatementKind::Try:
      if (!row.context.deferred && resolver_) {
        row.context.unreachable |= child > resolver_->FirstFailureIn(module_, header);
      }
      return row.context.deferred || resolver_;
    case StatementKind::Except:
    case StatementKind::ExceptStar:
    case StatementKind::Else:
    case StatementKind::While:
    case StatementKind::For:
    case StatementKind::Case:
      break;
    default:
      return true;
    }
    if (!resolver_) {
      return false;
    }
    const Tri taken = resolver_->ArmTaken(module_, header);
    row.context.unreachable |= taken == Tri::No;
    row.context.conditional |= taken == Tri::Unknown;
    // The fallback side of a pair: it only matters when the first side fails.
    const bool handler =
        above.kind == StatementKind::Except || above.kind == StatementKind::ExceptStar;
    row.context.guarded |= handler && taken == Tri::Unknown &&
                           (tables_.HandlerCatches(above, ImportFailure::NoModule) ||
                            tables_.HandlerCatches(above, ImportFailure::NoName));
    return true;
  }

  bool AsksForSpec(ExprId condition) const {
    bool asks = false;
    view_.Walk(condition, [&](ExprId id) {
      const auto callee = view_.Callee(id);
      asks |= callee && llvm::StringRef(*callee).ends_with("find_spec");
    });
    return asks;
  }

  Project &project_;
  const Resolver &tables_;       // asked only for what it holds, not for answers
  Resolver *resolver_ = nullptr; // in the second pass
  const SyntaxView &view_;
  const Roots &roots_;
  const NameId star_;
  const FileId file_;
  const ModuleId module_;
  const std::vector<PlacedStatement> &statements_;
  bool open_path_ = false;  // in this very file
  bool open_world_ = false; // in a package or conftest above it
};

} // namespace

static void NoteOtherName(Project &project, const ImportRow &row) {
  Module &module = project.modules[row.source];
  if (!llvm::is_contained(module.also_named, row.module)) {
    module.also_named.push_back(row.module);
  }
}

// Whether one of these is the module or stands above it.
static bool StandsIn(const Project &project, ModuleId module,
                     const llvm::DenseSet<ModuleId> &packages) {
  while (module.valid() && !packages.contains(module)) {
    module = project.modules[module].parent;
  }
  return module.valid();
}

void DoubtHiddenRows(Project &project, Resolver &resolver) {
  llvm::DenseSet<ModuleId> hiding;
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    if (!resolver.IsItself(module)) {
      hiding.insert(module);
    }
  }
  for (size_t i = 0; i < project.rows.size() && !hiding.empty(); ++i) {
    ImportRow &row = project.rows[RowId(i)];
    if (!row.source.valid()) {
      continue;
    }
    const bool loads = static_cast<size_t>(row.source.index) < project.outcomes.size() &&
                       project.outcomes[row.source].status == ImportOutcome::Ok;
    bool hidden = !loads && StandsIn(project, project.modules[row.source].parent, hiding);
    // `from package import submodule` works while the package is under way.
    if (hiding.contains(row.source) && row.target.kind == TargetKind::Module &&
        project.modules[row.target.module].parent == row.source) {
      hidden |= row.context.deferred || !StandsIn(project, row.importer, {row.source});
    }
    if (hidden) {
      row.status = RowStatus::Unknown;
      row.reason = "its package is replaced in `sys.modules`";
      row.target = Target();
    }
  }
}

void ResolveRows(Project &project, Resolver &resolver, const Roots &roots, unsigned jobs) {
  std::vector<uint32_t> begin;
  size_t count = 0;
  for (size_t i = 0; i < project.file_count; ++i) {
    begin.push_back(static_cast<uint32_t>(count));
    count += resolver.NamesIn(FileId(i));
  }
  project.rows.resize(count);
  const NameId star = project.scanned.names.Intern("*");
  std::vector<FileNotes> notes(project.file_count);
  ParallelFor(project.file_count, jobs, 16, [&](size_t i) {
    RowMaker(project, resolver, roots, star, FileId(i)).ReadFile(begin[i], notes[i]);
  });
  for (size_t i = 0; i < project.file_count; ++i) {
    RowMaker maker(project, resolver, roots, star, FileId(i));
    for (uint32_t row : notes[i].unfinished) {
      maker.Finish(project.rows[RowId(size_t{row})], resolver, notes[i]);
    }
    for (uint32_t row : notes[i].renamed) {
      NoteOtherName(project, project.rows[RowId(size_t{row})]);
    }
  }
}

void ResolveRowsOf(Project &project, Resolver &resolver, const Roots &roots, FileId file) {
  project.rows.resize(resolver.NamesIn(file));
  FileNotes notes;
  RowMaker maker(project, resolver, roots, project.scanned.names.Intern("*"), file);
  maker.ReadFile(0, notes);
  for (uint32_t row : notes.unfinished) {
    maker.Finish(project.rows[RowId(size_t{row})], resolver, notes);
  }
}

} // namespace pydefrag
