// Executor: `try` with its handlers, else and finally (executor.h).
#include "link/execute/executor.h"
#include "link/resolve/built_in.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// A try with its handlers, else and finally.
Executor::Outcome Executor::ExecuteTry(const Block &block, uint32_t i, uint32_t &next) {
  const auto &statements = StatementsOf(block.module);
  const uint32_t first = statements[i].end; // the first arm behind the body
  uint32_t otherwise = 0;
  uint32_t finally = 0;
  for (next = first; next < statements.size() && statements[next].parent == statements[i].parent;
       next = statements[next].end) {
    const StatementKind kind = view_.Of(statements[next]).kind;
    if (kind == StatementKind::Else) {
      otherwise = next;
    } else if (kind == StatementKind::Finally) {
      finally = next;
    } else if (!IsHandler(kind)) {
      break;
    }
  }
  const std::string outer_doubt = std::move(doubt);
  doubt.clear();
  const bool outer_doubted_name = std::exchange(doubted_name_, false);
  const bool outer_doubted_run = std::exchange(doubted_run_, false);
  const bool outer_doubted_delete = std::exchange(doubted_delete_, false);
  const bool outer_took_outside = std::exchange(took_outside_, false);
  std::vector<Failure> soft_failures;
  std::vector<Failure> *outer_failures = std::exchange(soft_failures_, &soft_failures);
  Block body = block;
  body.in_try = true;
  ++open_blocks_;
  Outcome failure = Execute(body, i + 1, first);
  --open_blocks_;
  soft_failures_ = outer_failures;
  doubted_name_ = outer_doubted_name;
  doubted_run_ |= outer_doubted_run;
  bool doubted = !doubt.empty();
  if (doubted && !failure && doubted_import == block.module) {
    HandleMaybe(block, first);
  }
  if (!failure) {
    doubted |= HandleSoft(block, first, soft_failures);
  }
  if (!outer_doubt.empty()) {
    doubt = outer_doubt;
  }
  const bool may_fail = !failure && MayFailOtherwise(block, i + 1, first);
  doubted_delete_ |= outer_doubted_delete;
  if (may_fail) {
    DoubtHandlers(block, first);
  } else if (!failure && took_outside_) {
    NoteUnrunHandlers(block, first);
  }
  took_outside_ |= outer_took_outside;
  if (failure) {
    const bool may_fail_before = MayFailBefore(block, i + 1, first);
    failure = Handle(block, first, *failure);
    if (failure && may_fail_before) {
      DoubtHandlers(block, first);
      FailMaybe(*failure);
      failure.reset();
    }
  } else if (otherwise) {
    names_.surprised |= !may_fail; // the logs cannot tell that it runs
    Block rest = block;
    const bool sure = !doubted && !may_fail;
    rest.soft |= !sure;
    failure = Execute(rest, otherwise + 1, statements[otherwise].end);
    if (failure && !sure) {
      FailMaybe(*failure);
      failure.reset();
    }
  }
  if (finally) {
    if (Outcome last = Execute(block, finally + 1, statements[finally].end)) {
      return last;
    }
    // What leaves the block from there drops what was raised.
    if (failure && Says(block.module, finally, {"return", "break", "continue"})) {
      FailMaybe(*failure);
      failure.reset();
    }
  }
  return failure;
}

// Whether evaluating it may fail: all but literals, names that are bound or built in, and calls of
// what is defined in the project.
bool Executor::MayFail(const Block &block, uint32_t i, ExprId expr) const {
  switch (view_.At(expr).kind) {
  case ExprKind::Number:
  case ExprKind::String:
  case ExprKind::Bytes:
  case ExprKind::None:
  case ExprKind::True:
  case ExprKind::False:
  case ExprKind::Ellipsis:
  case ExprKind::Lambda:
    return false;
  case ExprKind::Walrus:
    return MayFail(block, i, view_.Child(expr, 1));
  case ExprKind::Tuple:
  case ExprKind::List:
    return llvm::any_of(view_.Children(expr), [&](ExprId item) { return MayFail(block, i, item); });
  case ExprKind::Name:
    if (IsBuiltInThroughout(view_.TextOf(expr), resolver_.versions())) {
      return false;
    }
    [[fallthrough]];
  case ExprKind::Attribute:
    return !names_.Evaluate(block.module, i, expr).bound();
  case ExprKind::Call: { // what is defined in the project has been executed
    const Held held = names_.Evaluate(block.module, i, view_.Child(expr));
    const bool ours = held.bound() && held.event != kNoEvent && resolver_.HasLog(held.module);
    return !ours ||
           Says(held.module, resolver_.Log(held.module).events[held.event].statement, {"raise"}) ||
           llvm::any_of(view_.Arguments(expr),
                        [&](ExprId argument) { return MayFail(block, i, argument); });
  }
  default:
    return true;
  }
}

