// FoldPath: the value of an expression that computes a path from `__file__`, as far as it can be
// told without running it: os.path.{join, dirname, abspath, realpath, normpath}, os.pardir,
// pathlib.Path with .parent, .parents[n], .resolve(), `/`, str(), and names assigned once before.
// Paths are relative to the project root, "" is the root; the process's directory is taken to be
// the root.
#pragma once

#include "link/syntax_view.h"

#include <optional>
#include <string>

namespace pydefrag {

// Nothing when the value depends on something else. `before` bounds the statements that names are
// looked up in (an index into the file's facts).
std::optional<std::string> FoldPath(const SyntaxView &view, const Scanned &scanned, FileId file,
                                    uint32_t before, ExprId expr);

// "a/../b/./c" -> "b/c"; ".." above the root stays.
std::string NormalizePath(llvm::StringRef path);

} // namespace pydefrag
