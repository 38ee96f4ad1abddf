#include "link/execute/executor.h"

#include "base/identifier.h"
#include "link/resolve/built_in.h"
#include "link/resolve/suppressed_blocks.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

std::optional<Failure> Executor::ExecuteModule(ModuleId module) {
  Block block;
  block.module = module;
  const int calls = std::exchange(call_depth_, 0);
  std::vector<Failure> *soft_failures = std::exchange(soft_failures_, nullptr);
  const bool doubted_name = doubted_name_;
  Outcome failure = Execute(block, 0, static_cast<uint32_t>(StatementsOf(module).size()));
  soft_failures_ = soft_failures;
  doubted_name_ = doubted_name;
  call_depth_ = calls;
  return failure;
}

void Executor::Doubt(const llvm::Twine &reason, ModuleId import) {
  doubted_import = doubt.empty() || doubted_import == import ? import : ModuleId();
  if (doubt.empty()) { // the first reason is told
    doubt = reason.str();
  }
  doubts_more = true;
}

// What fails only if a soft statement runs: a handler may catch it, else it is a doubt.
void Executor::FailMaybe(const Failure &failure) {
  if (soft_failures_) {
    soft_failures_->push_back(failure);
  } else {
    Doubt("under a condition: " + failure.reason);
    doubted_run_ |= failure.of_run || failure.circular;
  }
}

void Executor::DoubtEnd(const llvm::Twine &reason) {
  const bool more = doubts_more || open_blocks_ > 0;
  Doubt(reason);
  doubts_more = more;
}

// In an arm of which nobody knows whether it runs.
void Executor::FailInArm(const Failure &failure) {
  const bool more = doubts_more;
  FailMaybe(failure);
  doubts_more = more || (soft_failures_ == nullptr && open_blocks_ > 0);
}

void Executor::Bind(const Block &block, NameId name, Held held) {
  if ((block.unsure || (block.in_try && doubted_run_)) && held.bound()) {
    held.doubtful = true;
    names_.surprised = true; // the logs take it for bound
  }
  if (block.binds || llvm::is_contained(block.globals, name)) {
    names_.Bind(block.module, name, held, block.soft);
  }
}

void Executor::DoubtName(const llvm::Twine &reason, ModuleId importer) {
  Doubt(reason, importer);
  doubted_name_ = true;
}

// The direct statements of [begin, end).
Executor::Outcome Executor::Execute(const Block &block, uint32_t begin, uint32_t end) {
  Block here = block;
  bool sure = true; // as sure as the block itself
  for (uint32_t i = begin; i < end;) {
    if (++steps > step_limit) {
      return std::nullopt;
    }
    states_.SetStatement(block.module, i);
    uint32_t next = StatementsOf(block.module)[i].end;
    if (Outcome failure = ExecuteOne(here, i, next)) {
      if (sure) {
        return failure;
      }
      FailMaybe(*failure);
      return std::nullopt;
    }
    sure &= !(call_depth_ > 0 && MayReturn(block.module, i, std::min(next, end)));
    sure &= !soft_failures_ || soft_failures_->empty();
    here.soft |= !sure;
    here.unsure |= block.in_try && doubted_name_;
    i = next;
  }
  return std::nullopt;
}

// Whether a return stands under the statement: what follows in the function may not run.
bool Executor::MayReturn(ModuleId module, uint32_t header, uint32_t end) const {
  const auto &statements = StatementsOf(module);
  for (uint32_t i = header + 1; i < end;) {
    const StatementKind kind = view_.Of(statements[i]).kind;
    if (kind == StatementKind::Return) {
      return true;
    }
    i = kind == StatementKind::Function ? statements[i].end : i + 1;
  }
  return false;
}

