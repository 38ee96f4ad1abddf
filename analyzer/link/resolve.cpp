#include "link/resolve.h"

#include "base/parallel.h"
#include "link/caller_writes.h"
#include "link/lazy_names.h"
#include "link/source_trees.h"
#include "link/written_modules.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace pydefrag {

// Beyond this a chain of imports is answered "unknown": the stack of the linking thread is sized
// for it (link.cpp).
static constexpr uint32_t kMaxDepth = 100000;

Resolver::Resolver(Project &project, ModuleTable &table, const ImportTargets &targets,
                   ExtensionNames &extensions, SupportedVersions versions, unsigned jobs)
    : project_(project), table_(table), targets_(targets), extensions_(extensions),
      view_(project.scanned), versions_(versions) {
  logs_.resize(project.modules.size());
  ParallelFor(project.modules.size(), jobs, 16, [&](size_t i) {
    const ModuleId id(i);
    const Module &module = project_.modules[id];
    if (module.file.valid()) {
      logs_[id] = ReadNamespace(project_.scanned, module.file, module.kind == ModuleKind::Package,
                                project_.Text(module.name));
    }
  });
  NoteAttributeWrites();
  AddWrittenNames(project, logs_);
  OpenModulesWrittenElsewhere(project, *this);
}

Resolver::~Resolver() = default;

// `x.name = ...` in any file that is read.
void Resolver::NoteAttributeWrites() {
  for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
    for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind != StatementKind::Assign) {
        continue;
      }
      const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        if (view_.Is(target, ExprKind::Attribute)) {
          NotePut(view_.At(target).text, project_.module_of_file[FileId(i)], view_.Child(target));
        }
      }
    }
  }
}

void Resolver::OpenModule(ModuleId module, const llvm::Twine &reason, OpenedBy by) {
  opened_elsewhere_.erase(module);
  if (!HasLog(module)) {
    opened_elsewhere_.insert(module);
  } else {
    logs_[module].Open(reason, by);
  }
}

void Resolver::OpenFromElsewhere(ModuleId module, const llvm::Twine &reason) {
  if (!HasLog(module) || Log(module).open_reason.empty()) {
    opened_elsewhere_.insert(module);
  }
  if (HasLog(module)) {
    logs_[module].Open(reason, OpenedBy::Others);
  }
}

void Resolver::NotePut(NameId name, ModuleId writer, ExprId base) {
  put_from_elsewhere_[name].push_back({writer, base});
}

void Resolver::ReadSourcesFrom(const Disk *disk) {
  trees_ = disk != nullptr ? std::make_unique<SourceTrees>(project_, targets_, *disk) : nullptr;
}

Found Resolver::Unknown(const char *reason) const {
  Found found;
  found.answer = Answer::Maybe;
  found.unknown = true;
  found.kind = TargetKind::Opaque;
  found.reason = reason;
  return found;
}

Found Resolver::UnknownOf(const llvm::Twine &reason) const {
  return Unknown(project_.reasons.Keep(reason));
}

Found Resolver::ModuleFound(ModuleId module) const {
  Found found;
  found.answer = Answer::Yes;
  found.kind = TargetKind::Module;
  found.module = module;
  return found;
}

Found Resolver::ObjectFound(ModuleId module, uint32_t event) const {
  Found found;
  found.answer = Answer::Yes;
  found.kind = TargetKind::Definition;
  found.module = module;
  found.event = event;
  return found;
}

// --- modules

uint32_t Resolver::NumberOf(const Statement &statement, ExprId alias) const {
  uint32_t number = 0;
  for (ExprId id = statement.first; id != alias; id = view_.Next(id)) {
    ++number;
  }
  return number;
}

// --- attributes

Found Resolver::Attribute(ModuleId module, NameId name) {
  BeginQuestion();
  const uint64_t key = Key(module, static_cast<uint32_t>(name.index));
  auto it = answers_.attributes.find(key);
  if (it != answers_.attributes.end()) {
    if (it->second.in_progress) {
      lowest_hit_ = std::min(lowest_hit_, it->second.depth);
      return Found();
    }
    if (it->second.stamp == 0 || it->second.stamp == stamp_) {
      if (it->second.stamp != 0) {
        lowest_hit_ = 0; // as provisional as what it was made from
      }
      return it->second.found;
    }
  }
  if (depth_ >= kMaxDepth) {
    return Unknown("a chain of imports too long to follow");
  }
  const uint32_t depth = depth_++;
  Memo &memo = answers_.attributes[key];
  memo.in_progress = true;
  memo.depth = depth;
  const uint32_t outer_hit = lowest_hit_;
  lowest_hit_ = UINT32_MAX;
  const Found found = AttributeUncached(module, name);
  --depth_;
  const bool is_final = lowest_hit_ >= depth;
  Memo &done = answers_.attributes[key];
  done.found = found;
  done.in_progress = false;
  done.stamp = is_final ? 0 : stamp_;
  lowest_hit_ = std::min(outer_hit, is_final ? UINT32_MAX : lowest_hit_);
  return found;
}

