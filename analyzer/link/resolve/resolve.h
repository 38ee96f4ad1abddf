// Resolver: what a name of a module is in the end. Walks the module's event log (namespaces.h) from
// its end, follows imports, aliases and stars into other modules, and remembers each answer.
//
// What it answers: found.h. What it remembers: answers.h. A cycle of names that only import each
// other binds nothing; answers found inside a cycle hold for the question that closed it only, so
// they are kept until that question is answered, not longer.
//
// Cost: one walk for each (module, name) that is asked for; linear in chains of stars.
// resolve.cpp: questions. log_answers.cpp: those that logs alone answer. walk.cpp: the walk.
// hops.cpp: its way. event_values.cpp: what one event binds. opened_modules.cpp: who else writes.
// exports.cpp: __all__, stars. served_names.cpp: hooks. stand_ins.cpp: modules put in place of
// others. reach.cpp, arms.cpp, other_arms.cpp: is a statement executed. choice_here.cpp: on one
// platform, in one environment. guards.cpp: is it guarded. type_checking.cpp: what only a type
// checker sees. outside_names.cpp: modules whose source is not read.
#pragma once

#include "link/modules/extension_names.h"
#include "link/modules/import_targets.h"
#include "link/modules/module_table.h"
#include "link/names/conditions.h"
#include "link/names/lazy_names.h"
#include "link/names/namespaces.h"
#include "link/names/statement_signs.h"
#include "link/project.h"
#include "link/resolve/answers.h"
#include "link/resolve/found.h"
#include "source/disk.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct Reexport; // reexports.h

class Resolver {
public:
  // `logs`: of all modules that have a file (ReadNamespaces).
  Resolver(Project &project, ModuleTable &table, const ImportTargets &targets,
           ExtensionNames &extensions, IdVector<ModuleId, NamespaceLog> logs,
           const StatementSigns &signs, SupportedVersions versions, unsigned jobs);
  ~Resolver();

  // Where files are read again for what facts leave out; null: nowhere, what takes it is unknown.
  void ReadSourcesFrom(const Disk *disk);
  SourceTrees *sources() { return trees_.get(); } // null: none

  // getattr(module, name) after everything was imported; without submodules that only an import
  // sets.
  Found Attribute(ModuleId module, NameId name);
  // `from module import name`: the attribute, else the submodule.
  Found ImportFrom(ModuleId module, NameId name);
  // ImportFrom as a statement of `importer` meets it: before the importer puts another module in
  // its own place, it has its submodules.
  Found ImportFromAt(ModuleId importer, uint32_t statement, ModuleId module, NameId name);
  // ImportFrom where logs and tables alone tell: the last event that binds the name surely happens,
  // and so on down the chain. Nothing where it takes more. Remembers nothing: may be asked from
  // several threads, as long as no other question is asked.
  std::optional<Found> Simple(ModuleId module, NameId name) const;
  // The same for At: what binds the name in the end stands before `limit` already.
  std::optional<Found> SimpleAt(ModuleId module, NameId name, uint32_t limit) const {
    const std::optional<Found> found = Simple(module, name);
    return found && found->via < limit ? found : std::nullopt;
  }
  // Whether the event binds a name to something of the standard library or of a module that is not
  // analysed. May be asked from several threads.
  bool ImportsOutside(ModuleId module, const Event &event) const;
  // A name that the tables of the standard library list for its module; nothing for any other,
  // whatever the reason. May be asked from several threads.
  std::optional<Found> StandardName(ModuleId module, NameId name) const;
  // The name's value in the module's own code just before event `limit`.
  Found At(ModuleId module, NameId name, uint32_t limit);
  // A Name or chain of Attributes evaluated in `module` before event `limit`.
  Found Evaluate(ModuleId module, ExprId expr, uint32_t limit);
  // The operand that a conditional expression of the statement surely gives; another expression,
  // and one whose condition nobody can tell, is that itself.
  ExprId ChosenOperand(ModuleId module, uint32_t statement, ExprId value);
  // Whether `name` is there for those who read `if TYPE_CHECKING:` blocks as true.
  bool ExistsForTypeCheckers(ModuleId module, NameId name) {
    llvm::DenseSet<std::pair<ModuleId, NameId>> seen;
    return ExistsForTypeCheckers(module, name, seen);
  }
  // What one event binds, whatever comes after it.
  Found ValueOf(ModuleId module, uint32_t event);

