#include "link/import_time.h"

#include "link/executor.h"
#include "link/plain_modules.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace pydefrag {
namespace {

// Statements executed for one component before what is left of it is answered "unknown": so many,
// and so many for each that it has. Trying every member of a cycle takes up to the square of its
// size; real cycles take less than 200,000 steps.
constexpr size_t kSteps = 2'000'000;
constexpr size_t kStepsForEach = 20;

class Simulator {
public:
  Simulator(Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph), states_(project.modules.size()),
        names_(project, resolver, graph, states_), load_([this](ModuleId m) { return Load(m); }),
        executor_(project, resolver, graph, states_, names_, load_) {
    touches_fragile_.resize(project.modules.size());
  }

  void Run(const IdVector<ModuleId, PlainModule> &plain) {
    project_.outcomes.resize(project_.modules.size());
    for (size_t c = 0; c < graph_.components.size(); ++c) {
      const ModuleId first = graph_.components[c].front();
      if (plain[first].plain && Foretell(first, plain[first].loads)) {
        continue;
      }
      names_.SetComponent(static_cast<int32_t>(c));
      decided_ = static_cast<int32_t>(c);
      const std::vector<ModuleId> &members = graph_.components[c];
      executor_.steps = 0;
      executor_.step_limit = BudgetOf(members);
      names_.surprised = false;
      names_.leans_on_order = false;
      for (const auto &[package, below] : GroupByPackage(members)) {
        TryGroup(package, below);
      }
      MarkCertain(members);
      NoteFragile(members);
      if (names_.surprised) {
        CompareEnds(members);
      }
    }
    for (const auto &[module, name, found] : overrides_) {
      resolver_.Override(module, name, found);
    }
    NoteLateFailures();
  }

private:
  size_t BudgetOf(const std::vector<ModuleId> &members) const {
    size_t statements = 0;
    for (ModuleId member : members) {
      statements += project_.scanned.facts[project_.modules[member].file].statements.size();
    }
    return kSteps + kStepsForEach * statements;
  }

  // The outcome of a plain module, when what it imports tells: it works, or nobody knows for the
  // first reason that stands in its way.
  bool Foretell(ModuleId module, llvm::ArrayRef<PlainLoad> loads) {
    bool doubtful = false;
    for (ModuleId at = project_.modules[module].parent; at.valid();
         at = project_.modules[at].parent) {
      if (resolver_.Log(at).replaced()) {
        return false; // it may not be found
      }
    }
    for (ModuleId target : graph_.edges[module]) {
      const ImportOutcome::Status status = project_.outcomes[target].status;
      if (status == ImportOutcome::Fails || touches_fragile_[target] || names_.HasEnds(target) ||
          stayed_.contains(target)) {
        return false;
      }
      doubtful |= status == ImportOutcome::Unknown;
    }
    if (!doubtful) {
      return true;
    }
    ModuleId first = FirstUnknown(project_.modules[module].parent);
    for (const PlainLoad &load : loads) {
      if (first.valid()) {
        break;
      }
      first = FirstUnknown(load.module);
      if (first == load.module && load.only_if_unbound) {
        return false;
      }
    }
    if (first.valid()) {
      project_.outcomes[module].status = ImportOutcome::Unknown;
      project_.outcomes[module].reason = project_.outcomes[first].reason;
    }
    return true;
  }

  // The outermost one of a module and the packages above it of which nobody knows whether it works.
  ModuleId FirstUnknown(ModuleId module) const {
    ModuleId first;
    for (ModuleId at = module; at.valid(); at = project_.modules[at].parent) {
      first = project_.outcomes[at].status == ImportOutcome::Unknown ? at : first;
    }
    return first;
  }

  // --- fragile cycles
  //
  // Some cycles fail when one member comes first and work when another does. Who imports such a
  // cycle therefore matters to everything above it: the *context* is which member came first, for
  // each fragile cycle that was touched so far. Modules above are remembered per context.