Found Resolver::AttributeUncached(ModuleId id, NameId name) {
  const Module &module = project_.modules[id];
  const llvm::StringRef text = project_.Text(name);
  if (table_.SecondLoadOf(id).valid()) {
    return SecondLoadAttribute(id, name);
  }
  if (!module.file.valid()) {
    if (module.kind == ModuleKind::Namespace) {
      Found found;
      found.answer = IsImplicit(id, text) ? Answer::Yes : Answer::No;
      found.kind = found.answer == Answer::Yes ? TargetKind::Opaque : TargetKind::None;
      found.module = id;
      return found;
    }
    if (IsImplicit(id, text)) {
      Found found = ModuleFound(id);
      found.kind = TargetKind::Opaque;
      return found;
    }
    return OutsideAttribute(id, name);
  }
  const ModuleFacts &facts = project_.scanned.facts[module.file];
  if (facts.state != FileState::Parsed) {
    return Unknown(facts.state == FileState::SyntaxError ? "the module does not parse"
                                                         : "the module could not be read");
  }
  const NamespaceLog &log = Log(id);
  const ModuleId stand_in = log.replaced() ? StandInOf(id) : id;
  if (stand_in.valid() && stand_in != id) {
    return ImportFrom(stand_in, name);
  }
  if (IsInstanceWithout(id, name)) {
    return Found();
  }
  auto told = answers_.overrides.find(Key(id, static_cast<uint32_t>(name.index)));
  Found found = told != answers_.overrides.end() ? told->second
                : stand_in.valid()               ? Walk(id, name, kNoEvent)
                                                 : Found();
  const bool bound = found.answer != Answer::No;
  if (found.answer != Answer::No && !found.unknown) {
    return found;
  }
  if (IsImplicit(id, text)) {
    Found implicit = ModuleFound(id);
    implicit.kind = TargetKind::Opaque;
    return implicit;
  }
  // A name that the hook binds with `global` when it serves it is unknown until here.
  if (log.lazy && (found.answer == Answer::No || !found.broken)) {
    const Found served = LazyName(id, name);
    if (served.answer != Answer::No && (found.answer == Answer::No || !served.unknown)) {
      return served;
    }
  }
  if (found.answer == Answer::No && IsPutFromElsewhere(id, name)) {
    found = Unknown("another module sets it");
  }
  if (found.answer == Answer::No && !stand_in.valid()) {
    found = Unknown("replaced in `sys.modules`");
  }
  if (found.answer == Answer::No && !log.open_reason.empty() && !CannotHave(id, text)) {
    found = UnknownOf(log.open_reason);
  }
  if (const char *reason = found.answer == Answer::No ? AddedUnseen(id, name) : nullptr) {
    found = Unknown(reason);
  }
  // The standard library's own sources: what its C modules bring is in the tables, but for private
  // names of other platforms, which only events bring.
  if (found.unknown && !found.broken && table_.IsStdlibProject() &&
      !(bound && text.starts_with("_")) && IsUnlisted(id, text)) {
    return Found();
  }
  return found;
}

// Whether an open module surely gets no such name.
bool Resolver::CannotHave(ModuleId module, llvm::StringRef name) {
  const NamespaceLog &log = Log(module);
  if (log.opened_otherwise || (log.replaced() && Reach(module, log.replaced_at) != Tri::Yes)) {
    return false;
  }
  std::unique_ptr<PossibleNames> &slot = answers_.possible[module];
  if (!slot) {
    if (!trees_) {
      return false;
    }
    slot = std::make_unique<PossibleNames>();
    slot->known = false; // while it is asked
    auto names =
        std::make_unique<PossibleNames>(FindPossibleNames(project_, *this, *trees_, module));
    return !(answers_.possible[module] = std::move(names))->MayHave(name);
  }
  return !slot->MayHave(name);
}

// Whether an instance stands in for the module that surely has no such name, whatever the module's
// own code binds.
bool Resolver::IsInstanceWithout(ModuleId module, NameId name) {
  const NamespaceLog &log = Log(module);
  const bool instance = log.replaced() && view_.Is(log.replaced_by, ExprKind::Call);
  return instance && !IsImplicit(module, project_.Text(name)) &&
         CannotHave(module, project_.Text(name)) && !IsPutFromElsewhere(module, name) &&
         !(table_.IsPackage(module) && table_.FindChild(module, name).valid());
}

ModuleId Resolver::StandInOf(ModuleId module) {
  auto [it, inserted] = answers_.stand_ins.try_emplace(module, module);
  if (!inserted) {
    return it->second; // while it is looked for, the module is itself
  }
  const ModuleId found = FindStandIn(module);
  return answers_.stand_ins[module] = found;
}

