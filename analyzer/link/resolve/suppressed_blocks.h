// Suppressed blocks: what stands behind an import of a third-party module in a block that goes on
// without it.
//
//     with suppress(ImportError):
//         import fqdn
//         def is_host_name(text): ...
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// `with suppress(...)`.
bool Suppresses(const SyntaxView &view, const Statement &with);

// `with lazy_importer():`. What is imported in it fails, if at all, when it is used, and until then
// another object stands for it.
bool DefersImports(const SyntaxView &view, const Statement &with);

// Whether the statement imports in such a block.
bool IsDeferred(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                uint32_t statement);

// Whether it is an import of a third-party module that the environment lacks.
bool ImportsAbsent(const Resolver &resolver, ModuleId module, uint32_t statement);

// Why the statement may never be reached where the module is not installed; null: it stands in no
// such block, or what is imported before it there is installed.
const char *WhySuppressed(const Resolver &resolver, ModuleId module, uint32_t statement);

} // namespace pydefrag