  using Context = llvm::SmallVector<std::pair<int32_t, ModuleId>, 2>; // sorted by component
  struct Remembered {
    std::optional<Failure> failure;
    std::string doubt;
    Context after;
    std::vector<ModuleId> stayed;
  };

  void NoteFragile(const std::vector<ModuleId> &members) {
    size_t failing = 0;
    size_t working = 0;
    for (ModuleId member : members) {
      failing += project_.outcomes[member].status == ImportOutcome::Fails;
      working += project_.outcomes[member].status == ImportOutcome::Ok;
    }
    bool touches = members.size() > 1 && failing > 0 && working > 0;
    if (touches) {
      fragile_.insert(names_.component());
    }
    for (ModuleId member : members) {
      for (ModuleId target : graph_.edges[member]) {
        touches |= touches_fragile_[target] != 0;
      }
    }
    for (ModuleId member : members) {
      touches_fragile_[member] = touches;
    }
  }

  const ModuleId *FirstOf(int32_t component) const {
    for (const auto &[touched, first] : context_) {
      if (touched == component) {
        return &first;
      }
    }
    return nullptr;
  }

  // A module of another component, in the context of this import.
  std::optional<Failure> LoadOther(ModuleId module) {
    if (!touches_fragile_[module]) {
      return Decided(module);
    }
    const int32_t component = graph_.ComponentOf(module);
    if (fragile_.contains(component)) {
      const ModuleId *first = FirstOf(component);
      if (first) {
        return LoadAfter(component, *first, module);
      }
      auto failure = Decided(module);
      if (!failure) {
        context_.push_back({component, module});
        llvm::sort(context_);
      }
      return failure;
    }
    return LoadInContext(component, module);
  }

  // A module that is no part of a fragile cycle: its statements are executed once for each context.
  std::optional<Failure> LoadInContext(int32_t component, ModuleId module) {
    const auto key = std::make_pair(module, ContextId());
    if (auto it = in_context_.find(key); it != in_context_.end()) {
      context_ = it->second.after;
      return Again(it->second);
    }
    const int32_t outer = names_.component();
    const size_t mark = states_.Mark();
    const uint32_t run = states_.BeginRun();
    names_.SetComponent(component);
    Remembered remembered;
    const std::string doubt = std::move(executor_.doubt);
    executor_.doubt.clear();
    const std::vector<ModuleId> stayed = std::exchange(names_.stayed, {});
    remembered.failure = Load(module);
    remembered.doubt = executor_.doubt;
    executor_.doubt = doubt;
    remembered.after = context_;
    NoteLeft(remembered.failure, mark);
    states_.RollBack(mark);
    states_.EndRun(run);
    names_.SetComponent(outer);
    remembered.stayed = std::exchange(names_.stayed, stayed);
    return Again(in_context_[key] = std::move(remembered));
  }

  // Another member of a cycle that `first` led into.
  std::optional<Failure> LoadAfter(int32_t component, ModuleId first, ModuleId module) {
    const auto key = std::make_pair(first, module);
    if (auto it = after_.find(key); it != after_.end()) {
      return Again(it->second);
    }
    const int32_t outer = names_.component();
    const size_t mark = states_.Mark();
    const Context context = context_;
    const uint32_t run = states_.BeginRun();
    names_.SetComponent(component);
    const std::string doubt = std::move(executor_.doubt);
    executor_.doubt.clear();
    const std::vector<ModuleId> stayed = std::exchange(names_.stayed, {});
    std::optional<Failure> failure = Load(first);
    if (!failure) {
      failure = Load(module);
    }
    NoteLeft(failure, mark);
    states_.RollBack(mark);
    states_.EndRun(run);
    context_ = context;
    names_.SetComponent(outer);
    Remembered remembered{failure, executor_.doubt, {}, std::exchange(names_.stayed, stayed)};
    executor_.doubt = doubt;
    return Again(after_[key] = std::move(remembered));
  }