ModuleId Resolver::FindStandIn(ModuleId module) {
  const NamespaceLog &log = Log(module);
  const Tri reach = log.replaced() ? Reach(module, log.replaced_at) : Tri::No;
  if (reach != Tri::Yes) {
    return module;
  }
  const uint32_t limit = EventLimit(module, log.replaced_at);
  if (view_.Is(log.replaced_by, ExprKind::Call)) {
    // An instance of a class without bases has none of the names. What is derived from the type of
    // modules, or made by a function, most often serves them, and more.
    const Found made = Evaluate(module, view_.Child(log.replaced_by), limit);
    return made.IsObject() && IsPlainClass(made.module, made.event) ? ModuleId() : module;
  }
  const Found found = Evaluate(module, log.replaced_by, limit);
  if (found.IsObject() && TakesAllNames(module, log.replaced_by)) {
    OpenModule(module, "replaced in `sys.modules`", OpenedBy::Others); // its class may serve more
    return module;
  }
  return found.IsModule() && !found.unknown ? found.module : ModuleId();
}

// `new.__dict__.update(old.__dict__)`
bool Resolver::TakesAllNames(ModuleId module, ExprId stand_in) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  auto is_dict = [&](ExprId id) {
    return view_.Is(id, ExprKind::Attribute) && view_.TextOf(id) == "__dict__";
  };
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    const bool call =
        statement.kind == StatementKind::Expression && view_.Is(statement.first, ExprKind::Call);
    const ExprId method = call ? view_.Child(statement.first) : ExprId();
    if (!view_.Is(method, ExprKind::Attribute) || view_.TextOf(method) != "update" ||
        !is_dict(view_.Child(method)) ||
        view_.Dotted(view_.Child(view_.Child(method))) != view_.Dotted(stand_in)) {
      continue;
    }
    const auto arguments = view_.Arguments(statement.first);
    const auto callee = arguments.empty() ? std::nullopt : view_.Callee(arguments[0]);
    if (!arguments.empty() && (is_dict(arguments[0]) || callee == "globals" || callee == "vars")) {
      return true;
    }
  }
  return false;
}

bool Resolver::IsPlainClass(ModuleId module, uint32_t index) const {
  const Event &event = Log(module).events[index];
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const Statement &statement = view_.Of(statements[event.statement]);
  return event.kind == EventKind::Define && statement.kind == StatementKind::Class &&
         !statement.bases.valid();
}

// The same names as in the module whose file is loaded a second time; other objects, unless the
// importer hands out that very module.
Found Resolver::SecondLoadAttribute(ModuleId id, NameId name) {
  const ModuleId original = table_.SecondLoadOf(id);
  Found found = Attribute(original, name);
  found.via = kNoEvent;
  if (found.IsModule() && table_.FindChild(original, name) == found.module) {
    return ModuleFound(table_.FindChild(id, name));
  }
  const bool made_here = found.IsObject() && project_.modules[found.module].first_party;
  if (made_here && table_.HasOwnObjects(id)) {
    found.kind = TargetKind::Opaque;
    found.module = id;
    found.event = kNoEvent;
  }
  return found;
}

void Resolver::Override(ModuleId module, NameId name, Found found) {
  const NamespaceLog &log = Log(module);
  found.via = kNoEvent;
  for (uint32_t index : log.Of(name)) {
    const Found bound = ValueOf(module, index);
    if (bound.kind == found.kind && bound.module == found.module && bound.event == found.event) {
      found.via = index;
    }
  }
  for (uint32_t index : found.via == kNoEvent ? log.stars : std::vector<uint32_t>()) {
    const Found bound = StarEvent(module, index, name);
    if (bound.kind == found.kind && bound.module == found.module && bound.event == found.event) {
      found.via = index;
    }
  }
  answers_.overrides[Key(module, static_cast<uint32_t>(name.index))] = found;
  answers_.override_names[module].push_back(name);
}

void Resolver::ForgetAnswers() {
  answers_.attributes.clear();
  answers_.reach.clear();
  answers_.arms.clear();
  answers_.arms_on_linux.clear();
  answers_.failures.clear();
  answers_.first_failures.clear();
  answers_.exits.clear();
  answers_.stand_ins.clear();
  answers_.all.clear();
  answers_.exports.clear();
  answers_.near.clear();
}

void Resolver::Exchange(ModuleId module, NamespaceLog &log, Answers &answers) {
  std::swap(logs_[module], log);
  std::swap(answers_, answers);
}

static llvm::StringRef TopOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name).split('.').first;
}

