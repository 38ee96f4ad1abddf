#include "link/resolve/resolve.h"

#include "facts/headers_around.h"
#include "link/flow/source_trees.h"
#include "link/names/caller_writes.h"
#include "link/names/lazy_names.h"
#include "link/resolve/module_tables.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

static constexpr const char *kReplaced = "replaced in `sys.modules`";

Resolver::Resolver(Project &project, ModuleTable &table, const ImportTargets &targets,
                   ExtensionNames &extensions, IdVector<ModuleId, NamespaceLog> logs,
                   const StatementSigns &signs, SupportedVersions versions, unsigned jobs)
    : project_(project), table_(table), targets_(targets), extensions_(extensions),
      view_(project.scanned), versions_(versions), jobs_(jobs), logs_(std::move(logs)) {
  logs_.resize(project.modules.size());
  NoteAttributeWrites(jobs);
  AddWrittenNames(project, signs, logs_);
}

Resolver::~Resolver() = default;

void Resolver::ReadSourcesFrom(const Disk *disk) {
  trees_ =
      disk != nullptr ? std::make_unique<SourceTrees>(project_, targets_, *disk, jobs_) : nullptr;
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

Found Resolver::OpaqueFound(ModuleId module) const {
  Found found = ModuleFound(module);
  found.kind = TargetKind::Opaque;
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
  const uint64_t key = AnswerKey(module, static_cast<uint32_t>(name.index));
  if (const Memo *known = answers_.attributes.Find(key)) {
    if (known->in_progress) {
      lowest_hit_ = std::min(lowest_hit_, known->depth);
      // A module has its `__doc__` before anything binds that name.
      return IsImplicit(module, project_.Text(name)) ? OpaqueFound(module) : Found();
    }
    if (known->stamp == 0 || known->stamp == stamp_) {
      if (known->stamp != 0) {
        lowest_hit_ = 0; // as provisional as what it was made from
      }
      return known->found;
    }
  }
  if (std::optional<Found> simple = Simple(module, name)) {
    return *simple; // as fast as remembering it
  }
  if (depth_ >= kMaxDepth) {
    return Unknown("a chain of imports too long to follow");
  }
  const uint32_t depth = depth_++;
  Memo &memo = answers_.attributes.Add(key);
  memo.in_progress = true;
  memo.depth = depth;
  const uint32_t outer_hit = lowest_hit_;
  lowest_hit_ = UINT32_MAX;
  const Found found = AttributeUncached(module, name);
  --depth_;
  const bool is_final = lowest_hit_ >= depth;
  memo.found = found;
  memo.in_progress = false;
  memo.stamp = is_final ? 0 : stamp_;
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
      if (IsImplicit(id, text)) {
        return OpaqueFound(id);
      }
      return IsPutFromElsewhere(id, name)     ? Unknown("another module sets it")
             : opened_elsewhere_.contains(id) ? Unknown("another module writes into it")
                                              : Found();
    }
    if (IsImplicit(id, text)) {
      return OpaqueFound(id);
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
    Found found = ImportFrom(stand_in, name);
    found.via = kNoEvent; // an event of the other module
    return found;
  }
  if (IsInstanceWithout(id, name)) {
    return Found();
  }
  auto told = answers_.overrides.find(AnswerKey(id, static_cast<uint32_t>(name.index)));
  Found found = told != answers_.overrides.end() ? told->second
                : stand_in.valid()               ? Walk(id, name, kNoEvent)
                                                 : Found();
  const bool bound = found.answer != Answer::No;
  if (found.answer != Answer::No && !found.unknown) {
    return found;
  }
  if (IsImplicit(id, text) || llvm::is_contained(log.unspelled, text)) {
    return OpaqueFound(id);
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
    found = Unknown(kReplaced);
  }
  if (found.answer == Answer::No && !log.open_reason.empty() && !CannotHave(id, text)) {
    // What `__all__` lists, whoever gets the module serves: what a table of it says, or what type
    // checkers see. So it is with a name that is among those which the module may get.
    const bool listed = All(id).Lists(name);
    const auto possible = answers_.possible.find(id);
    const bool expected =
        listed || (possible != answers_.possible.end() && possible->second->known());
    const Found table = expected ? FindInModuleTables(project_, *this, id, name) : Found();
    found = listed && table.answer == Answer::No ? TypeCheckingBinding(id, name) : table;
    found.lazy = true;
    found.via = kNoEvent;
    if (found.answer == Answer::No || found.unknown) {
      found = UnknownOf(log.open_reason);
    }
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
  if (!trees_ && !answers_.possible.contains(module)) {
    return false;
  }
  std::unique_ptr<PossibleStrings> &slot = answers_.possible[module];
  if (!slot) {
    slot = std::make_unique<PossibleStrings>();
    slot->Fail(); // while it is asked
    auto names =
        std::make_unique<PossibleStrings>(FindPossibleNames(project_, *this, *trees_, module));
    return !(answers_.possible[module] = std::move(names))->MayHold(name);
  }
  return !slot->MayHold(name);
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
  answers_.overrides[AnswerKey(module, static_cast<uint32_t>(name.index))] = found;
  answers_.override_names[module].push_back(name);
}

void Resolver::Exchange(ModuleId module, NamespaceLog &log, Answers &answers) {
  std::swap(logs_[module], log);
  std::swap(answers_, answers);
}

Found Resolver::ImportFrom(ModuleId module, NameId name) {
  const Found attribute = Attribute(module, name);
  if (attribute.answer != Answer::No && !attribute.unknown) {
    // Where no handler has imported the submodule, this does.
    const bool either = attribute.fallback && attribute.IsModule() &&
                        IsSubmoduleOnly(module, name) &&
                        table_.FindChild(module, name) == attribute.module;
    return either ? ModuleFound(attribute.module) : attribute;
  }
  const bool raises = attribute.broken && attribute.lazy; // before a submodule is looked for
  if (table_.IsPackage(module) && !raises) {
    const ModuleId child = table_.FindChild(module, name);
    if (child.valid()) {
      // Those who come before another module takes its place find the submodule, others do not.
      return IsItself(module) || !StandInOf(module).valid() ? ModuleFound(child)
                                                            : Unknown(kReplaced);
    }
    const Module &package = project_.modules[module];
    const bool looked_into = package.file.valid() || package.kind == ModuleKind::Namespace;
    const char *open =
        attribute.answer == Answer::No && looked_into ? table_.WhyOpenBelow(module, name) : nullptr;
    if (open != nullptr) {
      return Unknown(open);
    }
    if (attribute.answer == Answer::No && table_.SharesNamespace(module)) {
      return Unknown(kSharedNamespace);
    }
  }
  if (attribute.answer == Answer::No) {
    const std::string dotted =
        (project_.Text(project_.modules[module].name) + "." + project_.Text(name)).str();
    if (table_.IsPackage(module) && !HasLog(module) && IsVirtualModule(dotted)) {
      return Unknown("a module that exists only at run time");
    }
    // IMPORT_FROM takes from `sys.modules` what is no attribute, also below a module that is no
    // package (CPython Python/ceval.c, import_from).
    const auto asked = table_.IsPackage(module) ? ModuleTable::AskedAs::Name
                                                : ModuleTable::AskedAs::NameOfNoPackage;
    if (const char *why = table_.WhyPut(dotted, asked)) {
      return Unknown(why);
    }
  }
  return attribute;
}

// Whether the statement runs when the module is imported, and not again.
static bool RunsOnce(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
                     uint32_t statement) {
  return llvm::none_of(HeadersAround(statements, statement), [&](uint32_t header) {
    const StatementKind kind = view.Of(statements[header]).kind;
    return kind == StatementKind::Class || kind == StatementKind::Function ||
           kind == StatementKind::For || kind == StatementKind::While;
  });
}

Found Resolver::ImportFromAt(ModuleId importer, uint32_t statement, ModuleId module, NameId name) {
  const ModuleId child =
      module == importer && table_.IsPackage(module) ? table_.FindChild(module, name) : ModuleId();
  // `from . import table` before `from .table import table`: the submodule.
  const auto &statements = project_.StatementsOf(importer);
  if (child.valid() && RunsOnce(view_, statements, statement) && !Log(module).lazy &&
      !IsPutFromElsewhere(module, name) &&
      At(module, name, EventLimit(module, statement)).answer == Answer::No) {
    return ModuleFound(child);
  }
  const Found found = ImportFrom(module, name);
  const bool before = child.valid() && statement < Log(module).replaced_at && !IsItself(module);
  return before && (found.answer == Answer::No || found.unknown) ? ModuleFound(child) : found;
}

} // namespace pydefrag