Executor::Outcome Executor::ExecuteOne(const Block &block, uint32_t i, uint32_t &next) {
  const auto &statements = StatementsOf(block.module);
  const Statement &statement = view_.Of(statements[i]);
  switch (statement.kind) {
  case StatementKind::Import:
  case StatementKind::FromImport:
    if (statements[i].lazy) {
      BindEvents(block, i);
      return std::nullopt;
    }
    return ExecuteImport(block, i);
  case StatementKind::If:
    return ExecuteIf(block, i, next);
  case StatementKind::Else: // of a loop
  case StatementKind::While:
  case StatementKind::For:
  case StatementKind::With:
  case StatementKind::Match:
  case StatementKind::Case:
    return ExecuteArm(block, i);
  case StatementKind::Try:
    return ExecuteTry(block, i, next);
  case StatementKind::Except:
  case StatementKind::ExceptStar:
    return std::nullopt; // done with its try
  case StatementKind::Finally:
    return Execute(block, i + 1, statements[i].end);
  case StatementKind::Class:
    return ExecuteClass(block, i, statement);
  case StatementKind::Raise:
    return ExecuteRaise(block, i, statement);
  case StatementKind::Assert:
    if (view_.Is(statement.first, ExprKind::False)) {
      return ExecuteRaise(block, i, statement);
    }
    BindEvents(block, i);
    return std::nullopt;
  case StatementKind::Return:
    next = static_cast<uint32_t>(statements.size()); // leaves the block; see CallNow
    return std::nullopt;
  case StatementKind::Function:
  case StatementKind::Expression:
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
  case StatementKind::AugAssign:
    return ExecuteCode(block, i, statement);
  default:
    BindEvents(block, i);
    return std::nullopt;
  }
}

// A with block always runs; `suppress(E)` and the like swallow what they name.
Executor::Outcome Executor::ExecuteWith(const Block &block, uint32_t i,
                                        const Statement &statement) {
  if (Outcome failure = ExecuteUses(block, i, statement)) {
    return failure;
  }
  BindEvents(block, i);
  ++open_blocks_;
  Outcome failure = Execute(block, i + 1, StatementsOf(block.module)[i].end);
  --open_blocks_;
  if (Suppresses(view_, statement)) {
    DoubtSuppressed(block, i);
  }
  for (ExprId item : failure ? view_.Operands(statement) : llvm::SmallVector<ExprId, 8>()) {
    const ExprId call = view_.Is(item, ExprKind::Walrus) ? view_.Child(item, 1) : item;
    const std::string callee = view_.Callee(call).value_or("");
    if (!llvm::StringRef(callee).ends_with("suppress") &&
        !llvm::StringRef(callee).ends_with_insensitive("raises")) {
      continue;
    }
    for (ExprId type : view_.Arguments(call)) {
      const Tri caught = Catches(view_, type, *failure);
      if (caught == Tri::Unknown) {
        Doubt("an exception that nobody knows to be caught");
      }
      if (caught != Tri::No) {
        names_.Survive(*failure);
        return std::nullopt;
      }
    }
  }
  if (failure && (DefersImports(view_, statement) || MaySwallow(block, i))) {
    FailMaybe(*failure);
    return std::nullopt;
  }
  return failure;
}

// Whether a context manager may keep an exception to itself: nobody reads what `__exit__` does, but
// those of the standard library do so where they are named for it.
bool Executor::MaySwallow(const Block &block, uint32_t with) {
  const auto is_known = [&](ExprId callee, uint32_t limit) {
    const bool built_in = view_.Is(callee, ExprKind::Name) &&
                          IsBuiltInThroughout(view_.TextOf(callee), resolver_.versions()) &&
                          resolver_.Log(block.module).Of(view_.At(callee).text).empty();
    const Found found = built_in ? Found() : resolver_.Evaluate(block.module, callee, limit);
    if (built_in || !found.module.valid() || found.unknown ||
        project_.modules[found.module].kind != ModuleKind::Stdlib) {
      return built_in;
    }
    // `suppress` by another name, or an `ExitStack` with one in it.
    const llvm::StringRef name = found.outside.valid() ? project_.Text(found.outside) : "";
    return NameOf(found.module) != "contextlib" || name == "nullcontext" || name == "closing" ||
           name.starts_with("redirect_");
  };
  const uint32_t limit = resolver_.EventLimit(block.module, with);
  return !llvm::all_of(
      view_.Operands(view_.Of(StatementsOf(block.module)[with])), [&](ExprId item) {
        const ExprId manager = view_.Is(item, ExprKind::Walrus) ? view_.Child(item, 1) : item;
        if (view_.Is(manager, ExprKind::Call)) {
          return is_known(view_.Child(manager), limit);
        }
        // `_lock = threading.Lock()`
        const Found held = resolver_.Evaluate(block.module, manager, limit);
        const bool ours = held.IsObject() && !held.unknown && held.module == block.module;
        const Event *event = ours ? &resolver_.Log(held.module).events[held.event] : nullptr;
        return event && event->kind == EventKind::Value && view_.Is(event->value, ExprKind::Call) &&
               is_known(view_.Child(event->value), held.event);
      });
}

