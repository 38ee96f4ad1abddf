// SessionExecutor: executes modules on paper in one process (test_session.h). Statements are
// executed as far as imports, attributes of modules and names that nothing binds are concerned.
// Unlike Executor, which decides one component of the import graph after the other, it keeps one
// state for all modules. test_session.cpp: statements. session_imports.cpp: imports.
// session_names.cpp: names.
#pragma once

#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

enum class SessionException : uint8_t {
  NoModule,
  NoName,
  BeyondTop,
  Attribute,
  Name,
  Syntax,
  Raised,
  Exit,
  Skip, // pytest.skip: no subclass of Exception
};

struct SessionFailure {
  SessionException kind = SessionException::NoModule;
  bool circular = false;
  std::string reason;
  std::string not_installed;   // it hangs on a third-party module that the environment lacks
  std::vector<Location> chain; // innermost first while it is built
};
using SessionOutcome = std::optional<SessionFailure>;

enum class SessionLoad : uint8_t { No, UnderWay, Yes };

class SessionExecutor {
public:
  SessionExecutor(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph) {
    state_.resize(project.modules.size());
  }
  std::vector<ImportOutcome> RunSession(llvm::ArrayRef<ModuleId> order);

private:
  struct State {
    SessionLoad loaded = SessionLoad::No;
    uint32_t statement = 0; // being executed, while under way
  };
  bool IsInWork(ModuleId module) const;
  ImportOutcome TryEntry(ModuleId entry);
  SessionOutcome Load(ModuleId module);
  SessionOutcome LoadOne(ModuleId module);
  SessionOutcome ExecuteAll(ModuleId module, uint32_t end);
  SessionOutcome NotInstalled(const std::string &reason);
  SessionOutcome Execute(ModuleId module, uint32_t begin, uint32_t end, bool soft);
  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const;
  SessionOutcome ExecuteOne(ModuleId module, uint32_t i, bool soft);
  SessionOutcome ExecuteArm(ModuleId module, uint32_t i, bool soft);
  static bool IsHandler(StatementKind kind);
  SessionOutcome ExecuteTry(ModuleId module, uint32_t i, bool soft);
  Tri Catches(ModuleId, const Statement &handler, const SessionFailure &failure) const;
  static Tri CatchesName(llvm::StringRef name, const SessionFailure &failure);
  static Tri Plain(llvm::StringRef name);
  Location At(ModuleId module, uint32_t statement) const;
  SessionOutcome ExecuteImport(ModuleId module, uint32_t i);
  SessionOutcome ImportRowNow(ModuleId module, const ImportRow &row);
  SessionOutcome MissingAttributeOnTheWay(const ImportRow &row) const;
  SessionOutcome ImportName(const ImportRow &row);
  bool IsOnlySubmodule(const ImportRow &row);
  bool IsChild(ModuleId child, ModuleId package) const;
  bool IsPartial(ModuleId module) const;
  bool HasPartialStar(ModuleId module) const;
  uint32_t LimitOf(ModuleId module) const;
  bool HasNow(ModuleId module, NameId name) { return Has(module, name, LimitOf(module), 0); }
  bool Has(ModuleId module, NameId name, uint32_t limit, int depth);
  bool MayBeWritten(ModuleId module, NameId name) const;
  bool StarBrought(ModuleId module, const Event &event, NameId name, int depth);
  bool ServesLazily(ModuleId module, NameId name, uint32_t limit);
  SessionOutcome ImportStar(ModuleId module, const ImportRow &row);
  SessionOutcome ExecuteCode(ModuleId module, uint32_t i, const Statement &statement);
  SessionOutcome Skipped(ModuleId module, uint32_t i, std::string reason) const;
  SessionOutcome ImportOrSkip(ModuleId module, uint32_t i, const Statement &statement);
  SessionOutcome Raised(ModuleId module, uint32_t i, const Statement &statement) const;
  SessionOutcome ExecuteUses(ModuleId module, uint32_t i, const Statement &statement);
  bool EvaluatesAll(const Statement &statement) const;
  SessionOutcome UseAttribute(ModuleId module, uint32_t i, ExprId attribute);
  bool WasAnother(ModuleId module, uint32_t i, ExprId name, ModuleId now);
  SessionOutcome LacksAttribute(ModuleId module, NameId name);
  SessionOutcome UseName(ModuleId module, uint32_t i, const Statement &statement, ExprId id);
  bool StarMayBringSubmodule(ModuleId module, NameId name);
  bool BindsInside(const Statement &statement, NameId name) const;
  bool IsBuiltin(ModuleId module, NameId name);
  static SessionOutcome PartialAttribute(std::string reason);
  SessionOutcome CallNow(ModuleId module, uint32_t i, ExprId call);
  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const ImportGraph &graph_;
  IdVector<ModuleId, State> state_;
  // {importing module, statement}: the star was taken while its source was under way, just before
  // this event of the source.
  llvm::DenseMap<std::pair<ModuleId, uint32_t>, uint32_t> partial_stars_;
  size_t steps_ = 0;
  int call_depth_ = 0;
  int try_depth_ = 0;         // bodies of `try` under way, in all modules
  std::string not_installed_; // the first third-party module that the environment lacks
  llvm::DenseMap<ModuleId, std::string> lacks_; // the same, of modules that are loaded
};

} // namespace pydefrag
