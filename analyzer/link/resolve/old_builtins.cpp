#include "link/resolve/old_builtins.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

static bool IsOldName(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("unicode", "basestring", "long", "unichr", "xrange", "raw_input", true)
      .Default(false);
}

// The old name that is looked up first when the expression is evaluated; invalid: none, or
// something else may fail before.
static NameId OldNameIn(const SyntaxView &view, ExprId value) {
  switch (view.At(value).kind) {
  case ExprKind::Name:
    return IsOldName(view.TextOf(value)) ? view.At(value).text : NameId();
  case ExprKind::Attribute:
  case ExprKind::Call:
    return OldNameIn(view, view.Child(value));
  case ExprKind::Tuple:
  case ExprKind::List:
    for (ExprId item : view.Children(value)) {
      const NameId old = OldNameIn(view, item);
      if (old.valid() || !view.Is(item, ExprKind::Name)) {
        return old;
      }
    }
    return NameId();
  default:
    return NameId();
  }
}

static bool StandsInLoop(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                         uint32_t statement) {
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const StatementKind kind = view.Of(statements[static_cast<size_t>(p)]).kind;
    if (kind == StatementKind::For || kind == StatementKind::While) {
      return true;
    }
  }
  return false;
}

bool AsksForOldBuiltin(const SyntaxView &view, const NamespaceLog &log,
                       const std::vector<PlacedStatement> &statements, uint32_t statement) {
  const Statement &code = view.Of(statements[statement]);
  const bool evaluates =
      code.kind == StatementKind::Assign || code.kind == StatementKind::Expression;
  const NameId old = evaluates ? OldNameIn(view, view.LastOperand(code)) : NameId();
  if (!old.valid() || !log.stars.empty() || !log.open_reason.empty()) {
    return false;
  }
  // `long = long`, and what a handler behind it binds
  const bool bound_later = llvm::all_of(log.Of(old), [&](uint32_t event) {
    return log.events[event].statement >= statement && !log.events[event].weak;
  });
  return bound_later && (log.Of(old).empty() || !StandsInLoop(view, statements, statement));
}

uint32_t CatcherOfNameError(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                            uint32_t try_header) {
  for (uint32_t h = statements[try_header].end;
       h < statements.size() && IsHandler(view.Of(statements[h]).kind); h = statements[h].end) {
    const ExprId types = view.Of(statements[h]).first;
    if (!types.valid()) {
      return h;
    }
    const bool tuple = view.Is(types, ExprKind::Tuple);
    for (ExprId type : tuple ? view.Children(types) : llvm::SmallVector<ExprId, 8>{types}) {
      if (view.IsName(type, "NameError") || view.IsName(type, "Exception") ||
          view.IsName(type, "BaseException")) {
        return h;
      }
    }
  }
  return kNoEvent;
}

} // namespace pydefrag
