#include "link/names/lazy_names.h"

#include "link/names/hook_expressions.h"
#include "link/names/hook_idioms.h"

namespace pydefrag {
namespace {

// Deeper blocks are not followed.
constexpr int kDeepest = 24;
constexpr uint8_t kContinue = 2; // Statement::level

// Executes the statements of `def __getattr__(name)` for a name that no branch asks for. The
// parameter's name is not in the facts: any name that is compared with a string counts as it.
class HookReader {
public:
  HookReader(const Scanned &scanned, FileId file, uint32_t hook, OtherTables others)
      : view_(scanned), statements_(scanned.facts[file].statements), hook_(hook),
        expressions_(scanned, file, hook, others) {}

  LazyNames Read() {
    const bool raises = Run(hook_ + 1, statements_[hook_].end, 0) == Fate::Raises;
    LazyNames lazy = expressions_.Take();
    lazy.present = true;
    lazy.exact = raises && IsLeftAsItIs(view_, view_.Of(statements_[hook_]));
    lazy.all_public = !lazy.exact && ServesAllPublic(view_, statements_, hook_);
    return lazy;
  }

private:
  // Skips: the rest of the round of a loop.
  enum class Fate : uint8_t { GoesOn, Skips, Raises, Serves };

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
          expressions_.Change(view_.Is(item, ExprKind::Walrus) ? view_.Child(item) : ExprId());
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
      case StatementKind::Pass:
        fate = statement.level == kContinue ? Fate::Skips : Fate::GoesOn;
        break;
      case StatementKind::Return:
        return expressions_.GivesBackInVain(i, view_.LastOperand(statement)) ||
                       AsksAgain(view_, view_.LastOperand(statement))
                   ? Fate::Raises
                   : Fate::Serves;
      case StatementKind::Assign:
      case StatementKind::AnnAssign:
      case StatementKind::AugAssign:
        fate = expressions_.Assign(i) ? Fate::Raises : Fate::GoesOn;
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
      const Tri taken = otherwise ? Tri::Yes : expressions_.TestBranch(arm);
      if (decided || taken == Tri::No) {
        continue;
      }
      const Fate body = Run(arm + 1, statements_[arm].end, depth + 1);
      if (taken == Tri::Yes || body == Fate::Serves) {
        decided = true;
        fate = body;
      }
      may_pass |= taken == Tri::Unknown && (body == Fate::GoesOn || body == Fate::Skips);
    }
    return fate != Fate::Serves && may_pass ? Fate::GoesOn : fate;
  }

  Fate RunTry(uint32_t header, uint32_t end, int depth, uint32_t &next) {
    const Fate body = Run(header + 1, statements_[header].end, depth + 1);
    bool handled = true; // no handler lets the name go on or serves it
    for (next = statements_[header].end; next < end; next = statements_[next].end) {
      const StatementKind kind = view_.Of(statements_[next]).kind;
      const bool handler = IsHandler(kind);
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
    return body == Fate::Skips || (body == Fate::Raises && !handled) ? Fate::GoesOn : body;
  }

  Fate RunMatch(uint32_t header, int depth) {
    const bool asked = expressions_.IsAsked(view_.Of(statements_[header]).first);
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      const ExprId pattern = view_.Of(statements_[i]).first;
      if (asked && view_.Is(pattern, ExprKind::String)) {
        expressions_.Serve(i, view_.At(pattern).text);
        continue;
      }
      const Fate fate = Run(i + 1, statements_[i].end, depth + 1);
      if (fate == Fate::Raises || fate == Fate::Serves) {
        return fate;
      }
    }
    return Fate::GoesOn;
  }

  // A loop may run no round at all. What a round changes is so in the next one.
  Fate RunLoop(uint32_t header, int depth) {
    const Statement &statement = view_.Of(statements_[header]);
    if (statement.kind == StatementKind::For) {
      expressions_.BindLoop(statement);
    }
    size_t changed = 0;
    do {
      changed = expressions_.changes();
      if (Run(header + 1, statements_[header].end, depth + 1) == Fate::Serves) {
        return Fate::Serves;
      }
    } while (expressions_.changes() != changed);
    return Fate::GoesOn;
  }

  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
  uint32_t hook_;
  HookExpressions expressions_;
};

} // namespace

LazyNames ReadLazyNames(const Scanned &scanned, FileId file, uint32_t statement, HookIs hook,
                        OtherTables others) {
  const SyntaxView view(scanned);
  const auto &statements = scanned.facts[file].statements;
  if (view.Of(statements[statement]).kind == StatementKind::Class) {
    return ReadClassHook(view, statements, statement);
  }
  const uint32_t at = hook == HookIs::Made ? FindHookIn(view, statements, statement) : statement;
  if (at == kNoHook || !IsKeptWhole(view, statements, at)) {
    LazyNames unread;
    unread.present = true;
    return unread;
  }
  return HookReader(scanned, file, at, others).Read();
}

} // namespace pydefrag