// `import m; m.name = ...` in another module.
bool Resolver::IsPutFromElsewhere(ModuleId id, NameId name) {
  auto it = put_from_elsewhere_.find(name);
  if (it == put_from_elsewhere_.end()) {
    return false;
  }
  for (const auto &[writer, base] : it->second) {
    const Found at = writer != id ? Evaluate(writer, base, kNoEvent) : Found();
    // `core.backend.name = ...` where the package's `core` is not read.
    const bool perhaps = at.unknown && !project_.modules[id].first_party &&
                         TopOf(project_, writer) == TopOf(project_, id);
    if (writer != id && (at.module == id || perhaps)) {
      return true;
    }
  }
  return false;
}

Found Resolver::ImportFrom(ModuleId module, NameId name) {
  const Found attribute = Attribute(module, name);
  if (attribute.answer != Answer::No && !attribute.unknown) {
    return attribute;
  }
  if (table_.IsPackage(module)) {
    const ModuleId child = table_.FindChild(module, name);
    if (child.valid()) {
      return ModuleFound(child);
    }
    if (attribute.answer == Answer::No && project_.modules[module].file.valid() &&
        table_.HasOpenChildren(module)) {
      return Unknown("`__path__` changed at run time");
    }
    if (attribute.answer == Answer::No && table_.SharesNamespace(module)) {
      return Unknown(kSharedNamespace);
    }
    const std::string dotted =
        (project_.Text(project_.modules[module].name) + "." + project_.Text(name)).str();
    if (attribute.answer == Answer::No && !HasLog(module) && IsVirtualModule(dotted)) {
      return Unknown("a module that exists only at run time");
    }
  }
  return attribute;
}

bool Resolver::IsSubmoduleOnly(ModuleId package, NameId name) const {
  if (!HasLog(package)) {
    return project_.modules[package].kind == ModuleKind::Namespace &&
           !table_.SecondLoadOf(package).valid();
  }
  const NamespaceLog &log = Log(package);
  return IsPlainLog(package) && !log.lazy && log.open_reason.empty() &&
         project_.scanned.facts[project_.modules[package].file].state == FileState::Parsed &&
         !put_from_elsewhere_.contains(name) && llvm::all_of(log.Of(name), [&](uint32_t event) {
           return log.events[event].kind == EventKind::Submodule;
         });
}

std::optional<Found> Resolver::Simple(ModuleId module, NameId name) const {
  constexpr int kLongestChain = 8;
  uint32_t via = kNoEvent; // of the module asked
  for (int hop = 0; hop < kLongestChain; ++hop) {
    const FileId file = project_.modules[module].file;
    if (!file.valid() || project_.scanned.facts[file].state != FileState::Parsed) {
      return std::nullopt;
    }
    const NamespaceLog &log = Log(module);
    const llvm::ArrayRef<uint32_t> events = log.Of(name);
    if (events.empty() || !HasPlainEvents(module) || IsOverridden(module, name)) {
      return std::nullopt;
    }
    const uint32_t last = events.back();
    const Event &event = log.events[last];
    if (event.maybe || project_.scanned.facts[file].statements[event.statement].parent >= 0) {
      return std::nullopt;
    }
    via = hop == 0 ? last : via;
    const bool alias =
        view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
    if (event.kind == EventKind::Define || (event.kind == EventKind::Value && !alias)) {
      Found found = ObjectFound(module, last);
      found.via = via;
      return found;
    }
    const ModuleId next =
        event.kind == EventKind::From ? TargetOf(module, event.statement).module : ModuleId();
    if (!next.valid()) {
      return std::nullopt;
    }
    name = view_.At(event.value).text;
    module = next;
  }
  return std::nullopt;
}

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
  bool by_platform = false;
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
        unbound.push_back(event.statement);
        gone_on_linux |= ReachOnLinux(module, event.statement) == Tri::Yes;
      }
      continue;
    }
    if (llvm::any_of(unbound, [&](uint32_t statement) {
          return RunsWhenever(module, statement, event.statement);
        })) {
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
    const bool handler = InHandler(module, event.statement);
    const bool in_handler = event.weak || handler || value.fallback;
    const Tri on_linux = gone_on_linux ? Tri::No
                         : reach == Tri::Unknown && !event.maybe
                             ? ReachOnLinux(module, event.statement)
                             : reach;
    // A loop or a function that is called binds what comes before as good as surely.
    const bool decided = reach == Tri::Unknown || (event.maybe && !event.weak) || value.on_linux;
    const Likely likely = LikelyOf(on_linux, in_handler, decided);
    by_platform |= reach == Tri::Unknown && on_linux != Tri::Unknown;
    if (value.by_platform && likely == Likely::Elsewhere && value.IsObject()) {
      value.kind = TargetKind::Opaque; // another one than on Linux
      value.event = kNoEvent;
    }
    value.fallback |= handler && on_linux != Tri::Yes;
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
      break;
    }
    if (surely && SurelyBinds(module, event, value)) {
      best.bound = best.unknown;
      break;
    }
  }
  best.on_linux = best_likely == Likely::OnLinux;
  best.by_platform |= by_platform;
  return best.answer == Answer::No ? star_unknown : best;
}