  // What is remembered of a load happens in this run, too.
  std::optional<Failure> Again(const Remembered &remembered) {
    if (!remembered.doubt.empty()) {
      executor_.Doubt(remembered.doubt);
    }
    if (!remembered.failure) {
      names_.Stay(remembered.stayed);
    }
    return remembered.failure;
  }

  // What a failed import has loaded stays, though the run is undone.
  void NoteLeft(std::optional<Failure> &failure, size_t mark) const {
    if (failure) {
      const std::vector<ModuleId> loaded = states_.LoadedSince(mark);
      failure->left.insert(failure->left.end(), loaded.begin(), loaded.end());
    }
  }

  unsigned ContextId() {
    auto [it, inserted] = context_ids_.try_emplace(std::vector(context_.begin(), context_.end()),
                                                   static_cast<unsigned>(context_ids_.size()));
    return it->second;
  }

  // --- entries

  // Members below the same outermost package of the cycle: importing any of them runs that package
  // first, so it is executed once for all.
  std::vector<std::pair<ModuleId, std::vector<ModuleId>>>
  GroupByPackage(const std::vector<ModuleId> &members) const {
    std::vector<std::pair<ModuleId, std::vector<ModuleId>>> groups;
    llvm::DenseMap<ModuleId, size_t> group_of;
    for (ModuleId member : members) {
      ModuleId top = member;
      for (ModuleId at = member; at.valid(); at = project_.modules[at].parent) {
        top = graph_.ComponentOf(at) == names_.component() ? at : top;
      }
      auto [it, inserted] = group_of.try_emplace(top, groups.size());
      if (inserted) {
        groups.push_back({top, {}});
      }
      groups[it->second].second.push_back(member);
    }
    return groups;
  }

  void TryGroup(ModuleId package, const std::vector<ModuleId> &members) {
    names_.stayed.clear();
    const ImportOutcome first = TryEntry(package);
    const std::string doubt = executor_.doubt;
    const size_t mark = states_.Mark();
    const size_t stayed = names_.stayed.size();
    names_.NoteLoadedWithParent(first.status == ImportOutcome::Fails ? std::vector<ModuleId>()
                                                                     : members);
    for (ModuleId member : members) {
      if (member == package || first.status == ImportOutcome::Fails) {
        project_.outcomes[member] = first;
        if (first.status == ImportOutcome::Fails) {
          failures_[member] = failures_.lookup(package);
        }
        continue;
      }
      project_.outcomes[member] = TryEntry(member, doubt);
      states_.RollBack(mark);
      names_.stayed.resize(stayed);
    }
    states_.RollBack(0);
  }

  // `doubt`: about what was imported before.
  ImportOutcome TryEntry(ModuleId entry, const std::string &doubt = "") {
    ImportOutcome outcome;
    executor_.doubt = doubt;
    executor_.doubted_import = ModuleId();
    executor_.imported_softly = false;
    names_.entry = entry;
    context_.clear();
    const size_t mark = states_.Mark();
    std::optional<Failure> failure;
    if (executor_.steps <= executor_.step_limit) {
      failure = LoadBelow(entry);
      NoteLeft(failure, 0);
    }
    if (executor_.steps > executor_.step_limit) {
      return {ImportOutcome::Unknown, true, "the cycle is too large to execute on paper", {}};
    }
    const bool of_run = failure && (failure->of_run || failure->circular || failure->needs.valid());
    if (of_run && executor_.doubt.empty() && executor_.imported_softly) {
      states_.RollBack(mark);
      if (!FailsWhere(Executor::Conditions::AllTrue, entry) ||
          !FailsWhere(Executor::Conditions::AllFalse, entry)) {
        executor_.doubt = "under a condition: " + failure->reason;
      }
    }
    const bool doubted = !executor_.doubt.empty();
    if (failure && !(doubted && of_run)) {
      outcome.status = ImportOutcome::Fails;
      outcome.reason = failure->reason;
      outcome.chain.assign(failure->chain.rbegin(), failure->chain.rend());
      failures_[entry] = std::move(*failure);
    } else if (doubted) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = executor_.doubt;
    }
    if (!failure) {
      NoteStayed(entry);
    }
    return outcome;
  }