// Whether a name that the statement deletes may not be bound. A dict that is kept tells no more,
// now that the statement has been executed.
bool Executor::MayNotDelete(const Block &block, uint32_t i) const {
  return llvm::any_of(view_.Operands(view_.Of(StatementsOf(block.module)[i])), [&](ExprId target) {
    if (!view_.Is(target, ExprKind::Name) || !block.binds) {
      return true;
    }
    if (names_.Tracked(block.module)) {
      return doubted_delete_;
    }
    const Held held = names_.Evaluate(block.module, i, target);
    return !held.bound() || held.maybe || held.doubtful;
  });
}

// Whether the handlers of a `try`, the first of which stands at `at`, catch nothing but
// ImportError.
static bool CatchOnlyImports(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                             uint32_t at) {
  const auto of_import = [&](ExprId type) {
    return view.IsName(type, "ImportError") || view.IsName(type, "ModuleNotFoundError");
  };
  for (; at < statements.size() && IsHandler(view.Of(statements[at]).kind);
       at = statements[at].end) {
    const ExprId types = view.Of(statements[at]).first;
    const bool tuple = view.Is(types, ExprKind::Tuple);
    if (tuple ? !llvm::all_of(view.Children(types), of_import) : !of_import(types)) {
      return false;
    }
  }
  return true;
}

// Whether other code than imports stands in the body of a try, which handlers follow: calls and
// look-ups, which may fail.
bool Executor::MayFailOtherwise(const Block &block, uint32_t begin, uint32_t end) const {
  const auto &statements = StatementsOf(block.module);
  for (uint32_t i = begin; i < end; ++i) {
    const Statement &statement = view_.Of(statements[i]);
    switch (statement.kind) {
    case StatementKind::Import:
    case StatementKind::FromImport:
    case StatementKind::Pass:
    case StatementKind::Docstring:
    case StatementKind::Global:
    case StatementKind::If:
    case StatementKind::Elif:
    case StatementKind::Else:
    case StatementKind::Try:
    case StatementKind::Except:
    case StatementKind::Finally:
    case StatementKind::Raise: // is executed
      break;
    case StatementKind::Function:
    case StatementKind::Class: // what stands in it is asked for failing imports alone
      i = statements[i].end - 1;
      break;
    case StatementKind::Delete:
      if (MayNotDelete(block, i)) {
        return true;
      }
      break;
    case StatementKind::AnnAssign:
      if (!view_.Next(statement.first).valid()) {
        if (!CatchOnlyImports(view_, statements, end)) {
          return true; // the annotation is evaluated, and may lack a name
        }
        break;
      }
      [[fallthrough]];
    case StatementKind::Assign:
    case StatementKind::Expression:
      if (MayFail(block, i, view_.LastOperand(statement))) {
        return true;
      }
      break;
    default:
      return true;
    }
  }
  return false;
}

// Whether something in front of what has failed in the body may have failed before, in a way that a
// handler catches: names that Python 2 alone has, say.
bool Executor::MayFailBefore(const Block &block, uint32_t begin, uint32_t end) const {
  if (CatchOnlyImports(view_, StatementsOf(block.module), end)) {
    return false; // of imports it is known whether they fail
  }
  const uint32_t failed = states_.Of(block.module).statement;
  const bool inside = failed >= begin && failed < end; // and not in a function that it calls
  return MayFailOtherwise(block, begin, inside ? failed : end);
}

// What the handlers bind may be bound: nobody knows whether they run.
void Executor::DoubtHandlers(const Block &block, uint32_t first) {
  const auto &statements = StatementsOf(block.module);
  uint32_t end = first;
  while (end < statements.size() && IsHandler(view_.Of(statements[end]).kind)) {
    end = statements[end].end;
  }
  Block soft = block;
  soft.soft = true;
  const std::vector<Event> &events = resolver_.Log(block.module).events;
  for (size_t e = resolver_.EventLimit(block.module, first);
       e < events.size() && events[e].statement < end; ++e) {
    Held held = events[e].kind == EventKind::Import
                    ? NamesNow::Of(resolver_.ValueOf(block.module, static_cast<uint32_t>(e)))
                    : NamesNow::ObjectHeld();
    held = held.kind == Held::Module ? held : NamesNow::ObjectHeld();
    held.doubtful = true;
    if (events[e].name.valid()) {
      Bind(soft, events[e].name, held);
    }
  }
}

