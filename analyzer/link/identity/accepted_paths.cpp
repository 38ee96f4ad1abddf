#include "link/identity/accepted_paths.h"

#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace pydefrag {

// What others offer as their own, and what is not simply the definition under another address.
void AcceptedPaths::Mark(Definition &definition, size_t least) {
  const auto canonical = static_cast<size_t>(definition.canonical);
  for (size_t i = 0; i < definition.paths.size(); ++i) {
    PathInfo &path = definition.paths[i];
    if (!path.in_use || i == canonical) {
      continue;
    }
    const bool is_public = declared_.PrivacyOf(path) == least;
    if (path.module == definition.module) {
      // `scrapy.spiders` defines one class and is the API for many.
      const bool api =
          path.uses >= kHabit && declared_.IsPackage(path.module) && habits_.IsApi(path.module);
      path.accepted = is_public && (api || IsTakenRather(definition, path));
    } else {
      const bool offered = IsOffered(definition, path) || IsContested(definition, path);
      path.accepted = (is_public && offered) || HangsOnCondition(path) ||
                      HasFallback(definition, path) || IsAssigned(definition, path) ||
                      Completes(path) || IsNeededFirst(definition, path);
      if (offered && !is_public) {
        AcceptInside(path);
      }
    }
  }
}

// The definition's own path, by more of those outside of the package that is canonical, or by as
// many and more within it; unless most do so for types: it goes with the package's other names, but
// the few do not teach the many.
bool AcceptedPaths::IsTakenRather(const Definition &definition, const PathInfo &path) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const bool for_types = size_t{path.type_checking} * 2 > path.uses;
  if (for_types || !declared_.IsAround(definition, canonical)) {
    return false;
  }
  const size_t own = habits_.UsesOutside(definition, path.module, canonical.module).all;
  const size_t uses = habits_.UsesOutside(definition, canonical.module, canonical.module).all;
  return own > uses || (own == uses && path.uses > UsesThrough(definition, canonical.module));
}

// `shop.proxy._types` offers it, to the modules of `shop.proxy`.
void AcceptedPaths::AcceptInside(const PathInfo &path) {
  for (RowId id : path.rows) {
    ImportRow &row = project_.rows[id];
    row.context.internal |= declared_.MayUsePrivate(row.importer, path.module);
  }
}

// By another distribution, under another listed name, by a module that lists it and is an API or
// gives it to as many as the definition's own, or to five, by an API that has it for others, or
// where most imports take it from.
bool AcceptedPaths::IsOffered(const Definition &definition, const PathInfo &path) {
  const bool around = declared_.IsAround(definition, path);
  if (path.uses >= kHabit && size_t{path.uses} * 2 > definition.uses && !around) {
    return true;
  }
  if (!around && IsTakenMost(definition, path)) {
    return true;
  }
  const bool elsewhere = IsElsewhere(definition, path);
  if (IsListed(definition, path)) {
    const size_t own = UsesThrough(definition, definition.module);
    const size_t others = UsesApartFrom(MakersOf(path), definition.paths.front());
    const bool for_types = others == definition.paths.front().type_checking;
    const bool as_many = (path.uses > 1 && path.uses >= own) || // one import tells nothing
                         (for_types && path.uses > path.in_tests && path.uses >= others);
    const bool taken =
        path.uses >= kHabit || (as_many && resolver_.All(path.module).Lists(path.name));
    return elsewhere || IsListedAnew(definition, path) ||
           (!around && (taken || habits_.NamesTaken(path.module) >= kSeveral));
  }
  if (!around && habits_.IsApi(path.module) && declared_.HoldsForOthers(path)) {
    return true;
  }
  const AllNames &all = resolver_.All(path.module);
  const bool may_list = declared_.IsPackage(path.module) && all.present && !all.known;
  return elsewhere && (may_list || IsOnlyWayIn(definition, path));
}

// Packages around the definition of which one could be canonical as well. Against the definition's
// own path: those that consumers take this name from, or others of the kind, rather than from
// below, and those that offer it. Against another package's, of those that offer it: those above
// it, those with a habit, and those that several names are taken from; of others those that are all
// of this.
bool AcceptedPaths::IsContested(const Definition &definition, const PathInfo &path) {
  if (!declared_.IsAround(definition, path)) {
    return false;
  }
  const ModuleId canonical = definition.paths[static_cast<size_t>(definition.canonical)].module;
  if (canonical == definition.module) {
    const size_t outside = habits_.UsesOutside(definition, path.module, path.module).all;
    return habits_.Prefers(path.module) ||
           (outside >= kHabit &&
            outside > habits_.UsesOutside(definition, definition.module, path.module).all) ||
           IsOfferedFromBelow(definition, path) || IsTakenMore(definition, path);
  }
  const bool habit = path.uses >= kHabit;
  const bool above = declared_.IsWithin(canonical, path.module);
  const bool several = habits_.NamesTaken(path.module) >= kSeveral;
  return declared_.Offers(definition, path) ? habit || above || several : habit && above && several;
}

// `from shop.core import Cart` of a package that offers it, and that others take several names
// from, or this one often: an API, whoever passes it by. Or one that lists it, where no more take
// the definition's own path, tests aside; or that offers several names, where hardly more do, or
// few.
bool AcceptedPaths::IsOfferedFromBelow(const Definition &definition, const PathInfo &path) {
  if (!declared_.Offers(definition, path)) {
    return false;
  }
  const size_t uses = UsesThrough(definition, path.module);
  const size_t own = UsesThrough(definition, definition.module);
  return uses >= kHabit || habits_.NamesTaken(path.module) >= kSeveral ||
         (IsListed(definition, path) && (uses >= own || IsTakenOutsideTests(definition, path))) ||
         ((own < kHabit || uses * 2 >= own) && declared_.GathersSeveral(path.module));
}

