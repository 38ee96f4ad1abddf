// Exports: `__all__`, and what `from module import *` binds (CPython ceval.c import_all_from).
#include "link/resolve/changed_lists.h"
#include "link/resolve/decorated_exports.h"
#include "link/resolve/module_tables.h"
#include "link/resolve/resolve.h"
#include "link/resolve/star_submodules.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace pydefrag {

const AllNames &Resolver::All(ModuleId module) {
  auto [it, inserted] = answers_.all.try_emplace(module);
  static const AllNames kNone;
  if (!inserted) {
    return it->second ? *it->second : kNone; // null: __all__ is made from itself, in a circle
  }
  AllNames all;
  if (HasLog(module)) {
    for (uint32_t statement : Log(module).all_ops) {
      if (Reach(module, statement) == Tri::No) {
        continue;
      }
      all.present = true;
      all.known &= ApplyAllOperation(module, statement, all);
    }
    if (Log(module).all_written_in_function) {
      all.known &= AddDecoratedExports(*this, module, all);
    } else {
      all.known = all.known && !(all.present && MayChangeAll(*this, module));
    }
    // `__getattr__, __dir__, __all__ = lazy.attach(...)`, a star import of another __all__...
    llvm::erase_if(all.names, [&](NameId name) { return !all.set.insert(name).second; });
  }
  return *(answers_.all[module] = std::make_unique<AllNames>(std::move(all)));
}

bool Resolver::ApplyAllOperation(ModuleId module, uint32_t index, AllNames &all) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const Statement &statement = view_.Of(statements[index]);
  const ExprId last = view_.LastOperand(statement);
  if (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign) {
    if (Reach(module, index) == Tri::Yes) {
      all.names.clear();
      all.known = true;
    }
    return EvaluateAll(module, last, index, all);
  }
  if (statement.kind == StatementKind::AugAssign) {
    return EvaluateAll(module, last, index, all);
  }
  // __all__.append(x), .extend(xs), .remove(x), .insert(i, x), .sort()
  const auto callee = view_.Callee(statement.first);
  const auto arguments = view_.Arguments(statement.first);
  const llvm::StringRef method = callee ? llvm::StringRef(*callee).rsplit('.').second : "";
  if (method == "sort" || method == "reverse") {
    return true;
  }
  if (arguments.empty()) {
    return false;
  }
  if (method == "extend") {
    return EvaluateAll(module, arguments[0], index, all);
  }
  const ExprId item = arguments.back();
  NameId name;
  if (view_.Is(item, ExprKind::String)) {
    name = view_.At(item).text;
  } else if (view_.Is(item, ExprKind::Attribute) && view_.TextOf(item) == "__name__") {
    const auto dotted = view_.Dotted(view_.Child(item)); // __all__.append(f.__name__)
    name = dotted ? project_.scanned.names.Intern(*dotted) : NameId();
  }
  if (!name.valid()) {
    return false;
  }
  if (method == "append" || method == "insert") {
    all.names.push_back(name);
    return true;
  }
  if (method == "remove") {
    llvm::erase_if(all.names, [&](NameId n) { return n == name; });
    return true;
  }
  return false;
}

// `A = A + A`, over and over, has more parts than anybody lists names.
static constexpr size_t kMostParts = 100'000;

