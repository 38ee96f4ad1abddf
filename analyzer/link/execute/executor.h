// Executor: runs the module-level statements of one module on paper, in order, the way CPython does
// (IMPORT_FROM, import_all_from in ceval.c), and says with what exception it ends, if any.
// Three-valued: where nobody can tell whether a statement runs it is *soft*: it loads and binds,
// but its failure is a doubt, not an error. A doubt makes the whole import "unknown".
//
// executor.cpp: statements. execute_arms.cpp: `if`, loops, `match`. execute_try.cpp: `try`.
// execute_import.cpp, execute_star.cpp: imports. execute_bindings.cpp: what other statements bind.
// execute_uses.cpp: attributes. execute_calls.cpp: calls.
#pragma once

#include "link/execute/import_failure.h"
#include "link/execute/left_out_uses.h"
#include "link/execute/names_now.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace pydefrag {

class Executor {
public:
  using Load = llvm::function_ref<std::optional<Failure>(ModuleId)>;

  Executor(Project &project, Resolver &resolver, const ImportGraph &graph, ModuleStates &states,
           NamesNow &names, Load load)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph),
        states_(states), names_(names), load_(load), left_out_(project, resolver, graph) {}

  std::optional<Failure> ExecuteModule(ModuleId module);

  void Doubt(const llvm::Twine &reason, ModuleId import = ModuleId());
  // What may end the import here, unless it is caught; else nothing is otherwise.
  void DoubtEnd(const llvm::Twine &reason);

  // Why nobody can tell how it ends; empty: somebody can.
  std::string doubt;
  ModuleId doubted_import; // it is about an import statement of this module, and nothing else
  // Whether it is about more than arms of an `if` that end the import where they run.
  bool doubts_more = false;
  size_t steps = 0; // statements executed
  size_t step_limit = 0;
  // How the arms run of which nobody can tell: softly, or in a world where every condition is true,
  // or none, or as it was chosen for each.
  enum class Conditions : uint8_t { Open, AllTrue, AllFalse, Chosen };
  Conditions conditions = Conditions::Open;
  bool imported_softly = false; // an import stood in such an arm
  // Whether the arms of one `if` with no `elif` are all of which nobody can tell, so that the
  // worlds AllTrue and AllFalse are all there are.
  bool MetOneCondition() const { return open_arms_.size() == 1 && !met_more_; }
  void ForgetConditions() {
    open_arms_.clear();
    choices_.clear();
    met_more_ = met_loop_ = false;
  }
  // Conditions::Chosen: a condition that is met for the first time is chosen to be true. Chooses
  // the next world; false: there is none, or, unless it ChoseAll, not all of them can be chosen.
  bool ChooseNext();
  bool ChoseAll() const { return choices_.empty() && !met_loop_; }

