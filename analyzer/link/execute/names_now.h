// NamesNow: what a name of a module holds at this point of an execution on paper. Modules of the
// cycle being executed answer from their dicts (module_states.h), all others as they are in the end
// (resolve.h).
#pragma once

#include "link/execute/graph.h"
#include "link/execute/import_failure.h"
#include "link/execute/module_states.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

class NamesNow {
public:
  NamesNow(Project &project, Resolver &resolver, const ImportGraph &graph, ModuleStates &states)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph),
        states_(states) {}

  // The component of the import graph that is executed.
  // A single module needs no dict, unless it asks itself or `track` is set.
  void SetComponent(int32_t component, bool track = false);
  int32_t component() const { return scope_.component; }
  // What is executed now: to be set again behind a run of another component in between.
  struct Scope {
    int32_t component = -1;
    bool tracks = false; // keeps dicts
    bool executes_all = false;
  };
  Scope scope() const { return scope_; }
  void SetScope(Scope scope) { scope_ = scope; }
  // Until the next SetComponent every module of the project is executed, and nothing taken from its
  // end.
  void ExecuteAll() { scope_.executes_all = scope_.tracks = true; }
  bool executes_all() const { return scope_.executes_all; }
  bool Executes(ModuleId module) const {
    const int32_t component = graph_.ComponentOf(module);
    return component == scope_.component || (scope_.executes_all && component >= 0);
  }
  // Whether the module's dict is kept while it is executed.
  bool Tracked(ModuleId module) const {
    return scope_.tracks && module.valid() && Executes(module) && !states_.IsOutside(module) &&
           resolver_.HasLog(module);
  }
  // Whether its `__getattr__` is defined by now.
  bool HasHook(ModuleId module);
  // The branch of that whose import runs now when the name is asked for; null: none.
  const LazyEntry *ImporterOf(ModuleId module, NameId name);
  bool UnderWay(ModuleId module) const { return states_.Of(module).loaded == Loaded::UnderWay; }

  // Whether it stands in sys.modules: loaded or under way in this run, as far as it shows.
  bool InSysModules(ModuleId module) const {
    return states_.Of(module).loaded != Loaded::No || states_.IsOutside(module);
  }
  // Whether an import of one module may run the other.
  bool Reaches(ModuleId from, ModuleId to) const;

  // The attribute `name` of a module, without importing a submodule.
  Held Attribute(ModuleId module, NameId name);
  // A Name or chain of Attributes as it stands at `statement` of `module`; Absent when it is
  // something else or cannot be told.
  Held Evaluate(ModuleId module, uint32_t statement, ExprId expr);
  // The submodule of a package, if a file or folder of that name exists.
  ModuleId Child(ModuleId package, NameId name);

  // What sys.modules holds now for a module that may have put something else into its own place;
  // invalid: something unknown.
  ModuleId InPlaceOf(ModuleId module);
  // The same as what an import binds.
  Held Imported(ModuleId module);

  // Binds a name of a tracked module. In `soft` code nobody knows whether this happens.
  void Bind(ModuleId module, NameId name, Held held, bool soft);
  void Unbind(ModuleId module, NameId name, bool soft);
  // A package was imported: which of these, if below it, are its attributes from then on.
  void NoteLoadedWithParent(const std::vector<ModuleId> &modules);
  // A handler caught the failure of an import: what that had loaded stays in sys.modules.
  void Survive(const Failure &failure) {
    surprised = true;
    caught_elsewhere |= failure.chain.size() > 1 || !failure.left.empty();
    Stay(failure.left);
  }
  void Stay(llvm::ArrayRef<ModuleId> modules);

  // What executing another component told of a name: in the end it holds this. `doubtful`: that
  // depends on which module of the cycle comes first; see NoteEndsAfter.
  void NoteEnd(ModuleId module, NameId name, Held held) {
    ends_[{module, name}] = held;
    modules_with_ends_.insert(module);
  }
  void NoteEndAfter(ModuleId first, ModuleId module, NameId name, Held held) {
    ends_after_[first][{module, name}] = held;
  }
  bool HasEnd(ModuleId module, NameId name) const { return ends_.contains({module, name}); }
  bool HasEnds(ModuleId module) const { return modules_with_ends_.contains(module); }

  // `module` was loaded just now: it becomes an attribute of its package.
  void BindInParent(ModuleId module);

  static Held ModuleHeld(ModuleId module) { return {.kind = Held::Module, .module = module}; }
  static Held ObjectHeld(ModuleId module = ModuleId(), uint32_t event = kNoEvent) {
    return {.kind = Held::Object, .module = module, .event = event};
  }
  static Held Of(const Found &found);
  // Whether two names hold one thing.
  static bool Same(const Held &a, const Held &b) {
    return a.kind == b.kind && a.module == b.module && a.event == b.event;
  }

  ModuleId entry; // the module that was imported first
  // Modules that stayed in this run though the import that loaded them failed.
  std::vector<ModuleId> stayed;
  bool surprised = false;        // something went otherwise than the modules' ends tell
  bool caught_elsewhere = false; // a handler caught what failed in a module that it imported
  bool leans_on_order = false;   // a name was asked for that hangs on who was imported first

private:
  bool IsInGraph(ModuleId module) const;
  Held OfKnown(const Found &found) const;
  Held Finished(ModuleId module, NameId name);
  bool LoadsItself(ModuleId package, NameId name);
  Held End(ModuleId module, NameId name);
  ModuleId FirstOf(int32_t component) const;
  bool Unbinds(ModuleId module, NameId name) const;
  Held Served(ModuleId module, NameId name);

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const ImportGraph &graph_;
  ModuleStates &states_;
  // Submodules that importing their package loads; are they its attributes then?
  llvm::DenseMap<ModuleId, bool> with_parent_;
  using Ends = llvm::DenseMap<std::pair<ModuleId, NameId>, Held>;
  Ends ends_;
  llvm::DenseMap<ModuleId, Ends> ends_after_;
  llvm::DenseSet<ModuleId> modules_with_ends_;
  Scope scope_;
};

} // namespace pydefrag
