#include "link/executor.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

constexpr int kMaxCalls = 4; // functions that call functions

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
}

// What fails only if a soft statement runs: a handler may catch it, else it is a doubt.
void Executor::FailMaybe(const Failure &failure) {
  if (soft_failures_) {
    soft_failures_->push_back(failure);
  } else {
    Doubt("under a condition: " + failure.reason);
  }
}

void Executor::Bind(const Block &block, NameId name, Held held) {
  if (block.unsure && held.bound()) {
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
  for (uint32_t i = begin; i < end;) {
    if (++steps > step_limit) {
      return std::nullopt;
    }
    states_.SetStatement(block.module, i);
    uint32_t next = StatementsOf(block.module)[i].end;
    if (Outcome failure = ExecuteOne(here, i, next)) {
      if (here.soft == block.soft) {
        return failure;
      }
      FailMaybe(*failure);
      return std::nullopt;
    }
    here.soft |= call_depth_ > 0 && MayReturn(block.module, i, std::min(next, end));
    here.soft |= soft_failures_ && !soft_failures_->empty();
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
  case StatementKind::Elif:
  case StatementKind::Else:
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

Executor::Outcome Executor::ExecuteArm(const Block &block, uint32_t i) {
  const auto &statements = StatementsOf(block.module);
  const Statement &statement = view_.Of(statements[i]);
  if (statement.kind == StatementKind::With) {
    return ExecuteWith(block, i, statement);
  }
  const Tri taken = resolver_.ArmTaken(block.module, i);
  if (statement.kind == StatementKind::If || statement.kind == StatementKind::For) {
    if (Outcome failure = ExecuteUses(block, i, statement)) {
      return failure;
    }
  }
  if (taken == Tri::No) {
    return std::nullopt;
  }
  Block inner = block;
  // A match runs one of its cases.
  inner.soft |= taken != Tri::Yes && statement.kind != StatementKind::Match;
  BindEvents(inner, i);
  if (inner.soft == block.soft) {
    return Execute(inner, i + 1, statements[i].end);
  }
  if (Outcome failure = Execute(inner, i + 1, statements[i].end)) {
    FailMaybe(*failure);
  }
  return std::nullopt;
}

// A with block always runs; `suppress(E)` and the like swallow what they name.
Executor::Outcome Executor::ExecuteWith(const Block &block, uint32_t i,
                                        const Statement &statement) {
  if (Outcome failure = ExecuteUses(block, i, statement)) {
    return failure;
  }
  BindEvents(block, i);
  Outcome failure = Execute(block, i + 1, StatementsOf(block.module)[i].end);
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
  return failure;
}

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
  std::vector<Failure> soft_failures;
  std::vector<Failure> *outer_failures = std::exchange(soft_failures_, &soft_failures);
  Block body = block;
  body.in_try = true;
  Outcome failure = Execute(body, i + 1, first);
  soft_failures_ = outer_failures;
  doubted_name_ = outer_doubted_name;
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
  if (may_fail) {
    DoubtHandlers(block, first);
  }
  if (failure) {
    failure = Handle(block, first, *failure);
  } else if (otherwise) {
    names_.surprised |= !may_fail; // the logs cannot tell that it runs
    Block rest = block;
    rest.soft |= doubted || may_fail;
    failure = Execute(rest, otherwise + 1, statements[otherwise].end);
    if (failure && rest.soft != block.soft) {
      FailMaybe(*failure);
      failure.reset();
    }
  }
  if (finally) {
    if (Outcome last = Execute(block, finally + 1, statements[finally].end)) {
      return last;
    }
  }
  return failure;
}

// Whether evaluating it may fail: all but literals, names that are bound and calls of such.
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
  case ExprKind::Name:
  case ExprKind::Attribute:
    return !names_.Evaluate(block.module, i, expr).bound();
  case ExprKind::Call: { // what is defined in the project has been executed
    const Held held = names_.Evaluate(block.module, i, view_.Child(expr));
    const bool ours = held.bound() && held.event != kNoEvent && resolver_.HasLog(held.module);
    return !ours || llvm::any_of(view_.Arguments(expr),
                                 [&](ExprId argument) { return MayFail(block, i, argument); });
  }
  default:
    return true;
  }
}

