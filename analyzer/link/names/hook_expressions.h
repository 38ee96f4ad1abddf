// Hook expressions: while a `__getattr__` is executed on paper (lazy_names.h), what its tests and
// values say of a name that nothing serves, and what they serve of other names.
#pragma once

#include "link/names/conditions.h"
#include "link/names/hook_variables.h"
#include "link/names/lazy_names.h"
#include "link/names/name_tables.h"

#include <optional>
#include <utility>
#include <vector>

namespace pydefrag {

// `at` is the statement of the file that an expression stands in. Everything that is asked for on
// the way is noted (Take), whatever the answer.
class HookExpressions {
public:
  // Of the hook whose definition stands at `hook`. `scanned` and what `others` refers to outlive
  // this.
  HookExpressions(const Scanned &scanned, FileId file, uint32_t hook, OtherTables others)
      : scanned_(scanned), view_(scanned), statements_(scanned.facts[file].statements),
        tables_(scanned, file), others_(others), hook_(hook), variables_(view_) {}
  HookExpressions(const HookExpressions &) = delete; // variables_ refers to view_
  HookExpressions &operator=(const HookExpressions &) = delete;

  // Whether the branch of an if or elif is taken for the name.
  Tri TestBranch(uint32_t branch);
  // Whether the value surely is an exception for the name; and where it is given back, which also
  // tells that a submodule is what is served.
  bool AsksInVain(uint32_t at, ExprId value);
  bool GivesBackInVain(uint32_t at, ExprId value);
  // `found = TABLE[name]`, `found = TABLE.get(name)`, `module_name = f"{__name__}.{name}"`: whether
  // that surely raises.
  bool Assign(uint32_t at);
  // What a with or a loop binds.
  void Change(ExprId target) { variables_.Change(target); }
  void BindLoop(const Statement &loop);
  // How many names were changed; grows only.
  size_t changes() const { return variables_.changes(); }
  // Whether it is what is asked for.
  bool IsAsked(ExprId id) const { return variables_.IsAsked(id); }
  // The statement at `at` serves the name; `told`: what a table says of it.
  void Serve(uint32_t at, NameId name, const NameTableEntry &told = {});

  // What is served, but for `present`, `exact` and `all_public`; once.
  LazyNames Take() { return std::move(served_); }

private:
  Tri Test(uint32_t at, ExprId test);
  Tri TestComparison(uint32_t at, ExprId test);
  Tri TestPrefix(ExprId call);

  std::optional<ExprId> WhatForNothing(uint32_t at, ExprId id);
  bool GetsInVain(uint32_t at, ExprId value);
  bool SubscriptsInVain(uint32_t at, ExprId value);
  bool AsksModule(ExprId value, size_t arguments);
  bool AsksNewNamespace(uint32_t at, ExprId value);
  bool AsksPackage(ExprId value);
  bool IsLongerName(ExprId key);
  bool AddTable(uint32_t at, ExprId table);

  bool IsParameter(ExprId id) const;
  bool Refuses(uint32_t branch) const;
  bool EndsInRaise(uint32_t block) const;
  bool CallsBefore(uint32_t at) const;
  NameId WordsBefore(ExprId text) const;

  const Scanned &scanned_;
  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
  NameTables tables_;
  OtherTables others_;
  uint32_t hook_;
  HookVariables variables_;
  LazyNames served_;
};

} // namespace pydefrag
