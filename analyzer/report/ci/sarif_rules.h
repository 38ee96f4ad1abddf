// The `rules` of a SARIF log: each rule with its page.
#pragma once

#include "check/rule.h"
#include "report/json/json_text.h"

namespace pydefrag {

void WriteSarifRule(JsonWriter &json, const Rule &rule);

// "error", "warning", "note" or "none".
llvm::StringRef SarifLevel(Severity severity);

} // namespace pydefrag
