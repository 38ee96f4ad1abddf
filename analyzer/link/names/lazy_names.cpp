#include "link/names/lazy_names.h"

#include "link/names/asked_names.h"
#include "link/names/hook_idioms.h"
#include "link/names/lazy_delegates.h"
#include "link/names/lazy_entries.h"
#include "link/names/lazy_submodules.h"
#include "link/names/name_tables.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>

namespace pydefrag {
namespace {

// Deeper blocks are not followed.
constexpr int kDeepest = 24;

// Executes `def __getattr__(name)` for a name that no branch asks for. The parameter's name is not
// in the facts: any name that is compared with a string counts as it.
class HookReader {
public:
  HookReader(const Scanned &scanned, FileId file, OtherTables others = nullptr)
      : view_(scanned), statements_(scanned.facts[file].statements), tables_(scanned, file),
        others_(others), asked_(view_) {}

  LazyNames Read(uint32_t at, HookIs hook) {
    lazy_.present = true;
    if (view_.Of(statements_[at]).kind == StatementKind::Class) {
      return ReadClassHook(view_, statements_, at);
    }
    if (hook == HookIs::Made) {
      at = FindHookIn(view_, statements_, at);
    }
    if (at != kNoHook && IsKeptWhole(view_, statements_, at)) {
      hook_ = at;
      lazy_.exact = Run(at + 1, statements_[at].end, 0) == Fate::Raises &&
                    IsLeftAsItIs(view_, view_.Of(statements_[at]));
      lazy_.all_public = !lazy_.exact && ServesAllPublic(view_, statements_, at);
    }
    return std::move(lazy_);
  }

private:
  enum class Fate : uint8_t { GoesOn, Raises, Serves };
  enum class Truth : uint8_t { No, Yes, Unknown };

  // --- the statements of a block

  Fate Run(uint32_t begin, uint32_t end, int depth) {
    if (depth > kDeepest) {
      return Fate::Serves;
    }
    for (uint32_t i = begin; i < end;) {
      Fate fate = Fate::GoesOn;
      const Statement &statement = view_.Of(statements_[i]);
      uint32_t next = statements_[i].end;
      switch (statement.kind) {
      case StatementKind::If:
        fate = RunArms(i, end, depth, next);
        break;
      case StatementKind::Try:
        fate = RunTry(i, end, depth, next);
        break;
      case StatementKind::Match:
        fate = RunMatch(i, depth);
        break;
      case StatementKind::With:
        for (ExprId item : view_.Operands(statement)) {
          Change(view_.Is(item, ExprKind::Walrus) ? view_.Child(item) : ExprId());
        }
        fate = Run(i + 1, statements_[i].end, depth + 1);
        fate = fate == Fate::Raises && Swallows(view_, statement) ? Fate::GoesOn : fate;
        break;
      case StatementKind::For:
      case StatementKind::While:
        fate = RunLoop(i, depth);
        break;
      case StatementKind::Else: // of a loop: it may not be reached
        fate =
            Run(i + 1, statements_[i].end, depth + 1) == Fate::Serves ? Fate::Serves : Fate::GoesOn;
        break;
      case StatementKind::Raise:
        return Fate::Raises;
      case StatementKind::Return:
        return AsksInVain(i, view_.LastOperand(statement)) ||
                       AsksAgain(view_, view_.LastOperand(statement))
                   ? Fate::Raises
                   : Fate::Serves;
      case StatementKind::Assign:
      case StatementKind::AnnAssign:
      case StatementKind::AugAssign:
        fate = RunAssignment(i, statement);
        break;
      default:
        break;
      }
      if (fate != Fate::GoesOn) {
        return fate;
      }
      i = next;
    }
    return Fate::GoesOn;
  }