  // What an import statement names; of `import a, b` the one with this number.
  const ImportTarget &TargetOf(ModuleId importer, uint32_t statement, uint32_t number = 0) const {
    return targets_.Of(project_.modules[importer].file, statement, number);
  }
  // How many names the import statements of a file import, in all.
  size_t NamesIn(FileId file) const { return targets_.NamesIn(file); }
  // `dotted` as an absolute import in `importer` would find it; for names that stand in strings.
  // An invalid importer: as from no file of the project.
  ModuleSearch FindModule(ModuleId importer, llvm::StringRef dotted) {
    return table_.Find(dotted, importer.valid() ? project_.modules[importer].file : FileId());
  }
  // The number of `alias` among the operands of its statement.
  uint32_t NumberOf(const Statement &statement, ExprId alias) const;

  const StarNames &Exports(ModuleId module);
  // What code puts into `sys.modules`, and a name of it; No where that cannot be told.
  Found ObjectPut(const PutModule &put);
  Found FromPutModule(const PutModule &put, NameId name);
  Found ThroughStar(ModuleId source, NameId name);
  // What a Copy event binds the name to.
  Found ThroughCopy(ModuleId module, uint32_t event, NameId name);
  const AllNames &All(ModuleId module); // the reference stays valid
  const LazyNames &Lazy(ModuleId module);
  // Names in tables of the module that its hook may serve by them, in order; one may come twice.
  std::vector<NameId> KeysServed(ModuleId module);
  // The branch of a hook whose import runs when the name is asked of the module; null: none does,
  // or the module's dict may hold the name.
  const LazyEntry *ImporterOf(ModuleId module, NameId name);
  // Whether the hooks of a module raise for a name that is none of their entries.
  bool ServesNothingElse(ModuleId module, NameId name);
  // Whether they surely have a value for it.
  bool ServesAll(ModuleId module, NameId name);
  // ExtensionNames::KeyWords of a module; none when it is not a compiled one.
  std::optional<std::vector<std::string>> KeyWordsOf(ModuleId compiled) const;
  // Whether a module is open (NamespaceLog::open_reason), or its compiled file does not tell all,
  // only since others write into it.
  bool IsOpenedElsewhere(ModuleId module) const { return opened_elsewhere_.contains(module); }
  // Whether another module may set the name on this one.
  bool IsPutFromElsewhere(ModuleId module, NameId name);
  // What a package surely puts into a module below it while it is imported: `m.name = value`. No:
  // nothing, or perhaps something else.
  Found PutByPackage(ModuleId id, NameId name);
  std::vector<std::pair<ModuleId, NameId>> NamesPutByPackages();
  // Whether code that writes into the module's own dict surely never writes this name.
  bool CannotHave(ModuleId module, llvm::StringRef name);
  // Whether every module of this kind has the attribute (`__name__`, `__doc__`...).
  bool IsImplicit(ModuleId module, llvm::StringRef name) const;
  // Why a decorator from elsewhere may put the name beside a class of the module, as
  // `Event_Store` beside `Event`; null: none does.
  const char *MadeByDecorator(ModuleId module, llvm::StringRef name);
  // The names that the module's own statements may bind, stars left out, and those that the
  // simulation told of; each once.
  std::vector<NameId> OwnNames(ModuleId module) const;
  // Every name the module's dict may hold, stars included, sorted by text; each once.
  std::vector<NameId> BoundNames(ModuleId module);
  // The same by id.
  std::vector<NameId> FindBoundNames(ModuleId module);
  // The texts of these, to be asked for what is spelled alike. Stays until answers are forgotten.
  NearNames &NamesToMistake(ModuleId module);

