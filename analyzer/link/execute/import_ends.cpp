// Simulator: what is left of a cycle in the end, in whatever order it is imported (simulator.h).
#include "facts/headers_around.h"
#include "link/execute/other_ends.h"
#include "link/execute/simulator.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pydefrag {

// Names of the cycle that hold something else than the resolver says, in whatever order its
// members are imported.
void Simulator::CompareEnds(std::vector<ModuleId> members) {
  expects_no_news_ = !names_.surprised;
  names_.SetComponent(names_.component(), true);
  llvm::erase_if(members, [&](ModuleId member) {
    return !names_.Tracked(member) || !resolver_.IsItself(member);
  });
  // One that fails when it comes first may work behind another.
  const std::vector<ModuleId> all = members;
  llvm::erase_if(members, [&](ModuleId member) {
    return project_.outcomes[member].status == ImportOutcome::Fails;
  });
  const auto is_unknown = [&](ModuleId member) {
    return project_.outcomes[member].status == ImportOutcome::Unknown;
  };
  std::vector<ModuleId> left_out;
  if (!llvm::all_of(members, is_unknown)) { // what they leave then is not known either
    llvm::copy_if(members, std::back_inserter(left_out), is_unknown);
    llvm::erase_if(members, is_unknown);
  }
  NamesOfMembers names;
  executor_.imported_softly = false;
  const Ends forward = EndsOf(members, all, names);
  std::reverse(members.begin(), members.end());
  const Ends backward = members.size() < 2 ? forward : EndsOf(members, all, names);
  const bool softly = executor_.imported_softly;
  OtherEnds others(*this, members, std::move(left_out), all, names, backward, forward);
  std::vector<std::pair<ModuleId, NameId>> varying;
  for (ModuleId member : members.empty() ? members : all) {
    const std::vector<NameId> names_of_member = NamesOf(member, names[member]); // may grow
    for (NameId name : names_of_member) {
      const Held *ahead = forward.Find(member, name);
      const Held *behind = ahead != nullptr ? backward.Find(member, name) : nullptr;
      if (behind == nullptr) {
        continue;
      }
      const Held a = *ahead;
      const Held b = *behind;
      if ((a.doubtful || b.doubtful) && !others.HoldInAWorld(member, name)) {
        BlurDoubtful(member, name);
      }
      if ((a.maybe || b.maybe) && !a.doubtful && !b.doubtful && others.NeverHolds(member, name)) {
        Blur(member, name, Answer::Maybe);
      }
      if (a.maybe || a.doubtful || b.maybe || b.doubtful) {
        continue;
      }
      const bool same = NamesNow::Same(a, b);
      const Found before = resolver_.Attribute(member, name);
      const bool news = !NamesNow::Same(NamesNow::Of(before), a); // the resolver says otherwise
      if (!same && softly && others.AlwaysHolds(member, name)) {
        continue; // soft statements have loaded what is loaded in another order, or not at all
      }
      if (!same || (news && others.Differ(member, name, a))) {
        varying.push_back({member, name});
        if (!a.bound() || !b.bound()) { // by now the members stand in reverse order
          absent_after_[{member, name}] = a.bound() ? members.front() : members.back();
        }
        Blur(member, name, a.bound() && b.bound() ? Answer::Yes : Answer::Maybe);
      } else if (softly && news && others.DifferInAWorld(member, name, a)) {
        Blur(member, name, Answer::Maybe); // what a condition imports decides who comes first
      } else if (!a.bound() && members.size() > OtherEnds::kMost &&
                 IsUnderCondition(member, name)) {
        Blur(member, name, Answer::Maybe); // how the worlds differ is not executed
      } else if (!a.bound() && news && others.MayHoldBehindLeftOut(member, name)) {
        Blur(member, name, Answer::Maybe); // in a world where another member can come first
      } else if (a.kind != Held::Object || a.event != kNoEvent) {
        Compare(member, name, a, before);
      } else {
        CompareUnnamed(member, name, a, before);
      }
    }
  }
  NoteVarying(members, others, varying);
}

// Whether a statement binds the name in an arm that only some worlds take.
bool Simulator::IsUnderCondition(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.Of(name), [&](uint32_t event) {
    return resolver_.HangsOnConditions(module, log.events[event].statement);
  });
}