// What stands behind an import that may fail unnoticed in a `with` may not be bound.
void Executor::DoubtSuppressed(const Block &block, uint32_t with) {
  bool doubtful = false;
  for (uint32_t i = with + 1; i < StatementsOf(block.module)[with].end; ++i) {
    for (uint32_t e : doubtful ? EventsAt(block.module, i) : llvm::ArrayRef<uint32_t>()) {
      const NameId name = resolver_.Log(block.module).events[e].name;
      Held held = name.valid() ? states_.Get(block.module, name) : Held();
      if (held.bound()) {
        held.maybe = true;
        states_.Put(block.module, name, held);
      }
    }
    doubtful = doubtful || ImportsAbsent(resolver_, block.module, i);
  }
}

// A class body binds nothing in the module, but for names that it declares global.
Executor::Outcome Executor::ExecuteClass(const Block &block, uint32_t i,
                                         const Statement &statement) {
  const auto &statements = StatementsOf(block.module);
  if (Outcome failure = ExecuteUses(block, i, statement)) {
    return failure;
  }
  Block body = block;
  body.binds = false;
  body.globals = {};
  body.class_header = i;
  if (Outcome failure = Execute(body, i + 1, statements[i].end)) {
    return failure;
  }
  BindEvents(block, i);
  return std::nullopt;
}

Executor::Outcome Executor::ExecuteCode(const Block &block, uint32_t i,
                                        const Statement &statement) {
  if (statement.kind == StatementKind::Expression) {
    const auto callee = view_.Callee(statement.first);
    if (callee && (*callee == "sys.exit" || *callee == "exit" || *callee == "quit" ||
                   *callee == "os._exit")) {
      Failure failure;
      failure.kind = ExceptionKind::Exit;
      failure.reason = "SystemExit: the module exits when it is imported";
      failure.chain.push_back(At(block.module, i));
      return failure;
    }
  }
  if (Outcome failure = ExecuteUses(block, i, statement)) {
    return failure;
  }
  if (statement.kind == StatementKind::Function || statement.kind == StatementKind::AnnAssign ||
      statement.reduced) {
    if (Outcome failure = UseLeftOut(block, i)) {
      return failure;
    }
  }
  BindEvents(block, i);
  BindForeign(block, i, statement);
  return std::nullopt;
}

Executor::Outcome Executor::ExecuteRaise(const Block &block, uint32_t i,
                                         const Statement &statement) {
  const bool asserts = statement.kind == StatementKind::Assert;
  if (!asserts && !statement.first.valid() && block.caught) {
    return *block.caught;
  }
  const auto raised = view_.Is(statement.first, ExprKind::Call) ? view_.Callee(statement.first)
                                                                : view_.Dotted(statement.first);
  const std::string name = asserts ? "AssertionError" : raised.value_or("Exception");
  Failure failure;
  failure.kind = name == "ImportError"           ? ExceptionKind::NoName
                 : name == "ModuleNotFoundError" ? ExceptionKind::NoModule
                 : name == "SystemExit"          ? ExceptionKind::Exit
                 : name == "AttributeError"      ? ExceptionKind::Attribute
                                                 : ExceptionKind::Raised;
  // Of `raise Missing if STRICT else Late` nobody knows who catches it.
  const bool named = asserts || raised || !statement.first.valid();
  failure.name = named ? LastPart(name).str() : "";
  failure.reason = name + ": raised when the module is imported";
  failure.chain.push_back(At(block.module, i));
  return failure;
}

} // namespace pydefrag
