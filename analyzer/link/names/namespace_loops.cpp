// NamespaceReader: names that a module's own loops bind, as targets or as keys of its dict.
#include "link/names/namespace_reader.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// `for n in ("a", "b"): globals()[n] = ...`, `for n in dir(m): globals()[n] = getattr(m, n)`
bool NamespaceReader::BindLoopKey(uint32_t i, ExprId key, ExprId value) {
  if (!view_.Is(key, ExprKind::Name)) {
    return false;
  }
  llvm::SmallVector<ExprId, 2> conditions; // between the loop and the statement
  bool otherwise = false;
  for (int32_t p = facts_.statements[i].parent; p >= 0; p = facts_.statements[size_t(p)].parent) {
    const Statement &header = view_.Of(facts_.statements[static_cast<size_t>(p)]);
    if (header.kind == StatementKind::For &&
        IsReboundWithin(static_cast<uint32_t>(p), view_.At(key).text)) {
      return false;
    }
    if (header.kind == StatementKind::If) {
      conditions.push_back(header.first);
    } else if (header.kind != StatementKind::For) {
      otherwise = true;
    } else if (view_.Is(header.first, ExprKind::Name) &&
               view_.At(header.first).text == view_.At(key).text) {
      const auto items = header.reduced ? std::nullopt : LoopItems(view_.Next(header.first));
      if (!items) {
        return BindCopyLoop(i, header, key, value, conditions, otherwise);
      }
      const bool same = view_.Is(value, ExprKind::Name) && // in every round
                        view_.At(value).text != view_.At(key).text &&
                        !IsReboundWithin(static_cast<uint32_t>(p), view_.At(value).text);
      for (NameId item : *items) {
        BindExpr(EventKind::Value, item, i, same ? value : ExprId(), ExprId());
      }
      return true;
    } else if (view_.Is(header.first, ExprKind::Tuple)) {
      return BindCopyLoop(i, header, key, value, conditions, otherwise);
    }
  }
  return false;
}

// The last item of `for kind in (Small, Large):`, which the name holds behind the loop: where
// nothing leaves it early, nor gives the name another value.
ExprId NamespaceReader::LastOfLoop(uint32_t loop) const {
  const Statement &header = view_.Of(facts_.statements[loop]);
  const ExprId items = view_.Next(header.first);
  if (header.reduced || !view_.Is(header.first, ExprKind::Name) ||
      !(view_.Is(items, ExprKind::Tuple) || view_.Is(items, ExprKind::List)) ||
      IsReboundWithin(loop, view_.At(header.first).text)) {
    return ExprId();
  }
  for (uint32_t k = loop + 1; k < facts_.statements[loop].end; ++k) {
    if (view_.Of(facts_.statements[k]).kind == StatementKind::Pass) {
      return ExprId(); // `break`, perhaps
    }
  }
  const uint32_t behind = facts_.statements[loop].end;
  if (behind < facts_.statements.size() &&
      view_.Of(facts_.statements[behind]).kind == StatementKind::Else) {
    return ExprId();
  }
  for (int32_t p = facts_.statements[loop].parent; p >= 0;
       p = facts_.statements[static_cast<size_t>(p)].parent) {
    const StatementKind kind = view_.Of(facts_.statements[static_cast<size_t>(p)]).kind;
    if (kind == StatementKind::Try || kind == StatementKind::With) {
      return ExprId(); // what fails in a round may be caught
    }
  }
  const auto all = view_.Children(items);
  return !all.empty() && view_.Is(all.back(), ExprKind::Name) ? all.back() : ExprId();
}

// Whether the body of a loop gives the name another value.
bool NamespaceReader::IsReboundWithin(uint32_t loop, NameId name) const {
  const auto is_it = [&](ExprId target) {
    return view_.Is(target, ExprKind::Name) && view_.At(target).text == name;
  };
  for (uint32_t k = loop + 1; k < facts_.statements[loop].end; ++k) {
    const Statement &statement = view_.Of(facts_.statements[k]);
    const auto operands = view_.Operands(statement);
    if (statement.kind == StatementKind::Assign) {
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        const bool several = view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List);
        if (is_it(target) || (several && llvm::any_of(view_.Children(target), is_it))) {
          return true;
        }
      }
    } else if (statement.kind == StatementKind::AugAssign && is_it(statement.first)) {
      return true;
    }
    bool walrus = false;
    view_.Walk(statement, [&](ExprId id) {
      walrus |= view_.Is(id, ExprKind::Walrus) && is_it(view_.Child(id));
    });
    if (walrus) {
      return true;
    }
  }
  return false;
}

bool NamespaceReader::BindCopyLoop(uint32_t i, const Statement &loop, ExprId key, ExprId value,
                                   llvm::ArrayRef<ExprId> conditions, bool otherwise) {
  auto copy = ReadCopyLoop(view_, loop.first, view_.Next(loop.first), key, value);
  const bool computed =
      copy && copy->what == CopyOf::Listed && !copy->source.valid() &&
      (view_.Is(copy->names, ExprKind::Call) || view_.Is(copy->names, ExprKind::String));
  if (!copy || loop.reduced || computed) {
    return false; // possible_names.h may know
  }
  for (ExprId condition : conditions) {
    copy->what = NarrowCopy(view_, copy->what, condition, view_.At(key).text);
  }
  copy->what = otherwise ? CopyOf::Some : copy->what;
  AddCopy(i, *copy);
  return true;
}

// The strings that a loop goes over: a display, or a name that a display was assigned to.
std::optional<llvm::SmallVector<NameId, 16>> NamespaceReader::LoopItems(ExprId iterable) {
  if (!view_.Is(iterable, ExprKind::Name)) {
    return view_.StringItems(iterable);
  }
  for (size_t k = log_.events.size(); k-- > 0;) {
    const Event &event = log_.events[k];
    if (event.name == view_.At(iterable).text) {
      const auto behind = llvm::ArrayRef(log_.events).drop_front(k + 1);
      const bool starred =
          llvm::any_of(behind, [](const Event &later) { return later.kind == EventKind::Star; });
      if (starred || !view_.Is(event.value, ExprKind::Tuple)) {
        Open("names bound through `globals()`"); // it may have grown, or be another
      }
      return view_.StringItems(event.value);
    }
  }
  return std::nullopt;
}

} // namespace pydefrag
