#include "link/identity/accepted_paths.h"

#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace pydefrag {

// All but those that are nothing but a detour: what leads elsewhere under other circumstances, or
// does more than lead there, is another way.
void AcceptedPaths::Mark(Definition &definition) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  for (PathInfo &path : definition.paths) {
    if (path.in_use && path.module != canonical.module) {
      path.accepted = !IsStray(definition, path) || HangsOnCondition(path) ||
                      HasFallback(definition, path) || Completes(path) ||
                      IsNeededFirst(definition, path);
    }
  }
}

// What warns of its own deprecation, a way past a package, or a detour (decision 6).
bool AcceptedPaths::IsStray(const Definition &definition, const PathInfo &path) {
  return path.deprecated || (path.module == definition.module
                                 ? IsPastPackage(definition, path)
                                 : !IsOffered(definition, path) && IsDetour(definition, path));
}

static bool IsDecided(size_t wanted, size_t others) {
  return wanted >= others * kDecided && wanted >= others + kHabit;
}

// A few imports of the defining module, past a package which the project has clearly decided for,
// in its tests and elsewhere.
bool AcceptedPaths::IsPastPackage(const Definition &definition, const PathInfo &path) const {
  const ModuleId package = definition.paths[static_cast<size_t>(definition.canonical)].module;
  const OutsideUses wanted = habits_.UsesOutside(definition, package, package);
  const OutsideUses others = habits_.UsesOutside(definition, path.module, package);
  return others.all < kHabit && IsDecided(wanted.all, others.all) &&
         wanted.in_code >= others.in_code * kDecided;
}

// Imports through a module that offers nothing: a few, where at least half of all imports take the
// canonical path; or many where the project has clearly decided for that; of a module that gathers
// the names of others only what fifty times as many take by the canonical path. Inside a package
// whose path is the canonical one, the defining module's counts instead.
bool AcceptedPaths::IsDetour(const Definition &definition, const PathInfo &path) const {
  const ModuleId canonical = definition.paths[static_cast<size_t>(definition.canonical)].module;
  const OutsideUses others = habits_.UsesOutside(definition, path.module, path.module);
  const bool inside = habits_.UsesOutside(definition, path.module, canonical).all == 0;
  const ModuleId asked = inside ? definition.module : canonical;
  const size_t wanted = habits_.UsesOutside(definition, asked, path.module).all;
  if (habits_.IsFace(path.module)) {
    return wanted >= others.all * kBeyondDoubt;
  }
  size_t all = 0;
  for (const PathInfo &each : definition.paths) {
    all += each.uses;
  }
  return IsDecided(wanted, others.all) || (others.all < kHabit && others.in_code <= wanted &&
                                           UsesThrough(definition, canonical) * 2 >= all);
}

// By a package around the definition, or another distribution; by a module that lists the name,
// imports it as `X as X`, gives it another name, assigns it, or has it by `import *` or a hook.
bool AcceptedPaths::IsOffered(const Definition &definition, const PathInfo &path) {
  return path.name != definition.name || declared_.HowDeclared(definition, path) != Declared::No ||
         IsElsewhere(definition, path) || IsAssigned(path) || declared_.IsUnnamed(path);
}

// The outermost package around the module. `google` of `google.cloud` is none, but a namespace of
// many.
ModuleId AcceptedPaths::TopPackage(ModuleId module) const {
  ModuleId top;
  for (; module.valid(); module = project_.modules[module].parent) {
    top = declared_.IsPackage(module) ? module : top;
  }
  return top;
}

// In another distribution than the definition: in no package with it.
bool AcceptedPaths::IsElsewhere(const Definition &definition, const PathInfo &path) const {
  const ModuleId here = TopPackage(path.module);
  const ModuleId there = TopPackage(definition.module);
  return here.valid() && there.valid() && here != there;
}

