// Where a symbol is defined, who imports it by which path, and what is said of it on hover and
// above its class. All take the request's parameters and give its result.
#pragma once

#include "server/view.h"

namespace pydefrag {

llvm::json::Value DefinitionAt(const View &view, const llvm::json::Object &params);
llvm::json::Value ReferencesAt(const View &view, const llvm::json::Object &params);
llvm::json::Value HoverAt(const View &view, const llvm::json::Object &params);
llvm::json::Value CodeLensesOf(const View &view, const llvm::json::Object &params);

} // namespace pydefrag