bool Resolver::HangsOnConditions(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  int32_t p = statements[statement].parent;
  const bool nested = p >= 0;
  for (; p >= 0; p = statements[static_cast<size_t>(p)].parent) {
    const StatementKind kind = view_.Of(statements[static_cast<size_t>(p)]).kind;
    if (kind != StatementKind::If && kind != StatementKind::Elif && kind != StatementKind::Else) {
      return false;
    }
  }
  return nested;
}

// Whether an import of something unknown binds the name whenever the module goes on behind it.
bool Resolver::SurelyBinds(ModuleId module, const Event &event, const Found &value) const {
  const bool imports = event.kind == EventKind::From || event.kind == EventKind::Import ||
                       (event.kind == EventKind::Star && value.bound);
  return imports && value.unknown && !value.broken &&
         !GuardOf(module, event.statement, ImportFailure::NoModule).guarded &&
         !GuardOf(module, event.statement, ImportFailure::NoName).guarded;
}

// Whether one of these earlier events of the name surely loads the submodule.
bool Resolver::LoadedBefore(ModuleId module, llvm::ArrayRef<uint32_t> earlier) {
  return llvm::any_of(earlier, [&](uint32_t index) {
    const Event &event = Log(module).events[index];
    return event.kind == EventKind::Submodule && Reach(module, event.statement) == Tri::Yes;
  });
}

// --- events

Found Resolver::ValueOf(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  switch (event.kind) {
  case EventKind::Define:
    return ObjectFound(module, index);
  case EventKind::Value:
    return AliasValue(module, index);
  case EventKind::Import:
    return ImportEvent(module, index);
  case EventKind::From:
    return FromEvent(module, index);
  case EventKind::Submodule: {
    const ModuleId child = table_.FindChild(module, event.name);
    return child.valid() ? ModuleFound(child) : Found();
  }
  case EventKind::Star:
  case EventKind::Copy:
  case EventKind::Unbind:
    return Found();
  }
  return Found();
}

// `X = Y` and `X = mod.Y` are the very object; any other value is an object of its own.
Found Resolver::AliasValue(ModuleId module, uint32_t index) {
  const ExprId value = Log(module).events[index].value;
  const Found own = ObjectFound(module, index);
  if (!value.valid()) {
    return own;
  }
  const ExprKind kind = view_.At(value).kind;
  if (kind != ExprKind::Name && kind != ExprKind::Attribute) {
    return own;
  }
  const Found target = Evaluate(module, value, index);
  const bool same =
      target.answer != Answer::No && !target.unknown && (target.IsObject() || target.IsModule());
  if (!same) {
    return own;
  }
  Found alias = target;
  alias.answer = Answer::Yes;
  return alias;
}

Found Resolver::Evaluate(ModuleId module, ExprId expr, uint32_t limit) {
  llvm::SmallVector<NameId, 6> attributes;
  while (view_.Is(expr, ExprKind::Attribute)) {
    attributes.push_back(view_.At(expr).text);
    expr = view_.Child(expr);
  }
  if (!view_.Is(expr, ExprKind::Name)) {
    return Found();
  }
  Found found = At(module, view_.At(expr).text, limit);
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it) {
    if (!found.IsModule()) {
      return Found();
    }
    // A module that asks itself has bound no more than what stands before.
    const Found now = found.module == module ? At(module, *it, limit) : Found();
    found = now.answer == Answer::No ? ImportFrom(found.module, *it) : now;
  }
  return found;
}

// `import a.b` binds the top module; `import a.b as c` takes attributes on the way (CPython
// IMPORT_FROM): an attribute that is no module hides the submodule.
Found Resolver::ImportEvent(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  const llvm::StringRef dotted = view_.TextOf(event.value);
  const bool has_as = view_.Child(event.value).valid();
  const Statement &statement =
      view_.Of(project_.scanned.facts[project_.modules[module].file].statements[event.statement]);
  const ImportTarget &search = TargetOf(module, event.statement, NumberOf(statement, event.value));
  if (search.unknown || search.not_installed) {
    return Unknown(search.reason);
  }
  if (!search.module.valid()) {
    const Guard guard = GuardOf(module, event.statement, ImportFailure::NoModule);
    if (!project_.modules[module].first_party) {
      Found found = ModuleFound(module);
      found.kind = TargetKind::Opaque;
      return found;
    }
    Found broken;
    if (!guard.guarded) {
      broken = UnknownOf("`" + dotted + "` cannot be imported");
      broken.broken = true;
    }
    return broken;
  }
  if (!has_as) {
    return ModuleFound(search.top);
  }
  ModuleId at = search.top;
  for (llvm::StringRef rest = dotted.split('.').second; !rest.empty();
       rest = rest.split('.').second) {
    const NameId part = project_.scanned.names.Intern(rest.split('.').first);
    const Found attribute = HasLog(at) ? Attribute(at, part) : Found();
    if (attribute.answer == Answer::Yes && attribute.IsObject()) {
      // Inside the package, this may run before the package's name hides its submodule.
      const llvm::StringRef package = project_.Text(project_.modules[at].name);
      const llvm::StringRef importer = project_.Text(project_.modules[module].name);
      if (importer == package ||
          (importer.starts_with(package) && importer[package.size()] == '.')) {
        return UnknownOf("a name and a submodule of `" + package + "` take turns");
      }
      return rest.contains('.') ? Found() : attribute;
    }
    at = attribute.IsModule() && !attribute.unknown ? attribute.module : table_.FindChild(at, part);
    if (!at.valid()) {
      return ModuleFound(search.module);
    }
  }
  return ModuleFound(at);
}

