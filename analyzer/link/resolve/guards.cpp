// Resolver: which failures of an import a handler around it catches, and how the handler ends.
#include "facts/headers_around.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

static bool NameCatches(llvm::StringRef name, ImportFailure failure) {
  if (name == "ModuleNotFoundError") {
    return failure == ImportFailure::NoModule;
  }
  return llvm::StringSwitch<bool>(name)
      .Cases("ImportError", "Exception", "BaseException", true)
      .Default(false);
}

bool Resolver::HandlerCatches(const Statement &handler, ImportFailure failure) const {
  const ExprId caught = handler.first;
  if (!caught.valid()) {
    return true;
  }
  llvm::SmallVector<ExprId, 8> types;
  if (view_.Is(caught, ExprKind::Tuple)) {
    types = view_.Children(caught);
  } else {
    types.push_back(caught);
  }
  return llvm::any_of(types, [&](ExprId type) {
    const auto dotted = view_.Dotted(type);
    const llvm::StringRef name = dotted ? llvm::StringRef(*dotted) : "";
    return NameCatches(name.contains('.') ? name.rsplit('.').second : name, failure);
  });
}

enum class HandlerEnd : uint8_t { GoesOn, Raises, Skips };

// How a handler's block ends: only its direct statements count.
static HandlerEnd EndOfHandler(const SyntaxView &view,
                               const std::vector<PlacedStatement> &statements, uint32_t header) {
  for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind == StatementKind::Raise) {
      const auto raised = view.Is(statement.first, ExprKind::Call) ? view.Callee(statement.first)
                                                                   : view.Dotted(statement.first);
      const llvm::StringRef name = raised ? llvm::StringRef(*raised) : "";
      return name.contains("Skip") ? HandlerEnd::Skips : HandlerEnd::Raises;
    }
    if (statement.kind == StatementKind::Assert && view.Is(statement.first, ExprKind::False)) {
      return HandlerEnd::Raises;
    }
    const auto callee =
        statement.kind == StatementKind::Expression || statement.kind == StatementKind::Return
            ? view.Callee(statement.first)
            : std::nullopt;
    if (!callee) {
      continue;
    }
    const llvm::StringRef name = *callee;
    const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
    if (last == "skip" || last == "skipTest") {
      return HandlerEnd::Skips;
    }
    if (name == "sys.exit" || name == "exit" || name == "quit" || name == "os._exit" ||
        name == "self.fail" || name == "pytest.fail" || name == "pytest.exit") {
      return HandlerEnd::Raises;
    }
  }
  return HandlerEnd::GoesOn;
}

static bool Suppresses(const SyntaxView &view, const Statement &with, ImportFailure failure) {
  for (ExprId item : view.Operands(with)) {
    const ExprId call = view.Is(item, ExprKind::Walrus) ? view.Child(item, 1) : item;
    const auto callee = view.Callee(call);
    const llvm::StringRef name = callee ? llvm::StringRef(*callee) : "";
    if (!name.ends_with("suppress") && !name.ends_with("raises") && !name.ends_with("Raises") &&
        !name.ends_with("assertRaisesRegex")) {
      continue;
    }
    for (ExprId argument : view.Arguments(call)) {
      llvm::SmallVector<ExprId, 8> types{argument};
      if (view.Is(argument, ExprKind::Tuple)) {
        types = view.Children(argument);
      }
      for (ExprId type : types) {
        const auto dotted = view.Dotted(type);
        if (dotted && NameCatches(*dotted, failure)) {
          return true;
        }
      }
    }
  }
  return false;
}

Guard Resolver::GuardOf(ModuleId module, uint32_t statement, ImportFailure failure) const {
  Guard guard;
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t header : HeadersAround(statements, statement)) {
    const Statement &above = view_.Of(statements[header]);
    if (above.kind == StatementKind::Function || above.kind == StatementKind::Class) {
      if (above.kind == StatementKind::Function) {
        break; // who calls it, and in what try, is another question
      }
      continue;
    }
    if (above.kind == StatementKind::With && Suppresses(view_, above, failure)) {
      guard.guarded = true;
      return guard;
    }
    if (above.kind != StatementKind::Try) {
      continue;
    }
    for (uint32_t h = statements[header].end;
         h < statements.size() && IsHandler(view_.Of(statements[h]).kind); h = statements[h].end) {
      if (!HandlerCatches(view_.Of(statements[h]), failure)) {
        continue;
      }
      const HandlerEnd end = EndOfHandler(view_, statements, h);
      if (end == HandlerEnd::GoesOn) {
        guard.guarded = true;
        return guard;
      }
      guard.masked |= end == HandlerEnd::Skips;
      break;
    }
  }
  return guard;
}

} // namespace pydefrag
