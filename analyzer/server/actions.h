// Code actions: a quick fix for each finding under the cursor, and all safe fixes of the file.
#pragma once

#include "server/view.h"

namespace pydefrag {

llvm::json::Array CodeActionsOf(const View &view, const llvm::json::Object &params);

} // namespace pydefrag