  // Whether the import surely fails in such a world, too: what soft statements imported may have
  // decided it.
  bool FailsWhere(Executor::Conditions conditions, ModuleId entry) {
    const size_t mark = states_.Mark();
    context_.clear();
    executor_.doubt.clear();
    executor_.conditions = conditions;
    const bool fails = LoadBelow(entry).has_value() && executor_.doubt.empty();
    executor_.conditions = Executor::Conditions::Open;
    executor_.doubt.clear();
    states_.RollBack(mark);
    return fails;
  }

  // Modules that cannot be imported first, and stayed when this one led to them: a handler caught
  // what failed. Whoever imports this one finds them.
  void NoteStayed(ModuleId entry) {
    for (ModuleId module : names_.stayed) {
      if (project_.outcomes[module].status != ImportOutcome::Ok || touches_fragile_[module]) {
        stayed_[entry].push_back(module);
      }
    }
  }

  // A failure that every member of the cycle meets, or that needs no cycle, is certain.
  void MarkCertain(const std::vector<ModuleId> &members) {
    if (members.size() < 2) {
      return;
    }
    size_t failing = 0;
    for (ModuleId member : members) {
      failing += project_.outcomes[member].status == ImportOutcome::Fails;
    }
    for (ModuleId member : members) {
      project_.outcomes[member].certain = failing == members.size();
    }
  }

  // --- what is left in the end

  using Ends = llvm::DenseMap<std::pair<ModuleId, NameId>, Held>;

  // Names of the cycle that hold something else than the resolver says, in whatever order its
  // members are imported.
  void CompareEnds(std::vector<ModuleId> members) {
    names_.SetComponent(names_.component(), true);
    llvm::erase_if(members, [&](ModuleId member) {
      return !names_.Tracked(member) || !resolver_.IsItself(member);
    });
    // One that fails when it comes first may work behind another.
    const std::vector<ModuleId> all = members;
    llvm::erase_if(members, [&](ModuleId member) {
      return project_.outcomes[member].status == ImportOutcome::Fails;
    });
    llvm::DenseMap<ModuleId, std::vector<NameId>> names;
    const Ends forward = EndsOf(members, all, names);
    std::reverse(members.begin(), members.end());
    const Ends backward = EndsOf(members, all, names);
    OtherEnds others(*this, members, all, names);
    std::vector<std::pair<ModuleId, NameId>> varying;
    for (ModuleId member : members.empty() ? members : all) {
      for (NameId name : NamesOf(member, names)) {
        if (!forward.contains({member, name}) || !backward.contains({member, name})) {
          continue;
        }
        const Held a = forward.lookup({member, name});
        const Held b = backward.lookup({member, name});
        if ((a.doubtful || b.doubtful) && !others.HoldInAWorld(member, name)) {
          BlurDoubtful(member, name);
        }
        if (a.maybe || a.doubtful || b.maybe || b.doubtful) {
          continue;
        }
        const bool same = NamesNow::Same(a, b);
        if (!same || (IsNews(member, name, a) && others.Differ(member, name, a))) {
          varying.push_back({member, name});
          if (!a.bound() || !b.bound()) { // by now the members stand in reverse order
            absent_after_[{member, name}] = a.bound() ? members.front() : members.back();
          }
          Blur(member, name, a.bound() && b.bound() ? Answer::Yes : Answer::Maybe);
        } else if (a.kind != Held::Object || a.event != kNoEvent) {
          Compare(member, name, a);
        } else {
          CompareUnnamed(member, name, a);
        }
      }
    }
    NoteVarying(members, others, varying);
  }