// `before`: what the resolver says.
void Simulator::Compare(ModuleId module, NameId name, const Held &held, const Found &before) {
  if (before.on_linux && !project_.environment.empty()) {
    return; // what is not installed decides, and is only doubted here
  }
  const bool known_better = before.broken || (held.bound() && IsClosed(module) &&
                                              !expects_no_news_ && !MayBeRebound(module, name));
  const bool sure = !before.fallback && before.answer != Answer::Maybe;
  // A submodule is an attribute because it is a member that was imported.
  const bool submodule = held.kind == Held::Module && names_.Child(module, name) == held.module;
  const bool same = (sure || submodule) && NamesNow::Same(NamesNow::Of(before), held);
  // What others hold hangs on the order, or is overridden, and reaches it through stars.
  const bool leans = names_.leans_on_order || MayComeByStar(module, held);
  if (same && !before.unknown && (leans || IsBoundInTry(module, name))) {
    overrides_.push_back({module, name, before});
  }
  const bool named = held.kind == Held::Module || held.event != kNoEvent; // the dict holds that
  const bool served = before.lazy && (!held.bound() || (before.via == kNoEvent && !named));
  if ((before.unknown && !known_better) || served || same) {
    return;
  }
  Found found;
  if (held.bound()) {
    found.answer = Answer::Yes;
    found.kind = held.kind == Held::Module ? TargetKind::Module : TargetKind::Definition;
    found.module = held.module;
    found.event = held.event;
  }
  names_.NoteEnd(module, name, held.bound() ? held : served_.lookup({module, name}));
  overrides_.push_back({module, name, found});
}

// Whether stars in a cycle may bring the name, though it holds this; what an alias stands for the
// resolver may know better then.
bool Simulator::MayComeByStar(ModuleId module, const Held &held) const {
  const NamespaceLog &log = resolver_.Log(module);
  const bool own = held.kind == Held::Object && held.module == module && held.event != kNoEvent;
  return !log.stars.empty() && graph_.InCycle(module) &&
         !(own && log.events[held.event].kind == EventKind::Value);
}

// Whether a handler, or what may fail before it, decides what the name is: the resolver may tell
// otherwise when it knows what is overridden in other modules.
bool Simulator::IsBoundInTry(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  const auto &statements = project_.StatementsOf(module);
  const auto tries = [&](uint32_t header) {
    const StatementKind kind = resolver_.view().Of(statements[header]).kind;
    return kind == StatementKind::Try || IsHandler(kind);
  };
  return llvm::any_of(log.Of(name), [&](uint32_t event) {
    return llvm::any_of(HeadersAround(statements, log.events[event].statement), tries);
  });
}

// Whether a function binds the name that others may call at any time.
bool Simulator::MayBeRebound(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.Of(name), [&](uint32_t event) { return log.events[event].weak; });
}

// Bound to something that has no place in the logs: it is not what the resolver takes it for.
void Simulator::CompareUnnamed(ModuleId module, NameId name, const Held &held,
                               const Found &before) {
  // A `__doc__` of before it was bound stays, whatever other modules turn out to hold.
  const bool told =
      before.kind == TargetKind::Opaque && !resolver_.IsImplicit(module, project_.Text(name));
  if (!before.unknown && !before.lazy && !told && !expects_no_news_) {
    names_.NoteEnd(module, name, held);
    Override(module, name, Answer::Yes);
  }
}

// Nobody knows whether it is bound, though the resolver thinks it is.
void Simulator::BlurDoubtful(ModuleId module, NameId name) {
  if (resolver_.Attribute(module, name).answer == Answer::Yes) {
    Blur(module, name, Answer::Maybe);
  }
}

// Who is imported first decides: no path to anything.
void Simulator::Blur(ModuleId module, NameId name, Answer answer) {
  const Found before = resolver_.Attribute(module, name);
  if (!before.unknown && !before.lazy) {
    Held either = NamesNow::ObjectHeld();
    either.doubtful = true;
    names_.NoteEnd(module, name, either);
    Override(module, name, answer);
  }
}

void Simulator::Override(ModuleId module, NameId name, Answer answer) {
  Found found;
  found.answer = answer;
  found.kind = TargetKind::Opaque;
  found.module = module;
  overrides_.push_back({module, name, found});
}

// What varies, by the member that came first.
void Simulator::NoteVarying(const std::vector<ModuleId> &members, OtherEnds &others,
                            const std::vector<std::pair<ModuleId, NameId>> &varying) {
  if (varying.empty()) {
    return;
  }
  const std::vector<Ends> &rotations = others.Rotations();
  for (size_t i = 0; i < rotations.size(); ++i) {
    for (const auto &[module, name] : varying) {
      const Held *held = rotations[i].Find(module, name);
      names_.NoteEndAfter(members[i], module, name, held != nullptr ? *held : Held());
    }
  }
}