// Where the body imports what stands outside of the project, and is taken to be there, its handlers
// run elsewhere: what they alone bind may be bound.
void Executor::NoteUnrunHandlers(const Block &block, uint32_t first) {
  const auto &statements = StatementsOf(block.module);
  const std::vector<Event> &events = resolver_.Log(block.module).events;
  Held perhaps = NamesNow::ObjectHeld();
  perhaps.doubtful = true;
  llvm::SmallVector<NameId, 4> noted;
  for (uint32_t h = first; h < statements.size() && IsHandler(view_.Of(statements[h]).kind);
       h = statements[h].end) {
    for (size_t e = CatchesImportErrors(view_, view_.Of(statements[h]).first)
                        ? resolver_.EventLimit(block.module, h)
                        : events.size();
         e < events.size() && events[e].statement < statements[h].end; ++e) {
      const NameId name = events[e].name;
      if (events[e].kind == EventKind::Unbind && llvm::is_contained(noted, name)) {
        names_.Unbind(block.module, name, block.soft);
        llvm::erase(noted, name);
      } else if (events[e].kind != EventKind::Unbind && name.valid() &&
                 !states_.Get(block.module, name).bound()) {
        Bind(block, name, perhaps);
        noted.push_back(name);
      }
    }
  }
}

// The handlers of a try whose body may fail to import something: one that catches that may run, and
// then nothing is in doubt any more.
void Executor::HandleMaybe(const Block &block, uint32_t first) {
  const auto &statements = StatementsOf(block.module);
  for (uint32_t h = first; h < statements.size() && IsHandler(view_.Of(statements[h]).kind);
       h = statements[h].end) {
    if (!CatchesImportErrors(view_, view_.Of(statements[h]).first)) {
      continue;
    }
    const std::string reason = std::move(doubt);
    doubt.clear();
    if (ExecuteHandler(block, h, nullptr, true)) {
      Doubt(reason);
    }
    return;
  }
}

// The handlers of a try whose body fails in some worlds: those that catch this run there. Returns
// whether there is any such failure.
bool Executor::HandleSoft(const Block &block, uint32_t first, llvm::ArrayRef<Failure> failures) {
  const auto &statements = StatementsOf(block.module);
  llvm::SmallVector<uint32_t, 2> done;
  for (const Failure &failure : failures) {
    names_.Survive(failure);
    uint32_t h = first;
    while (h < statements.size() && IsHandler(view_.Of(statements[h]).kind) &&
           Catches(view_, view_.Of(statements[h]).first, failure) == Tri::No) {
      h = statements[h].end;
    }
    if (h >= statements.size() || !IsHandler(view_.Of(statements[h]).kind) ||
        Catches(view_, view_.Of(statements[h]).first, failure) != Tri::Yes) {
      FailMaybe(failure);
    } else if (!llvm::is_contained(done, h)) {
      done.push_back(h);
      if (Outcome again = ExecuteHandler(block, h, &failure, true)) {
        FailMaybe(*again);
      }
    }
  }
  return !failures.empty();
}

Executor::Outcome Executor::Handle(const Block &block, uint32_t first, const Failure &failure) {
  const auto &statements = StatementsOf(block.module);
  for (uint32_t h = first; h < statements.size() && IsHandler(view_.Of(statements[h]).kind);
       h = statements[h].end) {
    switch (Catches(view_, view_.Of(statements[h]).first, failure)) {
    case Tri::No:
      break;
    case Tri::Yes:
      names_.Survive(failure);
      return ExecuteHandler(block, h, &failure, false);
    case Tri::Unknown:
      names_.Survive(failure);
      Doubt("an exception that nobody knows to be caught");
      ExecuteHandler(block, h, &failure, true);
      return std::nullopt;
    }
  }
  return failure;
}

Executor::Outcome Executor::ExecuteHandler(const Block &block, uint32_t handler,
                                           const Failure *failure, bool soft) {
  const auto &statements = StatementsOf(block.module);
  const NameId name = view_.Of(statements[handler]).text;
  Block inner = block;
  inner.soft |= soft;
  inner.caught = failure;
  const Held before = name.valid() ? states_.Get(block.module, name) : Held();
  Bind(inner, name, NamesNow::ObjectHeld());
  Outcome outcome = Execute(inner, handler + 1, statements[handler].end);
  if (name.valid() && inner.binds && names_.Tracked(block.module)) {
    states_.Put(block.module, name, before); // of `except E as name:`; it is gone if this runs
    names_.Unbind(block.module, name, inner.soft);
  }
  return outcome;
}

} // namespace pydefrag