  // The events that lead from a path to what it reaches: {module, event} of each hop, the
  // definition last. Empty when nothing is found.
  std::vector<std::pair<ModuleId, uint32_t>> Hops(ModuleId module, NameId name);

  // Is the statement executed when the module is imported?
  Tri Reach(ModuleId module, uint32_t statement);
  Tri ArmTaken(ModuleId module, uint32_t header);
  // The same on one platform, in one environment, where others may do otherwise: see
  // choice_here.cpp.
  Tri ReachHere(ModuleId module, uint32_t statement);
  // Whether it stands under `if TYPE_CHECKING:`, so that Reach is No; told from the statements
  // alone, and no where the condition says more.
  bool NeverRuns(ModuleId module, uint32_t statement) const;
  // Whether nothing but the conditions of `if` statements decides that the statement runs.
  bool HangsOnConditions(ModuleId module, uint32_t statement) const;
  // Whether conditions on versions keep this version from a statement that others execute.
  bool IsSkippedBy(int minor, ModuleId module, uint32_t statement);
  // Whether another arm of the undecided `if` that the statement stands in binds `local` as well,
  // by code that does not fail: which of the two runs, the condition knows.
  bool IsBoundInOtherArm(ModuleId module, uint32_t statement, NameId local);
  Guard GuardOf(ModuleId module, uint32_t statement, ImportFailure failure) const;
  bool HandlerCatches(const Statement &handler, ImportFailure failure) const;
  // `has = True`, `try: import fast`, `except ImportError: has = False`: whether an event of the
  // same name behind this one of `owner` may run before `statement` of `module` asks.
  bool MayBeBoundAnew(ModuleId owner, uint32_t event, ModuleId module, uint32_t statement,
                      bool here = false);
  // The first direct statement of a try body that surely fails, as an import or as a name of Python
  // 2; kNoEvent: none.
  uint32_t FirstFailureIn(ModuleId module, uint32_t try_header);
  // How the import at `statement` fails, if it surely does.
  ImportFailure FailureOf(ModuleId module, uint32_t statement);

  // What executing the imports on paper told: after all of them the name holds this, whatever the
  // log alone says. Answers given before must be forgotten.
  void Override(ModuleId module, NameId name, Found found);
  bool HasOverrides() const { return !answers_.overrides.empty(); }
  bool IsOverridden(ModuleId module, NameId name) const {
    return answers_.override_names.contains(module) && answers_.Overrides(module, name);
  }
  llvm::ArrayRef<NameId> OverriddenIn(ModuleId module) const {
    const auto names = answers_.override_names.find(module);
    return names == answers_.override_names.end() ? llvm::ArrayRef<NameId>()
                                                  : llvm::ArrayRef(names->second);
  }
  void ForgetAnswers() { answers_.Forget(); }

  // Puts these in the place of its own, and gives back its own: for a draft of `module`.
  void Exchange(ModuleId module, NamespaceLog &log, Answers &answers);

  // The expression that a name or attribute surely stands for before `statement`; `here`:
  // where SupportedVersions::here.
  std::optional<ConstantAt> FindConstantAt(FileId file, uint32_t statement, ExprId name,
                                           bool here = false);
  // For what reads the project before anything is asked (written_modules.h): `module` may have
  // names that its log does not show; `base`.`name` is set in `writer`.
  void OpenModule(ModuleId module, const llvm::Twine &reason, OpenedBy by);
  // Modules that only statements open which never run (NamespaceLog::opened_within) are not open.
  void CloseUnreached(llvm::ArrayRef<ModuleId> modules);
  // The same, for what a file outside of the module does.
  void OpenFromElsewhere(ModuleId module, const llvm::Twine &reason);
  void NotePut(NameId name, ModuleId writer, ExprId base, uint32_t statement);

