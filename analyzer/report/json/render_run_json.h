// The `run` object of the JSON report: which test run the outcomes come from. Entry point:
// WriteRunHeader.
#pragma once

#include "join/joined.h"
#include "report/json/json_text.h"

namespace pydefrag {

// The key and one object. What no source recorded is null.
void WriteRunHeader(JsonWriter &json, const RunHeader &run);

} // namespace pydefrag