Found Resolver::FromEvent(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  const ImportTarget &search = TargetOf(module, event.statement);
  ImportFailure failure = ImportFailure::None;
  Found found;
  if (search.beyond_top) {
    failure = ImportFailure::BeyondTop;
  } else {
    if (search.unknown || search.not_installed) {
      const Found put =
          search.put ? FromPutModule(*search.put, view_.At(event.value).text) : Found();
      return put.answer != Answer::No ? put : Unknown(search.reason);
    }
    if (!search.module.valid()) {
      failure = ImportFailure::NoModule;
    } else {
      found = ImportFrom(search.module, view_.At(event.value).text);
      failure = found.answer == Answer::No ? ImportFailure::NoName : ImportFailure::None;
    }
  }
  if (!project_.modules[module].first_party && (failure != ImportFailure::None || found.unknown)) {
    // An installed package is taken to work: what it imports is bound, whatever it is.
    found = ModuleFound(module);
    found.kind = TargetKind::Opaque;
    return found;
  }
  if (failure == ImportFailure::None) {
    return IsCutOff(module, event) ? Found() : found;
  }
  if (GuardOf(module, event.statement, failure).guarded) {
    return Found();
  }
  Found broken = UnknownOf("`" + project_.Text(search.dotted) + "` cannot be imported from here");
  broken.broken = true;
  return broken;
}

// `from m import missing, name` in a guard: the name comes behind one that fails.
bool Resolver::IsCutOff(ModuleId module, const Event &event) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const Statement &statement = view_.Of(statements[event.statement]);
  if (event.value == statement.first ||
      !GuardOf(module, event.statement, ImportFailure::NoName).guarded) {
    return false;
  }
  const ModuleId source = TargetOf(module, event.statement).module;
  for (ExprId alias = statement.first; alias.valid() && alias != event.value;
       alias = view_.Next(alias)) {
    if (ImportFrom(source, view_.At(alias).text).answer == Answer::No) {
      return true;
    }
  }
  return false;
}

// In arms of a condition there may be several hooks: together they serve what each of them does.
const LazyNames &Resolver::Lazy(ModuleId module) {
  std::unique_ptr<LazyNames> &slot = answers_.lazy[module];
  if (slot) {
    return *slot;
  }
  slot = std::make_unique<LazyNames>(); // while the hooks are looked for
  slot->present = Log(module).lazy;
  LazyNames all;
  all.present = slot->present;
  all.exact = true;
  const NameId name = project_.scanned.names.Find("__getattr__");
  const llvm::ArrayRef<uint32_t> events =
      name.valid() ? Log(module).Of(name) : llvm::ArrayRef<uint32_t>();
  bool any = false;
  for (uint32_t index : llvm::reverse(events)) {
    const Event &event = Log(module).events[index];
    const Tri reach = Reach(module, event.statement);
    if (reach == Tri::No || event.kind == EventKind::Unbind) {
      continue;
    }
    any = true;
    const std::optional<LazyNames> hook = ReadHook(module, index);
    all.exact &= hook && hook->exact;
    all.all_public = hook && hook->all_public && reach == Tri::Yes && !event.maybe;
    if (hook) {
      all.entries.insert(all.entries.end(), hook->entries.begin(), hook->entries.end());
    }
    if (reach == Tri::Yes && !event.maybe) {
      break;
    }
  }
  all.exact &= any;
  return *(answers_.lazy[module] = std::make_unique<LazyNames>(std::move(all)));
}

// The hook is a function or class of the module, one that it imports, or what a call makes:
// `__getattr__ = make_getattr(__name__)`.
std::optional<LazyNames> Resolver::ReadHook(ModuleId module, uint32_t event) {
  Found found = ValueOf(module, event);
  if (found.IsObject() && Log(found.module).events[found.event].kind == EventKind::Value) {
    const ExprId call = Log(found.module).events[found.event].value;
    found = view_.Is(call, ExprKind::Call) ? Evaluate(found.module, view_.Child(call), found.event)
                                           : Found();
  }
  if (!found.IsObject() || found.unknown ||
      Log(found.module).events[found.event].kind != EventKind::Define) {
    return std::nullopt;
  }
  LazyNames names = ReadLazyNames(project_.scanned, project_.modules[found.module].file,
                                  Log(found.module).events[found.event].statement);
  for (ExprId maker : names.makers) {
    names.exact &= MakesTableHook(found.module, maker);
  }
  for (LazyEntry &entry : names.entries) {
    entry.home = found.module;
  }
  return names;
}

