// Resolver: which statements of a module run when it is imported, and which imports fail. A
// statement runs when every header above it lets it (ArmTaken), nothing before it ended the
// module (FirstExit), and no import before it in the same `try` fails for sure (FirstFailureIn).
#include "facts/headers_around.h"
#include "link/resolve/failing_blocks.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

bool Resolver::InHandler(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.StatementsOf(module);
  return llvm::any_of(HeadersAround(statements, statement), [&](uint32_t header) {
    return IsHandler(view_.Of(statements[header]).kind);
  });
}

// Whether it is a statement of the handler itself, so that it runs whenever that does.
bool Resolver::HandlesDirectly(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.StatementsOf(module);
  const int32_t p = statements[statement].parent;
  return p >= 0 && IsHandler(view_.Of(statements[static_cast<size_t>(p)]).kind);
}

Tri Resolver::Reach(ModuleId module, uint32_t statement) {
  const auto &statements = project_.StatementsOf(module);
  if (statements[statement].parent < 0) {
    return statement > FirstExit(module) ? Tri::No : Tri::Yes;
  }
  const uint64_t key = AnswerKey(module, statement);
  auto [it, inserted] = answers_.reach.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const Provisional provisional(*this);
  const Tri reach = ReachUncached(module, statement);
  return provisional.Keep(answers_.reach, key, reach);
}

bool Resolver::NeverRuns(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t header : HeadersAround(statements, statement)) {
    const Statement &above = view_.Of(statements[header]);
    if (above.kind != StatementKind::If && above.kind != StatementKind::Elif) {
      continue;
    }
    const bool named = view_.Is(above.first, ExprKind::Name) ||
                       (view_.Is(above.first, ExprKind::Attribute) &&
                        view_.Is(view_.Child(above.first), ExprKind::Name));
    if (named && IsTypeCheckingTest(view_, above.first)) {
      return true;
    }
  }
  return false;
}

Tri Resolver::ReachUncached(ModuleId module, uint32_t statement) {
  if (statement > FirstExit(module)) {
    return Tri::No;
  }
  return ReachThrough(
      module, statement, [&](uint32_t header) { return ArmTaken(module, header); },
      [&](uint32_t header) { return FirstFailureIn(module, header); });
}

Tri Resolver::ReachThrough(ModuleId module, uint32_t statement,
                           llvm::function_ref<Tri(uint32_t)> arm_taken,
                           llvm::function_ref<uint32_t(uint32_t)> first_failure) const {
  const auto &statements = project_.StatementsOf(module);
  Tri reach = Tri::Yes;
  uint32_t child = statement;
  for (uint32_t header : HeadersAround(statements, statement)) {
    if (reach == Tri::No) {
      break;
    }
    Tri taken = arm_taken(header);
    if (view_.Of(statements[header]).kind == StatementKind::Try && child > first_failure(header)) {
      taken = Tri::No;
    }
    reach = std::min(reach, taken);
    child = header;
  }
  return reach;
}

// The first statement that ends the module for sure: nothing behind it runs.
uint32_t Resolver::FirstExit(ModuleId module) {
  auto [it, inserted] = answers_.exits.try_emplace(module, kNoEvent);
  if (!inserted) {
    return it->second;
  }
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t exit : Log(module).exits) {
    const bool sure = llvm::all_of(HeadersAround(statements, exit), [&](uint32_t header) {
      // Inside a try or a handler it may be caught, or never be reached.
      const StatementKind kind = view_.Of(statements[header]).kind;
      return kind != StatementKind::Try && !IsHandler(kind) && ArmTaken(module, header) == Tri::Yes;
    });
    if (sure) {
      return answers_.exits[module] = exit;
    }
  }
  return kNoEvent;
}

bool Resolver::IsElseOf(ModuleId module, uint32_t arm, uint32_t header) const {
  return Log(module).FirstArm(arm) == header;
}

// Whether the statements stand in different arms of one `if` or `match`.
bool Resolver::ExcludeEachOther(ModuleId module, uint32_t a, uint32_t b) const {
  const auto &statements = project_.StatementsOf(module);
  auto is_arm = [&](uint32_t header) { return IsConditional(view_.Of(statements[header]).kind); };
  auto first_arm = [&](uint32_t header) {
    const PlacedStatement &arm = statements[header];
    return view_.Of(arm).kind == StatementKind::Case ? static_cast<uint32_t>(arm.parent)
                                                     : Log(module).FirstArm(header);
  };
  for (uint32_t arm : HeadersAround(statements, a)) {
    if (!is_arm(arm)) {
      continue;
    }
    const uint32_t first = first_arm(arm);
    const StatementKind kind = view_.Of(statements[first]).kind;
    if (kind != StatementKind::If && kind != StatementKind::Match) {
      continue;
    }
    for (uint32_t other : HeadersAround(statements, b)) {
      if (other != arm && is_arm(other) && first_arm(other) == first) {
        return true;
      }
    }
  }
  return false;
}

