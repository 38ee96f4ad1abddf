// ContextOfString: under what conditions a string is read: in a function, in a guard, never. Like
// the context of import rows (rows.cpp), but any handler guards: which exception a missing string
// target raises differs from context to context.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

RowContext ContextOfString(const Project &project, Resolver &resolver, FileId file,
                           uint32_t statement);

} // namespace pydefrag