// Whether the decorator of a `class __getattr__` makes a hook that serves what the class binds.
bool Resolver::MakesTableHook(ModuleId module, ExprId decorator) {
  const Found maker = Evaluate(module, decorator, kNoEvent);
  if (!maker.IsObject() || maker.unknown || !HasLog(maker.module)) {
    return false;
  }
  const uint32_t statement = Log(maker.module).events[maker.event].statement;
  return MakesHookOfTable(project_.scanned, project_.modules[maker.module].file, statement);
}

// What `__getattr__` serves: the names its branches ask for. What stands under TYPE_CHECKING tells
// where an object comes from that a table serves.
Found Resolver::LazyName(ModuleId module, NameId name) {
  const LazyNames &lazy = Lazy(module);
  for (const LazyEntry &entry : lazy.entries) {
    if (entry.name != name) {
      continue;
    }
    if (IsOwnSubmodule(entry)) {
      return SubmoduleOnDemand(entry.home, name);
    }
    Found found = LazyValue(entry);
    if (found.answer == Answer::No || found.unknown) {
      found = TypeCheckingBinding(module, name);
    }
    if (found.answer == Answer::No || found.unknown) {
      found = Found();
      found.kind = TargetKind::Opaque;
      found.module = module;
    }
    found.answer = Answer::Yes;
    found.lazy = true;
    found.via = kNoEvent;
    return found;
  }
  if (lazy.exact) {
    return Found();
  }
  Found typed = TypeCheckingBinding(module, name);
  if (typed.answer != Answer::No && !typed.unknown) {
    typed.lazy = true;
    typed.via = kNoEvent;
    return typed;
  }
  return lazy.present ? Unknown("dynamic `__getattr__`") : Found();
}

// What only a type checker sees: names under `if TYPE_CHECKING:`, annotations without a value, what
// a stub beside the source says.
bool Resolver::ExistsForTypeCheckers(ModuleId module, NameId name,
                                     llvm::DenseSet<std::pair<ModuleId, NameId>> &seen) {
  const FileId file = project_.modules[module].file;
  if (!file.valid() || table_.HasStubBeside(module)) {
    return file.valid();
  }
  if (!seen.insert({module, name}).second) {
    return false; // names that only import each other
  }
  const auto &statements = project_.scanned.facts[file].statements;
  for (uint32_t index : Log(module).Of(name)) {
    const Event &event = Log(module).events[index];
    if (event.kind == EventKind::Unbind || !IsUnderTypeChecking(statements, event.statement)) {
      continue;
    }
    const ModuleId source =
        event.kind == EventKind::From ? TargetOf(module, event.statement).module : ModuleId();
    const NameId wanted = source.valid() ? view_.At(event.value).text : NameId();
    if (!source.valid() || ImportFrom(source, wanted).answer != Answer::No ||
        ExistsForTypeCheckers(source, wanted, seen)) {
      return true;
    }
  }
  for (const PlacedStatement &placed : statements) {
    const Statement &statement = view_.Of(placed);
    if (statement.kind == StatementKind::AnnAssign && view_.Is(statement.first, ExprKind::Name) &&
        view_.At(statement.first).text == name) {
      return true;
    }
  }
  return llvm::any_of(Log(module).stars, [&](uint32_t index) {
    if (Log(module).events[index].kind == EventKind::Copy) {
      return false;
    }
    const ImportTarget &search = TargetOf(module, Log(module).events[index].statement);
    return search.module.valid() && ExistsForTypeCheckers(search.module, name, seen);
  });
}

bool Resolver::IsUnderTypeChecking(const std::vector<PlacedStatement> &statements,
                                   uint32_t statement) const {
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const Statement &above = view_.Of(statements[static_cast<size_t>(p)]);
    if ((above.kind == StatementKind::If || above.kind == StatementKind::Elif) &&
        IsTypeCheckingTest(view_, above.first)) {
      return true;
    }
  }
  return false;
}

// What a branch of the hook gives.
Found Resolver::LazyValue(const LazyEntry &entry) {
  if (entry.source_name.valid()) {
    const ImportTarget &search = TargetOf(entry.home, entry.source_statement);
    if (!search.module.valid()) {
      return Found();
    }
    const Found found = ImportFrom(search.module, entry.source_name);
    if (!entry.in_module) {
      return found;
    }
    return found.IsModule() ? ImportFrom(found.module, entry.name) : Found();
  }
  if (entry.value.valid()) {
    const Found found = Evaluate(entry.home, entry.value, kNoEvent);
    return found.IsObject() || found.IsModule() ? found : Found();
  }
  return entry.table_value.valid() ? ImportOfTable(entry) : Found();
}

