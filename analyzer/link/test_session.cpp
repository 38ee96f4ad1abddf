// Statements are executed as far as imports, attributes of modules and names that nothing binds are
// concerned. Unlike executor.cpp, which decides one component of the import graph after the other,
// this keeps one state for all modules, as a process does.
#include "link/test_session.h"

#include "base/parallel.h"
#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pydefrag {
namespace {

// Statements executed before what is left is answered "unknown".
constexpr size_t kStepBudget = 40'000'000;

// Chains of imports are followed by recursion.
constexpr unsigned kStackBytes = 1u << 30;

enum class ExceptionKind : uint8_t {
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

struct Failure {
  ExceptionKind kind = ExceptionKind::NoModule;
  bool circular = false;
  std::string reason;
  std::string not_installed;   // it hangs on a third-party module that the environment lacks
  std::vector<Location> chain; // innermost first while it is built
};

enum class Loaded : uint8_t { No, Under_way, Yes };

class Simulator {
public:
  Simulator(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph) {
    state_.resize(project.modules.size());
  }

  std::vector<ImportOutcome> RunSession(llvm::ArrayRef<ModuleId> order) {
    std::vector<ImportOutcome> outcomes;
    for (ModuleId module : order) {
      outcomes.push_back(TryEntry(module));
    }
    return outcomes;
  }

private:
  struct State {
    Loaded loaded = Loaded::No;
    uint32_t statement = 0; // being executed, while under way
  };

  // Whether a module is executed: what is installed is taken to work.
  bool IsInWork(ModuleId module) const {
    return project_.modules[module].file.index < static_cast<int32_t>(project_.file_count);
  }