  // An if with its elif and else; `next` becomes what follows them.
  Fate RunArms(uint32_t first, uint32_t end, int depth, uint32_t &next) {
    bool decided = false;
    bool may_pass = false; // an arm that may be taken goes on behind
    Fate fate = Fate::GoesOn;
    for (uint32_t arm = first; arm < end; arm = next) {
      const Statement &statement = view_.Of(statements_[arm]);
      const bool otherwise = statement.kind == StatementKind::Else;
      if (arm != first && !otherwise && statement.kind != StatementKind::Elif) {
        break;
      }
      next = statements_[arm].end;
      const size_t known = lazy_.entries.size();
      const Truth truth = otherwise ? Truth::Yes : Test(arm, statement.first);
      if (truth == Truth::Yes) {
        ReadEntriesBehind(view_, statements_, hook_, arm,
                          llvm::MutableArrayRef(lazy_.entries).drop_front(known));
      }
      if (decided || truth == Truth::No) {
        continue;
      }
      const Fate body = Run(arm + 1, statements_[arm].end, depth + 1);
      if (truth == Truth::Yes || body == Fate::Serves) {
        decided = true;
        fate = body;
      }
      may_pass |= truth == Truth::Unknown && body == Fate::GoesOn;
    }
    return fate == Fate::Raises && may_pass ? Fate::GoesOn : fate;
  }

  Fate RunTry(uint32_t header, uint32_t end, int depth, uint32_t &next) {
    const Fate body = Run(header + 1, statements_[header].end, depth + 1);
    bool handled = true; // no handler lets the name go on or serves it
    for (next = statements_[header].end; next < end; next = statements_[next].end) {
      const StatementKind kind = view_.Of(statements_[next]).kind;
      const bool handler = kind == StatementKind::Except || kind == StatementKind::ExceptStar;
      if (!handler && kind != StatementKind::Else && kind != StatementKind::Finally) {
        break;
      }
      if (kind == StatementKind::Else && body == Fate::Raises) {
        continue; // runs for the entries only
      }
      const Fate arm = Run(next + 1, statements_[next].end, depth + 1);
      if (arm == Fate::Serves || (kind == StatementKind::Finally && arm == Fate::Raises)) {
        return arm;
      }
      handled &= !handler || arm == Fate::Raises;
    }
    return body == Fate::Raises && !handled ? Fate::GoesOn : body;
  }

  Fate RunMatch(uint32_t header, int depth) {
    const bool asked = asked_.IsAsked(view_.Of(statements_[header]).first);
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      const ExprId pattern = view_.Of(statements_[i]).first;
      if (asked && view_.Is(pattern, ExprKind::String)) {
        Add(i, view_.At(pattern).text);
        continue;
      }
      const Fate fate = Run(i + 1, statements_[i].end, depth + 1);
      if (fate != Fate::GoesOn) {
        return fate;
      }
    }
    return Fate::GoesOn;
  }