  // What `sys.modules` holds for a module when its code has run: itself, another module that it put
  // there, or nothing that is known (invalid).
  ModuleId StandInOf(ModuleId module);
  bool IsItself(ModuleId module) { return !Log(module).replaced() || StandInOf(module) == module; }

  // The first event at or after a statement: names are looked up before it.
  uint32_t EventLimit(ModuleId module, uint32_t statement) const;

  // Empty for a module without a file, and for one that was met only after linking began.
  const NamespaceLog &Log(ModuleId module) const {
    return static_cast<size_t>(module.index) < logs_.size() ? logs_[module] : no_log_;
  }
  bool HasLog(ModuleId module) const { return project_.modules[module].file.valid(); }
  // Whether the last event that binds a name decides, when it surely happens.
  bool IsPlainLog(ModuleId module) const {
    return HasPlainEvents(module) && !answers_.override_names.contains(module);
  }
  // The same, but for names that the execution told of (IsOverridden).
  bool HasPlainEvents(ModuleId module) const {
    const NamespaceLog &log = logs_[module];
    return !log.replaced() && log.stars.empty() && log.exits.empty();
  }
  // Whether nothing but an import of the submodule of that name gives the package the attribute.
  // Tells from logs alone, and may say no where it is so.
  bool IsSubmoduleOnly(ModuleId package, NameId name) const;
  const SyntaxView &view() const { return view_; }
  const Project &project() const { return project_; }
  ModuleTable &table() { return table_; }
  const ModuleTable &table() const { return table_; }
  const SupportedVersions &versions() const { return versions_; }
  unsigned jobs() const { return jobs_; }

private:
  // Beyond this a chain of imports is answered "unknown": the stack of the linking thread is sized
  // for it (link_state.h).
  static constexpr uint32_t kMaxDepth = 100000;

  // What was provisional for the last outermost question is void for the next.
  void BeginQuestion() {
    if (depth_ == 0) {
      ++stamp_;
      lowest_hit_ = UINT32_MAX;
    }
  }
  // While it lives, something is answered. What was told by a question that is still under way
  // holds for that question only: such an answer is not remembered.
  class Provisional {
  public:
    explicit Provisional(Resolver &resolver)
        : resolver_(resolver), outer_hit_(resolver.lowest_hit_) {
      resolver.lowest_hit_ = UINT32_MAX;
    }
    ~Provisional() { resolver_.lowest_hit_ = std::min(outer_hit_, resolver_.lowest_hit_); }
    Provisional(const Provisional &) = delete;
    Provisional &operator=(const Provisional &) = delete;
    template <typename Table, typename Value>
    Value Keep(Table &table, uint64_t key, Value value) const {
      if (resolver_.lowest_hit_ == UINT32_MAX) {
        table[key] = value;
      } else {
        table.erase(key);
      }
      return value;
    }

