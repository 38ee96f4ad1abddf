#include "link/names/lazy_names.h"

#include "link/names/asked_names.h"
#include "link/names/hook_idioms.h"
#include "link/names/lazy_delegates.h"
#include "link/names/lazy_entries.h"
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
      lazy_.exact = Run(at + 1, statements_[at].end, 0) == Fate::Raises;
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
        return AsksTable(i, view_.LastOperand(statement)) ||
                       AsksAgain(view_, view_.LastOperand(statement)) ||
                       AsksModule(view_.LastOperand(statement))
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

  // `found = TABLE[name]`, `found = TABLE.get(name)`
  Fate RunAssignment(uint32_t i, const Statement &statement) {
    const ExprId value = view_.LastOperand(statement);
    if (AsksTable(i, value)) {
      return Fate::Raises;
    }
    const bool plain = statement.kind != StatementKind::AugAssign;
    if (plain && view_.Is(statement.first, ExprKind::Name) && GetsFromTable(i, value)) {
      nothing_.push_back(view_.At(statement.first).text);
    } else if (!plain || !asked_.IsAsked(value)) { // `key = name` asks for the same
      const auto operands = view_.Operands(statement);
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
      llvm::erase(nothing_, name);
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
      if (GetsFromTable(at, view_.Child(test, 1))) {
        nothing_.push_back(view_.At(view_.Child(test)).text);
        return Truth::No;
      }
      Change(view_.Child(test));
      return Truth::Unknown;
    case ExprKind::Name:
      return IsNothing(at, test) ? Truth::No : Truth::Unknown;
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
  // Stands for `TABLE.get(name)`.
  bool IsNothing(uint32_t at, ExprId id) {
    return view_.Is(id, ExprKind::Name)     ? llvm::is_contained(nothing_, view_.At(id).text)
           : view_.Is(id, ExprKind::Walrus) ? Test(at, id) == Truth::No
                                            : GetsFromTable(at, id);
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
      if (!view_.Is(right, ExprKind::None) || !IsNothing(at, left)) {
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
  // getattr(module, name)
  bool AsksModule(ExprId value) {
    const auto delegate = ReadDelegate(view_, statements_, hook_, value);
    // Neither is made in the hook.
    if (!delegate || !asked_.IsAsked(view_.Arguments(value)[1]) ||
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
                      !arguments.empty() && asked_.IsAsked(arguments[0]) &&
                      (arguments.size() == 1 || view_.Is(arguments[1], ExprKind::None));
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
  llvm::SmallVector<NameId, 2> nothing_; // names of what is None or empty for an unknown name
  AskedNames asked_;
  LazyNames lazy_;
};

} // namespace

LazyNames ReadLazyNames(const Scanned &scanned, FileId file, uint32_t statement, HookIs hook,
                        OtherTables others) {
  return HookReader(scanned, file, others).Read(statement, hook);
}

} // namespace pydefrag
