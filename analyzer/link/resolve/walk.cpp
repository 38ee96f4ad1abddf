// Resolver: a walk over a module's log, from its end to what binds the name.
#include "facts/headers_around.h"
#include "link/resolve/failing_blocks.h"
#include "link/resolve/resolve.h"
#include "link/resolve/suppressed_blocks.h"

namespace pydefrag {

Found Resolver::At(ModuleId module, NameId name, uint32_t limit) {
  if (depth_ >= kMaxDepth) {
    return Unknown("a chain of imports too long to follow");
  }
  BeginQuestion();
  ++depth_;
  const Found found = Walk(module, name, limit);
  --depth_;
  return found;
}

// How good a binding is among those that may happen, of which one has to be named.
namespace {
enum class Likely : uint8_t { Elsewhere, InHandler, Perhaps, OnLinux };
}

static Likely LikelyOf(Tri on_linux, bool in_handler, bool decided) {
  return on_linux == Tri::No               ? Likely::Elsewhere
         : on_linux == Tri::Yes && decided ? Likely::OnLinux
         : in_handler                      ? Likely::InHandler
                                           : Likely::Perhaps;
}

// Chains of `if`, `elif` and `else` that bind a name in every arm: what stood before never is what
// the name holds in the end.
namespace {
class BoundArms {
public:
  BoundArms(const SyntaxView &view, const NamespaceLog &log,
            const std::vector<PlacedStatement> &statements)
      : view_(view), log_(log), statements_(statements) {}

  // The statement binds the name when it is reached.
  void Note(uint32_t statement) {
    for (int32_t arm = statements_[statement].parent; arm >= 0 && IsArm(arm);) {
      arms_.push_back(static_cast<uint32_t>(arm));
      const uint32_t first = log_.FirstArm(static_cast<uint32_t>(arm));
      if (!IsComplete(first)) {
        return;
      }
      chains_.push_back(first);
      arm = statements_[first].parent;
    }
  }
  llvm::ArrayRef<uint32_t> chains() const { return chains_; } // their first arms

private:
  StatementKind KindOf(uint32_t i) const { return view_.Of(statements_[i]).kind; }
  bool IsArm(int32_t header) const {
    const StatementKind kind = KindOf(static_cast<uint32_t>(header));
    return kind == StatementKind::If || kind == StatementKind::Elif ||
           (kind == StatementKind::Else &&
            KindOf(log_.FirstArm(static_cast<uint32_t>(header))) == StatementKind::If);
  }
  bool IsComplete(uint32_t first) const {
    uint32_t last = first;
    for (uint32_t arm = first; arm < statements_.size() && log_.FirstArm(arm) == first &&
                               statements_[arm].parent == statements_[first].parent;
         arm = statements_[arm].end) {
      if (!llvm::is_contained(arms_, arm)) {
        return false;
      }
      last = arm;
    }
    return KindOf(last) == StatementKind::Else;
  }

  const SyntaxView &view_;
  const NamespaceLog &log_;
  const std::vector<PlacedStatement> &statements_;
  llvm::SmallVector<uint32_t, 4> arms_;
  llvm::SmallVector<uint32_t, 2> chains_;
};
} // namespace

// Whether the body of the `try` around the statement imports a name that only a function binds
// which its module does not call: unless others have called it, a handler runs.
static bool AsksForUncalled(const Resolver &resolver, ModuleId module, uint32_t statement) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const auto &statements = project.StatementsOf(module);
  const HeadersAround headers(statements, statement);
  const auto around = llvm::find_if(headers, [&](uint32_t header) {
    return view.Of(statements[header]).kind == StatementKind::Try;
  });
  if (around == headers.end()) {
    return false;
  }
  for (uint32_t i = *around + 1; i < statements[*around].end; i = statements[i].end) {
    const ModuleId source = view.Of(statements[i]).kind == StatementKind::FromImport
                                ? resolver.TargetOf(module, i).module
                                : ModuleId();
    const NamespaceLog &log = resolver.Log(source.valid() ? source : module);
    if (!source.valid() || !log.stars.empty() || log.lazy ||
        !resolver.GuardOf(module, i, ImportFailure::NoName).guarded) {
      continue;
    }
    for (ExprId alias : view.Operands(view.Of(statements[i]))) {
      const llvm::ArrayRef<uint32_t> events = log.Of(view.At(alias).text);
      if (!events.empty() &&
          llvm::all_of(events, [&](uint32_t index) { return log.events[index].weak; })) {
        return true;
      }
    }
  }
  return false;
}

