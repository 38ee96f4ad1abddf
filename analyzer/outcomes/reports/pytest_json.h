// What pytest's JSON-writing plugins have in common: stored exceptions, skips and warnings. Used by
// reportlog and json_report.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/phase_report.h"
#include "outcomes/test_ids.h"

#include "llvm/Support/JSON.h"

#include <optional>

namespace pydefrag {

// What is stored for a failure or a skip: text, a place with a reason, or an exception's parts.
StoredError ReadLongRepr(const llvm::json::Value *longrepr, TestIdResolver &ids);

// "setup", "call", "teardown"; nothing for anything else.
std::optional<TestPhase> ParsePhase(llvm::StringRef when);

// {category, filename, lineno, message, when}
WarningRecord ReadWarning(const llvm::json::Object &object, TestIdResolver &ids);

} // namespace pydefrag