  // `found = TABLE[name]`, `found = TABLE.get(name)`, `module_name = f"{__name__}.{name}"`
  Fate RunAssignment(uint32_t i, const Statement &statement) {
    const ExprId value = view_.LastOperand(statement);
    if (AsksInVain(i, value)) {
      return Fate::Raises;
    }
    const auto operands = view_.Operands(statement);
    const bool plain = statement.kind != StatementKind::AugAssign && operands.size() > 1;
    const auto nothing = plain ? WhatForNothing(i, value) : std::nullopt;
    const NameId words = plain ? WordsBefore(value) : NameId();
    if (nothing || words.valid()) {
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        Change(target);
      }
      StandFor(statement.first, nothing, words);
    } else if (!plain || !asked_.IsAsked(value)) { // `key = name` asks for the same
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        Change(target);
      }
    }
    return Fate::GoesOn;
  }

  // A loop may run no round at all. What a round changes is so in the next one.
  Fate RunLoop(uint32_t header, int depth) {
    const Statement &statement = view_.Of(statements_[header]);
    if (statement.kind == StatementKind::For) {
      Change(statement.first);
      asked_.BindTexts(statement.first, view_.Next(statement.first));
    }
    size_t changed = 0;
    do {
      changed = asked_.changes();
      if (Run(header + 1, statements_[header].end, depth + 1) == Fate::Serves) {
        return Fate::Serves;
      }
    } while (asked_.changes() != changed);
    return Fate::GoesOn;
  }

  void Change(ExprId target) {
    for (NameId name : asked_.Change(target)) {
      llvm::erase_if(known_, [&](const Known &known) { return known.name == name; });
    }
  }

  // Of a name that is asked for in vain: the variable has this value, or the text of these words
  // and the name.
  void StandFor(ExprId target, std::optional<ExprId> nothing, NameId words) {
    if (view_.Is(target, ExprKind::Name)) {
      known_.push_back({view_.At(target).text, nothing, words});
      return;
    }
    const auto targets =
        view_.Is(target, ExprKind::Tuple) ? view_.Children(target) : llvm::SmallVector<ExprId, 8>();
    const auto values = nothing && view_.Is(*nothing, ExprKind::Tuple)
                            ? view_.Children(*nothing)
                            : llvm::SmallVector<ExprId, 8>();
    for (size_t k = 0; targets.size() == values.size() && k < targets.size(); ++k) {
      if (view_.Is(targets[k], ExprKind::Name)) { // `where, name = TABLE.get(name, ("", ""))`
        known_.push_back({view_.At(targets[k]).text, values[k], NameId()});
      }
    }
  }

  // --- tests and tables

  // What the test says of a name that is none of the entries.
  Truth Test(uint32_t at, ExprId test) {
    if (!test.valid()) {
      return Truth::Unknown;
    }
    switch (view_.At(test).kind) {
    case ExprKind::Or:
    case ExprKind::And: {
      const Truth strong = view_.At(test).kind == ExprKind::Or ? Truth::Yes : Truth::No;
      bool any = false;
      bool all_weak = true;
      for (ExprId part : view_.Children(test)) {
        const Truth truth = Test(at, part);
        any |= truth == strong;
        all_weak &= truth != strong && truth != Truth::Unknown;
      }
      return any ? strong : all_weak ? Opposite(strong) : Truth::Unknown;
    }
    case ExprKind::Not:
      return Opposite(Test(at, view_.Child(test)));
    case ExprKind::Walrus:
    case ExprKind::Name: {
      const auto nothing = WhatForNothing(at, test);
      return nothing && IsFalse(*nothing) ? Truth::No : Truth::Unknown;
    }
    case ExprKind::Compare:
      return TestComparison(at, test);
    case ExprKind::Call:
      return TestPrefix(test);
    default:
      return Truth::Unknown;
    }
  }
  // `name.startswith("OLD_")`: not the name that is executed, but others.
  Truth TestPrefix(ExprId call) {
    const ExprId method = view_.Child(call);
    const auto arguments = view_.Arguments(call);
    if (!view_.Is(method, ExprKind::Attribute) || view_.TextOf(method) != "startswith" ||
        !asked_.IsAsked(view_.Child(method)) || arguments.size() != 1) {
      return Truth::Unknown;
    }
    const bool several = view_.Is(arguments[0], ExprKind::Tuple);
    for (ExprId prefix : several ? view_.Children(arguments[0]) : arguments) {
      if (const std::vector<NameId> *texts = asked_.TextsOf(prefix)) {
        llvm::append_range(lazy_.prefixes, *texts);
      } else if (view_.Is(prefix, ExprKind::String)) {
        lazy_.prefixes.push_back(view_.At(prefix).text);
      } else {
        return Truth::Unknown;
      }
    }
    return Truth::No;
  }
  static Truth Opposite(Truth truth) {
    return truth == Truth::Yes ? Truth::No : truth == Truth::No ? Truth::Yes : Truth::Unknown;
  }
  // What the expression is for a name that is asked for in vain, as `TABLE.get(name)` and a
  // variable for it; invalid: None. Nothing: it is no such expression.
  std::optional<ExprId> WhatForNothing(uint32_t at, ExprId id) {
    if (view_.Is(id, ExprKind::Name)) {
      const auto *known =
          llvm::find_if(known_, [&](const Known &each) { return each.name == view_.At(id).text; });
      return known != known_.end() ? known->nothing : std::nullopt;
    }
    if (view_.Is(id, ExprKind::Walrus)) {
      const auto nothing = WhatForNothing(at, view_.Child(id, 1));
      Change(view_.Child(id));
      if (nothing) {
        StandFor(view_.Child(id), nothing, NameId());
      }
      return nothing;
    }
    const auto arguments =
        view_.Is(id, ExprKind::Call) ? view_.Arguments(id) : llvm::SmallVector<ExprId, 4>();
    const auto fallback = [&](size_t k) { return arguments.size() > k ? arguments[k] : ExprId(); };
    return GetsFromTable(at, id) || GetsFromDict(id)    ? std::optional(fallback(1))
           : arguments.size() == 3 && AsksModule(id, 3) ? std::optional(fallback(2))
                                                        : std::nullopt;
  }

  bool IsFalse(ExprId value) const {
    return !value.valid() || view_.Is(value, ExprKind::None) || view_.Is(value, ExprKind::False) ||
           view_.String(value) == llvm::StringRef("");
  }

  // Whether one is the other: None, `...`, a sentinel.
  bool IsSame(ExprId nothing, ExprId other) const {
    if (!nothing.valid() || view_.Is(nothing, ExprKind::None)) {
      return view_.Is(other, ExprKind::None);
    }
    return view_.At(nothing).kind == view_.At(other).kind &&
           (view_.Is(other, ExprKind::Ellipsis) ||
            (view_.Is(other, ExprKind::Name) && view_.At(nothing).text == view_.At(other).text));
  }

  Truth TestComparison(uint32_t at, ExprId test) {
    const ExprId left = view_.Child(test, 0);
    const ExprId right = view_.Child(test, 1);
    switch (view_.At(test).op) {
    case Op::Equal:
    case Op::NotEqual: {
      const NameId constant = tables_.ConstantText(right);
      const NameId text = constant.valid() ? constant : tables_.ConstantText(left);
      if (!text.valid() || !asked_.IsAsked(constant.valid() ? left : right)) {
        return Truth::Unknown;
      }
      Add(at, text);
      return view_.At(test).op == Op::Equal ? Truth::No : Truth::Yes;
    }
    case Op::In:
    case Op::NotIn:
      if (!asked_.IsAsked(left) || !(IsDictOfModule(view_, right) || AddTable(at, right))) {
        return Truth::Unknown;
      }
      return view_.At(test).op == Op::In ? Truth::No : Truth::Yes;
    case Op::Is:
    case Op::IsNot: {
      const auto nothing = WhatForNothing(at, left);
      if (!nothing || !IsSame(*nothing, right)) {
        return Truth::Unknown;
      }
      return view_.At(test).op == Op::Is ? Truth::Yes : Truth::No;
    }
    default:
      return Truth::Unknown;
    }
  }

  bool AddTable(uint32_t at, ExprId table) {
    const NameTableRead read = tables_.Read(table, hook_);
    for (const NameTableEntry &entry : read.entries) {
      Add(at, entry.name, entry.value);
    }
    return read.known || (others_ && others_(table, at));
  }
  // Whether the value of a name that nothing serves is an exception.
  bool AsksInVain(uint32_t at, ExprId value) {
    return AsksTable(at, value) || AsksModule(value, 2) || AsksDict(value) || AsksPackage(value);
  }

  // Surely the parameter: IsAsked takes any name for it.
  bool IsParameter(ExprId id) const {
    return asked_.IsAsked(id) && !IsOfModule(view_, statements_, view_.At(id).text);
  }

  // "pkg." of `f"pkg.{name}"`
  NameId WordsBefore(ExprId text) const {
    return WordsBeforeName(view_, text, [&](ExprId id) { return IsParameter(id); });
  }

  // `import_module(f".{name}", __name__)`
  bool AsksPackage(ExprId value) {
    const ExprId text = ImportedText(view_, value);
    NameId words = text.valid() ? WordsBefore(text) : NameId();
    if (view_.Is(text, ExprKind::Name)) {
      const auto *known = llvm::find_if(
          known_, [&](const Known &each) { return each.name == view_.At(text).text; });
      words = known != known_.end() ? known->words : NameId();
    }
    const llvm::StringRef before = words.valid() ? view_.Text(words) : "";
    if (before != "__name__" && !before.ends_with(".")) {
      return false;
    }
    lazy_.packages.push_back(words);
    return true;
  }

  // `globals()[name]`: what the dict has is not asked for here.
  bool AsksDict(ExprId value) const {
    return view_.Is(value, ExprKind::Subscript) && IsDictOfModule(view_, view_.Child(value)) &&
           IsParameter(view_.Child(value, 1));
  }

  // `globals().get(f"_OLD_{name}")`
  bool GetsFromDict(ExprId value) {
    const ExprId method = view_.Is(value, ExprKind::Call) ? view_.Child(value) : ExprId();
    const auto arguments = method.valid() ? view_.Arguments(value) : llvm::SmallVector<ExprId, 4>();
    if (!view_.Is(method, ExprKind::Attribute) || view_.TextOf(method) != "get" ||
        arguments.empty() || !IsDictOfModule(view_, view_.Child(method))) {
      return false;
    }
    const NameId words = WordsBefore(arguments[0]);
    const llvm::StringRef before = words.valid() ? view_.Text(words) : "";
    if (!before.empty() && before != "__name__") {
      lazy_.behind.push_back(words);
      return true;
    }
    return IsParameter(arguments[0]);
  }

  // getattr(module, name), and with a default where there are three arguments
  bool AsksModule(ExprId value, size_t arguments) {
    const auto delegate = ReadDelegate(view_, statements_, hook_, value);
    // Neither is made in the hook.
    if (!delegate || view_.Arguments(value).size() != arguments ||
        !asked_.IsAsked(view_.Arguments(value)[1]) ||
        !asked_.IsAsked(view_.RootOf(delegate->owner))) {
      return false;
    }
    lazy_.delegates.push_back(*delegate);
    return true;
  }
  // TABLE[name]
  bool AsksTable(uint32_t at, ExprId value) {
    return view_.Is(value, ExprKind::Subscript) && asked_.IsAsked(view_.Child(value, 1)) &&
           AddTable(at, view_.Child(value));
  }
  // TABLE.get(name)
  bool GetsFromTable(uint32_t at, ExprId value) {
    const ExprId method = view_.Is(value, ExprKind::Call) ? view_.Child(value) : ExprId();
    const auto arguments = method.valid() ? view_.Arguments(value) : llvm::SmallVector<ExprId, 4>();
    const bool gets = view_.Is(method, ExprKind::Attribute) && view_.TextOf(method) == "get" &&
                      !arguments.empty() && asked_.IsAsked(arguments[0]);
    return gets && AddTable(at, view_.Child(method));
  }

  void Add(uint32_t at, NameId name, ExprId table_value = ExprId()) {
    LazyEntry entry = ReadLazyEntry(view_, statements_, hook_, at, name);
    entry.table_value = table_value;
    lazy_.entries.push_back(std::move(entry));
  }

  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
  NameTables tables_;
  OtherTables others_;
  uint32_t hook_ = kNoHook;
  // What a variable is for a name that nothing serves.
  struct Known {
    NameId name;
    std::optional<ExprId> nothing; // invalid: None
    NameId words;                  // the text of these and the name
  };
  llvm::SmallVector<Known, 2> known_;
  AskedNames asked_;
  LazyNames lazy_;
};

} // namespace

LazyNames ReadLazyNames(const Scanned &scanned, FileId file, uint32_t statement, HookIs hook,
                        OtherTables others) {
  return HookReader(scanned, file, others).Read(statement, hook);
}

} // namespace pydefrag
