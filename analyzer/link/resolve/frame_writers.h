// Frame writers: functions that write into the globals of whoever calls them, through the caller's
// frame.
//
//     def relocated(name, target):
//         names = inspect.currentframe().f_back.f_globals
//         names[name] = target
#pragma once

#include "link/names/statement_signs.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// Every module that calls one as it is imported, or decorates by one, is open.
void OpenCallersOfFrameWriters(const Project &project, const StatementSigns &signs,
                               Resolver &resolver);

// Every module that calls one of the functions as it is imported is open; that decorates by one.
// `by`: OwnDict, where what they write into is the dict of the frame that calls them.
void OpenCallersOf(const llvm::DenseSet<NameId> &writers, const Project &project,
                   Resolver &resolver, OpenedBy by = OpenedBy::Others);
void OpenDecoratedBy(const llvm::DenseSet<NameId> &decorators, const Project &project,
                     const StatementSigns &signs, Resolver &resolver,
                     OpenedBy by = OpenedBy::Others);

// Whether it is a call of something of such a bare name.
bool CallsOneOf(const SyntaxView &view, ExprId id, const llvm::DenseSet<NameId> &functions);
// `writer`, a function, may bind any name in the file's module.
void OpenWritten(Resolver &resolver, FileId file, NameId writer, OpenedBy by = OpenedBy::Others);

// Adds what code does to a module to the log that was read of it.
void AddEvents(Resolver &resolver, ModuleId module, llvm::ArrayRef<Event> events);

} // namespace pydefrag