// The `try` whose body begins with the `del` of one name, so that the name is gone whenever that
// runs; else the statement itself. Of several targets one may fail before the others are deleted.
static uint32_t FirstOfTry(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement) {
  const auto targets = view.Operands(view.Of(statements[statement]));
  if (targets.size() != 1 || !view.Is(targets[0], ExprKind::Name)) {
    return statement;
  }
  for (int32_t p = statements[statement].parent;
       p >= 0 && statement == static_cast<uint32_t>(p) + 1 &&
       view.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::Try;
       p = statements[statement].parent) {
    statement = static_cast<uint32_t>(p);
  }
  return statement;
}

// Whether what an import brings comes to its source through a statement that runs on other
// platforms alone.
static bool ComesFromElsewhere(Resolver &resolver, ModuleId module, const Event &event,
                               NameId star_name) {
  const ModuleId source = event.kind == EventKind::From || event.kind == EventKind::Star
                              ? resolver.TargetOf(module, event.statement).module
                              : ModuleId();
  const NameId name =
      event.kind == EventKind::From ? resolver.view().At(event.value).text : star_name;
  return source.valid() && name.valid() && resolver.HasLog(source) &&
         llvm::any_of(resolver.Hops(source, name), [&](const auto &hop) {
           const auto &[at, index] = hop;
           return resolver.ReachHere(at, resolver.Log(at).events[index].statement) == Tri::No;
         });
}

