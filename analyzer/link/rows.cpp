#include "link/rows.h"

#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {
namespace {

class RowMaker {
public:
  RowMaker(Project &project, Resolver &resolver, const Roots &roots)
      : project_(project), resolver_(resolver), view_(resolver.view()), roots_(roots) {}

  void ReadFile(FileId file) {
    file_ = file;
    module_ = project_.module_of_file[file];
    statements_ = &project_.scanned.facts[file].statements;
    open_path_ =
        std::binary_search(roots_.open_path_files.begin(), roots_.open_path_files.end(), file);
    skipped_.clear();
    for (uint32_t i = 0; i < statements_->size(); ++i) {
      const Statement &statement = view_.Of((*statements_)[i]);
      if (statement.kind == StatementKind::Import) {
        ReadImport(i, statement);
      } else if (statement.kind == StatementKind::FromImport) {
        ReadFromImport(i, statement);
      } else {
        NoteImportOrSkip(statement);
      }
    }
  }

private:
  // `pytest.importorskip("x")`: what imports x after it is skipped, not failed.
  void NoteImportOrSkip(const Statement &statement) {
    if (statement.kind != StatementKind::Expression && statement.kind != StatementKind::Assign) {
      return;
    }
    const ExprId call = view_.LastOperand(statement);
    const auto callee = view_.Callee(call);
    if (callee && llvm::StringRef(*callee).ends_with("importorskip")) {
      const auto arguments = view_.Arguments(call);
      if (!arguments.empty() && view_.Is(arguments[0], ExprKind::String)) {
        skipped_.push_back(view_.TextOf(arguments[0]));
      }
    }
  }

  ImportRow Start(uint32_t i, const Statement &statement, ExprId alias) {
    const PlacedStatement &placed = (*statements_)[i];
    ImportRow row;
    row.file = file_;
    row.importer = module_;
    row.statement = i;
    row.alias = alias;
    const Expr &expr = view_.At(alias);
    row.where = {placed.head + expr.begin, placed.head + expr.end};
    const Expr &last = view_.At(view_.LastOperand(statement));
    row.statement_span = {placed.head, placed.head + last.end};
    const ExprId as = view_.Child(alias);
    row.as = as.valid() ? view_.At(as).text : NameId();
    return row;
  }

  void ReadImport(uint32_t i, const Statement &statement) {
    for (ExprId alias : view_.Operands(statement)) {
      ImportRow row = Start(i, statement, alias);
      row.module = view_.At(alias).text;
      const llvm::StringRef dotted = view_.TextOf(alias);
      const ModuleSearch search = resolver_.FindModule(module_, dotted);
      ImportFailure failure = ImportFailure::None;
      if (Settle(row, search, dotted)) {
        row.status = project_.modules[search.module].kind == ModuleKind::External
                         ? RowStatus::External
                         : RowStatus::Resolved;
        row.target.kind = TargetKind::Module;
        row.target.module = search.module;
        if (row.as.valid() && row.status == RowStatus::Resolved) {
          CheckAttributePath(row, i, alias);
        }
      }
      failure = row.status == RowStatus::MissingModule ? ImportFailure::NoModule : failure;
      Finish(std::move(row), failure);
    }
  }

  // `import a.b.c as q` walks attributes: a function called `b` in `a` hides the module.
  void CheckAttributePath(ImportRow &row, uint32_t i, ExprId alias) {
    if (!llvm::StringRef(project_.Text(row.module)).contains('.')) {
      return;
    }
    const NamespaceLog &log = resolver_.Log(module_);
    const uint32_t first = resolver_.EventLimit(module_, i);
    for (uint32_t e = first; e < log.events.size() && log.events[e].statement == i; ++e) {
      if (log.events[e].kind == EventKind::Import && log.events[e].value == alias &&
          resolver_.ValueOf(module_, e).answer == Answer::No) {
        row.status = RowStatus::MissingModule;
        row.missing_part = row.module;
        row.reason = "an attribute on the way is no module";
        row.target = Target();
      }
    }
  }

  // False when the module itself is missing or unknown; the row then says so.
  bool Settle(ImportRow &row, const ModuleSearch &search, llvm::StringRef dotted) {
    row.source = search.module;
    if (search.module.valid()) {
      NoteOtherName(search.module, dotted);
      return true;
    }
    if (search.unknown || open_path_) {
      row.status = RowStatus::Unknown;
      row.reason = search.unknown ? search.reason : "`sys.path` changed at run time";
      return false;
    }
    row.status = RowStatus::MissingModule;
    row.missing_part = search.missing_part;
    row.reason = search.reason;
    row.not_installed = search.not_installed;
    return false;
  }

  void NoteOtherName(ModuleId id, llvm::StringRef dotted) {
    Module &module = project_.modules[id];
    if (!module.file.valid() || project_.Text(module.name) == dotted) {
      return;
    }
    const NameId name = project_.scanned.names.Intern(dotted);
    if (!llvm::is_contained(module.also_named, name)) {
      module.also_named.push_back(name);
    }
  }