// Adds the strings of a list expression to `all`; false when it could not be told.
bool Resolver::EvaluateAll(ModuleId module, ExprId root, uint32_t root_statement, AllNames &all) {
  // What is to be evaluated, as before that statement: in `A = A + [...]` the second is an earlier
  // one.
  llvm::SmallVector<std::pair<ExprId, uint32_t>, 8> stack{{root, root_statement}};
  bool known = true;
  for (size_t parts = 0; !stack.empty(); ++parts) {
    if (parts == kMostParts) {
      return false;
    }
    const auto [value, statement] = stack.pop_back_val();
    if (!value.valid()) {
      known = false;
      continue;
    }
    switch (view_.At(value).kind) {
    case ExprKind::List:
    case ExprKind::Tuple:
    case ExprKind::Set:
      for (ExprId item : view_.Children(value)) {
        if (view_.Is(item, ExprKind::String)) {
          all.names.push_back(view_.At(item).text);
        } else if (view_.Is(item, ExprKind::Splat)) {
          stack.push_back({view_.Child(item), statement});
        } else {
          known = false;
        }
      }
      break;
    case ExprKind::Binary:
      known &= view_.At(value).op == Op::Add;
      stack.push_back({view_.Child(value, 1), statement});
      stack.push_back({view_.Child(value, 0), statement});
      break;
    case ExprKind::Call: {
      const auto callee = view_.Callee(value);
      const auto arguments = view_.Arguments(value);
      const bool wraps =
          callee && arguments.size() == 1 &&
          (*callee == "list" || *callee == "tuple" || *callee == "sorted" || *callee == "set");
      const bool keys = callee && arguments.empty() && llvm::StringRef(*callee).ends_with(".keys");
      known &= wraps || keys;
      if (wraps || keys) {
        stack.push_back({wraps ? arguments[0] : view_.Child(view_.Child(value)), statement});
      }
      break;
    }
    case ExprKind::Comprehension: { // [name for name in dir(m) if not name.startswith("_")]
      const auto copy = ReadListedNames(view_, value);
      const CopiedNameList listed = copy ? NamesOf(module, *copy, statement) : CopiedNameList();
      known &= listed.known;
      all.names.insert(all.names.end(), listed.names.begin(), listed.names.end());
      break;
    }
    case ExprKind::Attribute: { // mod.__all__
      const Found base = view_.TextOf(value) == "__all__"
                             ? Evaluate(module, view_.Child(value), EventLimit(module, statement))
                             : Found();
      if (!base.IsModule() || !HasLog(base.module)) {
        known = false;
        break;
      }
      const AllNames other = All(base.module);
      known &= other.present && other.known;
      all.names.insert(all.names.end(), other.names.begin(), other.names.end());
      break;
    }
    case ExprKind::Name: { // a list made before, here or in another module
      if (view_.TextOf(value) == "__all__") {
        break; // __all__ = __all__ + [...]: what is there stays
      }
      const uint32_t limit = EventLimit(module, statement);
      const Found found = Evaluate(module, value, limit);
      const Event *event = found.IsObject() ? &Log(found.module).events[found.event] : nullptr;
      if (event && event->kind == EventKind::Value && event->value.valid() &&
          view_.At(event->value).kind != ExprKind::Name) {
        if (all.present && view_.Is(event->value, ExprKind::Dict)) { // somebody may add to it
          llvm::append_range(all.names, TakeKeys(project_, *this, module, found));
          known = false;
          break;
        }
        const bool fixed = view_.Is(event->value, ExprKind::Tuple);
        known = known && found.answer == Answer::Yes &&
                !MayChangeList(*this, found.module, project_.Text(event->name), fixed);
        if (found.module == module) {
          stack.push_back({event->value, event->statement});
          break;
        }
        known = known && !MayChangeList(*this, module, view_.TextOf(value), fixed);
        const auto items = view_.StringItems(event->value);
        known &= items.has_value();
        if (items) {
          all.names.insert(all.names.end(), items->begin(), items->end());
        }
        break;
      }
      // from .x import __all__ as x_all
      if (const auto dotted = view_.Dotted(value)) {
        const llvm::ArrayRef<uint32_t> events =
            Log(module).Of(project_.scanned.names.Find(*dotted)).take_while([&](uint32_t e) {
              return e < limit;
            });
        const Event *from = events.empty() ? nullptr : &Log(module).events[events.back()];
        if (from && from->kind == EventKind::From && view_.TextOf(from->value) == "__all__") {
          const ImportTarget &search = TargetOf(module, from->statement);
          if (search.module.valid() && HasLog(search.module)) {
            const AllNames other = All(search.module);
            known &= other.present && other.known;
            all.names.insert(all.names.end(), other.names.begin(), other.names.end());
            break;
          }
        }
      }
      known = false;
      break;
    }
    default:
      known = false;
      break;
    }
  }
  return known;
}

