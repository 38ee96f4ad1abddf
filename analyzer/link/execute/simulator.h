// Simulator: tries every module of a component of the import graph as the first one imported, one
// component after the other (import_time.h).
//
// import_time.cpp: components and entries. import_loading.cpp: one module and its packages.
// fragile_cycles.cpp: cycles whose end hangs on who came first. import_ends.cpp: what is left.
#pragma once

#include "link/execute/executor.h"
#include "link/execute/plain_modules.h"

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

class Simulator {
public:
  Simulator(Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph), states_(project.modules.size()),
        names_(project, resolver, graph, states_), load_([this](ModuleId m) { return Load(m); }),
        executor_(project, resolver, graph, states_, names_, load_) {
    touches_fragile_.resize(project.modules.size());
    touches_caught_.resize(project.modules.size());
  }
  void Run(const IdVector<ModuleId, PlainModule> &plain);

private:
  size_t BudgetOf(const std::vector<ModuleId> &members) const;
  bool Foretell(ModuleId module, llvm::ArrayRef<PlainLoad> loads);
  ModuleId FirstUnknown(ModuleId module) const;

  // fragile_cycles.cpp: cycles that fail when one member comes first, and work when another does
  using Context = llvm::SmallVector<std::pair<int32_t, ModuleId>, 2>; // sorted by component
  struct Remembered {                                                 // of a load in a context
    std::optional<Failure> failure;
    std::string doubt;
    Context after;
    std::vector<ModuleId> stayed;
  };
  void NoteFragile(const std::vector<ModuleId> &members);
  const ModuleId *FirstOf(int32_t component) const;
  std::optional<Failure> LoadOther(ModuleId module);
  std::optional<Failure> LoadInContext(int32_t component, ModuleId module);
  std::optional<Failure> LoadAfter(int32_t component, ModuleId first, ModuleId module);
  std::optional<Failure> Again(const Remembered &remembered);
  void NoteLeft(std::optional<Failure> &failure, size_t mark) const;
  unsigned ContextId();

  // import_time.cpp: entries
  std::vector<std::pair<ModuleId, std::vector<ModuleId>>>
  GroupByPackage(const std::vector<ModuleId> &members) const;
  void TryGroup(ModuleId package, const std::vector<ModuleId> &members);
  struct Doubt { // of what was imported before
    std::string about;
    bool more = false; // Executor::doubts_more
  };
  ImportOutcome TryEntry(ModuleId entry, const Doubt &before);
  ImportOutcome TryEntry(ModuleId entry) { return TryEntry(entry, Doubt()); }
  struct InWorld { // how an import ends where conditions are as told; neither: nobody knows
    std::optional<Failure> failure;
    bool works = false;
  };
  InWorld TryInWorld(Executor::Conditions conditions, ModuleId entry);
  InWorld TryEitherWay(ModuleId entry);
  void NoteStayed(ModuleId entry);
  void NoteCaught(const std::vector<ModuleId> &members);
  void TryWhole(const std::vector<ModuleId> &members);
  void MarkCertain(const std::vector<ModuleId> &members);
  void OverrideServed();

  // import_ends.cpp: what is left in the end
  class Ends { // what names hold in the end
  public:
    // The names of one module, ascending.
    void Add(ModuleId module, std::vector<std::pair<NameId, Held>> names) {
      of_[module] = std::move(names);
    }
    const Held *Find(ModuleId module, NameId name) const;

  private:
    llvm::DenseMap<ModuleId, std::vector<std::pair<NameId, Held>>> of_;
  };
  struct MemberNames {       // of one module of a component
    std::vector<NameId> all; // ascending, each once: what the execution binds
    bool with_bound = false; // and what the resolver tells
  };
  using NamesOfMembers = llvm::DenseMap<ModuleId, MemberNames>;
  void CompareEnds(std::vector<ModuleId> members);
  class OtherEnds; // other_ends.h
  bool MayComeByStar(ModuleId module, const Held &held) const;
  bool IsBoundInTry(ModuleId module, NameId name) const;
  bool MayBeRebound(ModuleId module, NameId name) const;
  bool IsUnderCondition(ModuleId module, NameId name) const;
  void Compare(ModuleId module, NameId name, const Held &held, const Found &before);
  void CompareUnnamed(ModuleId module, NameId name, const Held &held, const Found &before);
  void BlurDoubtful(ModuleId module, NameId name);
  void Blur(ModuleId module, NameId name, Answer answer);
  void Override(ModuleId module, NameId name, Answer answer);
  bool IsClosed(ModuleId module) const { return resolver_.Log(module).open_reason.empty(); }
  void NoteVarying(const std::vector<ModuleId> &members, OtherEnds &others,
                   const std::vector<std::pair<ModuleId, NameId>> &varying);
  void NoteExecuted(ModuleId module, MemberNames &names) const;
  const std::vector<NameId> &NamesOf(ModuleId module, MemberNames &names);
  Ends EndsOf(const std::vector<ModuleId> &members, const std::vector<ModuleId> &all,
              NamesOfMembers &names);
  void NoteLateFailures();
  Location WayIntoCycle(ModuleId member) const;

  // import_loading.cpp: one module, behind the packages above it
  std::optional<Failure> Load(ModuleId module);
  std::optional<Failure> LoadBelow(ModuleId module);
  std::optional<Failure> FindBelow(ModuleId package, ModuleId module, bool &another);
  void OverrideLoadedInstead();
  bool IsLoadedAfter(ModuleId first, ModuleId module);
  bool LoadsWith(ModuleId package, ModuleId module);
  std::optional<Failure> LoadOne(ModuleId module);
  std::optional<Failure> LoadAgain(ModuleId module);
  bool AlwaysFails(ModuleId module) const;
  std::optional<Failure> Decided(ModuleId module);

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
  // By `__getattr__`, where the dict does not hold the name.
  llvm::DenseMap<std::pair<ModuleId, NameId>, Held> served_;
  // Submodules of a replaced package: what importing them finds.
  std::map<ModuleId, ModuleId> loaded_instead_;
  // The component itself went as the logs tell: the resolver knows better what it only knows in
  // part.
  bool expects_no_news_ = false;
  // Names that a module lacks for good when this other one came first.
  llvm::DenseMap<std::pair<ModuleId, NameId>, ModuleId> absent_after_;
  llvm::DenseSet<ModuleId> may_only_end_; // unknown: not Executor::doubts_more
  llvm::DenseSet<int32_t> fragile_;       // components
  IdVector<ModuleId, char> touches_fragile_;
  IdVector<ModuleId, char> touches_caught_; // see NoteCaught
  // Statements executed in such runs of all modules; behind so many, what the components tell is
  // kept.
  static constexpr size_t kStepsOfWhole = 5'000'000;
  size_t steps_of_whole_ = 0;
  Context context_;
  std::map<std::vector<std::pair<int32_t, ModuleId>>, unsigned> context_ids_;
  llvm::DenseMap<std::pair<ModuleId, unsigned>, Remembered> in_context_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, Remembered> after_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, bool> loaded_after_;
};

} // namespace pydefrag
