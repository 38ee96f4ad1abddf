// The table of all rules, made from rules.def.
#include "check/rule.h"

namespace pydefrag {

#define RULE(name) extern const Rule k##name;
#include "rules/rules.def"
#undef RULE

llvm::ArrayRef<const Rule *> AllRules() {
  static constexpr const Rule *kRules[] = {
#define RULE(name) &k##name,
#include "rules/rules.def"
#undef RULE
  };
  return kRules;
}

const Rule *FindRule(llvm::StringRef code_or_name) {
  for (const Rule *rule : AllRules()) {
    if (code_or_name == rule->meta.code || code_or_name == rule->meta.name) {
      return rule;
    }
  }
  return nullptr;
}

} // namespace pydefrag
