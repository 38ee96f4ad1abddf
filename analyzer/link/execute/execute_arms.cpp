// Executor: arms of `if`, loops and `match` (executor.h).
#include "link/execute/executor.h"
#include "link/resolve/function_texts.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// See MetOneCondition.
void Executor::NoteOpenArm(ModuleId module, uint32_t arm) {
  const uint32_t first = resolver_.Log(module).FirstArm(arm);
  const StatementKind kind = view_.Of(StatementsOf(module)[arm]).kind;
  const bool of_if = view_.Of(StatementsOf(module)[first]).kind == StatementKind::If;
  met_more_ |= !of_if || kind == StatementKind::Elif;
  if (open_arms_.size() < 2 && !llvm::is_contained(open_arms_, std::make_pair(module, first))) {
    open_arms_.push_back({module, first});
  }
}

Tri Executor::Choose(ModuleId module, uint32_t arm) {
  auto choice = llvm::find_if(
      choices_, [&](const Choice &each) { return each.module == module && each.arm == arm; });
  if (choice == choices_.end()) {
    choice = choices_.insert(choices_.end(), {module, arm, true});
  }
  return choice->holds ? Tri::Yes : Tri::No;
}

// The last condition that was true is false in the next world; what is met behind it is new.
bool Executor::ChooseNext() {
  while (!choices_.empty() && !choices_.back().holds) {
    choices_.pop_back();
  }
  if (choices_.empty() || met_loop_) {
    return false;
  }
  choices_.back().holds = false;
  return true;
}

// Whether it is certain what the module's own code has bound the name to: its dict is kept, or no
// event before hangs on a condition or a handler.
bool Executor::IsSettled(ModuleId module, uint32_t arm, ExprId name) {
  const NamespaceLog &log = resolver_.Log(module);
  return names_.Tracked(module) || llvm::all_of(log.Of(view_.At(name).text), [&](uint32_t index) {
           const Event &event = log.events[index];
           return event.statement >= arm || (resolver_.Reach(module, event.statement) == Tri::Yes &&
                                             !event.maybe && log.stars.empty());
         });
}

// What the name holds, where that is certain; Absent where it is not.
Held Executor::SurelyNow(ModuleId module, uint32_t arm, ExprId name) {
  const Held held = names_.Evaluate(module, arm, name);
  const bool sure = !held.doubtful && !held.maybe && !held.several && IsSettled(module, arm, name);
  return sure ? held : Held();
}

bool Executor::IsOwnModule(const Held &held) const {
  return held.kind == Held::Module && held.module.valid() &&
         project_.modules[held.module].first_party;
}

// Whether the name stands for a module of the project, a function or plain class: such are true,
// and not None, which it may stand for as well. What another distribution or another platform may
// lack, a handler may have bound anew.
Tri Executor::IsSomething(ModuleId module, uint32_t arm, ExprId name) {
  const Held held = SurelyNow(module, arm, name);
  if (IsOwnModule(held)) {
    return Tri::Yes;
  }
  if (held.kind != Held::Object || held.event == kNoEvent ||
      (!names_.Tracked(held.module) &&
       resolver_.MayBeBoundAnew(held.module, held.event, module, arm))) {
    return Tri::Unknown;
  }
  const Event &event = resolver_.Log(held.module).events[held.event];
  if (event.kind == EventKind::Value && view_.Is(event.value, ExprKind::None)) {
    return Tri::No;
  }
  // What a decorator or a metaclass makes of a class nobody knows.
  const bool plain = event.kind == EventKind::Define &&
                     !view_.Of(StatementsOf(held.module)[event.statement]).first.valid();
  return plain ? Tri::Yes : Tri::Unknown;
}

// `hasattr(module, "name")`. A submodule that is not there yet others may have imported.
Tri Executor::HasNow(ModuleId module, uint32_t arm, ExprId call) {
  const auto arguments = view_.Arguments(call);
  if (arguments.size() != 2 || !view_.Is(arguments[0], ExprKind::Name) ||
      !view_.Is(arguments[1], ExprKind::String)) {
    return Tri::Unknown;
  }
  const Held base = SurelyNow(module, arm, arguments[0]);
  const NameId name = view_.At(arguments[1]).text;
  if (!IsOwnModule(base)) {
    return Tri::Unknown;
  }
  const Held held = names_.Attribute(base.module, name);
  if (held.bound()) {
    return held.doubtful || (held.maybe && !held.either) ? Tri::Unknown : Tri::Yes;
  }
  const bool may_come = names_.Child(base.module, name).valid() ||
                        resolver_.table().HasOpenChildren(base.module) ||
                        resolver_.table().SecondLoadOf(base.module).valid();
  return may_come ? Tri::Unknown : Tri::No;
}

// What a condition at module level comes to at this point of the execution, by the module's dict.
Tri Executor::HoldsNow(ModuleId module, uint32_t arm, ExprId condition) {
  switch (view_.At(condition).kind) {
  case ExprKind::Not:
    return Not(HoldsNow(module, arm, view_.Child(condition)));
  case ExprKind::Name:
    return IsSomething(module, arm, condition);
  case ExprKind::Call:
    return view_.Calls(condition, "hasattr") ? HasNow(module, arm, condition) : Tri::Unknown;
  case ExprKind::Compare: {
    const Op op = view_.At(condition).op;
    const ExprId left = view_.Child(condition, 0);
    if (!view_.Is(left, ExprKind::Name) || (op != Op::Is && op != Op::IsNot) ||
        !view_.Is(view_.Child(condition, 1), ExprKind::None)) {
      return Tri::Unknown;
    }
    const Tri something = IsSomething(module, arm, left);
    return op == Op::Is ? Not(something) : something;
  }
  default:
    return Tri::Unknown;
  }
}

