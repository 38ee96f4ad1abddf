#include "link/import_time.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <map>
#include <optional>

namespace pydefrag {
namespace {

// Statements executed for one component before what is left of it is answered "unknown".
constexpr size_t kStepBudget = 40'000'000;

enum class ExceptionKind : uint8_t { NoModule, NoName, BeyondTop, Attribute, Syntax, Raised, Exit };

struct Failure {
  ExceptionKind kind = ExceptionKind::NoModule;
  bool circular = false;
  std::string reason;
  std::vector<Location> chain; // innermost first while it is built
};

enum class Loaded : uint8_t { No, Under_way, Yes };

class Simulator {
public:
  Simulator(Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph) {
    state_.resize(project.modules.size());
    touches_fragile_.resize(project.modules.size());
  }

  void Run() {
    project_.outcomes.resize(project_.modules.size());
    for (size_t c = 0; c < graph_.components.size(); ++c) {
      component_ = static_cast<int32_t>(c);
      const std::vector<ModuleId> &members = graph_.components[c];
      steps_ = 0;
      for (const auto &[package, below] : GroupByPackage(members)) {
        TryGroup(package, below);
      }
      MarkCertain(members);
      NoteFragile(members);
    }
  }

private:
  struct State {
    Loaded loaded = Loaded::No;
    uint32_t statement = 0; // being executed, while under way
  };

  // --- fragile cycles
  //
  // Some cycles fail when one member comes first and work when another does. Who imports such a
  // cycle therefore matters to everything above it: the *context* is which member came first, for
  // each fragile cycle that was touched so far. Modules above are remembered per context.

  using Context = llvm::SmallVector<std::pair<int32_t, ModuleId>, 2>; // sorted by component

