#include "link/resolve/frame_writers.h"

#include "facts/headers_around.h"
#include "link/resolve/function_texts.h"
#include "link/resolve/module_statements.h"

namespace pydefrag {

namespace {

struct FrameWriters { // functions and methods, by their bare names
  llvm::DenseSet<NameId> writers;
  llvm::DenseMap<NameId, llvm::SmallVector<NameId, 4>> deleters; // with the names that may go
};

} // namespace

static void FindWriters(const Project &project, const StatementSigns &signs, Resolver &resolver,
                        FileId file, FrameWriters &found) {
  const SyntaxView &view = resolver.view();
  const auto &statements = project.scanned.facts[file].statements;
  for (const PlacedStatement &placed : statements) {
    if (!signs.Shows(placed, Sign::TakesGlobals)) {
      continue;
    }
    // The outermost function, and the class that it makes instances of.
    int32_t top = -1;
    for (uint32_t header : HeadersAround(statements, placed)) {
      if (view.Of(statements[header]).kind == StatementKind::Function) {
        top = static_cast<int32_t>(header);
      }
    }
    if (top < 0) {
      continue;
    }
    const PlacedStatement &function = statements[static_cast<size_t>(top)];
    const Statement &statement = view.Of(placed);
    const bool makes = view.Text(view.Of(function).text) == "__init__" && function.parent >= 0;
    const NameId writer =
        view.Of(makes ? statements[static_cast<size_t>(function.parent)] : function).text;
    if (statement.kind == StatementKind::Expression ||
        view.Is(statement.first, ExprKind::Subscript)) {
      found.writers.insert(writer);
    } else if (view.Is(statement.first, ExprKind::Name)) {
      const llvm::StringRef text =
          TextOfBlock(resolver, project.module_of_file[file], static_cast<uint32_t>(top));
      if (WritesItems(text, view.TextOf(statement.first))) {
        found.writers.insert(writer);
      }
      llvm::SmallVector<llvm::StringRef, 4> keys;
      AddDeletedItems(text, view.TextOf(statement.first), keys);
      for (llvm::StringRef key : keys) {
        if (const NameId name = project.scanned.names.Find(key); name.valid()) {
          found.deleters[writer].push_back(name);
        }
      }
    }
  }
}

static FrameWriters FindFrameWriters(const Project &project, const StatementSigns &signs,
                                     Resolver &resolver) {
  FrameWriters found;
  for (size_t i = 0; i < project.module_of_file.size(); ++i) {
    if (signs.IsIn(FileId(i), Sign::TakesGlobals)) {
      FindWriters(project, signs, resolver, FileId(i), found);
    }
  }
  return found;
}

bool CallsOneOf(const SyntaxView &view, ExprId id, const llvm::DenseSet<NameId> &functions) {
  const NameId called = view.CalledName(id);
  return called.valid() && functions.contains(called);
}

void OpenWritten(Resolver &resolver, FileId file, NameId writer, OpenedBy by) {
  const Project &project = resolver.project();
  const ModuleId module = project.module_of_file[file];
  resolver.OpenModule(module, "`" + project.Text(writer) + "` writes names into the module", by);
  if (by == OpenedBy::OwnDict && resolver.HasLog(module)) {
    NamespaceLog log;
    Answers none;
    resolver.Exchange(module, log, none);
    log.frame_writers.push_back(writer);
    resolver.Exchange(module, log, none);
  }
}

// A decorator that gets hold of the globals of whoever uses it may write into them.
static void OpenDecoratedModules(const Project &project, const StatementSigns &signs,
                                 Resolver &resolver) {
  const SyntaxView &view = resolver.view();
  llvm::DenseSet<NameId> decorators;
  for (size_t i = 0; i < project.module_of_file.size(); ++i) {
    if (!signs.IsIn(FileId(i), Sign::TakesGlobals)) {
      continue;
    }
    const auto &statements = project.scanned.facts[FileId(i)].statements;
    for (const PlacedStatement &placed : statements) {
      if (!signs.Shows(placed, Sign::TakesGlobals)) {
        continue;
      }
      for (uint32_t header : HeadersAround(statements, placed)) {
        if (statements[header].parent < 0) { // the outermost one: it may make the decorator
          decorators.insert(view.Of(statements[header]).text);
        }
      }
    }
  }
  OpenDecoratedBy(decorators, project, signs, resolver, OpenedBy::OwnDict);
}

void OpenDecoratedBy(const llvm::DenseSet<NameId> &decorators, const Project &project,
                     const StatementSigns &signs, Resolver &resolver, OpenedBy by) {
  const SyntaxView &view = resolver.view();
  for (size_t i = 0; i < project.module_of_file.size() && !decorators.empty(); ++i) {
    const auto &statements = project.scanned.facts[FileId(i)].statements;
    for (uint32_t s = 0; s < statements.size(); s = statements[s].end) {
      if (!signs.Shows(statements[s], Sign::Decorated)) {
        continue;
      }
      const Statement &statement = view.Of(statements[s]);
      for (ExprId id = statement.first; id.valid() && id != statement.bases; id = view.Next(id)) {
        const ExprId maker = view.Is(id, ExprKind::Call) ? view.Child(id) : id;
        const bool named = view.Is(maker, ExprKind::Name) || view.Is(maker, ExprKind::Attribute);
        if (named && decorators.contains(view.At(maker).text)) {
          OpenWritten(resolver, FileId(i), view.At(maker).text, by);
        }
      }
    }
  }
}

void OpenCallersOf(const llvm::DenseSet<NameId> &writers, const Project &project,
                   Resolver &resolver, OpenedBy by) {
  if (writers.empty()) {
    return;
  }
  const SyntaxView &view = resolver.view();
  const auto call_of = [&](FileId file, uint32_t s) {
    const Statement &statement = view.Of(project.scanned.facts[file].statements[s]);
    return statement.kind == StatementKind::Expression ? statement.first
           : statement.kind == StatementKind::Assign   ? view.LastOperand(statement)
                                                       : ExprId();
  };
  const auto calling = FindModuleStatements(project, resolver.jobs(), [&](FileId file, uint32_t s) {
    return CallsOneOf(view, call_of(file, s), writers);
  });
  for (size_t i = 0; i < calling.size(); ++i) {
    for (uint32_t s : calling[i]) {
      OpenWritten(resolver, FileId(i), view.CalledName(call_of(FileId(i), s)), by);
    }
  }
}

void AddEvents(Resolver &resolver, ModuleId module, llvm::ArrayRef<Event> events) {
  if (events.empty()) {
    return;
  }
  NamespaceLog log;
  Answers none;
  resolver.Exchange(module, log, none);
  InsertEvents(log, events);
  resolver.Exchange(module, log, none);
}

// Nobody knows whether a name that a call may delete is still there behind it: the function may
// return before, or serve the name by a hook that it puts there.
static void DoubtDeletedNames(const FrameWriters &found, const Project &project,
                              Resolver &resolver) {
  if (found.deleters.empty()) {
    return;
  }
  const SyntaxView &view = resolver.view();
  const auto for_deleters = [&](FileId file, uint32_t s,
                                llvm::function_ref<void(llvm::ArrayRef<NameId>)> visit) {
    const Statement &statement = view.Of(project.scanned.facts[file].statements[s]);
    if (statement.kind == StatementKind::Function) {
      return; // its decorators
    }
    view.Walk(statement, [&](ExprId id) {
      const NameId called = view.CalledName(id);
      const auto deleter = called.valid() ? found.deleters.find(called) : found.deleters.end();
      if (deleter != found.deleters.end()) {
        visit(deleter->second);
      }
    });
  };
  const auto calling = FindModuleStatements(project, resolver.jobs(), [&](FileId file, uint32_t s) {
    bool calls = false;
    for_deleters(file, s, [&](llvm::ArrayRef<NameId>) { calls = true; });
    return calls;
  });
  for (size_t i = 0; i < calling.size(); ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    llvm::SmallVector<Event, 4> events;
    for (uint32_t s : calling[i]) {
      for_deleters(FileId(i), s, [&](llvm::ArrayRef<NameId> names) {
        for (NameId name : names) {
          if (!resolver.Log(module).Of(name).empty()) {
            events.push_back({.name = name, .kind = EventKind::Unbind, .statement = s});
            events.push_back({.name = name, .maybe = true, .weak = true, .statement = s});
          }
        }
      });
    }
    AddEvents(resolver, module, events);
  }
}

void OpenCallersOfFrameWriters(const Project &project, const StatementSigns &signs,
                               Resolver &resolver) {
  const FrameWriters found = FindFrameWriters(project, signs, resolver);
  OpenDecoratedModules(project, signs, resolver);
  OpenCallersOf(found.writers, project, resolver, OpenedBy::OwnDict);
  DoubtDeletedNames(found, project, resolver);
}

} // namespace pydefrag