  ImportOutcome TryEntry(ModuleId entry) {
    ImportOutcome outcome;
    not_installed_.clear();
    std::optional<Failure> failure;
    if (steps_ <= kStepBudget) {
      failure = Load(entry);
    }
    if (steps_ > kStepBudget) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = "the project is too large to execute on paper";
    } else if (failure && failure->kind == ExceptionKind::Skip) {
      outcome.reason = std::move(failure->reason);
    } else if (failure && !failure->not_installed.empty()) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = std::move(failure->not_installed);
    } else if (failure) {
      outcome.status = ImportOutcome::Fails;
      outcome.reason = std::move(failure->reason);
      outcome.chain.assign(failure->chain.rbegin(), failure->chain.rend());
    } else if (!not_installed_.empty()) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = not_installed_;
    }
    return outcome;
  }

  // --- loading

  // Loads a module after the packages above it.
  std::optional<Failure> Load(ModuleId module) {
    llvm::SmallVector<ModuleId, 8> parents;
    for (ModuleId at = module; at.valid(); at = project_.modules[at].parent) {
      parents.push_back(at);
    }
    for (auto it = parents.rbegin(); it != parents.rend(); ++it) {
      if (auto failure = LoadOne(*it)) {
        return failure;
      }
    }
    return std::nullopt;
  }

  std::optional<Failure> LoadOne(ModuleId module) {
    const Module &m = project_.modules[module];
    if (!m.file.valid()) {
      return std::nullopt;
    }
    if (!IsInWork(module)) {
      return std::nullopt;
    }
    if (state_[module].loaded != Loaded::No) {
      auto lacks = lacks_.find(module);
      return lacks == lacks_.end() ? std::nullopt : NotInstalled(lacks->second);
    }
    const ModuleFacts &facts = project_.scanned.facts[m.file];
    if (facts.state == FileState::SyntaxError) {
      Failure failure;
      failure.kind = ExceptionKind::Syntax;
      failure.reason = "SyntaxError: " + facts.error_message;
      failure.chain.push_back({m.file, facts.error_span});
      return failure;
    }
    return ExecuteAll(module, static_cast<uint32_t>(facts.statements.size()));
  }

  std::optional<Failure> ExecuteAll(ModuleId module, uint32_t end) {
    const std::string lacked_before = std::exchange(not_installed_, "");
    state_[module].loaded = Loaded::Under_way;
    auto failure = Execute(module, 0, end, false);
    state_[module].loaded = failure ? Loaded::No : Loaded::Yes;
    if (!failure && !not_installed_.empty()) {
      lacks_[module] = not_installed_;
    }
    if (!lacked_before.empty()) {
      not_installed_ = lacked_before;
    }
    return failure;
  }

  // What hangs on a module that the environment lacks fails where a handler may catch it. Elsewhere
  // what follows is executed all the same: it may fail with certainty.
  std::optional<Failure> NotInstalled(const std::string &reason) {
    if (try_depth_ == 0) {
      if (not_installed_.empty()) {
        not_installed_ = reason;
      }
      return std::nullopt;
    }
    Failure failure;
    failure.kind = ExceptionKind::NoModule;
    failure.reason = failure.not_installed = reason;
    return failure;
  }

  // --- statements

  // Executes the direct statements of [begin, end). In `soft` code nobody knows whether it runs:
  // it loads modules but cannot fail.
  std::optional<Failure> Execute(ModuleId module, uint32_t begin, uint32_t end, bool soft) {
    const auto &statements = StatementsOf(module);
    for (uint32_t i = begin; i < end; i = statements[i].end) {
      if (++steps_ > kStepBudget) {
        return std::nullopt;
      }
      state_[module].statement = i;
      std::optional<Failure> failure = ExecuteOne(module, i, soft);
      if (failure && !soft) {
        return failure;
      }
    }
    return std::nullopt;
  }

  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const {
    return project_.scanned.facts[project_.modules[module].file].statements;
  }

  std::optional<Failure> ExecuteOne(ModuleId module, uint32_t i, bool soft) {
    const auto &statements = StatementsOf(module);
    const Statement &statement = view_.Of(statements[i]);
    switch (statement.kind) {
    case StatementKind::Import:
    case StatementKind::FromImport:
      return statements[i].lazy ? std::nullopt : ExecuteImport(module, i);
    case StatementKind::If:
    case StatementKind::Elif:
    case StatementKind::Else:
    case StatementKind::While:
    case StatementKind::For:
    case StatementKind::With:
    case StatementKind::Match:
    case StatementKind::Case:
      return ExecuteArm(module, i, soft);
    case StatementKind::Try:
      return ExecuteTry(module, i, soft);
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      return std::nullopt; // done with its try
    case StatementKind::Finally:
      return Execute(module, i + 1, statements[i].end, soft);
    case StatementKind::Class:
      if (auto failure = ExecuteUses(module, i, statement)) {
        return failure;
      }
      return Execute(module, i + 1, statements[i].end, soft);
    case StatementKind::Function:
      return ExecuteUses(module, i, statement);
    case StatementKind::Expression:
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
    case StatementKind::AugAssign:
      return ExecuteCode(module, i, statement);
    case StatementKind::Raise:
      return Raised(module, i, statement);
    default:
      return std::nullopt;
    }
  }

  std::optional<Failure> ExecuteArm(ModuleId module, uint32_t i, bool soft) {
    const Tri taken = resolver_.ArmTaken(module, i);
    if (taken == Tri::No) {
      return std::nullopt;
    }
    const bool inner = soft || taken == Tri::Unknown;
    auto failure = Execute(module, i + 1, StatementsOf(module)[i].end, inner);
    return inner ? std::nullopt : failure;
  }

  static bool IsHandler(StatementKind kind) {
    return kind == StatementKind::Except || kind == StatementKind::ExceptStar;
  }

  std::optional<Failure> ExecuteTry(ModuleId module, uint32_t i, bool soft) {
    const auto &statements = StatementsOf(module);
    ++try_depth_;
    auto failure = Execute(module, i + 1, statements[i].end, false);
    --try_depth_;
    if (!failure) {
      return std::nullopt;
    }
    for (uint32_t h = statements[i].end;
         h < statements.size() && IsHandler(view_.Of(statements[h]).kind); h = statements[h].end) {
      const Tri catches = Catches(module, view_.Of(statements[h]), *failure);
      if (catches == Tri::No) {
        continue;
      }
      if (catches == Tri::Unknown) {
        return std::nullopt;
      }
      state_[module].statement = h;
      auto again = Execute(module, h + 1, statements[h].end, soft);
      if (again && again->not_installed.empty()) {
        again->not_installed = failure->not_installed;
      }
      return again;
    }
    return failure;
  }

  // Whether a handler catches the failure; unknown when it names a type nobody knows.
  Tri Catches(ModuleId, const Statement &handler, const Failure &failure) const {
    const ExprId caught = handler.first;
    if (!caught.valid()) {
      return Tri::Yes;
    }
    llvm::SmallVector<ExprId, 8> types{caught};
    if (view_.Is(caught, ExprKind::Tuple)) {
      types = view_.Children(caught);
    }
    Tri all = Tri::No;
    for (ExprId type : types) {
      const auto dotted = view_.Dotted(type);
      const llvm::StringRef name = dotted ? llvm::StringRef(*dotted) : "";
      all = std::max(all, CatchesName(name, failure));
    }
    return all;
  }

  static Tri CatchesName(llvm::StringRef name, const Failure &failure) {
    if (name == "BaseException") {
      return Tri::Yes;
    }
    if (name == "Exception") {
      return failure.kind == ExceptionKind::Exit || failure.kind == ExceptionKind::Skip ? Tri::No
                                                                                        : Tri::Yes;
    }
    switch (failure.kind) {
    case ExceptionKind::NoModule:
      return name == "ImportError" || name == "ModuleNotFoundError" ? Tri::Yes : Plain(name);
    case ExceptionKind::NoName:
    case ExceptionKind::BeyondTop:
      return name == "ImportError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Attribute:
      return name == "AttributeError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Name:
      return name == "NameError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Syntax:
      return name == "SyntaxError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Exit:
      return name == "SystemExit" ? Tri::Yes : Plain(name);
    case ExceptionKind::Skip:
      return Plain(name);
    case ExceptionKind::Raised:
      return Tri::Unknown;
    }
    return Tri::Unknown;
  }
  // The built-in exceptions are known not to catch; other names may be bases.
  static Tri Plain(llvm::StringRef name) {
    for (const char *known :
         {"ImportError",    "ModuleNotFoundError", "AttributeError",    "KeyError",
          "ValueError",     "TypeError",           "NameError",         "OSError",
          "IOError",        "RuntimeError",        "SyntaxError",       "IndexError",
          "LookupError",    "NotImplementedError", "UnicodeError",      "SystemExit",
          "AssertionError", "ZeroDivisionError",   "KeyboardInterrupt", "StopIteration"}) {
      if (name == known) {
        return Tri::No;
      }
    }
    return Tri::Unknown;
  }

  // --- imports

  Location At(ModuleId module, uint32_t statement) const {
    const PlacedStatement &placed = StatementsOf(module)[statement];
    return {project_.modules[module].file, {placed.head, placed.head + 1}};
  }

  std::optional<Failure> ExecuteImport(ModuleId module, uint32_t i) {
    const size_t f = static_cast<size_t>(project_.modules[module].file.index);
    const auto begin = project_.rows.begin() + graph_.row_begin[f];
    const auto end = project_.rows.begin() + graph_.row_begin[f + 1];
    auto row =
        std::partition_point(begin, end, [&](const ImportRow &r) { return r.statement < i; });
    for (; row != end && row->statement == i; ++row) {
      if (row->context.string) {
        continue;
      }
      if (auto failure = ImportRowNow(module, *row)) {
        failure->chain.push_back(At(module, i));
        return failure;
      }
    }
    return std::nullopt;
  }

  std::optional<Failure> ImportRowNow(ModuleId module, const ImportRow &row) {
    Failure failure;
    if (row.beyond_top) {
      failure.kind = ExceptionKind::BeyondTop;
      failure.reason = "ImportError: attempted relative import beyond top-level package";
      return failure;
    }
    if (row.source.valid()) {
      if (auto inner = Load(row.source)) {
        return inner;
      }
    } else if (row.not_installed) {
      return NotInstalled("`" + project_.Text(row.missing_part).str() + "` is not installed");
    } else if (row.status == RowStatus::MissingModule) {
      failure.kind = ExceptionKind::NoModule;
      failure.reason =
          "ModuleNotFoundError: No module named '" + project_.Text(row.missing_part).str() + "'";
      return failure;
    } else {
      return std::nullopt;
    }
    if (!row.name.valid()) {
      return row.status == RowStatus::MissingModule ? MissingAttributeOnTheWay(row) : std::nullopt;
    }
    if (row.context.star) {
      return ImportStar(module, row);
    }
    return ImportName(row);
  }

  std::optional<Failure> MissingAttributeOnTheWay(const ImportRow &row) const {
    Failure failure;
    failure.kind = ExceptionKind::NoName;
    const llvm::StringRef name = project_.Text(row.module);
    failure.reason = "ImportError: cannot import name '" + name.rsplit('.').second.str() +
                     "' from '" + name.rsplit('.').first.str() + "'";
    return failure;
  }

  std::optional<Failure> ImportName(const ImportRow &row) {
    const bool partial = IsPartial(row.source);
    if (partial ? HasNow(row.source, row.name) : row.status != RowStatus::MissingName) {
      if (!partial && row.status == RowStatus::Resolved && row.target.kind == TargetKind::Module &&
          IsChild(row.target.module, row.source)) {
        return Load(row.target.module);
      }
      return std::nullopt;
    }
    const ModuleId child = resolver_.table().IsPackage(row.source)
                               ? resolver_.table().FindChild(row.source, row.name)
                               : ModuleId();
    if (child.valid()) {
      return Load(child);
    }
    Failure failure;
    failure.kind = ExceptionKind::NoName;
    const std::string module = project_.Text(project_.modules[row.source].name).str();
    const bool bound_later = row.status != RowStatus::MissingName;
    failure.circular = bound_later;
    failure.reason = "ImportError: cannot import name '" + project_.Text(row.name).str() +
                     "' from " + (bound_later ? "partially initialized module '" : "'") + module +
                     "'" + (bound_later ? " (most likely due to a circular import)" : "");
    return failure;
  }

  bool IsChild(ModuleId child, ModuleId package) const {
    return project_.modules[child].parent == package;
  }

  // --- what a module under way has bound so far

  // Under way, or loaded while something that it star-imports was.
  bool IsPartial(ModuleId module) const {
    if (!resolver_.HasLog(module) || !IsInWork(module)) {
      return false;
    }
    return state_[module].loaded == Loaded::Under_way ||
           (!partial_stars_.empty() && HasPartialStar(module));
  }
  bool HasPartialStar(ModuleId module) const {
    const NamespaceLog &log = resolver_.Log(module);
    return llvm::any_of(log.stars, [&](uint32_t event) {
      return partial_stars_.contains({module, log.events[event].statement});
    });
  }

  uint32_t LimitOf(ModuleId module) const {
    return state_[module].loaded == Loaded::Under_way
               ? resolver_.EventLimit(module, state_[module].statement)
               : kNoEvent;
  }
  bool HasNow(ModuleId module, NameId name) { return Has(module, name, LimitOf(module), 0); }

  bool Has(ModuleId module, NameId name, uint32_t limit, int depth) {
    const llvm::StringRef text = project_.Text(name);
    const NamespaceLog &log = resolver_.Log(module);
    if (text.starts_with("__") && text.ends_with("__") && log.Of(name).empty()) {
      return resolver_.Attribute(module, name).answer != Answer::No;
    }
    if (partial_stars_.empty() || log.stars.empty()) {
      const Found found = resolver_.At(module, name, limit);
      return found.answer != Answer::No || ServesLazily(module, name, limit) ||
             !log.open_reason.empty();
    }
    // Stars taken from a module under way brought only what was there then.
    const llvm::ArrayRef<uint32_t> named = log.Of(name);
    for (size_t n = named.size(); n-- > 0;) {
      const Event &event = log.events[named[n]];
      if (named[n] < limit && event.kind != EventKind::Unbind &&
          resolver_.Reach(module, event.statement) != Tri::No) {
        return true;
      }
    }
    for (size_t s = log.stars.size(); s-- > 0 && depth < 64;) {
      const Event &event = log.events[log.stars[s]];
      if (log.stars[s] < limit && StarBrought(module, event, name, depth)) {
        return true;
      }
    }
    return ServesLazily(module, name, limit) || !log.open_reason.empty();
  }

  bool StarBrought(ModuleId module, const Event &event, NameId name, int depth) {
    const Statement &statement = view_.Of(StatementsOf(module)[event.statement]);
    const FromModule from = resolver_.ResolveFrom(module, statement);
    const ModuleSearch search = from.beyond_top ? ModuleSearch() : resolver_.FindFrom(module, from);
    if (!search.module.valid()) {
      return false;
    }
    auto it = partial_stars_.find({module, event.statement});
    if (it == partial_stars_.end() && !IsPartial(search.module)) {
      return resolver_.ThroughStar(search.module, name).answer != Answer::No;
    }
    const uint32_t limit = it == partial_stars_.end() ? kNoEvent : it->second;
    const AllNames &all = resolver_.All(search.module);
    const bool exported = all.present && all.known ? llvm::is_contained(all.names, name)
                                                   : !project_.Text(name).starts_with("_");
    return exported && Has(search.module, name, limit, depth + 1);
  }

  // A `__getattr__` that is already defined serves names while the module is under way.
  bool ServesLazily(ModuleId module, NameId name, uint32_t limit) {
    const NamespaceLog &log = resolver_.Log(module);
    const NameId hook = project_.scanned.names.Find("__getattr__");
    if (!log.lazy || !hook.valid()) {
      return false;
    }
    return resolver_.At(module, hook, limit).answer != Answer::No &&
           resolver_.Attribute(module, name).answer != Answer::No;
  }

  std::optional<Failure> ImportStar(ModuleId module, const ImportRow &row) {
    if (!resolver_.HasLog(row.source)) {
      return std::nullopt;
    }
    const bool partial = IsPartial(row.source);
    if (partial) {
      partial_stars_[{module, row.statement}] = LimitOf(row.source);
    }
    const AllNames &all = resolver_.All(row.source);
    if (!all.present || !all.known) {
      return std::nullopt;
    }
    for (NameId name : all.names) {
      const bool has = partial ? HasNow(row.source, name)
                               : resolver_.Attribute(row.source, name).answer != Answer::No;
      if (has) {
        continue;
      }
      const ModuleId child = resolver_.table().IsPackage(row.source)
                                 ? resolver_.table().FindChild(row.source, name)
                                 : ModuleId();
      if (child.valid()) {
        if (auto failure = Load(child)) {
          return failure;
        }
        continue;
      }
      Failure failure;
      failure.kind = ExceptionKind::Attribute;
      failure.circular = partial;
      failure.reason = "AttributeError: module '" +
                       project_.Text(project_.modules[row.source].name).str() +
                       "' has no attribute '" + project_.Text(name).str() + "'";
      return failure;
    }
    return std::nullopt;
  }

  // --- other code

  std::optional<Failure> ExecuteCode(ModuleId module, uint32_t i, const Statement &statement) {
    if (statement.kind == StatementKind::Expression) {
      const auto callee = view_.Callee(statement.first);
      if (callee && (*callee == "sys.exit" || *callee == "exit" || *callee == "quit")) {
        Failure failure;
        failure.kind = ExceptionKind::Exit;
        failure.reason = "SystemExit: the module exits when it is imported";
        failure.chain.push_back(At(module, i));
        return failure;
      }
      if (callee && *callee == "pytest.skip") {
        return Skipped(module, i, "Skipped: by pytest.skip");
      }
    }
    if (auto failure = ImportOrSkip(module, i, statement)) {
      return failure;
    }
    return ExecuteUses(module, i, statement);
  }

  std::optional<Failure> Skipped(ModuleId module, uint32_t i, std::string reason) const {
    Failure failure;
    failure.kind = ExceptionKind::Skip;
    failure.reason = std::move(reason);
    failure.chain.push_back(At(module, i));
    return failure;
  }

  // `pytest.importorskip("a.b")`, alone or assigned.
  std::optional<Failure> ImportOrSkip(ModuleId module, uint32_t i, const Statement &statement) {
    const ExprId value = view_.LastOperand(statement);
    const auto callee = view_.Is(value, ExprKind::Call) ? view_.Callee(value) : std::nullopt;
    if (!callee || (*callee != "pytest.importorskip" && *callee != "importorskip")) {
      return std::nullopt;
    }
    const auto arguments = view_.Arguments(value);
    const auto name = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
    if (!name) {
      return std::nullopt;
    }
    const ModuleSearch search = resolver_.FindModule(module, *name);
    if (search.module.valid() || search.unknown) {
      return std::nullopt; // one that fails otherwise is not skipped by recent versions
    }
    return Skipped(module, i, ("Skipped: could not import '" + *name + "'").str());
  }

  std::optional<Failure> Raised(ModuleId module, uint32_t i, const Statement &statement) const {
    Failure failure;
    const auto raised = view_.Is(statement.first, ExprKind::Call) ? view_.Callee(statement.first)
                                                                  : view_.Dotted(statement.first);
    const std::string name = raised.value_or("Exception");
    failure.kind = name == "ImportError"           ? ExceptionKind::NoName
                   : name == "ModuleNotFoundError" ? ExceptionKind::NoModule
                   : name == "SystemExit"          ? ExceptionKind::Exit
                   : name == "AttributeError"      ? ExceptionKind::Attribute
                                                   : ExceptionKind::Raised;
    failure.reason = name + ": raised when the module is imported";
    failure.chain.push_back(At(module, i));
    return failure;
  }

  // Attributes of modules under way, and functions called: only what has to do with this cycle.
  std::optional<Failure> ExecuteUses(ModuleId module, uint32_t i, const Statement &statement) {
    std::optional<Failure> failure;
    view_.Walk(statement, [&](ExprId id) {
      if (failure || view_.At(id).begin == kNoPosition) {
        return;
      }
      if (view_.Is(id, ExprKind::Attribute)) {
        failure = UseAttribute(module, i, id);
      } else if (view_.Is(id, ExprKind::Call)) {
        failure = CallNow(module, i, id);
      } else if (view_.Is(id, ExprKind::Name)) {
        failure = UseName(module, i, statement, id);
      }
    });
    if (failure) {
      failure->chain.push_back(At(module, i));
    }
    return failure;
  }

  std::optional<Failure> UseAttribute(ModuleId module, uint32_t i, ExprId attribute) {
    const Found base =
        resolver_.Evaluate(module, view_.Child(attribute), resolver_.EventLimit(module, i));
    if (!base.IsModule() || base.unknown || !resolver_.HasLog(base.module)) {
      return std::nullopt;
    }
    const NameId name = view_.At(attribute).text;
    if (!IsInWork(base.module)) {
      return LacksAttribute(base.module, name);
    }
    const ModuleId child = resolver_.table().IsPackage(base.module)
                               ? resolver_.table().FindChild(base.module, name)
                               : ModuleId();
    if (child.valid() && resolver_.HasLog(child)) {
      const bool bound = resolver_.At(base.module, name, LimitOf(base.module)).IsObject();
      const bool under_way = IsInWork(child) && state_[child].loaded == Loaded::Under_way;
      if (bound || !under_way) {
        return std::nullopt;
      }
      return PartialAttribute("AttributeError: cannot access submodule '" +
                              project_.Text(name).str() + "' of module '" +
                              project_.Text(project_.modules[base.module].name).str() +
                              "' (most likely due to a circular import)");
    }
    if (!IsPartial(base.module)) {
      return LacksAttribute(base.module, name);
    }
    if (HasNow(base.module, name) || resolver_.Attribute(base.module, name).answer == Answer::No) {
      return std::nullopt;
    }
    return PartialAttribute("AttributeError: partially initialized module '" +
                            project_.Text(project_.modules[base.module].name).str() +
                            "' has no attribute '" + project_.Text(name).str() +
                            "' (most likely due to a circular import)");
  }

  // An attribute that the whole module never has. A submodule that nobody imported is not counted:
  // code that is not seen here may have.
  std::optional<Failure> LacksAttribute(ModuleId module, NameId name) {
    const llvm::StringRef text = project_.Text(name);
    if (!project_.modules[module].first_party || text.starts_with("__") ||
        !resolver_.Log(module).open_reason.empty()) {
      return std::nullopt;
    }
    const Found found = resolver_.Attribute(module, name);
    const bool child =
        resolver_.table().IsPackage(module) && (resolver_.table().FindChild(module, name).valid() ||
                                                resolver_.table().HasOpenChildren(module));
    if (found.answer != Answer::No || found.unknown || child) {
      return std::nullopt;
    }
    Failure failure;
    failure.kind = ExceptionKind::Attribute;
    failure.reason = "AttributeError: module '" +
                     project_.Text(project_.modules[module].name).str() + "' has no attribute '" +
                     text.str() + "'";
    return failure;
  }

  // A name that nothing binds, neither in its module nor as a builtin. In class bodies, and where a
  // comprehension binds it, nothing is said.
  std::optional<Failure> UseName(ModuleId module, uint32_t i, const Statement &statement,
                                 ExprId id) {
    const NameId name = view_.At(id).text;
    const NamespaceLog &log = resolver_.Log(module);
    const llvm::StringRef text = project_.Text(name);
    if (!log.Of(name).empty() || !log.open_reason.empty() || text.starts_with("__") ||
        StandsInClass(module, i) || BindsInside(statement, name)) {
      return std::nullopt;
    }
    const Found found = resolver_.At(module, name, kNoEvent);
    if (found.answer != Answer::No || found.unknown || IsBuiltin(module, name) ||
        StarMayBringSubmodule(module, name)) {
      return std::nullopt;
    }
    Failure failure;
    failure.kind = ExceptionKind::Name;
    failure.reason = "NameError: name '" + text.str() + "' is not defined";
    return failure;
  }

  // A star import takes the submodules that were loaded by then, too.
  bool StarMayBringSubmodule(ModuleId module, NameId name) {
    const NamespaceLog &log = resolver_.Log(module);
    return llvm::any_of(log.stars, [&](uint32_t event) {
      const Statement &statement = view_.Of(StatementsOf(module)[log.events[event].statement]);
      const FromModule from = resolver_.ResolveFrom(module, statement);
      const ModuleSearch search =
          from.beyond_top ? ModuleSearch() : resolver_.FindFrom(module, from);
      return search.module.valid() && resolver_.table().IsPackage(search.module) &&
             resolver_.table().FindChild(search.module, name).valid();
    });
  }

  bool StandsInClass(ModuleId module, uint32_t i) const {
    const auto &statements = StatementsOf(module);
    for (int32_t at = statements[i].parent; at >= 0;
         at = statements[static_cast<size_t>(at)].parent) {
      const StatementKind kind = view_.Of(statements[static_cast<size_t>(at)]).kind;
      if (kind == StatementKind::Class || kind == StatementKind::Function) {
        return true;
      }
    }
    return false;
  }

  bool BindsInside(const Statement &statement, NameId name) const {
    bool binds = false;
    view_.WalkAll(statement, [&](ExprId id) {
      const bool binder = view_.Is(id, ExprKind::ForIn) || view_.Is(id, ExprKind::Walrus);
      if (binder && !binds) {
        view_.Walk(view_.Child(id), [&](ExprId target) {
          binds |= view_.Is(target, ExprKind::Name) && view_.At(target).text == name;
        });
      }
    });
    return binds;
  }

  bool IsBuiltin(ModuleId module, NameId name) {
    const ModuleSearch builtins = resolver_.FindModule(module, "builtins");
    return !builtins.module.valid() ||
           resolver_.Attribute(builtins.module, name).answer != Answer::No;
  }

  static std::optional<Failure> PartialAttribute(std::string reason) {
    Failure failure;
    failure.kind = ExceptionKind::Attribute;
    failure.circular = true;
    failure.reason = std::move(reason);
    return failure;
  }

  // A call of a function of the project runs the imports in its body.
  std::optional<Failure> CallNow(ModuleId module, uint32_t i, ExprId call) {
    if (call_depth_ >= 4) {
      return std::nullopt;
    }
    const Found found =
        resolver_.Evaluate(module, view_.Child(call), resolver_.EventLimit(module, i));
    if (!found.IsObject() || found.unknown || !resolver_.HasLog(found.module)) {
      return std::nullopt;
    }
    const Event &event = resolver_.Log(found.module).events[found.event];
    const auto &statements = StatementsOf(found.module);
    if (event.kind != EventKind::Define ||
        view_.Of(statements[event.statement]).kind != StatementKind::Function) {
      return std::nullopt;
    }
    ++call_depth_;
    std::optional<Failure> failure;
    for (uint32_t k = event.statement + 1; k < statements[event.statement].end && !failure;
         k = statements[k].end) {
      const StatementKind kind = view_.Of(statements[k]).kind;
      if (kind == StatementKind::Import || kind == StatementKind::FromImport) {
        failure = ExecuteImport(found.module, k);
      } else if (kind == StatementKind::Return || kind == StatementKind::Raise ||
                 kind == StatementKind::If) {
        break; // what follows may not run
      }
    }
    --call_depth_;
    return failure;
  }

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

} // namespace

std::vector<ImportOutcome> SimulateSession(const Project &project, llvm::ArrayRef<ModuleId> order) {
  std::vector<ImportOutcome> outcomes;
  RunWithStack(kStackBytes, [&] {
    outcomes = Simulator(project, *project.state->resolver, project.state->graph).RunSession(order);
  });
  return outcomes;
}

} // namespace pydefrag