// The event log from `limit` down: the last event that surely happened decides; events that may
// have happened after it are remembered, a handler's only when nothing better is there, and one
// that another platform has only when there is no other.
Found Resolver::Walk(ModuleId module, NameId name, uint32_t limit) {
  const NamespaceLog &log = Log(module);
  const llvm::ArrayRef<uint32_t> named = log.Of(name);
  const llvm::ArrayRef<uint32_t> stars = log.stars;
  size_t n = named.size();
  size_t s = stars.size();
  Found best;
  Found star_unknown;
  Likely best_likely = Likely::Elsewhere;
  llvm::SmallVector<uint32_t, 2> unbound; // statements that unbind the name when they run
  bool gone_on_linux = false;             // one of them runs there
  llvm::SmallVector<uint32_t, 2> rebound; // statements that bind it to something unknown then
  llvm::SmallVector<uint32_t, 2> handled; // statements of handlers that bind the name
  bool by_platform = false;
  const auto &statements = project_.StatementsOf(module);
  BoundArms arms(view_, log, statements);
  // `SLOW = False`, then `if unknown(): SLOW = True`: surely bound, nobody knows to which.
  const auto is_one_of_several = [&] {
    return best.via != kNoEvent && !best.unknown &&
           (best_likely < Likely::OnLinux || log.events[best.via].maybe);
  };
  while (n > 0 || s > 0) {
    const bool take_star = n == 0 || (s > 0 && stars[s - 1] > named[n - 1]);
    const uint32_t index = take_star ? stars[--s] : named[--n];
    if (index >= limit) {
      continue;
    }
    const Event &event = log.events[index];
    const Tri reach = Reach(module, event.statement);
    if (reach == Tri::No) {
      continue;
    }
    const bool surely = reach == Tri::Yes && !event.maybe;
    if (reach == Tri::Unknown && limit < log.events.size() &&
        ExcludeEachOther(module, event.statement, log.events[limit].statement)) {
      continue; // the statement that asks stands in another arm
    }
    if (event.kind == EventKind::Unbind) {
      if (surely) {
        break;
      }
      if (!event.maybe) {
        const uint32_t deletes =
            BelowNoCondition(module, FirstOfTry(view_, statements, event.statement));
        arms.Note(deletes);
        unbound.push_back(deletes);
        gone_on_linux |= ReachHere(module, event.statement) == Tri::Yes;
      }
      continue;
    }
    const auto runs_behind = [&](uint32_t statement) {
      return RunsWhenever(module, statement, event.statement);
    };
    if (llvm::any_of(unbound, runs_behind) || llvm::any_of(rebound, runs_behind) ||
        llvm::any_of(handled, [&](uint32_t statement) {
          return IsReplacedInHandler(module, event.statement, statement);
        })) {
      continue;
    }
    if (llvm::any_of(arms.chains(), [&](uint32_t chain) {
          return RunsWhenever(module, chain, event.statement);
        })) {
      if (surely) {
        best.answer = unbound.empty() ? Answer::Yes : best.answer;
        best.bound |= is_one_of_several();
        break;
      }
      continue;
    }
    // Only the first load of a submodule sets the attribute.
    if (event.kind == EventKind::Submodule && LoadedBefore(module, named.take_front(n))) {
      continue;
    }
    Found value = take_star    ? StarEvent(module, index, name)
                  : event.weak ? Unknown("bound by a function that others may call")
                               : ValueOf(module, index);
    if (value.answer == Answer::No) {
      continue; // a star without the name, or a guarded import that fails
    }
    if (take_star && value.unknown && !value.bound) {
      star_unknown = star_unknown.unknown ? star_unknown : value;
      continue;
    }
    // Where the environment lacks what the body of a `try` imports, its handler runs.
    if (value.absent && best_likely == Likely::InHandler && !best.unknown && !handled.empty() &&
        GuardOf(module, event.statement, ImportFailure::NoModule).guarded) {
      best.fallback = false;
      continue;
    }
    if (best_likely == Likely::InHandler && !best.unknown && !handled.empty() &&
        AsksForUncalled(*this, module, event.statement)) {
      continue;
    }
    if (reach == Tri::Unknown && !value.unknown) {
      if (const char *why = WhySuppressed(*this, module, event.statement)) {
        value = Unknown(why);
      }
    }
    if (event.kind == EventKind::From && value.IsObject() &&
        IsDeferred(view_, statements, event.statement)) {
      value = OpaqueFound(module); // what stands for it until it is used
    }
    const bool handler = InHandler(module, event.statement);
    if (handler && HandlesDirectly(module, event.statement) && !event.maybe &&
        value.answer == Answer::Yes) {
      handled.push_back(event.statement);
    }
    if (reach == Tri::Unknown && value.IsObject() &&
        IsBehindRaise(module, event.statement, named.take_front(n))) {
      value = OpaqueFound(module); // the handler's, perhaps
      value.answer = Answer::Maybe;
    }
    const bool in_handler = event.weak || handler || value.fallback;
    const Tri on_linux = gone_on_linux                          ? Tri::No
                         : reach == Tri::Unknown && !event.weak ? ReachHere(module, event.statement)
                                                                : reach;
    // A loop or a function that is called binds what comes before as good as surely.
    const bool decided = reach == Tri::Unknown || (event.maybe && !event.weak) || value.on_linux;
    Likely likely = LikelyOf(on_linux, in_handler, decided);
    // Of two that only other platforms have, the later one stays.
    if (value.by_platform && likely == Likely::Perhaps && best_likely == Likely::Elsewhere &&
        best.answer != Answer::No && ComesFromElsewhere(*this, module, event, name)) {
      likely = Likely::Elsewhere;
    }
    by_platform |= reach == Tri::Unknown && on_linux != Tri::Unknown;
    if (value.by_platform && likely == Likely::Elsewhere && value.IsObject()) {
      value.kind = TargetKind::Opaque; // another one than on Linux
      value.event = kNoEvent;
    }
    value.fallback |=
        handler && on_linux != Tri::Yes && !HandlesAbsence(*this, module, event.statement);
    value.via = index;
    // An accelerator that may replace a class stands for the class: same name, same paths.
    const bool known_instead = best.unknown && !best.broken && !value.unknown && value.IsObject();
    // An `if` that nobody can tell replaces a class or function of the module: it may not hold.
    const bool kept = surely && !gone_on_linux && event.kind == EventKind::Define &&
                      best.via != kNoEvent && best_likely < Likely::OnLinux &&
                      log.events[best.via].kind != EventKind::Define &&
                      HangsOnConditions(module, log.events[best.via].statement);
    if (best.answer == Answer::No || likely > best_likely || known_instead || kept) {
      best = value;
      best_likely = likely;
      best.answer = Answer::Maybe;
    }
    if (surely && value.answer == Answer::Yes) {
      best.answer = Answer::Yes;
      best.bound |= best.via != index && is_one_of_several();
      break;
    }
    if (!event.maybe && value.answer == Answer::Yes && !value.unknown) {
      arms.Note(BelowNoCondition(module, event.statement));
    }
    if (!event.maybe && SurelyBinds(module, event, value)) {
      if (surely) {
        best.bound = best.unknown;
        break;
      }
      rebound.push_back(BelowNoCondition(module, event.statement));
    }
  }
  best.on_linux = best_likely == Likely::OnLinux;
  if (by_platform && best_likely == Likely::InHandler && best.IsObject()) {
    best.kind = TargetKind::Opaque; // whether the handler runs or another platform binds it
    best.event = kNoEvent;
  }
  best.by_platform |= by_platform;
  return best.answer == Answer::No ? star_unknown : best;
}