private:
  // Where statements stand: what they bind, and whether they run for sure.
  struct Block {
    ModuleId module;
    bool soft = false;
    bool unsure = false;              // behind what may have failed in a `try`, nobody knows
    bool in_try = false;              // directly in the body of one
    bool binds = true;                // module level, not in a class or function
    llvm::ArrayRef<NameId> globals;   // in a class or function: names declared global
    uint32_t class_header = kNoEvent; // in a class body: its header
    const Failure *caught = nullptr;  // in a handler: what a bare `raise` raises again
  };
  using Outcome = std::optional<Failure>;

  Outcome Execute(const Block &block, uint32_t begin, uint32_t end);
  Outcome ExecuteOne(const Block &block, uint32_t i, uint32_t &next);
  Outcome ExecuteIf(const Block &block, uint32_t i, uint32_t &next);
  Outcome ExecuteArm(const Block &block, uint32_t i);
  bool MaySkip(ModuleId module, uint32_t loop, const Failure &failure);
  Tri TakenNow(const Block &block, uint32_t arm, Tri ran);
  Tri Choose(ModuleId module, uint32_t arm);
  Tri HoldsNow(ModuleId module, uint32_t arm, ExprId condition);
  bool IsSettled(ModuleId module, uint32_t arm, ExprId name);
  Held SurelyNow(ModuleId module, uint32_t arm, ExprId name);
  bool IsOwnModule(const Held &held) const;
  Tri IsSomething(ModuleId module, uint32_t arm, ExprId name);
  Tri HasNow(ModuleId module, uint32_t arm, ExprId call);
  void NoteOpenArm(ModuleId module, uint32_t arm);
  Outcome ExecuteWith(const Block &block, uint32_t i, const Statement &statement);
  bool MaySwallow(const Block &block, uint32_t with);
  void DoubtSuppressed(const Block &block, uint32_t with);
  Outcome ExecuteTry(const Block &block, uint32_t i, uint32_t &next);
  // A name that an import may not find.
  void DoubtName(const llvm::Twine &reason, ModuleId importer);
  void FailMaybe(const Failure &failure);
  void FailInArm(const Failure &failure);
  bool HandleSoft(const Block &block, uint32_t first, llvm::ArrayRef<Failure> failures);
  Outcome Handle(const Block &block, uint32_t first, const Failure &failure);
  bool MayFail(const Block &block, uint32_t i, ExprId expr) const;
  bool MayNotDelete(const Block &block, uint32_t i) const;
  bool MayFailOtherwise(const Block &block, uint32_t begin, uint32_t end) const;
  bool MayFailBefore(const Block &block, uint32_t begin, uint32_t end) const;
  void DoubtHandlers(const Block &block, uint32_t first);
  void NoteUnrunHandlers(const Block &block, uint32_t first);
  void HandleMaybe(const Block &block, uint32_t first);
  Outcome ExecuteHandler(const Block &block, uint32_t handler, const Failure *failure, bool soft);
  Outcome ExecuteClass(const Block &block, uint32_t i, const Statement &statement);
  Outcome ExecuteCode(const Block &block, uint32_t i, const Statement &statement);
  Outcome ExecuteRaise(const Block &block, uint32_t i, const Statement &statement);
  Outcome ExecuteUses(const Block &block, uint32_t i, const Statement &statement);
  bool HasUses(const PlacedStatement &placed);
  bool IsClassName(const Block &block, NameId name) const;
  Outcome UseAttribute(const Block &block, uint32_t i, ExprId attribute);
  Outcome UseAttribute(const Block &block, ModuleId base, NameId name);
  bool IsNeighbour(ModuleId module, ExprId expr, ModuleId found) const;
  Outcome UseLeftOut(const Block &block, uint32_t i);
  Outcome UseChain(const Block &block, const LeftOutUse &use);
  Outcome UseUntracked(const Block &block, ModuleId base, NameId name);
  llvm::StringRef TextBefore(ModuleId module, uint32_t header, const Failure &failure);
  bool Says(ModuleId module, uint32_t header, llvm::ArrayRef<llvm::StringRef> words) const;
  bool MayEndBefore(ModuleId module, uint32_t header, const Failure &failure);
  Outcome CallNow(const Block &block, uint32_t i, ExprId call);
  Outcome AskFor(const Block &block, ModuleId module, NameId name, Held &held);
  Outcome RunHook(const Block &block, const LazyEntry &entry);
  Outcome CallImporter(const Block &block, uint32_t i, ExprId call, llvm::StringRef callee);
  Outcome ImportByName(const Block &block, llvm::StringRef dotted, llvm::ArrayRef<NameId> names);
  llvm::ArrayRef<uint32_t> EventsAt(ModuleId module, uint32_t statement);
  Held ImportedNow(ModuleId module, uint32_t event);
  bool IsPlainEnum(ModuleId module, uint32_t header) const;
  bool BindMembers(const Block &block, uint32_t event);
  void BindEvents(const Block &block, uint32_t i);
  void BindForeign(const Block &block, uint32_t i, const Statement &statement);

  Outcome ExecuteImport(const Block &block, uint32_t i);
  Outcome ImportRowNow(const Block &block, const ImportRow &row);
  Outcome ImportSubmodules(llvm::ArrayRef<ImportRow> rows);
  bool IsPutBelow(const ImportRow &row);
  static bool IsModule(const Held &held, ModuleId module) {
    return held.kind == Held::Module && held.module == module;
  }
  Outcome MissModule(const Block &block, NameId missing);
  static Failure BeyondTop();
  void MissElsewhere(ModuleId module);
  Outcome ImportModule(const Block &block, const ImportRow &row);
  bool HangsOnCondition(ModuleId module, NameId name) const;
  Outcome WalkAttributes(const ImportRow &row, Held &held);
  Outcome ImportName(const Block &block, const ImportRow &row);
  Outcome ImportFromStandIn(const Block &block, const ImportRow &row, ModuleId stand_in);
  Outcome ImportStar(const Block &block, const ImportRow &row);
  Outcome ImportListed(const Block &block, ModuleId source);
  Outcome LoadBelow(ModuleId child);
  Outcome Submodule(ModuleId child, Held &held);
  void MissMaybe(ModuleId source, NameId name);
  Outcome NoName(ModuleId source, NameId name, bool bound_later) const;

  void Bind(const Block &block, NameId name, Held held);
  bool MayReturn(ModuleId module, uint32_t header, uint32_t end) const;
  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const {
    return project_.StatementsOf(module);
  }
  Location At(ModuleId module, uint32_t statement) const {
    const PlacedStatement &placed = StatementsOf(module)[statement];
    return {project_.modules[module].file, {placed.head, placed.head + 1}};
  }
  std::string NameOf(ModuleId module) const {
    return project_.Text(project_.modules[module].name).str();
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const ImportGraph &graph_;
  ModuleStates &states_;
  NamesNow &names_;
  Load load_;
  int call_depth_ = 0;
  int open_blocks_ = 0; // `try` and `with`, of all modules under way: they may catch what fails
  llvm::SmallVector<std::pair<ModuleId, uint32_t>, 2> open_arms_; // the first of each chain
  bool met_more_ = false;                                         // than two arms of one
  struct Choice {
    ModuleId module;
    uint32_t arm; // of an `if`
    bool holds;
  };
  std::vector<Choice> choices_; // in the order in which the conditions are met
  bool met_loop_ = false;       // or a `match`: there are more worlds than choices make
  bool doubted_name_ = false;   // since the body of the innermost `try` began
  bool doubted_run_ = false;    // the same, of failures that hang on the run
  bool doubted_delete_ = false; // the same, of names that may not be bound
  bool took_outside_ = false;   // the same: something was imported that is taken to be there
  std::vector<Failure> *soft_failures_ = nullptr; // of the body of the innermost `try`
  struct EventIndex {
    std::vector<uint32_t> events; // of the module's log, by statement
    std::vector<uint32_t> begin;  // of each statement in `events`, and the end
  };
  llvm::DenseMap<ModuleId, EventIndex> events_by_statement_;
  std::vector<Tri> uses_; // by StatementId, see HasUses
  LeftOutUses left_out_;
};

} // namespace pydefrag
