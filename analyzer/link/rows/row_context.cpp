// RowMaker: what a row stands in, and what excuses it when something is missing.
#include "facts/headers_around.h"
#include "link/rows/row_maker.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// What the module lacks, but nobody misses.
void RowMaker::Excuse(ImportRow &row) {
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
bool RowMaker::IsStandard(const ImportRow &row) const {
  return FindStdlibModule(project_.Text(row.module).split('.').first) != nullptr;
}

// Whether another arm of the same `if` binds the name too; of a module that is missing, any of
// the statement's names.
bool RowMaker::IsOneOfTwo(const ImportRow &row) {
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
bool RowMaker::MaySkip(const Statement &header) const {
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

bool RowMaker::FillContext(ImportRow &row, ImportFailure failure) {
  uint32_t child = row.statement;
  for (uint32_t header : HeadersAround(statements_, row.statement)) {
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
bool RowMaker::ReadHeader(ImportRow &row, uint32_t header, uint32_t child, const Statement &above) {
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

// In `def __init__` within a function, which is no method: that is how tests of importers spell the
// code of a package that they make up. What runs it decides what its dots mean.
bool RowMaker::IsCodeOfPackage(uint32_t statement) const {
  auto function_above = [&](int32_t p) {
    while (p >= 0) {
      const Statement &above = view_.Of(statements_[static_cast<size_t>(p)]);
      if (above.kind == StatementKind::Function) {
        return p;
      }
      p = above.kind == StatementKind::Class ? -1 : statements_[static_cast<size_t>(p)].parent;
    }
    return -1;
  };
  const int32_t own = function_above(statements_[statement].parent);
  return own >= 0 &&
         project_.Text(view_.Of(statements_[static_cast<size_t>(own)]).text) == "__init__" &&
         function_above(statements_[static_cast<size_t>(own)].parent) >= 0;
}

bool RowMaker::AsksForSpec(ExprId condition) const {
  bool asks = false;
  view_.Walk(condition, [&](ExprId id) {
    const auto callee = view_.Callee(id);
    asks |= callee && llvm::StringRef(*callee).ends_with("find_spec");
  });
  return asks;
}

} // namespace pydefrag
