// The import statements of Executor (executor.h).
#include "link/execute/executor.h"
#include "link/execute/given_back.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

Executor::Outcome Executor::ExecuteImport(const Block &block, uint32_t i) {
  const auto rows = graph_.RowsOf(project_, project_.modules[block.module].file, i);
  imported_softly |= block.soft;
  if (rows.size() > 1) {
    if (Outcome failure = ImportSubmodules(rows)) {
      failure->chain.push_back(At(block.module, i));
      return failure;
    }
  }
  for (const ImportRow &row : rows) {
    if (row.context.string) {
      continue;
    }
    if (Outcome failure = ImportRowNow(block, row)) {
      failure->chain.push_back(At(block.module, i));
      return failure;
    }
  }
  return std::nullopt;
}

// `from package import x, sub`: submodules that are no attributes are imported before anything is
// bound (_handle_fromlist in importlib/_bootstrap.py).
Executor::Outcome Executor::ImportSubmodules(llvm::ArrayRef<ImportRow> rows) {
  for (const ImportRow &row : rows) {
    if (!row.name.valid() || !row.source.valid() || row.context.string || row.context.star) {
      continue;
    }
    if (Outcome failure = load_(row.source)) {
      return failure;
    }
    const ModuleId child = names_.Child(row.source, row.name);
    if (!child.valid() || names_.InPlaceOf(row.source) != row.source) {
      continue;
    }
    const Held attribute = names_.Attribute(row.source, row.name);
    // It may be one in the end alone.
    if (!attribute.bound() || attribute.unseen || IsModule(attribute, child)) {
      if (Outcome failure = LoadBelow(child)) {
        return failure;
      }
    }
  }
  return std::nullopt;
}

Failure Executor::BeyondTop() {
  Failure failure;
  failure.kind = ExceptionKind::BeyondTop;
  failure.reason = "ImportError: attempted relative import beyond top-level package";
  return failure;
}

// No such module; the packages above it are imported first.
Executor::Outcome Executor::MissModule(const Block &block, NameId missing) {
  const llvm::StringRef name = project_.Text(missing);
  const ModuleId parent = name.contains('.')
                              ? resolver_.FindModule(block.module, name.rsplit('.').first).module
                              : ModuleId();
  if (Outcome inner = parent.valid() ? load_(parent) : std::nullopt) {
    return inner;
  }
  Failure failure;
  failure.kind = ExceptionKind::NoModule;
  failure.reason = "ModuleNotFoundError: No module named '" + name.str() + "'";
  return failure;
}

Executor::Outcome Executor::ImportRowNow(const Block &block, const ImportRow &row) {
  if (row.beyond_top) {
    return BeyondTop();
  }
  took_outside_ |= row.source.valid()
                       ? !resolver_.HasLog(row.source) &&
                             project_.modules[row.source].kind != ModuleKind::Namespace
                       : row.status == RowStatus::External;
  if (row.source.valid()) {
    if (Outcome inner = load_(row.source)) {
      return inner;
    }
    MissElsewhere(row.source);
    return row.name.valid() ? (row.context.star ? ImportStar(block, row) : ImportName(block, row))
                            : ImportModule(block, row);
  }
  if (IsGivenBack(project_, row)) {
    Doubt("`distutils` is there only where setuptools is installed", block.module);
  } else if (row.status == RowStatus::MissingModule && !row.not_installed) {
    return MissModule(block, row.missing_part);
  } else if (row.not_installed) {
    Doubt("`" + project_.Text(row.missing_part) + "` is not installed", block.module);
  } else if (row.status == RowStatus::Unknown) {
    Doubt(row.reason, block.module);
  }
  if (row.context.star && names_.Tracked(block.module)) {
    states_.SetOpen(block.module);
  } else if (!row.context.star) {
    const NameId top = project_.scanned.names.Find(project_.Text(row.module).split('.').first);
    Held held = NamesNow::ObjectHeld();
    for (uint32_t e : EventsAt(block.module, row.statement)) {
      // What stands in `sys.modules` by the name of no file, as os.path.
      const Held told = resolver_.Log(block.module).events[e].value == row.alias
                            ? NamesNow::Of(resolver_.ValueOf(block.module, e))
                            : Held();
      held = told.kind == Held::Object && !told.doubtful ? told : held;
    }
    held.maybe = row.context.guarded;
    Bind(block, row.as.valid() ? row.as : row.name.valid() ? row.name : top, held);
  }
  return std::nullopt;
}

// A module of the standard library that some platforms lack: there a handler may run.
void Executor::MissElsewhere(ModuleId module) {
  const llvm::StringRef name = project_.Text(project_.modules[module].name);
  const StdlibModule *info = soft_failures_ && project_.modules[module].kind == ModuleKind::Stdlib
                                 ? FindStdlibModule(name)
                                 : nullptr;
  if (info && !info->everywhere) {
    Failure failure;
    failure.kind = ExceptionKind::NoModule;
    failure.reason = "ModuleNotFoundError: No module named '" + name.str() + "'";
    FailMaybe(failure);
  }
}