// Whether other code than imports stands in the body of a try: calls and look-ups, which may fail.
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
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
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
    Held held = NamesNow::ObjectHeld();
    held.doubtful = true;
    if (events[e].name.valid()) {
      Bind(soft, events[e].name, held);
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
  Bind(inner, name, NamesNow::ObjectHeld());
  Outcome outcome = Execute(inner, handler + 1, statements[handler].end);
  if (name.valid() && inner.binds) {
    names_.Unbind(block.module, name, inner.soft);
  }
  return outcome;
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
  failure.name = name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1);
  failure.reason = name + ": raised when the module is imported";
  failure.chain.push_back(At(block.module, i));
  return failure;
}

// The events of a statement. Those of a class stand behind what its body loads, so the log is not
// in the order of statements.
llvm::ArrayRef<uint32_t> Executor::EventsAt(ModuleId module, uint32_t statement) {
  EventIndex &index = events_by_statement_[module];
  if (index.begin.empty()) {
    const std::vector<Event> &events = resolver_.Log(module).events;
    index.begin.assign(StatementsOf(module).size() + 2, 0);
    for (const Event &event : events) {
      ++index.begin[event.statement + 2];
    }
    for (size_t i = 2; i < index.begin.size(); ++i) {
      index.begin[i] += index.begin[i - 1];
    }
    index.events.resize(events.size());
    for (uint32_t e = 0; e < events.size(); ++e) {
      index.events[index.begin[events[e].statement + 1]++] = e;
    }
  }
  return llvm::ArrayRef(index.events)
      .slice(index.begin[statement], index.begin[statement + 1] - index.begin[statement]);
}

// What the statement binds besides imports, as the log says.
void Executor::BindEvents(const Block &block, uint32_t i) {
  if (!names_.Tracked(block.module)) {
    return;
  }
  const std::vector<Event> &events = resolver_.Log(block.module).events;
  for (uint32_t e : EventsAt(block.module, i)) {
    const Event &event = events[e];
    Held held = NamesNow::ObjectHeld(block.module, e);
    switch (event.kind) {
    case EventKind::Unbind:
      if (block.binds) {
        names_.Unbind(block.module, event.name, block.soft);
      }
      continue;
    case EventKind::Copy:
      states_.SetOpen(block.module);
      continue;
    case EventKind::Star:
    case EventKind::Submodule:
      continue;
    case EventKind::Value: {
      const bool alias =
          view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
      const Held target = alias ? names_.Evaluate(block.module, i, event.value) : Held();
      // What nobody knows is an object of its own, as in the logs.
      if (target.kind == Held::Module || target.event != kNoEvent) {
        held = target;
        names_.surprised |= !NamesNow::Same(held, NamesNow::Of(resolver_.ValueOf(block.module, e)));
      }
      // In a loop, or in a function that may be called.
      const bool loop = view_.Of(StatementsOf(block.module)[i]).kind == StatementKind::For;
      held.doubtful |= event.maybe && !(loop && resolver_.ArmTaken(block.module, i) == Tri::Yes);
      break;
    }
    default:
      break;
    }
    Bind(block, event.name, held);
  }
}

// `m.name = value` puts a name on a module that is being executed.
void Executor::BindForeign(const Block &block, uint32_t i, const Statement &statement) {
  if (statement.kind != StatementKind::Assign || !view_.Is(statement.first, ExprKind::Attribute)) {
    return;
  }
  const Held base = names_.Evaluate(block.module, i, view_.Child(statement.first));
  if (base.kind == Held::Module) {
    names_.Bind(base.module, view_.At(statement.first).text, NamesNow::ObjectHeld(), block.soft);
  }
}

// --- uses