Found Resolver::StarEvent(ModuleId module, uint32_t index, NameId name) {
  if (Log(module).events[index].kind == EventKind::Copy) {
    return ThroughCopy(module, index, name);
  }
  const uint32_t statement_index = Log(module).events[index].statement;
  const ImportTarget &search = TargetOf(module, statement_index);
  if (search.unknown || search.not_installed) {
    return Unknown(search.reason);
  }
  if (!search.module.valid()) {
    const bool guarded = GuardOf(module, statement_index, ImportFailure::NoModule).guarded;
    return guarded ? Found() : Unknown("star import of a module that does not exist");
  }
  const Found found = ThroughStar(search.module, name);
  const bool from_dict = found.answer == Answer::No && HasLog(search.module) &&
                         IsItself(search.module) && !All(search.module).present &&
                         !project_.Text(name).starts_with("_") && table_.IsPackage(search.module);
  const ModuleId child = from_dict ? table_.FindChild(search.module, name) : ModuleId();
  if (!child.valid() || child == module) {
    return found;
  }
  const NamespaceLog &source = Log(search.module);
  for (uint32_t event : llvm::reverse(source.Of(name))) { // `del sub` behind the import of it
    if (source.events[event].kind == EventKind::Unbind) {
      const bool gone = !source.events[event].maybe &&
                        Reach(search.module, source.events[event].statement) == Tri::Yes;
      return gone ? found : Unknown("a submodule that may be deleted by then");
    }
  }
  const Tri taken = StarTakesSubmodule(project_, *this, module, search.module, child);
  return taken == Tri::Yes       ? ModuleFound(child)
         : taken == Tri::Unknown ? Unknown("a submodule that may be loaded by then")
                                 : found;
}

Found Resolver::ThroughStar(ModuleId source, NameId name) {
  const ModuleId stand_in = HasLog(source) ? StandInOf(source) : source;
  if (stand_in.valid() && stand_in != source) {
    return ThroughStar(stand_in, name);
  }
  const Module &module = project_.modules[source];
  const llvm::StringRef text = project_.Text(name);
  if (module.kind == ModuleKind::Stdlib) {
    // Which names a standard module exports is not in the tables: the public ones.
    if (text.starts_with("_")) {
      return Found();
    }
    Found found = Attribute(source, name);
    if (found.answer == Answer::Yes) {
      found.answer = Answer::Maybe;
    }
    return found;
  }
  if (!HasLog(source)) {
    const bool hidden = text.starts_with("__") || (text.starts_with("_") && ListsNoNames(source));
    if (module.kind == ModuleKind::Namespace || hidden || IsSpelledNowhere(source, name)) {
      return Found();
    }
    return UnknownOf("star import of external module `" + project_.Text(module.name) + "`");
  }
  const AllNames &all = All(source);
  if (all.present && all.known) {
    return all.Lists(name) ? ImportFrom(source, name) : Found();
  }
  if (all.present) {
    Found found = ImportFrom(source, name);
    if (found.answer == Answer::Yes) {
      found.answer = Answer::Maybe;
    }
    return found;
  }
  if (text.starts_with("_")) {
    return Found();
  }
  // A star takes what the dict holds: `__getattr__` is asked for `__all__` only.
  const Found found = Attribute(source, name);
  const bool served = found.lazy && found.via == kNoEvent; // by this module
  return served ? Found() : found;
}