  private:
    Resolver &resolver_;
    uint32_t outer_hit_;
  };
  Found Unknown(const char *reason) const; // which outlives the project
  Found UnknownOf(const llvm::Twine &reason) const;
  Found Walk(ModuleId module, NameId name, uint32_t limit);
  bool LoadedBefore(ModuleId module, llvm::ArrayRef<uint32_t> earlier);
  Found AttributeUncached(ModuleId module, NameId name);
  Found OutsideAttribute(ModuleId module, NameId name);
  bool IsSpelledNowhere(ModuleId extension, NameId name);
  bool ListsNoNames(ModuleId compiled);
  bool LoadsWriter(ModuleId package);
  bool LoadsWriterUncached(ModuleId package);
  const char *AddedUnseen(ModuleId module, NameId name);
  bool IsInstanceWithout(ModuleId module, NameId name);
  ModuleId FindStandIn(ModuleId module);
  bool TakesAllNames(ModuleId module, ExprId stand_in) const;
  bool IsMadeOfTexts(ModuleId module, const Found &made, ExprId call) const;
  bool IsClass(ModuleId module, uint32_t event) const;
  bool IsPlainClass(ModuleId module, uint32_t event) const;
  bool SurelyBinds(ModuleId module, const Event &event, const Found &value) const;
  Found SecondLoadAttribute(ModuleId module, NameId name);
  Found StarEvent(ModuleId module, uint32_t event, NameId name);
  Found ImportEvent(ModuleId module, uint32_t event);
  Found FromEvent(ModuleId module, uint32_t event);
  bool IsCutOff(ModuleId module, const Event &event);
  Found AliasValue(ModuleId module, uint32_t event);
  bool HasNoAttributes(const Found &object) const;
  Found LazyName(ModuleId module, NameId name);
  ModuleId DelegateOf(ModuleId home, const LazyDelegate &delegate, uint32_t hook);
  bool IsFirstParameter(ModuleId home, uint32_t function, NameId name);
  bool AsksInstance(ModuleId module, ModuleId home, const LazyDelegate &delegate,
                    std::vector<ModuleId> &modules);
  ModuleId PackageOf(ModuleId home, NameId words);
  Found Refused(ModuleId module, NameId name);
  std::optional<Found> ServedElsewhere(ModuleId module, NameId name);
  std::optional<LazyNames> ReadHook(ModuleId module, uint32_t event);
  Found LazyValue(const LazyEntry &entry);
  Found ImportOfTable(const LazyEntry &entry);
  bool MakesTableHook(ModuleId module, ExprId decorator);
  bool IsOwnSubmodule(const LazyEntry &entry) const;
  Found SubmoduleOnDemand(ModuleId package, NameId name);
  Found TypeCheckingBinding(ModuleId module, NameId name);
  Found ModuleFound(ModuleId module) const;
  Found OpaqueFound(ModuleId module) const; // something of the module, whatever it is
  Found ObjectFound(ModuleId module, uint32_t event) const;
  bool IsUnlisted(ModuleId module, llvm::StringRef name) const;
  void NoteAttributeWrites(unsigned jobs);
  bool InHandler(ModuleId module, uint32_t statement) const;
  bool HandlesDirectly(ModuleId module, uint32_t statement) const;
  uint32_t FirstExit(ModuleId module);
  Tri ReachUncached(ModuleId module, uint32_t statement);
  // What the headers around a statement come to, by what is asked of each.
  Tri ReachThrough(ModuleId module, uint32_t statement, llvm::function_ref<Tri(uint32_t)> arm_taken,
                   llvm::function_ref<uint32_t(uint32_t)> first_failure) const;
  bool IsBehindRaise(ModuleId module, uint32_t statement, llvm::ArrayRef<uint32_t> earlier) const;
  uint32_t BelowNoCondition(ModuleId module, uint32_t statement);
  bool ExcludeEachOther(ModuleId module, uint32_t a, uint32_t b) const;
  bool IsElseOf(ModuleId module, uint32_t arm, uint32_t header) const;
  bool RunsWhenever(ModuleId module, uint32_t later, uint32_t earlier) const;
  bool CannotFail(ModuleId module, uint32_t try_header) const;
  Tri HandlerTaken(ModuleId module, uint32_t header);
  uint32_t CatcherOf(ModuleId module, uint32_t try_header, ImportFailure failure) const;
  bool IsReplacedInHandler(ModuleId module, uint32_t earlier, uint32_t later);
  Tri ArmTakenHere(ModuleId module, uint32_t header);
  bool IsElseOfTry(ModuleId module, uint32_t header) const;
  Tri ReachOf(ModuleId module, uint32_t statement, bool here) {
    return here ? ReachHere(module, statement) : Reach(module, statement);
  }
  bool FailsOnLinux(ModuleId module, uint32_t try_header) const;
  uint32_t FirstFailureHere(ModuleId module, uint32_t try_header);
  ImportFailure FailureHere(ModuleId module, uint32_t statement);
  bool IsLackedOnLinux(ModuleId imported) const;
  bool IsLackedHere(const ImportTarget &target);
  bool IsLackedHere(ModuleId module, NameId name);
  bool AsksForLoaded(const Statement &statement) const;
  Tri HandlerTakenHere(ModuleId module, uint32_t header);
  Tri NamesObject(ModuleId module, uint32_t header, ExprId condition);
  Tri HasOwnAttribute(ModuleId owner, NameId name);
  Tri HasAttribute(ModuleId module, uint32_t statement, ExprId condition,
                   const SupportedVersions &versions);
  struct CopiedNameList {
    std::vector<NameId> names;
    bool known = false; // these are all
  };
  CopiedNameList CopiedNames(ModuleId module, uint32_t event);
  CopiedNameList CopiedNamesUncached(ModuleId module, uint32_t event);
  CopiedNameList NamesOf(ModuleId module, const NamespaceCopy &copy, uint32_t statement);
  Found ImportedBefore(ModuleId module, uint32_t event, NameId name);
  Found CopySource(ModuleId module, uint32_t event);
  std::optional<Reexport> ReexportOf(ModuleId module, uint32_t event);
  Found ThroughReexport(ModuleId module, uint32_t event, NameId name);
  Tri FoldAt(ModuleId module, uint32_t header, const SupportedVersions &versions);
  Tri HoldsAsAbove(ModuleId module, uint32_t header) const;
  Tri NoneBefore(ModuleId module, uint32_t header, const SupportedVersions &versions);
  Tri ConditionHolds(ModuleId module, uint32_t header, const SupportedVersions &versions);
  Tri HoldsUnderArms(ModuleId module, uint32_t header);
  Tri CaseHolds(ModuleId module, uint32_t header, const SupportedVersions &versions);
  Tri CaseMatches(ModuleId module, uint32_t header, const SupportedVersions &versions);
  Tri PatternMatches(ModuleId module, uint32_t header, ExprId pattern,
                     const SupportedVersions &versions);
  bool ExistsForTypeCheckers(ModuleId module, NameId name,
                             llvm::DenseSet<std::pair<ModuleId, NameId>> &seen);
  bool IsUnderTypeChecking(const std::vector<PlacedStatement> &statements,
                           uint32_t statement) const;
  bool EvaluateAll(ModuleId module, ExprId value, uint32_t statement, AllNames &all);
  bool ApplyAllOperation(ModuleId module, uint32_t statement, AllNames &all);

