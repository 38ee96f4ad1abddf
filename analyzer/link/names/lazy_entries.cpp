#include "link/names/lazy_entries.h"

#include "link/names/lazy_delegates.h"
#include "link/names/lazy_submodules.h"

namespace pydefrag {
namespace {

class BranchReader {
public:
  // What serves the name stands from `begin` to `end`.
  BranchReader(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
               uint32_t hook, uint32_t branch, uint32_t begin, uint32_t end)
      : view_(view), statements_(statements), hook_(hook), branch_(branch), begin_(begin),
        end_(end) {}

  LazyEntry Read(NameId name) const {
    LazyEntry entry;
    entry.name = name;
    entry.statement = branch_;
    ExprId returned;
    for (uint32_t i = begin_; i < end_; ++i) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind == StatementKind::Return && statement.first.valid()) {
        returned = statement.first;
      }
      ReadWarning(statement, entry);
    }
    entry.imported_from = PackageImportedFrom(view_, statements_, branch_);
    FindSource(returned, entry);
    return entry;
  }

private:
  // Where the value comes from: what the branch imports and returns, or has as an attribute.
  void FindSource(ExprId returned, LazyEntry &entry) const {
    const ExprId owner = FindModuleAsked();
    for (uint32_t i = begin_; i < end_; ++i) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind != StatementKind::FromImport) {
        continue;
      }
      for (ExprId alias : view_.Operands(statement)) {
        const ExprId as = view_.Child(alias);
        const NameId bound = as.valid() ? view_.At(as).text : view_.At(alias).text;
        const bool module = owner.valid() && bound == view_.At(owner).text;
        const bool wanted = view_.Is(returned, ExprKind::Name)
                                ? bound == view_.At(returned).text
                                : !owner.valid() && bound == entry.name;
        if (module || wanted) {
          entry.source_statement = i;
          entry.source_name = view_.At(alias).text;
          entry.in_module = module;
          entry.imports_first = RunsWhenAsked(i);
          return;
        }
      }
    }
    if (owner.valid() && !IsBoundInHook(view_, statements_, hook_, view_.At(owner).text)) {
      entry.value = owner;
      entry.in_module = true;
    } else if (view_.Dotted(returned) && !IsLocal(returned)) {
      entry.value = returned;
    }
  }

  // Whether the hook itself binds what a chain of attributes begins with.
  bool IsLocal(ExprId chain) const {
    return IsBoundInHook(view_, statements_, hook_, view_.At(view_.RootOf(chain)).text);
  }

  // Whether the import stands directly in a branch of the hook, and nothing returns before it but
  // what serves other names.
  bool RunsWhenAsked(uint32_t import) const {
    const auto is_parent = [&](uint32_t of, uint32_t header) {
      return statements_[of].parent == static_cast<int32_t>(header);
    };
    const bool decorated = view_.Of(statements_[hook_]).first.valid(); // and may catch what fails
    if (decorated || !is_parent(import, branch_) || !is_parent(branch_, hook_) ||
        !IsBranch(branch_)) {
      return false;
    }
    for (uint32_t i = hook_ + 1; i < import; ++i) {
      const bool returns = view_.Of(statements_[i]).kind == StatementKind::Return;
      const auto above = static_cast<uint32_t>(statements_[i].parent); // the hook at least
      if (returns && (!is_parent(above, hook_) || !IsBranch(above))) {
        return false;
      }
    }
    return true;
  }
  // `if name == "X":`, `elif name in TABLE:`
  bool IsBranch(uint32_t header) const {
    const Statement &statement = view_.Of(statements_[header]);
    return (statement.kind == StatementKind::If || statement.kind == StatementKind::Elif) &&
           view_.Is(statement.first, ExprKind::Compare);
  }

  // m of `getattr(m, name)` in the branch.
  ExprId FindModuleAsked() const {
    for (uint32_t i = begin_; i < end_; ++i) {
      const ExprId value = view_.LastOperand(view_.Of(statements_[i]));
      const auto arguments = view_.Callee(value) == "getattr" ? view_.Arguments(value)
                                                              : llvm::SmallVector<ExprId, 4>();
      if (arguments.size() == 2 && view_.Is(arguments[0], ExprKind::Name) &&
          view_.Is(arguments[1], ExprKind::Name)) {
        return arguments[0];
      }
    }
    return ExprId();
  }

  void ReadWarning(const Statement &statement, LazyEntry &entry) const {
    const auto callee =
        statement.kind == StatementKind::Expression ? view_.Callee(statement.first) : std::nullopt;
    if (callee && llvm::StringRef(*callee).contains("warn")) {
      entry.warns = true;
      const auto arguments = view_.Arguments(statement.first);
      const auto text = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
      entry.message = text ? text->str() : "";
    }
  }

  const SyntaxView &view_;
  const std::vector<PlacedStatement> &statements_;
  const uint32_t hook_;
  const uint32_t branch_;
  const uint32_t begin_;
  const uint32_t end_;
};

// `if name not in TABLE: raise ...`, and nothing but the value of all others behind it.
std::optional<LazyEntry> ReadLazyEntryBehind(const SyntaxView &view,
                                             const std::vector<PlacedStatement> &statements,
                                             uint32_t hook, uint32_t branch, NameId name) {
  const uint32_t raises = branch + 1;
  const uint32_t begin = statements[branch].end;
  const uint32_t end = statements[hook].end;
  if (raises + 1 != begin || view.Of(statements[raises]).kind != StatementKind::Raise ||
      statements[branch].parent != static_cast<int32_t>(hook)) {
    return std::nullopt;
  }
  for (uint32_t i = begin; i < end; ++i) {
    const StatementKind kind = view.Of(statements[i]).kind;
    const bool last = i + 1 == end;
    if (last ? kind != StatementKind::Return
             : kind != StatementKind::Expression && kind != StatementKind::Import &&
                   kind != StatementKind::FromImport) {
      return std::nullopt;
    }
  }
  LazyEntry entry = BranchReader(view, statements, hook, branch, begin, end).Read(name);
  return entry.in_module ? std::optional(entry) : std::nullopt;
}

} // namespace

LazyEntry ReadLazyEntry(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        uint32_t hook, uint32_t branch, NameId name) {
  return BranchReader(view, statements, hook, branch, branch + 1, statements[branch].end)
      .Read(name);
}

void ReadEntriesBehind(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                       uint32_t hook, uint32_t branch, llvm::MutableArrayRef<LazyEntry> entries) {
  for (LazyEntry &entry : entries) {
    const NameId name = entry.name;
    const ExprId table_value = entry.table_value;
    const NameId table_variable = entry.table_variable;
    const uint32_t statement = entry.statement;
    auto behind = ReadLazyEntryBehind(view, statements, hook, branch, name);
    entry = behind ? std::move(*behind) : LazyEntry();
    entry.name = name;
    entry.table_value = table_value;
    entry.table_variable = table_variable;
    entry.statement = behind ? entry.statement : statement;
  }
}

} // namespace pydefrag