Executor::Outcome Executor::ImportModule(const Block &block, const ImportRow &row) {
  const llvm::StringRef dotted = project_.Text(row.module);
  const llvm::StringRef first = dotted.split('.').first;
  const ModuleId top = resolver_.FindModule(block.module, dotted).top;
  // The outermost package is imported by itself: it may have failed where the submodule stayed.
  if (Outcome failure = top.valid() ? load_(top) : std::nullopt) {
    return failure;
  }
  Held held = names_.Imported(top);
  if (!row.as.valid()) {
    Bind(block, project_.scanned.names.Find(first), held);
    return std::nullopt;
  }
  if (Outcome failure = WalkAttributes(row, held)) {
    return failure;
  }
  Bind(block, row.as, held);
  return std::nullopt;
}

// Whether nobody knows if some statement that binds the name runs.
bool Executor::HangsOnCondition(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.Of(name), [&](uint32_t event) {
    return resolver_.Reach(module, log.events[event].statement) == Tri::Unknown;
  });
}

// `import a.b.c as q` takes `b` as an attribute of `a`, and `c` of what that is; a module that is
// not there yet comes from sys.modules (IMPORT_FROM).
Executor::Outcome Executor::WalkAttributes(const ImportRow &row, Held &held) {
  llvm::StringRef rest = project_.Text(row.module).split('.').second;
  while (!rest.empty() && !held.doubtful) {
    const auto [part, behind] = rest.split('.');
    const NameId name = project_.scanned.names.Find(part);
    if (held.kind != Held::Module) {
      Failure failure;
      failure.kind = ExceptionKind::NoName;
      failure.of_run = true;
      failure.reason = "ImportError: cannot import name '" + part.str() +
                       "': an attribute on the " + "way to '" + project_.Text(row.module).str() +
                       "' is no module";
      // A class may have an attribute of that name; a function has none.
      if (held.event != kNoEvent &&
          resolver_.Log(held.module).events[held.event].kind == EventKind::Define) {
        const uint32_t header = resolver_.Log(held.module).events[held.event].statement;
        if (view_.Of(StatementsOf(held.module)[header]).kind == StatementKind::Class) {
          Doubt("a class on the way to a module");
          return std::nullopt;
        }
      }
      return failure;
    }
    if (!held.module.valid()) {
      return std::nullopt;
    }
    const ModuleId child = names_.Child(held.module, name);
    if (!project_.modules[held.module].first_party) {
      held = child.valid() ? NamesNow::ModuleHeld(child) : NamesNow::ObjectHeld();
      if (!child.valid()) {
        return std::nullopt; // an installed package is taken to work
      }
      rest = behind;
      continue;
    }
    const Held attribute = names_.Attribute(held.module, name);
    const bool known = resolver_.HasLog(held.module) ||
                       project_.modules[held.module].kind == ModuleKind::Namespace;
    if (attribute.bound() && !IsModule(attribute, child)) {
      const bool hangs = !names_.Tracked(held.module) && HangsOnCondition(held.module, name);
      held = attribute;
      // Or the submodule, as somewhere else; what a `__getattr__` serves may be one.
      held.doubtful |= attribute.maybe || hangs || attribute.served;
    } else if (attribute.bound() || (child.valid() && names_.InSysModules(child))) {
      held = names_.Imported(child);
    } else if (!known || (child.valid() && !names_.Tracked(child) &&
                          (!resolver_.HasLog(child) || names_.Reaches(names_.entry, child)))) {
      held = child.valid() ? NamesNow::ModuleHeld(child) : NamesNow::ObjectHeld();
    } else {
      Failure failure = *NoName(held.module, name, names_.UnderWay(held.module));
      failure.of_run = true;
      return failure;
    }
    rest = behind;
  }
  if (held.doubtful) {
    Doubt("an attribute on the way that may not be a module");
  }
  return std::nullopt;
}

// A submodule that is no attribute is imported as by `import a.b.c`, which gives the outermost
// package: that may have failed where one below it stayed (PyImport_ImportModuleLevelObject).
Executor::Outcome Executor::LoadBelow(ModuleId child) {
  if (names_.InSysModules(child)) {
    return std::nullopt;
  }
  Outcome failure = load_(child);
  return failure ? std::move(failure) : load_(project_.TopOf(child));
}

Executor::Outcome Executor::Submodule(ModuleId child, Held &held) {
  Outcome failure = LoadBelow(child);
  held = names_.Imported(child);
  return failure;
}

// A name that is bound in some worlds: in others a handler may run.
void Executor::MissMaybe(ModuleId source, NameId name) {
  if (soft_failures_ && !resolver_.IsImplicit(source, project_.Text(name))) {
    FailMaybe(*NoName(source, name, false));
  }
}