// Whether the statement stands in the `else` of a `try` whose own code may end in a handler that
// binds the name as well, by one of these events:
//
//     try:
//         if not shell.config: raise ImportError("console")
//     except Exception: from .std import bar
//     else: from .notebook import bar
bool Resolver::IsBehindRaise(ModuleId module, uint32_t statement,
                             llvm::ArrayRef<uint32_t> earlier) const {
  const auto &statements = project_.StatementsOf(module);
  const int32_t parent = statements[statement].parent;
  if (parent < 0 || !IsElseOfTry(module, static_cast<uint32_t>(parent))) {
    return false;
  }
  const uint32_t body = Log(module).FirstArm(static_cast<uint32_t>(parent));
  const bool handled = llvm::any_of(earlier, [&](uint32_t index) {
    const int32_t arm = statements[Log(module).events[index].statement].parent;
    return arm >= 0 && static_cast<uint32_t>(arm) != body &&
           Log(module).FirstArm(static_cast<uint32_t>(arm)) == body;
  });
  if (!handled) {
    return false;
  }
  for (uint32_t i = body + 1; i < statements[body].end; ++i) {
    const StatementKind kind = view_.Of(statements[i]).kind;
    if (kind == StatementKind::Raise) {
      return true;
    }
    if (kind == StatementKind::Function || kind == StatementKind::Class) {
      i = statements[i].end - 1;
    }
  }
  return false;
}

// The outermost `if` around the statement that runs whenever what stands around it does.
uint32_t Resolver::BelowNoCondition(ModuleId module, uint32_t statement) {
  const auto &statements = project_.StatementsOf(module);
  for (int32_t p = statements[statement].parent;
       p >= 0 && view_.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::If &&
       ArmTaken(module, static_cast<uint32_t>(p)) == Tri::Yes;
       p = statements[statement].parent) {
    statement = static_cast<uint32_t>(p);
  }
  return statement;
}

bool Resolver::HangsOnConditions(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.StatementsOf(module);
  return statements[statement].parent >= 0 &&
         llvm::all_of(HeadersAround(statements, statement), [&](uint32_t header) {
           const StatementKind kind = view_.Of(statements[header]).kind;
           return IsConditional(kind) || kind == StatementKind::Match;
         });
}

// Whether an import of something unknown, or of what a handler binds, binds the name whenever the
// module goes on behind it.
bool Resolver::SurelyBinds(ModuleId module, const Event &event, const Found &value) const {
  const bool imports = event.kind == EventKind::From || event.kind == EventKind::Import ||
                       (event.kind == EventKind::Star && value.unknown && value.bound);
  return imports && (value.unknown || value.fallback) && !value.broken &&
         !GuardOf(module, event.statement, ImportFailure::NoModule).guarded &&
         !GuardOf(module, event.statement, ImportFailure::NoName).guarded;
}

} // namespace pydefrag
