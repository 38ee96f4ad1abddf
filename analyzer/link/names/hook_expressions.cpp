#include "link/names/hook_expressions.h"

#include "base/identifier.h"
#include "link/names/hook_idioms.h"
#include "link/names/lazy_delegates.h"
#include "link/names/lazy_entries.h"
#include "link/names/lazy_submodules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

static bool IsFalse(const SyntaxView &view, ExprId value) {
  return !value.valid() || view.Is(value, ExprKind::None) || view.Is(value, ExprKind::False) ||
         view.String(value) == llvm::StringRef("");
}

// Whether one is the other: None, `...`, a sentinel.
static bool IsSame(const SyntaxView &view, ExprId nothing, ExprId other) {
  if (!nothing.valid() || view.Is(nothing, ExprKind::None)) {
    return view.Is(other, ExprKind::None);
  }
  return view.At(nothing).kind == view.At(other).kind &&
         (view.Is(other, ExprKind::Ellipsis) ||
          (view.Is(other, ExprKind::Name) && view.At(nothing).text == view.At(other).text));
}

// `owner` of `owner.method(...)` with arguments; invalid: another expression.
static ExprId OwnerOf(const SyntaxView &view, ExprId call, llvm::StringRef name) {
  const ExprId method = view.Is(call, ExprKind::Call) ? view.Child(call) : ExprId();
  return view.Is(method, ExprKind::Attribute) && view.TextOf(method) == name &&
                 !view.Arguments(call).empty()
             ? view.Child(method)
             : ExprId();
}

// --- what a statement says

Tri HookExpressions::TestBranch(uint32_t branch) {
  const size_t known = served_.entries.size();
  const Tri truth = Test(branch, view_.Of(statements_[branch]).first);
  const auto asked = llvm::MutableArrayRef(served_.entries).drop_front(known);
  if (truth == Tri::Yes) {
    ReadEntriesBehind(view_, statements_, hook_, branch, asked);
  } else if (truth == Tri::No && Refuses(branch)) {
    for (const LazyEntry &entry : asked) {
      served_.refused.push_back(entry.name);
    }
    served_.entries.erase(served_.entries.begin() + static_cast<ptrdiff_t>(known),
                          served_.entries.end());
  }
  return truth;
}

bool HookExpressions::AsksInVain(uint32_t at, ExprId value) {
  return SubscriptsInVain(at, value) || AsksModule(value, 2) || AsksNewNamespace(at, value);
}

bool HookExpressions::GivesBackInVain(uint32_t at, ExprId value) {
  return AsksInVain(at, value) || AsksPackage(value);
}

bool HookExpressions::Assign(uint32_t at) {
  const Statement &statement = view_.Of(statements_[at]);
  const ExprId value = view_.LastOperand(statement);
  if (AsksInVain(at, value)) {
    return true;
  }
  const auto operands = view_.Operands(statement);
  const bool plain = statement.kind != StatementKind::AugAssign && operands.size() > 1;
  const FoundInVain found{plain ? WhatForNothing(at, value) : std::nullopt,
                          plain ? WordsBefore(value) : NameId()};
  const bool known = found.nothing || found.words.valid();
  if (known || !plain || !IsAsked(value)) { // `key = name` asks for the same
    for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
      Change(target);
    }
  } else {
    for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
      variables_.Forget(target);
    }
  }
  if (known && statements_[at].parent == static_cast<int32_t>(hook_)) { // and not in an arm only
    variables_.StandFor(statement.first, found);
  }
  return false;
}

void HookExpressions::BindLoop(const Statement &loop) {
  Change(loop.first);
  variables_.BindTexts(loop.first, view_.Next(loop.first));
}

void HookExpressions::Serve(uint32_t at, NameId name, const NameTableEntry &told) {
  LazyEntry entry = ReadLazyEntry(view_, statements_, hook_, at, name);
  entry.table_value = told.value;
  entry.table_variable = told.variable;
  served_.entries.push_back(std::move(entry));
}

// --- tests

// What the test says of a name that is none of the entries. All parts are read: each may serve
// something.
Tri HookExpressions::Test(uint32_t at, ExprId test) {
  if (!test.valid()) {
    return Tri::Unknown;
  }
  switch (view_.At(test).kind) {
  case ExprKind::Or: {
    Tri any = Tri::No;
    for (ExprId part : view_.Children(test)) {
      any = std::max(any, Test(at, part));
    }
    return any;
  }
  case ExprKind::And: {
    Tri all = Tri::Yes;
    for (ExprId part : view_.Children(test)) {
      all = std::min(all, Test(at, part));
    }
    return all;
  }
  case ExprKind::Not:
    return Not(Test(at, view_.Child(test)));
  case ExprKind::Walrus:
  case ExprKind::Name: {
    const auto nothing = WhatForNothing(at, test);
    return nothing && IsFalse(view_, *nothing) ? Tri::No : Tri::Unknown;
  }
  case ExprKind::Compare:
    return TestComparison(at, test);
  case ExprKind::Call:
    return TestPrefix(test);
  default:
    return Tri::Unknown;
  }
}