// Whether `later` runs whenever `earlier` did, unless the module fails between them: it stands in
// the same block, or in one around it.
bool Resolver::RunsWhenever(ModuleId module, uint32_t later, uint32_t earlier) const {
  const auto &statements = project_.StatementsOf(module);
  int32_t block = statements[later].parent;
  const bool otherwise =
      block >= 0 && view_.Of(statements[static_cast<size_t>(block)]).kind == StatementKind::Else;
  uint32_t child = earlier;
  int32_t up = statements[earlier].parent;
  for (; up >= 0 && up != block; up = statements[child].parent) {
    // The else of a try runs when its body came to the end.
    if (otherwise && view_.Of(statements[static_cast<size_t>(up)]).kind == StatementKind::Try &&
        statements[child].end == statements[static_cast<size_t>(up)].end &&
        IsElseOf(module, static_cast<uint32_t>(block), static_cast<uint32_t>(up))) {
      return true;
    }
    child = static_cast<uint32_t>(up);
  }
  if (up != block) {
    return false;
  }
  for (int32_t p = block; p >= 0; p = statements[static_cast<size_t>(p)].parent) {
    if (view_.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::Try) {
      return statements[child].end == later; // a handler may catch what fails between them
    }
  }
  return true;
}

// `unicode_type = unicode`: a NameError in Python 3.
static bool ReadsOldBuiltin(const SyntaxView &view, const NamespaceLog &log,
                            const Statement &statement) {
  const ExprId value =
      statement.kind == StatementKind::Assign ? view.LastOperand(statement) : ExprId();
  return view.Is(value, ExprKind::Name) && log.stars.empty() && log.open_reason.empty() &&
         llvm::StringSwitch<bool>(view.TextOf(value))
             .Cases("unicode", "basestring", "long", "unichr", "xrange", "raw_input", true)
             .Default(false) &&
         log.Of(view.At(value).text).empty();
}

// The first direct statement of a try body that fails for sure: an import, a block with one, or a
// name of Python 2.
uint32_t Resolver::FirstFailureIn(ModuleId module, uint32_t try_header) {
  const uint64_t key = AnswerKey(module, try_header);
  auto [it, inserted] = answers_.first_failures.try_emplace(key, kNoEvent);
  if (!inserted) {
    return it->second;
  }
  const Provisional provisional(*this);
  const auto &statements = project_.StatementsOf(module);
  uint32_t first = kNoEvent;
  for (uint32_t i = try_header + 1; i < statements[try_header].end && first == kNoEvent;
       i = statements[i].end) {
    const bool fails = FailingImport(*this, module, i) != kNoEvent ||
                       ReadsOldBuiltin(view_, Log(module), view_.Of(statements[i]));
    first = fails ? i : kNoEvent;
  }
  return provisional.Keep(answers_.first_failures, key, first);
}

ImportFailure Resolver::FailureOf(ModuleId module, uint32_t index) {
  const auto &statements = project_.StatementsOf(module);
  const Statement &statement = view_.Of(statements[index]);
  if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport) {
    return ImportFailure::None;
  }
  const uint64_t key = AnswerKey(module, index);
  auto [it, inserted] = answers_.failures.try_emplace(key, ImportFailure::None);
  if (!inserted) {
    return it->second;
  }
  ImportFailure failure = ImportFailure::None;
  if (statement.kind == StatementKind::Import) {
    const uint32_t count = static_cast<uint32_t>(view_.Operands(statement).size());
    for (uint32_t number = 0; number < count; ++number) {
      const ImportTarget &search = TargetOf(module, index, number);
      if (!search.module.valid() && !search.unknown && !search.not_installed) {
        failure = ImportFailure::NoModule;
      }
    }
    return answers_.failures[key] = failure;
  }
  const ImportTarget &search = TargetOf(module, index);
  if (search.beyond_top) {
    return answers_.failures[key] = ImportFailure::BeyondTop;
  }
  if (!search.module.valid()) {
    const bool sure = !search.unknown && !search.not_installed;
    return answers_.failures[key] = sure ? ImportFailure::NoModule : ImportFailure::None;
  }
  const Provisional provisional(*this);
  for (ExprId alias : view_.Operands(statement)) {
    if (!view_.Is(alias, ExprKind::Star) &&
        ImportFrom(search.module, view_.At(alias).text).answer == Answer::No) {
      failure = ImportFailure::NoName;
    }
  }
  return provisional.Keep(answers_.failures, key, failure);
}

} // namespace pydefrag