std::vector<NameId> Resolver::OwnNames(ModuleId module) const {
  std::vector<NameId> names;
  llvm::DenseSet<NameId> seen;
  for (const Event &event : Log(module).events) {
    const bool own = event.kind != EventKind::Star && event.kind != EventKind::Copy;
    if (own && seen.insert(event.name).second) {
      names.push_back(event.name);
    }
  }
  for (NameId name : answers_.override_names.lookup(module)) {
    if (seen.insert(name).second) {
      names.push_back(name);
    }
  }
  return names;
}

std::vector<NameId> Resolver::BoundNames(ModuleId module) {
  std::vector<NameId> names = FindBoundNames(module);
  std::sort(names.begin(), names.end(),
            [&](NameId a, NameId b) { return project_.Text(a) < project_.Text(b); });
  return names;
}

std::vector<NameId> Resolver::FindBoundNames(ModuleId module) {
  if (!HasLog(module)) {
    return {};
  }
  const ModuleId stand_in = StandInOf(module);
  if (stand_in.valid() && stand_in != module) {
    return IsItself(stand_in) ? FindBoundNames(stand_in) : std::vector<NameId>();
  }
  std::vector<NameId> names = Log(module).names;
  llvm::append_range(names, answers_.override_names.lookup(module));
  for (uint32_t index : Log(module).stars) {
    const Event &event = Log(module).events[index];
    if (event.kind == EventKind::Copy) {
      llvm::append_range(names, CopiedNames(module, index).names);
    } else if (const ModuleId source = TargetOf(module, event.statement).module; source.valid()) {
      llvm::append_range(names, Exports(source).names);
    }
  }
  llvm::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  llvm::erase_if(names, [&](NameId name) {
    if (Simple(module, name)) {
      return false; // most are
    }
    const Found found = Attribute(module, name);
    return found.answer == Answer::No || (found.unknown && !found.broken);
  });
  return names;
}

NearNames &Resolver::NamesToMistake(ModuleId module) {
  std::unique_ptr<NearNames> &slot = answers_.near[module];
  if (!slot) {
    std::vector<llvm::StringRef> texts;
    for (NameId name : BoundNames(module)) {
      texts.push_back(project_.Text(name));
    }
    slot = std::make_unique<NearNames>(std::move(texts));
  }
  return *slot;
}

const StarNames &Resolver::Exports(ModuleId module) {
  const ModuleId stand_in = HasLog(module) ? StandInOf(module) : module;
  if (stand_in.valid() && stand_in != module && IsItself(stand_in)) {
    return Exports(stand_in);
  }
  std::unique_ptr<StarNames> &slot = answers_.exports[module];
  if (slot) {
    return *slot;
  }
  if (auto it = cut_exports_.find(module); it != cut_exports_.end()) {
    lowest_export_hit_ = 0; // as provisional as what it was made from
    return *it->second;
  }
  static const StarNames kNone;
  const uint32_t depth = exports_in_progress_.size();
  const auto [at, fresh] = exports_in_progress_.try_emplace(module, depth);
  if (!fresh) { // a cycle of stars: what it adds is found on the way round
    lowest_export_hit_ = std::min(lowest_export_hit_, at->second);
    return kNone;
  }
  const uint32_t outer_hit = std::exchange(lowest_export_hit_, UINT32_MAX);
  auto names = std::make_unique<StarNames>();
  const AllNames all = All(module);
  if (all.present && all.known) {
    names->names = all.names;
  } else {
    names->names = BoundNames(module);
    llvm::erase_if(names->names, [&](NameId name) { return project_.Text(name).starts_with("_"); });
    names->open = all.present || (HasLog(module) && !Log(module).open_reason.empty());
  }
  exports_in_progress_.erase(module);
  const bool is_final = lowest_export_hit_ >= depth;
  lowest_export_hit_ = std::min(outer_hit, is_final ? UINT32_MAX : lowest_export_hit_);
  if (depth == 0) {
    cut_exports_.clear();
  }
  return *((is_final ? answers_.exports : cut_exports_)[module] = std::move(names));
}

} // namespace pydefrag