Tri HookExpressions::TestComparison(uint32_t at, ExprId test) {
  const ExprId left = view_.Child(test, 0);
  const ExprId right = view_.Child(test, 1);
  const Op op = view_.At(test).op;
  switch (op) {
  case Op::Equal:
  case Op::NotEqual: {
    const NameId constant = tables_.ConstantText(right);
    const NameId text = constant.valid() ? constant : tables_.ConstantText(left);
    if (!text.valid() || !IsAsked(constant.valid() ? left : right)) {
      return Tri::Unknown;
    }
    Serve(at, text);
    return op == Op::Equal ? Tri::No : Tri::Yes;
  }
  case Op::In:
  case Op::NotIn:
    if (!IsAsked(left) || !(IsDictOfModule(view_, right) || AddTable(at, right))) {
      return Tri::Unknown;
    }
    return op == Op::In ? Tri::No : Tri::Yes;
  case Op::Is:
  case Op::IsNot: {
    const auto nothing = WhatForNothing(at, left);
    if (!nothing || !IsSame(view_, *nothing, right)) {
      return Tri::Unknown;
    }
    return op == Op::Is ? Tri::Yes : Tri::No;
  }
  default:
    return Tri::Unknown;
  }
}

// `name.startswith("OLD_")`: not the name that is executed, but others.
Tri HookExpressions::TestPrefix(ExprId call) {
  const ExprId owner = OwnerOf(view_, call, "startswith");
  const auto arguments = view_.Arguments(call);
  if (!IsAsked(owner) || arguments.size() != 1) {
    return Tri::Unknown;
  }
  const bool several = view_.Is(arguments[0], ExprKind::Tuple);
  for (ExprId prefix : several ? view_.Children(arguments[0]) : arguments) {
    if (const std::vector<NameId> *texts = variables_.TextsOf(prefix)) {
      llvm::append_range(served_.prefixes, *texts);
    } else if (view_.Is(prefix, ExprKind::String)) {
      served_.prefixes.push_back(view_.At(prefix).text);
    } else {
      return Tri::Unknown;
    }
  }
  return Tri::No;
}

// --- what is asked for in vain

// What the expression is for a name that is asked for in vain, as `TABLE.get(name)` and a variable
// for it; invalid: None. Nothing: it is no such expression.
std::optional<ExprId> HookExpressions::WhatForNothing(uint32_t at, ExprId id) {
  if (view_.Is(id, ExprKind::Name)) {
    const FoundInVain *found = variables_.Find(id);
    return found != nullptr ? found->nothing : std::nullopt;
  }
  if (view_.Is(id, ExprKind::Walrus)) {
    const auto nothing = WhatForNothing(at, view_.Child(id, 1));
    Change(view_.Child(id));
    if (nothing) {
      variables_.StandFor(view_.Child(id), {nothing, NameId()});
    }
    return nothing;
  }
  const auto arguments =
      view_.Is(id, ExprKind::Call) ? view_.Arguments(id) : llvm::SmallVector<ExprId, 4>();
  const auto fallback = [&](size_t k) { return arguments.size() > k ? arguments[k] : ExprId(); };
  return GetsInVain(at, id)  ? std::optional(fallback(1))
         : AsksModule(id, 3) ? std::optional(fallback(2))
                             : std::nullopt;
}

// `TABLE.get(name)`, `globals().get(name)`, `globals().get(f"_OLD_{name}")`
bool HookExpressions::GetsInVain(uint32_t at, ExprId value) {
  const ExprId owner = OwnerOf(view_, value, "get");
  if (!owner.valid()) {
    return false;
  }
  const ExprId key = view_.Arguments(value)[0];
  return (IsAsked(key) && AddTable(at, owner)) ||
         (IsDictOfModule(view_, owner) && !CallsBefore(at) &&
          (IsLongerName(key) || IsParameter(key)));
}

// `TABLE[name]`, `globals()[name]`: what the dict has is not asked for here.
bool HookExpressions::SubscriptsInVain(uint32_t at, ExprId value) {
  if (!view_.Is(value, ExprKind::Subscript)) {
    return false;
  }
  const ExprId owner = view_.Child(value);
  const ExprId key = view_.Child(value, 1);
  return (IsAsked(key) && AddTable(at, owner)) ||
         (IsDictOfModule(view_, owner) && !CallsBefore(at) && IsParameter(key));
}

// `getattr(module, name)`, and with a default where there are three arguments.
bool HookExpressions::AsksModule(ExprId value, size_t arguments) {
  const auto delegate = ReadDelegate(view_, statements_, hook_, value);
  // Neither is made in the hook.
  if (!delegate || view_.Arguments(value).size() != arguments ||
      !IsAsked(view_.Arguments(value)[1]) || !IsAsked(view_.RootOf(delegate->owner))) {
    return false;
  }
  served_.delegates.push_back(*delegate);
  return true;
}