// `from package import name`, where another module stands in the package's place.
Executor::Outcome Executor::ImportFromStandIn(const Block &block, const ImportRow &row,
                                              ModuleId stand_in) {
  Held held;
  if (!stand_in.valid() || !project_.modules[stand_in].first_party) {
    Doubt("replaced in `sys.modules`", block.module);
    held = NamesNow::ObjectHeld();
    held.doubtful = true;
  } else {
    held = names_.Attribute(stand_in, row.name);
    const ModuleId child = names_.Child(stand_in, row.name);
    if ((!held.bound() || held.doubtful) && child.valid()) {
      if (Outcome failure = Submodule(child, held)) {
        return failure;
      }
    } else if (!held.bound()) {
      return NoName(stand_in, row.name, names_.UnderWay(stand_in));
    } else if (held.doubtful) {
      Doubt("a name that may not be bound", block.module);
    } else if (held.maybe && !held.either) {
      MissMaybe(stand_in, row.name);
    }
  }
  Bind(block, row.as.valid() ? row.as : row.name, held);
  return std::nullopt;
}

Executor::Outcome Executor::NoName(ModuleId source, NameId name, bool bound_later) const {
  Failure failure;
  failure.kind = ExceptionKind::NoName;
  failure.circular = bound_later;
  failure.reason = "ImportError: cannot import name '" + project_.Text(name).str() + "' from " +
                   (bound_later ? "partially initialized module '" : "'") + NameOf(source) + "'" +
                   (bound_later ? " (most likely due to a circular import)" : "");
  return failure;
}

// Whether code puts a module of that name into `sys.modules`, or a `__path__` may lead to one: that
// of a plain file comes from its `__getattr__` alone.
bool Executor::IsPutBelow(const ImportRow &row) {
  const std::string dotted = NameOf(row.source) + "." + project_.Text(row.name).str();
  const ModuleSearch search = resolver_.FindModule(row.importer, dotted);
  const bool has_no_path = project_.modules[row.source].kind == ModuleKind::Module &&
                           resolver_.table().HasOpenChildren(row.source) &&
                           names_.Tracked(row.source) && !names_.HasHook(row.source);
  return search.put || (search.unknown && !has_no_path);
}

Executor::Outcome Executor::ImportName(const Block &block, const ImportRow &row) {
  const NameId bound = row.as.valid() ? row.as : row.name;
  if (const ModuleId there = names_.InPlaceOf(row.source); there != row.source) {
    return ImportFromStandIn(block, row, there);
  }
  Held held;
  if (Outcome failure = AskFor(block, row.source, row.name, held)) {
    return failure;
  }
  if (names_.Tracked(row.source) || names_.HasEnd(row.source, row.name)) {
    // Whoever may have written into the package is not taken to have put something else there.
    const ModuleId child =
        held.bound() && !held.unseen ? ModuleId() : names_.Child(row.source, row.name);
    if (child.valid()) {
      if (Outcome failure = Submodule(child, held)) {
        return failure;
      }
    } else if (!held.bound()) {
      // What fails, and the handlers that may run then, have been executed.
      const Found told = resolver_.ImportFrom(row.source, row.name);
      const bool executed = told.broken || told.fallback;
      if (row.status == RowStatus::Unknown && !names_.UnderWay(row.source) && !executed) {
        DoubtName(row.reason, block.module);
        held = NamesNow::ObjectHeld();
        held.doubtful = true;
      } else if (IsPutBelow(row)) { // what IMPORT_FROM finds in sys.modules
        DoubtName("a module put into `sys.modules`", block.module);
        held = NamesNow::ObjectHeld();
        held.doubtful = true;
      } else {
        Failure failure = *NoName(row.source, row.name, names_.UnderWay(row.source));
        failure.of_run = true;
        return failure;
      }
    }
    if (held.doubtful) {
      DoubtName("a name that may not be bound", block.module);
    } else if (held.maybe && !held.either) {
      MissMaybe(row.source, row.name);
    }
    if (names_.UnderWay(row.source)) {
      const Held last = NamesNow::Of(resolver_.ImportFrom(row.source, row.name));
      names_.surprised |= !NamesNow::Same(held, last);
    }
    Bind(block, bound, held);
    return std::nullopt;
  }
  switch (row.status) {
  case RowStatus::MissingName:
  case RowStatus::MissingModule:
    return NoName(row.source, row.name, false);
  case RowStatus::Unknown:
    DoubtName(row.reason, block.module);
    held = NamesNow::ObjectHeld();
    break;
  case RowStatus::External:
    held = NamesNow::ObjectHeld();
    break;
  case RowStatus::Resolved: {
    const Held attribute = held;
    const ModuleId child = names_.Child(row.source, row.name);
    const bool either = IsModule(attribute, child);
    if ((!attribute.bound() || attribute.doubtful || either) && child.valid()) {
      if (Outcome failure = Submodule(child, held)) {
        return failure;
      }
      held.doubtful = attribute.doubtful && !attribute.unseen && !either;
    } else {
      held = attribute.bound() ? attribute : NamesNow::ObjectHeld();
      held.maybe = false;
    }
    break;
  }
  }
  // What stands in a guard may be missing elsewhere.
  held.maybe |= row.context.guarded && !resolver_.HasLog(row.source);
  Bind(block, bound, held);
  return std::nullopt;
}

} // namespace pydefrag