// `if FAST: from fast import f`, `else: from slow import f`: somewhere on the way.
bool AcceptedPaths::HangsOnCondition(const PathInfo &path) {
  return resolver_.Attribute(path.module, path.name).answer == Answer::Maybe &&
         llvm::any_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
           const auto &[module, event] = hop;
           return resolver_.HangsOnConditions(module,
                                              resolver_.Log(module).events[event].statement);
         });
}

// `try: from new import f`, `except ImportError: def f(): ...`, or `from plain import f` and then
// `try: from compiled import f`: elsewhere the path leads to another definition.
bool AcceptedPaths::HasFallback(const Definition &definition, const PathInfo &path) {
  return llvm::any_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
    const auto &[module, index] = hop;
    const NamespaceLog &log = resolver_.Log(module);
    const Event &event = log.events[index];
    const llvm::ArrayRef<uint32_t> all = log.Of(event.name);
    return module != definition.module && event.kind == EventKind::From && all.size() > 1 &&
           llvm::any_of(all, [&, in = module](uint32_t i) {
             return log.events[i].kind == EventKind::From &&
                    resolver_.GuardOf(in, log.events[i].statement, ImportFailure::NoModule).guarded;
           });
  });
}

// `mprint = vprint`, `Cart = new.Cart`, somewhere on the way: whoever writes this offers the name.
bool AcceptedPaths::IsAssigned(const PathInfo &path) {
  return llvm::any_of(resolver_.Hops(path.module, path.name), [&](const auto &hop) {
    return resolver_.Log(hop.first).events[hop.second].kind == EventKind::Value;
  });
}

// A module that registers its own functions with what it imports (`@Predicate.register(Set)`) is
// more than another address: the import through it loads them.
bool AcceptedPaths::Completes(const PathInfo &path) {
  const FileId file = project_.modules[path.module].file;
  if (!file.valid()) {
    return false;
  }
  const SyntaxView &view = resolver_.view();
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind != StatementKind::Function && statement.kind != StatementKind::Class) {
      continue;
    }
    for (ExprId decorator = statement.first; decorator.valid() && decorator != statement.bases;
         decorator = view.Next(decorator)) {
      const ExprId callee = view.Is(decorator, ExprKind::Call) ? view.Child(decorator) : decorator;
      if (view.Is(callee, ExprKind::Attribute) &&
          view.IsName(view.Child(callee), project_.Text(path.name))) {
        return true;
      }
    }
  }
  return false;
}

// The defining module imports the other one before it comes to the definition, and that one takes
// the definition back: whoever imports the defining module first, fails. Where many do, something
// imports the other one before them.
bool AcceptedPaths::IsNeededFirst(const Definition &definition, const PathInfo &path) const {
  const NamespaceLog *log = resolver_.HasLog(path.module) ? &resolver_.Log(path.module) : nullptr;
  const bool takes =
      log != nullptr && llvm::any_of(log->Of(path.name), [&](uint32_t index) {
        const Event &event = log->events[index];
        return event.kind == EventKind::From &&
               resolver_.Reach(path.module, event.statement) == Tri::Yes &&
               resolver_.TargetOf(path.module, event.statement).module == definition.module;
      });
  if (!takes || declared_.IsAround(definition, path) ||
      UsesThrough(definition, definition.module) >= kHabit) {
    return false;
  }
  const ImportRow *first = FindImport(definition.module, path.module);
  return first != nullptr && first->where.begin < definition.where.span.begin;
}

// The first import of `source` that the module surely executes when it is imported.
const ImportRow *AcceptedPaths::FindImport(ModuleId module, ModuleId source) const {
  const FileId file = project_.modules[module].file;
  if (!file.valid()) {
    return nullptr;
  }
  for (const ImportRow &row : project_.state->graph.RowsOf(project_, file)) {
    const RowContext &context = row.context;
    if (row.source == source && !context.deferred && !context.type_checking &&
        !context.unreachable && !context.guarded && !context.conditional) {
      return &row;
    }
  }
  return nullptr;
}

bool AcceptedPaths::IsMadeOf(ModuleId face, ModuleId importer) const {
  return face != importer && FindImport(face, importer) != nullptr;
}

} // namespace pydefrag