  Project &project_;
  ModuleTable &table_;
  const ImportTargets &targets_;
  ExtensionNames &extensions_;
  SyntaxView view_;
  SupportedVersions versions_;
  const unsigned jobs_;
  IdVector<ModuleId, NamespaceLog> logs_;
  NamespaceLog no_log_;
  Answers answers_;
  std::unique_ptr<SourceTrees> trees_;
  llvm::DenseSet<ModuleId> opened_elsewhere_;
  std::optional<llvm::DenseSet<ModuleId>> lacking_;        // lacking_modules.h, once somebody asked
  llvm::DenseMap<ModuleId, uint32_t> exports_in_progress_; // by depth, the outermost is 0
  // Exports found inside a cycle: good until the outermost question is answered.
  llvm::DenseMap<ModuleId, std::unique_ptr<StarNames>> cut_exports_;
  uint32_t lowest_export_hit_ = UINT32_MAX;     // outermost question that a cycle led back to
  llvm::DenseSet<uint64_t> copies_in_progress_; // module and event
  // `x.name = ...` at module level.
  struct PutName {
    ModuleId writer; // the module it stands in
    ExprId base;     // x
    uint32_t statement = kNoStatement;
  };
  bool MayPut(const PutName &put, ModuleId id);
  ModuleId BelowPackage(const PutName &put, NameId name);
  llvm::DenseMap<NameId, std::vector<PutName>> put_from_elsewhere_;
  uint32_t stamp_ = 0;               // of the outermost question under way
  uint32_t depth_ = 0;               // questions under way
  uint32_t lowest_hit_ = UINT32_MAX; // outermost question that a cycle led back to
};

} // namespace pydefrag