// Attributes of modules, and functions called: only what has to do with this cycle.
Executor::Outcome Executor::ExecuteUses(const Block &block, uint32_t i,
                                        const Statement &statement) {
  Outcome failure;
  ExprId failed;
  const ExprId target = statement.kind == StatementKind::Assign ? statement.first : ExprId();
  view_.Walk(statement, [&](ExprId id) {
    if (failure || view_.At(id).begin == kNoPosition) {
      return;
    }
    if (view_.Is(id, ExprKind::Attribute) && id != target) {
      failure = UseAttribute(block, i, id);
    } else if (view_.Is(id, ExprKind::Call)) {
      failure = CallNow(block, i, id);
    }
    failed = failure ? id : failed;
  });
  if (!failure) {
    return std::nullopt;
  }
  // Where a name may be a local one, or an operand may not be evaluated, nobody knows.
  while (view_.Is(failed, ExprKind::Attribute) || view_.Is(failed, ExprKind::Call)) {
    failed = view_.Child(failed);
  }
  bool sure = block.binds || (block.class_header != kNoEvent && view_.Is(failed, ExprKind::Name) &&
                              !IsClassName(block, view_.At(failed).text));
  view_.Walk(statement, [&](ExprId id) {
    const ExprKind kind = view_.At(id).kind;
    sure &= kind != ExprKind::And && kind != ExprKind::Or && kind != ExprKind::Conditional &&
            kind != ExprKind::Comprehension;
  });
  if (!sure) {
    Doubt("an attribute that may not be asked for");
    return std::nullopt;
  }
  failure->chain.push_back(At(block.module, i));
  return failure;
}

// Does the class body that is executed bind the name itself?
bool Executor::IsClassName(const Block &block, NameId name) const {
  if (block.class_header == kNoEvent) {
    return false;
  }
  const auto &statements = StatementsOf(block.module);
  bool bound = false;
  for (uint32_t i = block.class_header + 1; i < statements[block.class_header].end; ++i) {
    const Statement &statement = view_.Of(statements[i]);
    bound |= statement.text == name; // def, class, the module of a from-import
    for (ExprId operand : view_.Operands(statement)) {
      const bool alias = view_.Is(operand, ExprKind::Alias);
      const ExprId as = alias ? view_.Child(operand) : ExprId();
      bound |= (as.valid() ? view_.At(as).text : view_.At(operand).text) == name &&
               (alias || (statement.kind == StatementKind::Assign &&
                          operand != view_.LastOperand(statement)));
      bound |= alias && view_.TextOf(operand).split('.').first == view_.Text(name);
    }
  }
  return bound;
}

Executor::Outcome Executor::UseAttribute(const Block &block, uint32_t i, ExprId attribute) {
  const Held base = names_.Evaluate(block.module, i, view_.Child(attribute));
  const bool ns = base.kind == Held::Module && base.module.valid() &&
                  project_.modules[base.module].kind == ModuleKind::Namespace;
  if (base.kind != Held::Module || base.doubtful || !(ns || resolver_.HasLog(base.module))) {
    return std::nullopt;
  }
  const NameId name = view_.At(attribute).text;
  if (!names_.Tracked(base.module)) {
    return UseUntracked(base.module, name);
  }
  const Held held = names_.Attribute(base.module, name);
  if (held.doubtful) {
    Doubt("an attribute that may not exist");
  }
  if (held.bound()) {
    return std::nullopt;
  }
  Failure failure;
  failure.kind = ExceptionKind::Attribute;
  const std::string module = NameOf(base.module);
  const std::string text = project_.Text(name).str();
  const ModuleId child = names_.Child(base.module, name);
  failure.of_run = true;
  failure.circular = true;
  if (child.valid() && names_.UnderWay(child)) {
    failure.reason = "AttributeError: cannot access submodule '" + text + "' of module '" + module +
                     "' (most likely due to a circular import)";
  } else if (names_.UnderWay(base.module)) {
    failure.reason = "AttributeError: partially initialized module '" + module +
                     "' has no attribute '" + text + "' (most likely due to a circular import)";
  } else {
    failure.circular = false;
    failure.reason = "AttributeError: module '" + module + "' has no attribute '" + text + "'";
  }
  return failure;
}

