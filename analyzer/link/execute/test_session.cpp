// Statements of the session, and where it starts.
#include "link/execute/test_session.h"

#include "base/parallel.h"
#include "link/execute/session_executor.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// Statements executed before what is left is answered "unknown".
static constexpr size_t kStepBudget = 40'000'000;

// Chains of imports are followed by recursion.
static constexpr unsigned kStackBytes = 1u << 30;

std::vector<ImportOutcome> SessionExecutor::RunSession(llvm::ArrayRef<ModuleId> order) {
  std::vector<ImportOutcome> outcomes;
  for (ModuleId module : order) {
    outcomes.push_back(TryEntry(module));
  }
  return outcomes;
}

// Whether a module is executed: what is installed is taken to work.
bool SessionExecutor::IsInWork(ModuleId module) const {
  return project_.modules[module].file.index < static_cast<int32_t>(project_.file_count);
}

ImportOutcome SessionExecutor::TryEntry(ModuleId entry) {
  ImportOutcome outcome;
  not_installed_.clear();
  SessionOutcome failure;
  if (steps_ <= kStepBudget) {
    failure = Load(entry);
  }
  if (steps_ > kStepBudget) {
    outcome.status = ImportOutcome::Unknown;
    outcome.reason = "the project is too large to execute on paper";
  } else if (failure && failure->kind == SessionException::Skip) {
    outcome.reason = std::move(failure->reason);
  } else if (failure && !failure->not_installed.empty()) {
    outcome.status = ImportOutcome::Unknown;
    outcome.reason = std::move(failure->not_installed);
  } else if (failure) {
    outcome.status = ImportOutcome::Fails;
    outcome.reason = std::move(failure->reason);
    outcome.chain.assign(failure->chain.rbegin(), failure->chain.rend());
  } else if (!not_installed_.empty()) {
    outcome.status = ImportOutcome::Unknown;
    outcome.reason = not_installed_;
  }
  return outcome;
}

// --- loading
// Loads a module after the packages above it.
SessionOutcome SessionExecutor::Load(ModuleId module) {
  llvm::SmallVector<ModuleId, 8> parents;
  for (ModuleId at = module; at.valid(); at = project_.modules[at].parent) {
    parents.push_back(at);
  }
  for (auto it = parents.rbegin(); it != parents.rend(); ++it) {
    if (auto failure = LoadOne(*it)) {
      return failure;
    }
  }
  return std::nullopt;
}

SessionOutcome SessionExecutor::LoadOne(ModuleId module) {
  const Module &m = project_.modules[module];
  if (!m.file.valid()) {
    return std::nullopt;
  }
  if (!IsInWork(module)) {
    return std::nullopt;
  }
  if (state_[module].loaded != SessionLoad::No) {
    auto lacks = lacks_.find(module);
    return lacks == lacks_.end() ? std::nullopt : NotInstalled(lacks->second);
  }
  const ModuleFacts &facts = project_.scanned.facts[m.file];
  if (facts.state == FileState::SyntaxError) {
    SessionFailure failure;
    failure.kind = SessionException::Syntax;
    failure.reason = "SyntaxError: " + facts.error_message;
    failure.chain.push_back({m.file, facts.error_span});
    return failure;
  }
  return ExecuteAll(module, static_cast<uint32_t>(facts.statements.size()));
}

SessionOutcome SessionExecutor::ExecuteAll(ModuleId module, uint32_t end) {
  const std::string lacked_before = std::exchange(not_installed_, "");
  state_[module].loaded = SessionLoad::UnderWay;
  auto failure = Execute(module, 0, end, false);
  state_[module].loaded = failure ? SessionLoad::No : SessionLoad::Yes;
  if (!failure && !not_installed_.empty()) {
    lacks_[module] = not_installed_;
  }
  if (!lacked_before.empty()) {
    not_installed_ = lacked_before;
  }
  return failure;
}

// --- statements
// Executes the direct statements of [begin, end). In `soft` code nobody knows whether it runs:
// it loads modules but cannot fail.
SessionOutcome SessionExecutor::Execute(ModuleId module, uint32_t begin, uint32_t end, bool soft) {
  const auto &statements = StatementsOf(module);
  for (uint32_t i = begin; i < end; i = statements[i].end) {
    if (++steps_ > kStepBudget) {
      return std::nullopt;
    }
    state_[module].statement = i;
    SessionOutcome failure = ExecuteOne(module, i, soft);
    if (failure && !soft) {
      return failure;
    }
  }
  return std::nullopt;
}