// `getattr(SimpleNamespace(a=1, b=2), name)`: it has these, and what any object has.
bool HookExpressions::AsksNewNamespace(uint32_t at, ExprId value) {
  const auto arguments =
      view_.Callee(value) == "getattr" ? view_.Arguments(value) : llvm::SmallVector<ExprId, 4>();
  if (arguments.size() != 2 || !view_.Is(arguments[0], ExprKind::Call) || !IsAsked(arguments[1])) {
    return false;
  }
  const ExprId maker = view_.Child(arguments[0]);
  const auto dotted = view_.Dotted(maker);
  if (!dotted || LastPart(*dotted) != "SimpleNamespace" ||
      !IsOfStandardModule(view_, statements_, maker, "types")) {
    return false;
  }
  llvm::SmallVector<NameId, 4> names;
  for (ExprId each = view_.Next(maker); each.valid(); each = view_.Next(each)) {
    if (!view_.Is(each, ExprKind::Keyword)) {
      return false;
    }
    names.push_back(view_.At(each).text);
  }
  for (NameId name : names) {
    Serve(at, name);
  }
  if (const NameId copies = scanned_.names.Find("__replace__"); copies.valid()) { // from 3.13 on
    Serve(at, copies);
  }
  return true;
}

// `import_module(f".{name}", __name__)`
bool HookExpressions::AsksPackage(ExprId value) {
  const ExprId text = ImportedText(view_, value);
  const FoundInVain *found = variables_.Find(text);
  const NameId words = found != nullptr ? found->words : WordsBefore(text);
  if (!StandForPackage(view_, words)) {
    return false;
  }
  served_.packages.push_back(words);
  return true;
}

// `f"_OLD_{name}"`, which is a key of the module's dict.
bool HookExpressions::IsLongerName(ExprId key) {
  const NameId words = WordsBefore(key);
  if (!words.valid() || view_.Text(words).empty() || view_.Text(words) == "__name__") {
    return false;
  }
  served_.behind.push_back(words);
  return true;
}

// The names of the table are served; whether these are all that it has.
bool HookExpressions::AddTable(uint32_t at, ExprId table) {
  if (const auto *tables = variables_.TablesOf(table)) {
    bool known = true;
    for (ExprId each : *tables) {
      known &= AddTable(at, each);
    }
    return known;
  }
  NameTableRead read = tables_.Read(table, hook_);
  for (const NameTableEntry &entry : read.entries) {
    read.known &= !entry.untold;
    if (entry.untold) {
      continue; // perhaps it comes from nowhere
    }
    if (const NameId name = scanned_.names.Find(entry.text); name.valid()) { // else nobody asks
      Serve(at, name, entry);
    }
  }
  return read.known || (others_ && others_(table, at));
}

// Surely the parameter: IsAsked takes any name for it, and its own is not in the facts. So only
// what hooks call it.
bool HookExpressions::IsParameter(ExprId id) const {
  return IsAsked(id) && !IsOfModule(view_, statements_, view_.At(id).text) &&
         llvm::StringSwitch<bool>(view_.TextOf(id))
             .Cases("name", "attr", "attribute", "item", "attr_name", "__name", "_name", true)
             .Default(false);
}

// `if name == "gone": raise ImportError(...)`: nothing else is tested, and nothing catches it.
bool HookExpressions::Refuses(uint32_t branch) const {
  const ExprId test = view_.Of(statements_[branch]).first;
  return view_.Is(test, ExprKind::Compare) &&
         (IsParameter(view_.Child(test)) || IsParameter(view_.Child(test, 1))) &&
         EndsInRaise(branch);
}

// Whether the block of the hook itself does a few plain things, then raises.
bool HookExpressions::EndsInRaise(uint32_t block) const {
  if (statements_[block].parent != static_cast<int32_t>(hook_)) {
    return false;
  }
  StatementKind last = StatementKind::Pass;
  for (uint32_t i = block + 1; i < statements_[block].end; i = statements_[i].end) {
    last = view_.Of(statements_[i]).kind;
    if (last != StatementKind::Expression && last != StatementKind::Assign &&
        last != StatementKind::Import && last != StatementKind::FromImport) {
      break;
    }
  }
  return last == StatementKind::Raise;
}

// Whether something is called in the hook before, which may fill the module's dict.
bool HookExpressions::CallsBefore(uint32_t at) const {
  bool calls = false;
  for (uint32_t i = hook_ + 1; i < at && !calls; ++i) {
    const Statement &statement = view_.Of(statements_[i]);
    const bool arm = statement.kind == StatementKind::If || statement.kind == StatementKind::Elif;
    if (arm && statements_[i].end <= at && Refuses(i)) {
      i = statements_[i].end - 1; // of another name
      continue;
    }
    if (statement.kind == StatementKind::Expression || statement.kind == StatementKind::Assign) {
      view_.Walk(statement, [&](ExprId id) { calls |= view_.Is(id, ExprKind::Call); });
    }
  }
  return calls;
}

// "pkg." of `f"pkg.{name}"`
NameId HookExpressions::WordsBefore(ExprId text) const {
  return WordsBeforeName(view_, text, [&](ExprId id) { return IsParameter(id); });
}

} // namespace pydefrag
