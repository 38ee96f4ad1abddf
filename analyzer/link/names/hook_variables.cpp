#include "link/names/hook_variables.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

void HookVariables::Change(ExprId root) {
  llvm::SmallVector<ExprId, 4> stack{root};
  while (!stack.empty()) {
    const ExprId target = stack.pop_back_val();
    if (view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List)) {
      llvm::append_range(stack, view_.Children(target));
    } else if (view_.Is(target, ExprKind::Splat)) {
      stack.push_back(view_.Child(target));
    } else if (view_.Is(target, ExprKind::Name)) {
      const NameId name = view_.At(target).text;
      if (!llvm::is_contained(changed_, name)) {
        changed_.push_back(name);
      }
      llvm::erase_if(texts_, [&](const Texts &texts) { return texts.name == name; });
      llvm::erase_if(tables_, [&](const Tables &tables) { return tables.name == name; });
      Forget(target);
    }
  }
}

void HookVariables::Forget(ExprId target) {
  if (view_.Is(target, ExprKind::Name)) {
    llvm::erase_if(known_, [&](const Known &known) { return known.name == view_.At(target).text; });
  }
}

bool HookVariables::IsAsked(ExprId id) const {
  return view_.Is(id, ExprKind::Name) && !llvm::is_contained(changed_, view_.At(id).text);
}

void HookVariables::BindTexts(ExprId target, ExprId iterable) {
  const ExprId method = view_.Is(iterable, ExprKind::Call) ? view_.Child(iterable) : ExprId();
  const bool items = view_.Is(method, ExprKind::Attribute) && view_.TextOf(method) == "items";
  const ExprId rows = items ? view_.Child(method) : iterable;
  const bool tuple = view_.Is(target, ExprKind::Tuple);
  if (items ? !tuple || !view_.Is(rows, ExprKind::Dict)
            : !view_.Is(rows, ExprKind::Tuple) && !view_.Is(rows, ExprKind::List)) {
    return;
  }
  const auto targets = tuple ? view_.Children(target) : llvm::SmallVector<ExprId, 8>{target};
  for (uint32_t k = 0; k < targets.size(); ++k) {
    std::vector<NameId> texts;
    llvm::SmallVector<ExprId, 8> tables;
    size_t cells = 0;
    for (ExprId row : view_.Children(rows)) {
      const bool holds = !tuple || view_.Is(row, items ? ExprKind::Pair : ExprKind::Tuple);
      const ExprId cell = !holds ? ExprId() : tuple ? view_.Child(row, static_cast<int>(k)) : row;
      ++cells;
      if (view_.Is(cell, ExprKind::String)) {
        texts.push_back(view_.At(cell).text);
      } else if (view_.Is(cell, ExprKind::Set) || view_.Is(cell, ExprKind::Tuple) ||
                 view_.Is(cell, ExprKind::List) || view_.Is(cell, ExprKind::Dict)) {
        tables.push_back(cell);
      }
    }
    if (!view_.Is(targets[k], ExprKind::Name)) {
      continue;
    }
    const NameId name = view_.At(targets[k]).text;
    if (texts.size() == cells) {
      texts_.push_back({name, std::move(texts)});
    } else if (tables.size() == cells) {
      tables_.push_back({name, std::move(tables)});
    }
  }
}

const llvm::SmallVector<ExprId, 8> *HookVariables::TablesOf(ExprId id) const {
  for (const Tables &known : tables_) {
    if (view_.Is(id, ExprKind::Name) && known.name == view_.At(id).text) {
      return &known.tables;
    }
  }
  return nullptr;
}

const std::vector<NameId> *HookVariables::TextsOf(ExprId id) const {
  for (const Texts &known : texts_) {
    if (view_.Is(id, ExprKind::Name) && known.name == view_.At(id).text) {
      return &known.texts;
    }
  }
  return nullptr;
}

void HookVariables::StandFor(ExprId target, FoundInVain found) {
  if (view_.Is(target, ExprKind::Name)) {
    known_.push_back({view_.At(target).text, found});
    return;
  }
  const auto parts = [&](ExprId id) {
    return view_.Is(id, ExprKind::Tuple) ? view_.Children(id) : llvm::SmallVector<ExprId, 8>();
  };
  const auto targets = parts(target);
  const auto values = parts(found.nothing.value_or(ExprId()));
  for (size_t k = 0; targets.size() == values.size() && k < targets.size(); ++k) {
    if (view_.Is(targets[k], ExprKind::Name)) { // `where, name = TABLE.get(name, ("", ""))`
      known_.push_back({view_.At(targets[k]).text, {values[k], NameId()}});
    }
  }
}

const FoundInVain *HookVariables::Find(ExprId id) const {
  for (const Known &known : known_) {
    if (view_.Is(id, ExprKind::Name) && known.name == view_.At(id).text) {
      return &known.found;
    }
  }
  return nullptr;
}

} // namespace pydefrag