const std::vector<PlacedStatement> &SessionExecutor::StatementsOf(ModuleId module) const {
  return project_.StatementsOf(module);
}

SessionOutcome SessionExecutor::ExecuteOne(ModuleId module, uint32_t i, bool soft) {
  const auto &statements = StatementsOf(module);
  const Statement &statement = view_.Of(statements[i]);
  switch (statement.kind) {
  case StatementKind::Import:
  case StatementKind::FromImport:
    return statements[i].lazy ? std::nullopt : ExecuteImport(module, i);
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::While:
  case StatementKind::For:
  case StatementKind::With:
  case StatementKind::Match:
  case StatementKind::Case:
    return ExecuteArm(module, i, soft);
  case StatementKind::Try:
    return ExecuteTry(module, i, soft);
  case StatementKind::Except:
  case StatementKind::ExceptStar:
    return std::nullopt; // done with its try
  case StatementKind::Finally:
    return Execute(module, i + 1, statements[i].end, soft);
  case StatementKind::Class:
    if (auto failure = ExecuteUses(module, i, statement)) {
      return failure;
    }
    return Execute(module, i + 1, statements[i].end, soft);
  case StatementKind::Function:
    return ExecuteUses(module, i, statement);
  case StatementKind::Expression:
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
  case StatementKind::AugAssign:
    return ExecuteCode(module, i, statement);
  case StatementKind::Raise:
    return Raised(module, i, statement);
  default:
    return std::nullopt;
  }
}

SessionOutcome SessionExecutor::ExecuteArm(ModuleId module, uint32_t i, bool soft) {
  const Tri taken = resolver_.ArmTaken(module, i);
  if (taken == Tri::No) {
    return std::nullopt;
  }
  const bool inner = soft || taken == Tri::Unknown;
  auto failure = Execute(module, i + 1, StatementsOf(module)[i].end, inner);
  return inner ? std::nullopt : failure;
}

bool SessionExecutor::IsHandler(StatementKind kind) {
  return kind == StatementKind::Except || kind == StatementKind::ExceptStar;
}

SessionOutcome SessionExecutor::ExecuteTry(ModuleId module, uint32_t i, bool soft) {
  const auto &statements = StatementsOf(module);
  ++try_depth_;
  auto failure = Execute(module, i + 1, statements[i].end, false);
  --try_depth_;
  if (!failure) {
    return std::nullopt;
  }
  for (uint32_t h = statements[i].end;
       h < statements.size() && IsHandler(view_.Of(statements[h]).kind); h = statements[h].end) {
    const Tri catches = Catches(module, view_.Of(statements[h]), *failure);
    if (catches == Tri::No) {
      continue;
    }
    if (catches == Tri::Unknown) {
      return std::nullopt;
    }
    state_[module].statement = h;
    auto again = Execute(module, h + 1, statements[h].end, soft);
    if (again && again->not_installed.empty()) {
      again->not_installed = failure->not_installed;
    }
    return again;
  }
  return failure;
}

// Whether a handler catches the failure; unknown when it names a type nobody knows.
Tri SessionExecutor::Catches(ModuleId, const Statement &handler,
                             const SessionFailure &failure) const {
  const ExprId caught = handler.first;
  if (!caught.valid()) {
    return Tri::Yes;
  }
  llvm::SmallVector<ExprId, 8> types{caught};
  if (view_.Is(caught, ExprKind::Tuple)) {
    types = view_.Children(caught);
  }
  Tri all = Tri::No;
  for (ExprId type : types) {
    const auto dotted = view_.Dotted(type);
    const llvm::StringRef name = dotted ? llvm::StringRef(*dotted) : "";
    all = std::max(all, CatchesName(name, failure));
  }
  return all;
}

Tri SessionExecutor::CatchesName(llvm::StringRef name, const SessionFailure &failure) {
  if (name == "BaseException") {
    return Tri::Yes;
  }
  if (name == "Exception") {
    return failure.kind == SessionException::Exit || failure.kind == SessionException::Skip
               ? Tri::No
               : Tri::Yes;
  }
  switch (failure.kind) {
  case SessionException::NoModule:
    return name == "ImportError" || name == "ModuleNotFoundError" ? Tri::Yes : Plain(name);
  case SessionException::NoName:
  case SessionException::BeyondTop:
    return name == "ImportError" ? Tri::Yes : Plain(name);
  case SessionException::Attribute:
    return name == "AttributeError" ? Tri::Yes : Plain(name);
  case SessionException::Name:
    return name == "NameError" ? Tri::Yes : Plain(name);
  case SessionException::Syntax:
    return name == "SyntaxError" ? Tri::Yes : Plain(name);
  case SessionException::Exit:
    return name == "SystemExit" ? Tri::Yes : Plain(name);
  case SessionException::Skip:
    return Plain(name);
  case SessionException::Raised:
    return Tri::Unknown;
  }
  return Tri::Unknown;
}