const Held *Simulator::Ends::Find(ModuleId module, NameId name) const {
  const auto names = of_.find(module);
  if (names == of_.end()) {
    return nullptr;
  }
  const auto at =
      llvm::partition_point(names->second, [&](const auto &entry) { return entry.first < name; });
  return at != names->second.end() && at->first == name ? &at->second : nullptr;
}

// Names that the module's dict holds now.
void Simulator::NoteExecuted(ModuleId module, MemberNames &names) const {
  const size_t known = names.all.size();
  for (const auto &[name, held] : states_.DictOf(module)) {
    const auto end = names.all.begin() + static_cast<std::ptrdiff_t>(known);
    if (!std::binary_search(names.all.begin(), end, name)) {
      names.all.push_back(name); // sorted below
    }
  }
  if (names.all.size() > known) {
    llvm::sort(names.all);
  }
}

// What the log, the stars or the execution binds.
const std::vector<NameId> &Simulator::NamesOf(ModuleId module, MemberNames &names) {
  if (!names.with_bound) {
    const std::vector<NameId> bound = resolver_.FindBoundNames(module);
    std::vector<NameId> all;
    std::set_union(bound.begin(), bound.end(), names.all.begin(), names.all.end(),
                   std::back_inserter(all));
    names.all = std::move(all);
    names.with_bound = true;
  }
  return names.all;
}

// What the names of `all` hold after the members were imported one after the other.
Simulator::Ends Simulator::EndsOf(const std::vector<ModuleId> &members,
                                  const std::vector<ModuleId> &all, NamesOfMembers &names) {
  Ends ends;
  context_.clear();
  if (!members.empty() && touches_caught_[members.front()] && steps_of_whole_ < kStepsOfWhole) {
    names_.ExecuteAll();
  }
  const size_t steps = std::exchange(executor_.steps, names_.executes_all() ? 0 : executor_.steps);
  for (ModuleId member : members) {
    names_.entry = member;
    Load(member);
  }
  const bool complete = executor_.steps <= executor_.step_limit;
  if (names_.executes_all()) {
    steps_of_whole_ += executor_.steps;
    executor_.steps = steps;
  }
  for (ModuleId member : complete ? all : std::vector<ModuleId>()) {
    MemberNames &names_of_member = names[member];
    NoteExecuted(member, names_of_member);
    if (states_.Of(member).open || states_.Of(member).loaded != Loaded::Yes) {
      continue;
    }
    std::vector<std::pair<NameId, Held>> held_by_name;
    for (NameId name : NamesOf(member, names_of_member)) {
      const Held held = states_.Get(member, name);
      held_by_name.push_back({name, held});
      if (!held.bound()) {
        served_[{member, name}] = names_.Attribute(member, name);
      }
    }
    ends.Add(member, std::move(held_by_name));
  }
  states_.RollBack(0);
  names_.SetComponent(names_.component(), true);
  return ends;
}

//     # a.py               # b.py               # c.py
//     from b import *      from a import *      from b import A
//     class A: ...
// `import c` works: `b` comes first, waits for `a`, and takes `A` from it. After `import a` it
// does not: `b` found `a` empty.

void Simulator::NoteLateFailures() {
  for (const ImportRow &row : project_.rows) {
    if (absent_after_.empty() || !row.name.valid() || !row.source.valid()) {
      continue;
    }
    const auto absent = absent_after_.find({row.source, row.name});
    const bool always = !row.context.deferred && !row.context.guarded &&
                        !row.context.type_checking && !row.context.unreachable &&
                        !row.context.conditional && !row.context.string;
    if (absent == absent_after_.end() || !always ||
        graph_.component_of[row.importer] == graph_.component_of[row.source]) {
      continue;
    }
    ImportOutcome &outcome = project_.outcomes[row.importer];
    if (outcome.status == ImportOutcome::Ok && outcome.certain) {
      outcome.certain = false;
      outcome.reason = "ImportError: cannot import name '" + project_.Text(row.name).str() +
                       "' from '" + project_.Text(project_.modules[row.source].name).str() +
                       "' (most likely due to a circular import)";
      outcome.chain = {WayIntoCycle(absent->second),
                       {row.file, {row.statement_span.begin, row.statement_span.begin + 1}}};
    }
  }
}

// The first import of another member of its cycle.
Location Simulator::WayIntoCycle(ModuleId member) const {
  const FileId file = project_.modules[member].file;
  for (const ImportRow &row : graph_.RowsOf(project_, file)) {
    if (row.source.valid() && row.source != member && !row.context.deferred &&
        graph_.component_of[row.source] == graph_.component_of[member]) {
      return {file, {row.statement_span.begin, row.statement_span.begin + 1}};
    }
  }
  return {file, {0, 1}};
}

} // namespace pydefrag