// A table of imports: "pkg.mod", ".mod", "pkg.mod:Name", ("pkg.mod", "Name"). What does not name
// such an object says nothing.
Found Resolver::ImportOfTable(const LazyEntry &entry) {
  const ModuleId home = entry.home;
  ExprId where = entry.table_value;
  llvm::StringRef name = project_.Text(entry.name);
  if (view_.Is(where, ExprKind::Tuple)) {
    const ExprId attribute = view_.Child(where, 1);
    name = view_.String(attribute).value_or(name);
    where = view_.Child(where);
  }
  if (!view_.Is(where, ExprKind::String)) {
    return Found();
  }
  auto [dotted, attribute] = view_.TextOf(where).split(':');
  name = attribute.empty() ? name : attribute;
  std::string absolute = dotted.str();
  if (dotted.consume_front(".")) {
    const ModuleId package = table_.PackageOf(home);
    absolute = package.valid() && !dotted.starts_with(".")
                   ? (project_.Text(project_.modules[package].name) + "." + dotted).str()
                   : "";
  }
  const NameId wanted = project_.scanned.names.Find(name);
  const ModuleId module =
      absolute.empty() || !wanted.valid() ? ModuleId() : FindModule(home, absolute).module;
  return module.valid() && HasLog(module) ? ImportFrom(module, wanted) : Found();
}

// Whether a branch of `__getattr__` imports the submodule that is asked for.
bool Resolver::IsOwnSubmodule(const LazyEntry &entry) const {
  if (!entry.imported_from.valid() || !table_.IsPackage(entry.home)) {
    return false;
  }
  llvm::StringRef words = project_.Text(entry.imported_from);
  return words == "." || words == "__name__" ||
         (words.consume_back(".") && words == project_.Text(project_.modules[entry.home].name));
}

Found Resolver::SubmoduleOnDemand(ModuleId package, NameId name) {
  const ModuleId child = table_.FindChild(package, name);
  if (!child.valid()) {
    return table_.HasOpenChildren(package) ? Unknown("`__path__` changed at run time") : Found();
  }
  Found found = ModuleFound(child);
  found.lazy = true;
  found.via = kNoEvent;
  return found;
}

// An import under `if TYPE_CHECKING:` of a module that serves names lazily (semantics B23).
Found Resolver::TypeCheckingBinding(ModuleId module, NameId name) {
  const NamespaceLog &log = Log(module);
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (uint32_t index : log.Of(name)) {
    const Event &event = log.events[index];
    const int32_t parent = statements[event.statement].parent;
    if (event.kind == EventKind::From && parent >= 0 &&
        IsTypeCheckingTest(view_, view_.Of(statements[static_cast<size_t>(parent)]).first)) {
      return FromEvent(module, index);
    }
  }
  return Found();
}

std::vector<std::pair<ModuleId, uint32_t>> Resolver::Hops(ModuleId module, NameId name) {
  std::vector<std::pair<ModuleId, uint32_t>> hops;
  ModuleId at = module;
  NameId wanted = name;
  Found found = Attribute(at, wanted);
  while (found.answer != Answer::No && found.via != kNoEvent && hops.size() < 64) {
    hops.push_back({at, found.via});
    const Event &event = Log(at).events[found.via];
    if (found.IsObject() && found.module == at && found.event == found.via) {
      break;
    }
    if (event.kind == EventKind::From || event.kind == EventKind::Star) {
      const ImportTarget &search = TargetOf(at, event.statement);
      if (!search.module.valid() || !HasLog(search.module)) {
        break;
      }
      wanted = event.kind == EventKind::From ? view_.At(event.value).text : wanted;
      at = search.module;
      found = Attribute(at, wanted);
    } else if (event.kind == EventKind::Copy) {
      const Found source = CopySource(at, found.via);
      if (!source.IsModule() || !HasLog(source.module)) {
        break;
      }
      at = source.module;
      found = Attribute(at, wanted);
    } else if (event.kind == EventKind::Value && view_.Is(event.value, ExprKind::Name)) {
      wanted = view_.At(event.value).text;
      found = At(at, wanted, found.via);
    } else if (event.kind == EventKind::Value && view_.Is(event.value, ExprKind::Attribute)) {
      const Found base = Evaluate(at, view_.Child(event.value), found.via);
      if (!base.IsModule() || !HasLog(base.module)) {
        break;
      }
      wanted = view_.At(event.value).text;
      at = base.module;
      found = Attribute(at, wanted);
    } else {
      break;
    }
  }
  return hops;
}

} // namespace pydefrag