// A finished module. A submodule that nothing imports on the way is no attribute.
Executor::Outcome Executor::UseUntracked(ModuleId base, NameId name) {
  const Held held = names_.Attribute(base, name);
  const ModuleId child = names_.Child(base, name);
  if (held.doubtful) {
    Doubt(child.valid() ? "a submodule that another module imports"
                        : "an attribute that may not exist");
  }
  if (held.bound() || !project_.modules[base].first_party ||
      resolver_.table().HasOpenChildren(base) || resolver_.table().SecondLoadOf(base).valid()) {
    return std::nullopt;
  }
  Failure failure;
  failure.kind = ExceptionKind::Attribute;
  failure.circular = child.valid() && names_.UnderWay(child);
  failure.needs = failure.circular ? ModuleId() : child;
  const std::string text = project_.Text(name).str();
  failure.reason =
      failure.circular
          ? "AttributeError: cannot access submodule '" + text + "' of module '" + NameOf(base) +
                "' (most likely due to a circular import)"
          : "AttributeError: module '" + NameOf(base) + "' has no attribute '" + text + "'";
  return failure;
}

// A call of a function of the project runs the imports in its body.
Executor::Outcome Executor::CallNow(const Block &block, uint32_t i, ExprId call) {
  if (const auto callee = view_.Callee(call)) {
    if (Outcome failure = CallImporter(block, call, *callee)) {
      return failure;
    }
  }
  const Held held = names_.Evaluate(block.module, i, view_.Child(call));
  if (held.kind != Held::Object || held.doubtful || held.event == kNoEvent ||
      !resolver_.HasLog(held.module) || !project_.modules[held.module].first_party ||
      call_depth_ >= kMaxCalls) {
    return std::nullopt;
  }
  const Event &event = resolver_.Log(held.module).events[held.event];
  const auto &statements = StatementsOf(held.module);
  const uint32_t header = event.statement;
  if (event.kind != EventKind::Define ||
      view_.Of(statements[header]).kind != StatementKind::Function ||
      view_.Of(statements[header]).async || view_.Of(statements[header]).first.valid()) {
    return std::nullopt; // a decorator may have made something else of it
  }
  llvm::SmallVector<NameId, 4> globals;
  for (uint32_t k = header + 1; k < statements[header].end; ++k) {
    const Statement &inner = view_.Of(statements[k]);
    for (ExprId name : inner.kind == StatementKind::Global ? view_.Operands(inner)
                                                           : llvm::SmallVector<ExprId, 8>()) {
      globals.push_back(view_.At(name).text);
    }
  }
  Block body;
  body.module = held.module;
  body.soft = block.soft;
  body.unsure = block.unsure;
  body.binds = false;
  body.globals = globals;
  const uint32_t statement = states_.Of(held.module).statement;
  ++call_depth_;
  // The values assigned in functions are not in the facts: a straight body binds its globals.
  Outcome failure = Execute(body, header + 1, statements[header].end);
  --call_depth_;
  states_.SetStatement(held.module, statement);
  names_.surprised |= !failure && !globals.empty(); // the logs know of no call
  for (NameId name : failure ? llvm::ArrayRef<NameId>() : llvm::ArrayRef<NameId>(globals)) {
    const llvm::ArrayRef<uint32_t> events = resolver_.Log(held.module).Of(name);
    const auto *own = llvm::find_if(events, [&](uint32_t e) {
      return resolver_.Log(held.module).events[e].statement == header;
    });
    Held made =
        own == events.end() ? NamesNow::ObjectHeld() : NamesNow::ObjectHeld(held.module, *own);
    made.doubtful = statements[header].end > header + 3; // more than the declaration and its value
    names_.Bind(held.module, name, made, block.soft);
  }
  return failure;
}

// importlib.import_module("a.b") and __import__("a.b").
Executor::Outcome Executor::CallImporter(const Block &block, ExprId call, llvm::StringRef callee) {
  if (callee != "importlib.import_module" && callee != "import_module" && callee != "__import__") {
    return std::nullopt;
  }
  const auto arguments = view_.Arguments(call);
  const auto text = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
  if (!text || text->starts_with(".") || text->empty()) {
    Doubt("a module imported by a computed name");
    return std::nullopt;
  }
  const ModuleSearch search = resolver_.FindModule(block.module, *text);
  if (search.module.valid()) {
    return load_(search.module);
  }
  Doubt("a module imported by name");
  return std::nullopt;
}

} // namespace pydefrag