  void NoteFragile(const std::vector<ModuleId> &members) {
    size_t failing = 0;
    size_t working = 0;
    for (ModuleId member : members) {
      failing += project_.outcomes[member].status == ImportOutcome::Fails;
      working += project_.outcomes[member].status == ImportOutcome::Ok;
    }
    bool touches = members.size() > 1 && failing > 0 && working > 0;
    if (touches) {
      fragile_.insert(component_);
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
    const int32_t component = graph_.component_of[module];
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
    if (graph_.components[static_cast<size_t>(component)].size() > 1) {
      return Decided(module);
    }
    return LoadInContext(component, module);
  }

  // A module that is no part of a cycle: its statements are executed once for each context.
  std::optional<Failure> LoadInContext(int32_t component, ModuleId module) {
    const auto key = std::make_pair(module, ContextId());
    if (auto it = in_context_.find(key); it != in_context_.end()) {
      context_ = it->second.after;
      return it->second.failure;
    }
    const int32_t outer = component_;
    const size_t mark = undo_.size();
    component_ = component;
    Remembered remembered;
    remembered.failure = LoadOne(module);
    remembered.after = context_;
    RollBack(mark);
    component_ = outer;
    return (in_context_[key] = std::move(remembered)).failure;
  }

  // Another member of a cycle that `first` led into.
  std::optional<Failure> LoadAfter(int32_t component, ModuleId first, ModuleId module) {
    const auto key = std::make_pair(first, module);
    if (auto it = after_.find(key); it != after_.end()) {
      return it->second;
    }
    const int32_t outer = component_;
    const size_t mark = undo_.size();
    const Context context = context_;
    const auto stars = std::move(partial_stars_);
    partial_stars_.clear();
    component_ = component;
    std::optional<Failure> failure = Load(first);
    if (!failure) {
      failure = Load(module);
    }
    RollBack(mark);
    partial_stars_ = stars;
    context_ = context;
    component_ = outer;
    after_[key] = failure;
    return failure;
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
        top = graph_.component_of[at] == component_ ? at : top;
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
    const ImportOutcome first = TryEntry(package);
    const size_t mark = undo_.size();
    const auto stars = partial_stars_;
    for (ModuleId member : members) {
      if (member == package || first.status != ImportOutcome::Ok) {
        project_.outcomes[member] = first;
        continue;
      }
      project_.outcomes[member] = TryEntry(member);
      RollBack(mark);
      partial_stars_ = stars;
    }
    RollBack(0);
    partial_stars_.clear();
  }

  ImportOutcome TryEntry(ModuleId entry) {
    ImportOutcome outcome;
    if (steps_ > kStepBudget) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = "the cycle is too large to execute on paper";
      return outcome;
    }
    not_installed_.clear();
    context_.clear();
    std::optional<Failure> failure = Load(entry);
    if (steps_ > kStepBudget) {
      return {ImportOutcome::Unknown, true, "the cycle is too large to execute on paper", {}};
    }
    if (failure) {
      outcome.status = ImportOutcome::Fails;
      outcome.reason = std::move(failure->reason);
      outcome.chain.assign(failure->chain.rbegin(), failure->chain.rend());
    } else if (!not_installed_.empty()) {
      outcome.status = ImportOutcome::Unknown;
      outcome.reason = not_installed_;
    }
    return outcome;
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

  void Set(ModuleId module, Loaded loaded) {
    undo_.push_back({module, state_[module]});
    state_[module].loaded = loaded;
  }
  void RollBack(size_t mark) {
    while (undo_.size() > mark) {
      state_[undo_.back().first] = undo_.back().second;
      undo_.pop_back();
    }
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
    if (graph_.component_of[module] != component_) {
      return LoadOther(module);
    }
    if (state_[module].loaded != Loaded::No) {
      return std::nullopt;
    }
    const ModuleFacts &facts = project_.scanned.facts[m.file];
    if (facts.state == FileState::SyntaxError) {
      Failure failure;
      failure.kind = ExceptionKind::Syntax;
      failure.reason = "SyntaxError: " + facts.error_message;
      failure.chain.push_back({m.file, facts.error_span});
      return failure;
    }
    Set(module, Loaded::Under_way);
    auto failure = Execute(module, 0, static_cast<uint32_t>(facts.statements.size()), false);
    Set(module, failure ? Loaded::No : Loaded::Yes);
    return failure;
  }

  // Modules of earlier components do the same whoever imports them.
  std::optional<Failure> Decided(ModuleId module) {
    const ImportOutcome &outcome = project_.outcomes[module];
    if (outcome.status == ImportOutcome::Unknown && not_installed_.empty()) {
      not_installed_ = outcome.reason;
    }
    if (outcome.status != ImportOutcome::Fails) {
      return std::nullopt;
    }
    Failure failure;
    const llvm::StringRef reason = outcome.reason;
    failure.kind = reason.starts_with("ModuleNotFoundError") ? ExceptionKind::NoModule
                   : reason.starts_with("ImportError")       ? ExceptionKind::NoName
                   : reason.starts_with("AttributeError")    ? ExceptionKind::Attribute
                   : reason.starts_with("SyntaxError")       ? ExceptionKind::Syntax
                   : reason.starts_with("SystemExit")        ? ExceptionKind::Exit
                                                             : ExceptionKind::Raised;
    failure.reason = outcome.reason;
    failure.chain.assign(outcome.chain.rbegin(), outcome.chain.rend());
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
    auto failure = Execute(module, i + 1, statements[i].end, false);
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
      return Execute(module, h + 1, statements[h].end, soft);
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
      return failure.kind == ExceptionKind::Exit ? Tri::No : Tri::Yes;
    }
    switch (failure.kind) {
    case ExceptionKind::NoModule:
      return name == "ImportError" || name == "ModuleNotFoundError" ? Tri::Yes : Plain(name);
    case ExceptionKind::NoName:
    case ExceptionKind::BeyondTop:
      return name == "ImportError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Attribute:
      return name == "AttributeError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Syntax:
      return name == "SyntaxError" ? Tri::Yes : Plain(name);
    case ExceptionKind::Exit:
      return name == "SystemExit" ? Tri::Yes : Plain(name);
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
      if (not_installed_.empty()) {
        not_installed_ = "`" + project_.Text(row.missing_part).str() + "` is not installed";
      }
      return std::nullopt;
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
    if (!resolver_.HasLog(module) || graph_.component_of[module] != component_) {
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
    }
    return ExecuteUses(module, i, statement);
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
    if (!base.IsModule() || base.unknown || !resolver_.HasLog(base.module) ||
        graph_.component_of[base.module] != component_) {
      return std::nullopt;
    }
    const NameId name = view_.At(attribute).text;
    const ModuleId child = resolver_.table().IsPackage(base.module)
                               ? resolver_.table().FindChild(base.module, name)
                               : ModuleId();
    if (child.valid() && resolver_.HasLog(child)) {
      const bool bound = resolver_.At(base.module, name, LimitOf(base.module)).IsObject();
      const bool under_way =
          graph_.component_of[child] == component_ && state_[child].loaded == Loaded::Under_way;
      if (bound || !under_way) {
        return std::nullopt;
      }
      return PartialAttribute("AttributeError: cannot access submodule '" +
                              project_.Text(name).str() + "' of module '" +
                              project_.Text(project_.modules[base.module].name).str() +
                              "' (most likely due to a circular import)");
    }
    if (!IsPartial(base.module) || HasNow(base.module, name) ||
        resolver_.Attribute(base.module, name).answer == Answer::No) {
      return std::nullopt;
    }
    return PartialAttribute("AttributeError: partially initialized module '" +
                            project_.Text(project_.modules[base.module].name).str() +
                            "' has no attribute '" + project_.Text(name).str() +
                            "' (most likely due to a circular import)");
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

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const ImportGraph &graph_;
  IdVector<ModuleId, State> state_;
  std::vector<std::pair<ModuleId, State>> undo_;
  // {importing module, statement}: the star was taken while its source was under way, just before
  // this event of the source.
  llvm::DenseMap<std::pair<ModuleId, uint32_t>, uint32_t> partial_stars_;
  int32_t component_ = 0;
  size_t steps_ = 0;
  int call_depth_ = 0;
  struct Remembered {
    std::optional<Failure> failure;
    Context after;
  };
  llvm::DenseSet<int32_t> fragile_; // components
  IdVector<ModuleId, char> touches_fragile_;
  Context context_;
  std::map<std::vector<std::pair<int32_t, ModuleId>>, unsigned> context_ids_;
  llvm::DenseMap<std::pair<ModuleId, unsigned>, Remembered> in_context_;
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, std::optional<Failure>> after_;
  std::string not_installed_; // the first third-party module that the environment lacks
};

} // namespace

void SimulateImports(Project &project, Resolver &resolver, const ImportGraph &graph) {
  Simulator(project, resolver, graph).Run();
}

} // namespace pydefrag
