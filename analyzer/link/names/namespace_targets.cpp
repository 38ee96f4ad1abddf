// What targets bind and unbind: of assignments, loops, `:=` and `del`.
#include "link/names/namespace_reader.h"
#include "link/names/own_namespace.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

// Whether what a call calls is `cast` of typing, which gives back its second argument.
bool CallsCast(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
               const NamespaceLog &log, ExprId callee) {
  const bool attribute = view.Is(callee, ExprKind::Attribute);
  const ExprId name = attribute ? view.Child(callee) : callee;
  if (!view.Is(name, ExprKind::Name) || (attribute && view.TextOf(callee) != "cast")) {
    return false;
  }
  const auto bound = llvm::find_if(llvm::reverse(log.events), [&](const Event &event) {
    return event.name == view.At(name).text || event.kind == EventKind::Star;
  });
  if (bound == log.events.rend()) {
    return false;
  }
  const llvm::StringRef module = bound->kind == EventKind::From
                                     ? view.Text(view.Of(statements[bound->statement]).text)
                                 : bound->kind == EventKind::Import ? view.TextOf(bound->value)
                                                                    : "";
  return (module == "typing" || module == "typing_extensions") &&
         (attribute ? bound->kind == EventKind::Import
                    : bound->kind == EventKind::From && view.TextOf(bound->value) == "cast");
}

// `a if True else b` is `a`, and `cast(T, a)` too.
ExprId ChosenOf(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                const NamespaceLog &log, ExprId value) {
  while (view.Is(value, ExprKind::Call)) {
    const auto arguments = view.Arguments(value);
    const bool casts = arguments.size() == 2 && !view.Is(arguments[1], ExprKind::Keyword) &&
                       CallsCast(view, statements, log, view.Child(value));
    if (!casts) {
      break;
    }
    value = arguments[1];
  }
  while (view.Is(value, ExprKind::Conditional)) {
    const ExprId test = view.Child(value, 1);
    if (!view.Is(test, ExprKind::True) && !view.Is(test, ExprKind::False)) {
      break;
    }
    value = view.Child(value, view.Is(test, ExprKind::True) ? 0 : 2);
  }
  return value;
}

} // namespace

// Names in an assignment target; a tuple against a tuple of the same length is taken apart.
void NamespaceReader::BindTargets(uint32_t i, ExprId root, ExprId root_value, bool maybe) {
  llvm::SmallVector<std::pair<ExprId, ExprId>, 8> stack{{root, root_value}};
  while (!stack.empty()) {
    const auto [target, value] = stack.pop_back_val();
    if (!target.valid()) {
      continue;
    }
    switch (view_.At(target).kind) {
    case ExprKind::Name:
      BindExpr(EventKind::Value, view_.At(target).text, i,
               ChosenOf(view_, facts_.statements, log_, value), target, maybe);
      break;
    case ExprKind::Tuple:
    case ExprKind::List: {
      const auto targets = view_.Children(target);
      const bool display = view_.Is(value, ExprKind::Tuple) || view_.Is(value, ExprKind::List);
      const auto values = display ? view_.Children(value) : llvm::SmallVector<ExprId, 8>();
      for (size_t k = targets.size(); k-- > 0;) {
        stack.push_back({targets[k], values.size() == targets.size() ? values[k] : ExprId()});
      }
      break;
    }
    case ExprKind::Splat:
      stack.push_back({view_.Child(target), ExprId()});
      break;
    default:
      break;
    }
  }
}

// An empty display as iterable: the target is never bound.
void NamespaceReader::ReadLiteralLoop(uint32_t i, const Statement &statement) {
  const ExprId iterable = view_.Next(statement.first);
  const bool display = view_.Is(iterable, ExprKind::Tuple) || view_.Is(iterable, ExprKind::List);
  if (display && !view_.Child(iterable).valid() && !statement.reduced) {
    while (!log_.events.empty() && log_.events.back().maybe &&
           log_.events.back().kind == EventKind::Value && log_.events.back().statement == i) {
      log_.events.pop_back();
    }
  }
}

// `name := value` within a statement. What a `with` binds by `as` has been read.
void NamespaceReader::ReadWalrus(uint32_t i, const Statement &statement) {
  const auto targets = statement.kind == StatementKind::With ? view_.Operands(statement)
                                                             : llvm::SmallVector<ExprId, 8>();
  view_.Walk(statement, [&](ExprId id) {
    if (view_.Is(id, ExprKind::Walrus) && view_.Is(view_.Child(id), ExprKind::Name) &&
        !llvm::is_contained(targets, id)) {
      const ExprId target = view_.Child(id);
      BindExpr(EventKind::Value, view_.At(target).text, i, ExprId(), target);
    }
  });
}

void NamespaceReader::ReadDelete(uint32_t i, const Statement &statement) {
  llvm::SmallVector<ExprId, 8> stack = view_.Operands(statement);
  while (!stack.empty()) {
    const ExprId target = stack.pop_back_val();
    if (view_.Is(target, ExprKind::Name)) {
      Bind(EventKind::Unbind, view_.At(target).text, i);
    } else if (view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List)) {
      const auto items = view_.Children(target);
      stack.append(items.begin(), items.end());
    } else if (IsOwnEntry(target)) { // to make room for another object
      Open("its entry in `sys.modules` is deleted", OpenedBy::Others);
    } else if (view_.Is(target, ExprKind::Subscript) && IsOwnDict(view_, view_.Child(target))) {
      const ExprId key = view_.Child(target, 1);
      if (view_.Is(key, ExprKind::String)) {
        Bind(EventKind::Unbind, view_.At(key).text, i);
      } else {
        Open("names deleted through `globals()`");
      }
    }
  }
}

} // namespace pydefrag
