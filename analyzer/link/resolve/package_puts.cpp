// Resolver: names that a package puts into a module below it while the package is imported, which
// whoever imports the module finds there:
//
//     # shop/__init__.py
//     from shop import till
//     from shop.cart import Cart
//     till.Cart = Cart
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// The module that a sure statement of a package above it gives the name; invalid: none.
ModuleId Resolver::BelowPackage(const PutName &put, NameId name) {
  const bool told = put.statement != kNoStatement && put.base.valid() && HasLog(put.writer) &&
                    table_.IsPackage(put.writer);
  const PlacedStatement *placed =
      told ? &project_.StatementsOf(put.writer)[put.statement] : nullptr;
  if (placed == nullptr || placed->parent >= 0 || view_.Of(*placed).kind != StatementKind::Assign ||
      Reach(put.writer, put.statement) != Tri::Yes) {
    return ModuleId();
  }
  const auto operands = view_.Operands(view_.Of(*placed));
  const bool puts = llvm::any_of(llvm::ArrayRef(operands).drop_back(), [&](ExprId target) {
    return view_.Is(target, ExprKind::Attribute) && view_.At(target).text == name &&
           view_.Child(target) == put.base; // and not a part of a tuple
  });
  const Found module =
      puts ? Evaluate(put.writer, put.base, EventLimit(put.writer, put.statement)) : Found();
  const std::string above = project_.Text(project_.modules[put.writer].name).str() + ".";
  return module.IsModule() && !module.unknown && module.answer == Answer::Yes &&
                 project_.Text(project_.modules[module.module].name).starts_with(above)
             ? module.module
             : ModuleId();
}

Found Resolver::PutByPackage(ModuleId id, NameId name) {
  const auto puts = put_from_elsewhere_.find(name);
  std::optional<PutName> only;
  for (const PutName &put : puts != put_from_elsewhere_.end() ? llvm::ArrayRef(puts->second)
                                                              : llvm::ArrayRef<PutName>()) {
    if (MayPut(put, id)) {
      if (only) {
        return Found(); // the one or the other
      }
      only = put;
    }
  }
  // What the module binds or loads itself may come later.
  if (!only || BelowPackage(*only, name) != id || !Log(id).Of(name).empty() ||
      !Log(id).stars.empty() || Log(id).replaced() ||
      (table_.IsPackage(id) && table_.FindChild(id, name).valid())) {
    return Found();
  }
  const Statement &statement = view_.Of(project_.StatementsOf(only->writer)[only->statement]);
  const ExprId value = ChosenOperand(only->writer, only->statement, view_.LastOperand(statement));
  Found found = Evaluate(only->writer, value, EventLimit(only->writer, only->statement));
  const bool known =
      !found.unknown && found.answer == Answer::Yes &&
      (found.IsModule() ||
       (found.IsObject() &&
        !IsPutFromElsewhere(found.module, Log(found.module).events[found.event].name)));
  found.via = kNoEvent;
  return known ? found : Found();
}

std::vector<std::pair<ModuleId, NameId>> Resolver::NamesPutByPackages() {
  std::vector<std::pair<ModuleId, NameId>> names;
  for (const auto &[name, puts] : put_from_elsewhere_) {
    for (const PutName &put : puts) {
      if (const ModuleId below = BelowPackage(put, name); below.valid()) {
        names.push_back({below, name});
      }
    }
  }
  std::sort(names.begin(), names.end()); // the table is in no order
  return names;
}

} // namespace pydefrag