  // What each member leaves behind when it comes first, in cycles of a size that is seen; and what
  // they leave where every condition is true, and where none is. Executed when somebody asks.
  class OtherEnds {
  public:
    static constexpr size_t kMost = 16;
    OtherEnds(Simulator &simulator, std::vector<ModuleId> members, const std::vector<ModuleId> &all,
              llvm::DenseMap<ModuleId, std::vector<NameId>> &names)
        : simulator_(simulator), members_(std::move(members)), all_(all), names_(names) {}

    // One for each member as the first; none in a cycle that is too large.
    const std::vector<Ends> &Rotations() {
      if (rotations_.empty() && members_.size() <= kMost) {
        std::vector<ModuleId> order = members_;
        for (size_t i = 0; i < members_.size(); ++i) {
          rotations_.push_back(simulator_.EndsOf(order, all_, names_));
          std::rotate(order.begin(), order.begin() + 1, order.end());
        }
      }
      return rotations_;
    }

    // Whether the name holds something else when some member comes first.
    bool Differ(ModuleId module, NameId name, const Held &held) {
      return llvm::any_of(Rotations(), [&](const Ends &ends) {
        const auto other = ends.find({module, name});
        return other != ends.end() && !NamesNow::Same(other->second, held);
      });
    }

    // Whether there is a world in which it holds what the resolver says.
    bool HoldInAWorld(ModuleId module, NameId name) {
      if (worlds_.empty() && members_.size() <= kMost) {
        for (auto conditions : {Executor::Conditions::AllTrue, Executor::Conditions::AllFalse}) {
          simulator_.executor_.conditions = conditions;
          worlds_.push_back(simulator_.EndsOf(members_, all_, names_));
        }
        simulator_.executor_.conditions = Executor::Conditions::Open;
      }
      const Held told = NamesNow::Of(simulator_.resolver_.Attribute(module, name));
      return llvm::any_of(worlds_, [&](const Ends &ends) {
        const auto held = ends.find({module, name});
        return held != ends.end() && !held->second.doubtful && NamesNow::Same(held->second, told);
      });
    }

  private:
    Simulator &simulator_;
    std::vector<ModuleId> members_;
    const std::vector<ModuleId> &all_;
    llvm::DenseMap<ModuleId, std::vector<NameId>> &names_;
    std::vector<Ends> rotations_;
    std::vector<Ends> worlds_;
  };

  // Whether the resolver does not say so already.
  bool IsNews(ModuleId module, NameId name, const Held &held) {
    return !NamesNow::Same(NamesNow::Of(resolver_.Attribute(module, name)), held);
  }

