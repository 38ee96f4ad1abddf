// Code actions: a quick fix for each finding under the cursor, and all safe fixes of the file.
#pragma once

#include "server/view.h"

namespace pydefrag {

// Whether the client asks for fix-all by name, as it does on saving.
bool WantsFixAll(const llvm::json::Object &params);

llvm::json::Array CodeActionsOf(const View &view, const llvm::json::Object &params);

} // namespace pydefrag
