// Executor: arms of `if`, loops and `match` (executor.h).
#include "link/execute/executor.h"

#include "llvm/ADT/STLExtras.h"

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

// Whether the arm runs, in the world that is executed.
Tri Executor::TakenNow(ModuleId module, uint32_t arm) {
  const Tri taken = resolver_.ArmTaken(module, arm);
  if (taken == Tri::Unknown) {
    NoteOpenArm(module, arm);
  }
  if (taken != Tri::Unknown || conditions == Conditions::Open) {
    return taken;
  }
  const bool all_true = conditions == Conditions::AllTrue;
  const NamespaceLog &log = resolver_.Log(module);
  const auto &statements = StatementsOf(module);
  const StatementKind kind = view_.Of(statements[arm]).kind;
  switch (kind) {
  case StatementKind::If:
  case StatementKind::While:
  case StatementKind::For:
    return all_true ? Tri::Yes : Tri::No;
  case StatementKind::Elif:
  case StatementKind::Else:
    if (view_.Of(statements[log.FirstArm(arm)]).kind != StatementKind::If) {
      return taken;
    }
    for (uint32_t at = arm; log.PreviousArm(at) != at && all_true; at = log.PreviousArm(at)) {
      if (resolver_.ArmTaken(module, log.PreviousArm(at)) != Tri::No) {
        return Tri::No;
      }
    }
    return all_true || kind == StatementKind::Else ? Tri::Yes : Tri::No;
  default:
    return taken;
  }
}

// Whether every one of these is caught where the first one is.
static bool AreAlike(llvm::ArrayRef<Failure> failures) {
  return llvm::all_of(failures, [&](const Failure &failure) {
    return failure.kind == failures.front().kind && failure.name == failures.front().name;
  });
}

// An `if` with its elif and else. Where each arm that may run fails, and one of them runs for sure,
// it fails in every world.
Executor::Outcome Executor::ExecuteIf(const Block &block, uint32_t i, uint32_t &next) {
  const auto &statements = StatementsOf(block.module);
  std::vector<Failure> failures; // of arms that may run
  bool fails = false;            // in every world
  bool goes_on = false;          // in some world, behind an arm
  for (next = i; next < statements.size() && statements[next].parent == statements[i].parent &&
                 resolver_.Log(block.module).FirstArm(next) == i;
       next = statements[next].end) {
    const Statement &statement = view_.Of(statements[next]);
    states_.SetStatement(block.module, next);
    const Tri taken = TakenNow(block.module, next);
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
    failures.front().of_run = llvm::any_of(failures, [](const Failure &f) { return f.of_run; });
    return failures.front();
  }
  for (const Failure &failure : failures) {
    FailMaybe(failure);
  }
  return std::nullopt;
}

// A `with`, a loop with its else, a `match` or one of its cases.
Executor::Outcome Executor::ExecuteArm(const Block &block, uint32_t i) {
  const auto &statements = StatementsOf(block.module);
  const Statement &statement = view_.Of(statements[i]);
  if (statement.kind == StatementKind::With) {
    return ExecuteWith(block, i, statement);
  }
  const Tri taken = TakenNow(block.module, i);
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
  if (failure && !sure) {
    FailMaybe(*failure);
    failure.reset();
  }
  return failure;
}

} // namespace pydefrag