// The built-in exceptions are known not to catch; other names may be bases.
Tri SessionExecutor::Plain(llvm::StringRef name) {
  for (const char *known :
       {"ImportError",    "ModuleNotFoundError", "AttributeError",    "KeyError",
        "ValueError",     "TypeError",           "NameError",         "OSError",
        "IOError",        "RuntimeError",        "SyntaxError",       "IndexError",
        "LookupError",    "NotImplementedError", "UnicodeError",      "SystemExit",
        "AssertionError", "ZeroDivisionError",   "KeyboardInterrupt", "StopIteration"}) {
    if (name == known) {
      return Tri::No;
    }
  }
  return Tri::Unknown;
}

// --- imports
Location SessionExecutor::At(ModuleId module, uint32_t statement) const {
  const PlacedStatement &placed = StatementsOf(module)[statement];
  return {project_.modules[module].file, {placed.head, placed.head + 1}};
}

// --- other code
SessionOutcome SessionExecutor::ExecuteCode(ModuleId module, uint32_t i,
                                            const Statement &statement) {
  if (statement.kind == StatementKind::Expression) {
    const auto callee = view_.Callee(statement.first);
    if (callee && (*callee == "sys.exit" || *callee == "exit" || *callee == "quit")) {
      SessionFailure failure;
      failure.kind = SessionException::Exit;
      failure.reason = "SystemExit: the module exits when it is imported";
      failure.chain.push_back(At(module, i));
      return failure;
    }
    if (callee && *callee == "pytest.skip") {
      return Skipped(module, i, "Skipped: by pytest.skip");
    }
  }
  if (auto failure = ImportOrSkip(module, i, statement)) {
    return failure;
  }
  return ExecuteUses(module, i, statement);
}

SessionOutcome SessionExecutor::Skipped(ModuleId module, uint32_t i, std::string reason) const {
  SessionFailure failure;
  failure.kind = SessionException::Skip;
  failure.reason = std::move(reason);
  failure.chain.push_back(At(module, i));
  return failure;
}

// `pytest.importorskip("a.b")`, alone or assigned.
SessionOutcome SessionExecutor::ImportOrSkip(ModuleId module, uint32_t i,
                                             const Statement &statement) {
  const ExprId value = view_.LastOperand(statement);
  const auto callee = view_.Is(value, ExprKind::Call) ? view_.Callee(value) : std::nullopt;
  if (!callee || (*callee != "pytest.importorskip" && *callee != "importorskip")) {
    return std::nullopt;
  }
  const auto arguments = view_.Arguments(value);
  const auto name = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
  if (!name) {
    return std::nullopt;
  }
  const ModuleSearch search = resolver_.FindModule(module, *name);
  if (search.module.valid() || search.unknown) {
    return std::nullopt; // one that fails otherwise is not skipped by recent versions
  }
  return Skipped(module, i, ("Skipped: could not import '" + *name + "'").str());
}

SessionOutcome SessionExecutor::Raised(ModuleId module, uint32_t i,
                                       const Statement &statement) const {
  SessionFailure failure;
  const auto raised = view_.Is(statement.first, ExprKind::Call) ? view_.Callee(statement.first)
                                                                : view_.Dotted(statement.first);
  const std::string name = raised.value_or("Exception");
  if (llvm::StringRef(name).ends_with("SkipTest")) { // of unittest: pytest skips the module, too
    return Skipped(module, i, "Skipped: by " + name);
  }
  failure.kind = name == "ImportError"           ? SessionException::NoName
                 : name == "ModuleNotFoundError" ? SessionException::NoModule
                 : name == "SystemExit"          ? SessionException::Exit
                 : name == "AttributeError"      ? SessionException::Attribute
                                                 : SessionException::Raised;
  failure.reason = name + ": raised when the module is imported";
  failure.chain.push_back(At(module, i));
  return failure;
}

std::vector<ImportOutcome> SimulateSession(const Project &project, llvm::ArrayRef<ModuleId> order) {
  std::vector<ImportOutcome> outcomes;
  RunWithStack(kStackBytes, [&] {
    SessionExecutor executor(project, *project.state->resolver, project.state->graph);
    outcomes = executor.RunSession(order);
  });
  return outcomes;
}

} // namespace pydefrag