  void Compare(ModuleId module, NameId name, const Held &held) {
    const Found before = resolver_.Attribute(module, name);
    const bool known_better = before.broken || (held.bound() && IsClosed(module));
    const bool sure = !before.fallback && before.answer != Answer::Maybe;
    // A submodule is an attribute because it is a member that was imported.
    const bool submodule = held.kind == Held::Module && names_.Child(module, name) == held.module;
    const bool same = (sure || submodule) && NamesNow::Same(NamesNow::Of(before), held);
    if (same && names_.leans_on_order && !before.unknown) {
      overrides_.push_back({module, name, before}); // not what the order of others tells
    }
    if ((before.unknown && !known_better) || before.lazy || same) {
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

  // Bound to something that has no place in the logs: it is not what the resolver takes it for.
  void CompareUnnamed(ModuleId module, NameId name, const Held &held) {
    const Found before = resolver_.Attribute(module, name);
    if (!before.unknown && !before.lazy && before.kind != TargetKind::Opaque) {
      names_.NoteEnd(module, name, held);
      Override(module, name, Answer::Yes);
    }
  }

  // Nobody knows whether it is bound, though the resolver thinks it is.
  void BlurDoubtful(ModuleId module, NameId name) {
    if (resolver_.Attribute(module, name).answer == Answer::Yes) {
      Blur(module, name, Answer::Maybe);
    }
  }

  // Who is imported first decides: no path to anything.
  void Blur(ModuleId module, NameId name, Answer answer) {
    const Found before = resolver_.Attribute(module, name);
    if (!before.unknown && !before.lazy) {
      Held either = NamesNow::ObjectHeld();
      either.doubtful = true;
      names_.NoteEnd(module, name, either);
      Override(module, name, answer);
    }
  }
  void Override(ModuleId module, NameId name, Answer answer) {
    Found found;
    found.answer = answer;
    found.kind = TargetKind::Opaque;
    found.module = module;
    overrides_.push_back({module, name, found});
  }
  bool IsClosed(ModuleId module) const { return resolver_.Log(module).open_reason.empty(); }

  // What varies, by the member that came first.
  void NoteVarying(const std::vector<ModuleId> &members, OtherEnds &others,
                   const std::vector<std::pair<ModuleId, NameId>> &varying) {
    if (varying.empty()) {
      return;
    }
    const std::vector<Ends> &rotations = others.Rotations();
    for (size_t i = 0; i < rotations.size(); ++i) {
      for (const auto &[module, name] : varying) {
        names_.NoteEndAfter(members[i], module, name, rotations[i].lookup({module, name}));
      }
    }
  }

  // What the log, the stars or the execution binds.
  std::vector<NameId> NamesOf(ModuleId module,
                              llvm::DenseMap<ModuleId, std::vector<NameId>> &executed) {
    auto [bound, inserted] = bound_names_.try_emplace(module);
    if (inserted) {
      bound->second = resolver_.FindBoundNames(module);
    }
    std::vector<NameId> &more = executed[module];
    llvm::sort(more);
    more.erase(std::unique(more.begin(), more.end()), more.end());
    std::vector<NameId> names;
    std::set_union(bound->second.begin(), bound->second.end(), more.begin(), more.end(),
                   std::back_inserter(names));
    return names;
  }

  // What the names of `all` hold after the members were imported one after the other.
  Ends EndsOf(const std::vector<ModuleId> &members, const std::vector<ModuleId> &all,
              llvm::DenseMap<ModuleId, std::vector<NameId>> &names) {
    Ends ends;
    context_.clear();
    for (ModuleId member : members) {
      names_.entry = member;
      Load(member);
    }
    for (ModuleId member : all) {
      for (const auto &[name, held] : states_.DictOf(member)) {
        names[member].push_back(name); // sorted by who asks
      }
      if (states_.Of(member).open || states_.Of(member).loaded != Loaded::Yes) {
        continue;
      }
      for (NameId name : NamesOf(member, names)) {
        const Held held = states_.Get(member, name);
        ends[{member, name}] = held;
        if (!held.bound()) {
          served_[{member, name}] = names_.Attribute(member, name);
        }
      }
    }
    states_.RollBack(0);
    return ends;
  }

  // --- imports that work when they come first, and fail behind others
  //
  //     # a.py               # b.py               # c.py
  //     from b import *      from a import *      from b import A
  //     class A: ...
  //
  // `import c` works: `b` comes first, waits for `a`, and takes `A` from it. After `import a` it
  // does not: `b` found `a` empty.

  void NoteLateFailures() {
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
  Location WayIntoCycle(ModuleId member) const {
    const FileId file = project_.modules[member].file;
    const size_t f = static_cast<size_t>(file.index);
    for (uint32_t r = graph_.row_begin[f]; r < graph_.row_begin[f + 1]; ++r) {
      const ImportRow &row = project_.rows[RowId(size_t{r})];
      if (row.source.valid() && row.source != member && !row.context.deferred &&
          graph_.component_of[row.source] == graph_.component_of[member]) {
        return {file, {row.statement_span.begin, row.statement_span.begin + 1}};
      }
    }
    return {file, {0, 1}};
  }

  // --- loading

  // Loads a module after the packages above it.
  std::optional<Failure> Load(ModuleId module) {
    if (names_.InSysModules(module)) {
      return std::nullopt; // whatever became of the packages above it
    }
    const int32_t component = graph_.ComponentOf(module);
    const ModuleId *first = component != names_.component() ? FirstOf(component) : nullptr;
    if (first && IsLoadedAfter(*first, module)) {
      states_.SetOutside(module);
      names_.BindInParent(module);
      return std::nullopt; // a member of a fragile cycle, and the first one led to it
    }
    return LoadBelow(module);
  }

  // The packages above it are loaded first, whether it is there already or not.
  std::optional<Failure> LoadBelow(ModuleId module) {
    llvm::SmallVector<ModuleId, 8> parents;
    for (ModuleId at = module; at.valid(); at = project_.modules[at].parent) {
      parents.push_back(at);
    }
    for (auto it = parents.rbegin(); it != parents.rend(); ++it) {
      auto failure = it == parents.rbegin() ? std::nullopt : FindBelow(*std::prev(it), *it);
      failure = failure ? std::move(failure) : LoadOne(*it);
      if (failure) {
        return failure;
      }
    }
    return std::nullopt;
  }

  // Whether a submodule can be found below its package, when that may have put another module into
  // its place.
  std::optional<Failure> FindBelow(ModuleId package, ModuleId module) {
    const ModuleId stand_in = names_.InPlaceOf(package);
    if (stand_in == package || names_.InSysModules(module)) {
      return std::nullopt;
    }
    const bool may_be_loaded =
        graph_.ComponentOf(package) != names_.component() && names_.Reaches(package, module);
    if (may_be_loaded && LoadsWith(package, module)) {
      return std::nullopt;
    }
    const llvm::StringRef name = project_.Text(project_.modules[module].name);
    const NameId last = project_.scanned.names.Find(name.rsplit('.').second);
    const bool is_package = stand_in.valid() && resolver_.table().IsPackage(stand_in);
    if (may_be_loaded || !stand_in.valid() || !project_.modules[stand_in].first_party ||
        (is_package &&
         (names_.Child(stand_in, last).valid() || resolver_.table().HasOpenChildren(stand_in)))) {
      executor_.Doubt("its package is replaced in `sys.modules`");
      return std::nullopt;
    }
    Failure failure;
    failure.kind = ExceptionKind::NoModule;
    failure.reason = "ModuleNotFoundError: No module named '" + name.str() + "'";
    if (!is_package) {
      failure.reason +=
          "; '" + project_.Text(project_.modules[package].name).str() + "' is not a package";
    }
    return failure;
  }

  // The same of a member of a fragile cycle, when the first one is imported.
  bool IsLoadedAfter(ModuleId first, ModuleId module) {
    const auto key = std::make_pair(first, module);
    if (auto it = loaded_after_.find(key); it != loaded_after_.end()) {
      return it->second;
    }
    const bool loads = LoadsWith(first, module);
    return loaded_after_[key] = loads;
  }

  // Whether importing a package of another component surely imports the submodule.
  bool LoadsWith(ModuleId package, ModuleId module) {
    const int32_t outer = names_.component();
    const size_t mark = states_.Mark();
    const Context context = context_;
    const uint32_t run = states_.BeginRun();
    names_.SetComponent(graph_.ComponentOf(package));
    const std::string doubt = std::exchange(executor_.doubt, "");
    const std::vector<ModuleId> stayed = names_.stayed;
    const bool loads = !Load(package) && executor_.doubt.empty() && names_.InSysModules(module);
    executor_.doubt = doubt;
    names_.stayed = stayed;
    states_.RollBack(mark);
    states_.EndRun(run);
    context_ = context;
    names_.SetComponent(outer);
    return loads;
  }

  std::optional<Failure> LoadOne(ModuleId module) {
    const Module &m = project_.modules[module];
    if (!m.file.valid()) { // a namespace has no code
      if (m.first_party && !states_.IsOutside(module)) {
        states_.SetOutside(module);
        names_.BindInParent(module);
      }
      return std::nullopt;
    }
    if (states_.Of(module).loaded != Loaded::No) {
      return std::nullopt;
    }
    if (graph_.ComponentOf(module) != names_.component()) {
      if (states_.IsOutside(module)) {
        return std::nullopt;
      }
      // What a handler in it leads to hangs on what has failed before.
      const bool again =
          states_.HasFailed(module) || (!names_.stayed.empty() && stayed_.contains(module));
      auto failure = again ? LoadAgain(module) : LoadOther(module);
      if (failure) {
        states_.SetFailed(module);
      } else {
        states_.SetOutside(module);
        names_.BindInParent(module);
      }
      return failure;
    }
    const ModuleFacts &facts = project_.scanned.facts[m.file];
    if (facts.state == FileState::SyntaxError) {
      Failure failure;
      failure.kind = ExceptionKind::Syntax;
      failure.reason = "SyntaxError: " + facts.error_message;
      failure.chain.push_back({m.file, facts.error_span});
      return failure;
    }
    states_.SetLoaded(module, Loaded::UnderWay);
    auto failure = executor_.ExecuteModule(module);
    states_.SetLoaded(module, failure ? Loaded::No : Loaded::Yes);
    if (failure) {
      states_.Clear(module);
    } else {
      names_.BindInParent(module);
    }
    return failure;
  }

  // A module of another component that is executed in this run: what failed before has loaded
  // modules that are still there, so that it may get further now, or end otherwise.
  std::optional<Failure> LoadAgain(ModuleId module) {
    const int32_t outer = names_.component();
    names_.SetComponent(graph_.ComponentOf(module));
    auto failure = LoadOne(module);
    names_.SetComponent(outer);
    return failure;
  }

  // Modules of earlier components do the same whoever imports them.
  std::optional<Failure> Decided(ModuleId module) {
    const ImportOutcome &outcome = project_.outcomes[module];
    if (graph_.ComponentOf(module) > decided_) {
      executor_.Doubt("a function that imports");
    }
    if (outcome.status == ImportOutcome::Unknown) {
      executor_.Doubt(outcome.reason);
    }
    if (outcome.status != ImportOutcome::Fails) {
      if (const auto stayed = stayed_.find(module); stayed != stayed_.end()) {
        names_.Stay(stayed->second);
      }
      return std::nullopt;
    }
    const Failure &failure = failures_[module];
    if (failure.needs.valid() && names_.Reaches(names_.entry, failure.needs)) {
      executor_.Doubt("a submodule that another module imports");
      return std::nullopt;
    }
    Failure again = failure;
    again.chain.assign(outcome.chain.rbegin(), outcome.chain.rend());
    return again;
  }

  Project &project_;
  Resolver &resolver_;
  const ImportGraph &graph_;
  ModuleStates states_;
  NamesNow names_;
  std::function<std::optional<Failure>(ModuleId)> load_;
  Executor executor_;
  int32_t decided_ = 0;                                    // components before this one are
  llvm::DenseMap<ModuleId, Failure> failures_;             // of modules that cannot be imported
  llvm::DenseMap<ModuleId, std::vector<ModuleId>> stayed_; // see NoteStayed
  std::vector<std::tuple<ModuleId, NameId, Found>> overrides_;
  Ends served_; // by `__getattr__`, where the dict does not hold the name
  // Names that a module lacks for good when this other one came first.
  llvm::DenseMap<std::pair<ModuleId, NameId>, ModuleId> absent_after_;
  llvm::DenseMap<ModuleId, std::vector<NameId>> bound_names_; // as the resolver tells
  llvm::DenseSet<int32_t> fragile_;                           // components
  IdVector<ModuleId, char> touches_fragile_;
  Context context_;
  std::map<std::vector<std::pair<int32_t, ModuleId>>, unsigned> context_ids_;
  llvm::DenseMap<std::pair<ModuleId, unsigned>, Remembered> in_context_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, Remembered> after_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, bool> loaded_after_;
};

} // namespace

void SimulateImports(Project &project, Resolver &resolver, const ImportGraph &graph,
                     unsigned jobs) {
  Simulator(project, resolver, graph).Run(FindPlainModules(project, resolver, graph, jobs));
}

} // namespace pydefrag
