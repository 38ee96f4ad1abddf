// TestSession: one process that imports modules one after the other, as a test session does. What
// was loaded stays loaded, and what failed is tried again by the next one that asks for it: which
// member of a cycle came first decides. Entry point: SimulateSession.
#pragma once

#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

// One outcome for each module of `order`, in that order. A module that skips itself (pytest.skip,
// importorskip) is Ok, with a reason.
std::vector<ImportOutcome> SimulateSession(const Project &project, llvm::ArrayRef<ModuleId> order);

} // namespace pydefrag