// By at least as many as take the definition's own path, where tests do not count: they need the
// module that they test.
bool AcceptedPaths::IsTakenOutsideTests(const Definition &definition, const PathInfo &path) {
  size_t own = 0;
  size_t uses = 0;
  for (const PathInfo &each : definition.paths) {
    own += each.module == definition.module ? each.uses - each.in_tests : 0;
    uses += each.module == path.module ? each.uses - each.in_tests : 0;
  }
  return uses > 0 && uses >= own;
}

// Of a package that several names are taken from: more often than the definition's own path. Or so
// at run time, where most take that for types.
bool AcceptedPaths::IsTakenMore(const Definition &definition, const PathInfo &path) {
  size_t own = 0;
  size_t own_types = 0;
  for (const PathInfo &each : definition.paths) {
    own += each.module == definition.module ? each.uses : 0;
    own_types += each.module == definition.module ? each.type_checking : 0;
  }
  const size_t run = path.uses - path.type_checking;
  return (habits_.NamesTaken(path.module) >= kSeveral && path.uses > own) ||
         (own_types * 2 > own && run > own - own_types && declared_.Offers(definition, path));
}

bool AcceptedPaths::IsListed(const Definition &definition, const PathInfo &path) {
  return declared_.HowDeclared(definition, path) == Declared::Written;
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

// `git.util` imports `LockedFD` of `gitdb`, and all of `git` takes it from there.
bool AcceptedPaths::IsOnlyWayIn(const Definition &definition, const PathInfo &path) const {
  const ModuleId here = TopPackage(path.module);
  return llvm::all_of(definition.paths, [&](const PathInfo &other) {
    return other.module == path.module || llvm::all_of(other.rows, [&](RowId id) {
             const ModuleId importer = project_.rows[id].importer;
             return importer == path.module || TopPackage(importer) != here;
           });
  });
}

// The files of the modules that the path leads through, sorted: their imports make it.
llvm::SmallVector<FileId, 4> AcceptedPaths::MakersOf(const PathInfo &path) const {
  llvm::SmallVector<FileId, 4> makers;
  for (const auto &hop : resolver_.Hops(path.module, path.name)) {
    makers.push_back(project_.modules[hop.first].file);
  }
  llvm::sort(makers);
  makers.erase(std::unique(makers.begin(), makers.end()), makers.end());
  return makers;
}

size_t AcceptedPaths::UsesApartFrom(llvm::ArrayRef<FileId> files, const PathInfo &path) const {
  size_t count = path.uses;
  for (FileId file : files) {
    count -= RowsIn(project_, path, file).size();
  }
  return count;
}

// By more than any other, without the imports that make the path itself, and not by tests alone: it
// is where the project has the name from. One or two are no more than one.
bool AcceptedPaths::IsTakenMost(const Definition &definition, const PathInfo &path) const {
  if (path.uses == path.in_tests) {
    return false;
  }
  const llvm::SmallVector<FileId, 4> makers = MakersOf(path);
  return llvm::all_of(definition.paths, [&](const PathInfo &other) {
    const size_t others = other.uses == 0 || &other == &path ? 0 : UsesApartFrom(makers, other);
    return path.uses > others && (others == 0 || path.uses >= kSeveral);
  });
}

// `from numbers import Rational as SymPyRational`, and `__all__` lists it.
bool AcceptedPaths::IsListedAnew(const Definition &definition, const PathInfo &path) {
  return path.name != definition.name && resolver_.All(path.module).Lists(path.name);
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

// `mprint = vprint` in another module, or `from signing import Signer as Base`, `Signer = Base`:
// whoever writes this offers the name. `Cart = new.Cart` is how some import, but not where most
// take it from there, nor what another distribution has (`raises = pytest.raises`).
bool AcceptedPaths::IsAssigned(const Definition &definition, const PathInfo &path) {
  const Found found = resolver_.Attribute(path.module, path.name);
  if (found.via == kNoEvent) {
    return false;
  }
  const Event &event = resolver_.Log(path.module).events[found.via];
  const size_t own = UsesThrough(definition, definition.module);
  return event.kind == EventKind::Value &&
         (IsOneOfSeries(path.module, event) || path.name != definition.name ||
          resolver_.view().Is(event.value, ExprKind::Name) || path.uses > own ||
          IsElsewhere(definition, path));
}

// `int8 = core.int8`, `int16 = core.int16`, ...: the module lays out what it offers.
bool AcceptedPaths::IsOneOfSeries(ModuleId module, const Event &event) {
  const SyntaxView &view = resolver_.view();
  if (!view.Is(event.value, ExprKind::Attribute) ||
      !view.Is(view.Child(event.value), ExprKind::Name)) {
    return false;
  }
  const llvm::StringRef base = view.TextOf(view.Child(event.value));
  size_t alike = 0;
  for (const Event &each : resolver_.Log(module).events) {
    alike += each.kind == EventKind::Value && view.Is(each.value, ExprKind::Attribute) &&
             view.IsName(view.Child(each.value), base) && view.At(each.value).text == each.name;
    if (alike >= kSeveral) {
      return true;
    }
  }
  return false;
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