  void ReadFromImport(uint32_t i, const Statement &statement) {
    const FromModule from = resolver_.ResolveFrom(module_, statement);
    const NameId module_name = project_.scanned.names.Intern(from.dotted);
    const ModuleSearch search =
        from.beyond_top ? ModuleSearch() : resolver_.FindFrom(module_, from);
    for (ExprId alias : view_.Operands(statement)) {
      ImportRow row = Start(i, statement, alias);
      row.module = module_name;
      const bool star = view_.Is(alias, ExprKind::Star);
      row.context.star = star;
      row.name = star ? project_.scanned.names.Intern("*") : view_.At(alias).text;
      ImportFailure failure = ImportFailure::None;
      if (from.beyond_top) {
        row.status = RowStatus::MissingModule;
        row.beyond_top = true;
        row.missing_part = module_name;
        failure = ImportFailure::BeyondTop;
      } else if (!Settle(row, search, from.dotted)) {
        failure = row.status == RowStatus::MissingModule ? ImportFailure::NoModule : failure;
      } else if (star) {
        row.status = project_.modules[search.module].kind == ModuleKind::External
                         ? RowStatus::External
                         : RowStatus::Resolved;
        row.target.kind = TargetKind::Module;
        row.target.module = search.module;
      } else {
        failure = ResolveName(row, search.module);
      }
      Finish(std::move(row), failure);
    }
  }

  ImportFailure ResolveName(ImportRow &row, ModuleId source) {
    const Module &module = project_.modules[source];
    if (module.kind == ModuleKind::External) {
      row.status = RowStatus::External;
      return ImportFailure::None;
    }
    const Found found = resolver_.ImportFrom(source, row.name);
    if (found.answer == Answer::No) {
      row.status = RowStatus::MissingName;
      return ImportFailure::NoName;
    }
    if (found.unknown) {
      row.status = RowStatus::Unknown;
      row.reason = resolver_.Reason(found.reason);
      return ImportFailure::None;
    }
    row.status = RowStatus::Resolved;
    row.target.kind = found.kind;
    row.target.module = found.module;
    row.target.name = row.name;
    if (found.IsObject()) { // the definition's id is filled in by identity.cpp
      row.target.name = resolver_.Log(found.module).events[found.event].name;
      row.target.definition = DefinitionId(static_cast<int32_t>(found.event));
    }
    return ImportFailure::None;
  }

  void Finish(ImportRow row, ImportFailure failure) {
    FillContext(row, failure);
    if (row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName) {
      const llvm::StringRef module = project_.Text(row.module);
      for (llvm::StringRef name : skipped_) {
        if (module == name || (module.starts_with(name) && module[name.size()] == '.')) {
          row.context.masked = true;
        }
      }
    }
    project_.rows.push_back(std::move(row));
  }

  void FillContext(ImportRow &row, ImportFailure failure) {
    uint32_t child = row.statement;
    for (int32_t p = (*statements_)[row.statement].parent; p >= 0;
         p = (*statements_)[static_cast<size_t>(p)].parent) {
      const uint32_t header = static_cast<uint32_t>(p);
      const Statement &above = view_.Of((*statements_)[header]);
      ReadHeader(row, header, child, above);
      child = header;
    }
    const ImportFailure asked = failure == ImportFailure::None ? ImportFailure::NoModule : failure;
    const Guard guard = resolver_.GuardOf(module_, row.statement, asked);
    row.context.guarded |= guard.guarded;
    row.context.masked |= guard.masked;
    if ((*statements_)[row.statement].parent < 0 && !row.context.deferred &&
        resolver_.Reach(module_, row.statement) == Tri::No) {
      row.context.unreachable = true;
    }
  }

  void ReadHeader(ImportRow &row, uint32_t header, uint32_t child, const Statement &above) {
    switch (above.kind) {
    case StatementKind::Function:
      row.context.deferred = true;
      return;
    case StatementKind::If:
    case StatementKind::Elif:
      if (IsTypeCheckingTest(view_, above.first)) {
        row.context.type_checking = true;
        return;
      }
      if (IsMainGuard(view_, above.first)) {
        row.context.deferred = true;
        return;
      }
      row.context.guarded |= AsksForSpec(above.first);
      break;
    case StatementKind::Try:
      if (!row.context.deferred && child > resolver_.FirstFailureIn(module_, header)) {
        row.context.unreachable = true;
      }
      return;
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      ReadHandler(row, header, above);
      return;
    case StatementKind::Else:
    case StatementKind::While:
    case StatementKind::For:
    case StatementKind::Case:
      break;
    default:
      return;
    }
    const Tri taken = resolver_.ArmTaken(module_, header);
    row.context.unreachable |= taken == Tri::No;
    row.context.conditional |= taken == Tri::Unknown;
  }

  // The fallback side of a pair: it only matters when the first side fails.
  void ReadHandler(ImportRow &row, uint32_t header, const Statement &handler) {
    const Tri taken = resolver_.ArmTaken(module_, header);
    row.context.unreachable |= taken == Tri::No;
    const bool for_imports = resolver_.HandlerCatches(handler, ImportFailure::NoModule) ||
                             resolver_.HandlerCatches(handler, ImportFailure::NoName);
    if (taken == Tri::Unknown) {
      row.context.conditional = true;
      row.context.guarded |= for_imports;
    }
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
  Resolver &resolver_;
  const SyntaxView &view_;
  const Roots &roots_;
  FileId file_;
  ModuleId module_;
  const std::vector<PlacedStatement> *statements_ = nullptr;
  bool open_path_ = false;
  llvm::SmallVector<llvm::StringRef, 2> skipped_;
};

} // namespace

void ResolveRows(Project &project, Resolver &resolver, const Roots &roots) {
  RowMaker maker(project, resolver, roots);
  for (size_t i = 0; i < project.file_count; ++i) {
    maker.ReadFile(FileId(i));
  }
}

} // namespace pydefrag