// Whether the arm runs, in the world that is executed. `ran`: whether an arm of its `if` before it
// did.
Tri Executor::TakenNow(const Block &block, uint32_t arm, Tri ran) {
  const ModuleId module = block.module;
  Tri taken = resolver_.ArmTaken(module, arm);
  const StatementKind kind = view_.Of(StatementsOf(module)[arm]).kind;
  const uint32_t first = resolver_.Log(module).FirstArm(arm);
  if (taken == Tri::Unknown && view_.Of(StatementsOf(module)[first]).kind == StatementKind::If) {
    Tri holds = kind == StatementKind::Else ? Tri::Yes : Tri::Unknown;
    if (holds == Tri::Unknown && block.binds) {
      holds = HoldsNow(module, arm, view_.Of(StatementsOf(module)[arm]).first);
    }
    taken = std::min(holds, Not(ran));
    // The logs cannot tell.
    names_.surprised |= taken != Tri::Unknown && conditions == Conditions::Open;
  }
  if (taken == Tri::Unknown) {
    NoteOpenArm(module, arm);
  }
  if (taken != Tri::Unknown || conditions == Conditions::Open) {
    return taken;
  }
  // In such a world every arm of an `if` before an `else` is decided, so that the `else` is.
  const bool asks = kind == StatementKind::If || kind == StatementKind::Elif ||
                    kind == StatementKind::While || kind == StatementKind::For;
  met_loop_ |= kind != StatementKind::If && kind != StatementKind::Elif;
  if (asks && conditions == Conditions::Chosen) {
    return Choose(module, arm);
  }
  return !asks ? taken : conditions == Conditions::AllTrue ? Tri::Yes : Tri::No;
}

// Whether every one of these is caught where the first one is.
static bool AreAlike(llvm::ArrayRef<Failure> failures) {
  return llvm::all_of(failures, [&](const Failure &failure) {
    return failure.kind == failures.front().kind && failure.name == failures.front().name &&
           failure.needs == failures.front().needs;
  });
}

// An `if` with its elif and else. Where each arm that may run fails, and one of them runs for sure,
// it fails in every world.
Executor::Outcome Executor::ExecuteIf(const Block &block, uint32_t i, uint32_t &next) {
  const auto &statements = StatementsOf(block.module);
  std::vector<Failure> failures; // of arms that may run
  bool fails = false;            // in every world
  bool goes_on = false;          // in some world, behind an arm
  Tri ran = Tri::No;             // one of the arms up to here
  for (next = i; next < statements.size() && statements[next].parent == statements[i].parent &&
                 resolver_.Log(block.module).FirstArm(next) == i;
       next = statements[next].end) {
    const Statement &statement = view_.Of(statements[next]);
    states_.SetStatement(block.module, next);
    const Tri taken = TakenNow(block, next, ran);
    ran = std::max(ran, taken);
    if (statement.kind == StatementKind::If) {
      if (Outcome failure = ExecuteUses(block, next, statement)) {
        return failure;
      }
      BindEvents(block, next); // `if x := value:` binds, whatever the value is
    }
    if (taken == Tri::No) {
      continue;
    }
    Block inner = block;
    inner.soft |= taken != Tri::Yes;
    if (statement.kind == StatementKind::Elif) {
      BindEvents(inner, next);
    }
    Outcome failure = Execute(inner, next + 1, statements[next].end);
    if (failure && taken == Tri::Yes) {
      return failure;
    }
    goes_on |= !failure;
    fails = failure && !goes_on && statement.kind == StatementKind::Else;
    if (failure) {
      failures.push_back(std::move(*failure));
    }
  }
  if (fails && AreAlike(failures)) {
    for (const Failure &failure : failures) {
      failures.front().of_run |= failure.of_run;
      failures.front().circular |= failure.circular;
    }
    return failures.front();
  }
  for (const Failure &failure : failures) {
    FailInArm(failure);
  }
  return std::nullopt;
}

// Whether a loop may pass over the statement that fails in it.
bool Executor::MaySkip(ModuleId module, uint32_t loop, const Failure &failure) {
  const StatementKind kind = view_.Of(StatementsOf(module)[loop]).kind;
  const llvm::StringRef before = kind == StatementKind::For || kind == StatementKind::While
                                     ? TextBefore(module, loop, failure)
                                     : "";
  return SaysWord(before, "break") || SaysWord(before, "continue");
}

// A `with`, a loop with its else, a `match` or one of its cases.
Executor::Outcome Executor::ExecuteArm(const Block &block, uint32_t i) {
  const auto &statements = StatementsOf(block.module);
  const Statement &statement = view_.Of(statements[i]);
  if (statement.kind == StatementKind::With) {
    return ExecuteWith(block, i, statement);
  }
  const Tri taken = TakenNow(block, i, Tri::No);
  if (statement.kind == StatementKind::For) {
    if (Outcome failure = ExecuteUses(block, i, statement)) {
      return failure;
    }
  }
  if (statement.kind == StatementKind::While) {
    BindEvents(block, i);
  }
  if (taken == Tri::No) {
    return std::nullopt;
  }
  // A match runs one of its cases.
  const bool sure = taken == Tri::Yes || statement.kind == StatementKind::Match;
  Block inner = block;
  inner.soft |= !sure;
  if (statement.kind != StatementKind::While) {
    BindEvents(inner, i);
  }
  Outcome failure = Execute(inner, i + 1, statements[i].end);
  if (failure && (!sure || MaySkip(block.module, i, *failure))) {
    FailMaybe(*failure);
    failure.reset();
  }
  return failure;
}

} // namespace pydefrag
