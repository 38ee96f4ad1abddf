// The `tests` object of the JSON report: the forecast, and with reports of test runs everything
// that was joined. Entry point: WriteTests.
#pragma once

#include "join/joined.h"
#include "report/json/json_text.h"

namespace pydefrag {

// One object. Absent values are null, empty lists are left out.
void WriteTests(JsonWriter &json, const Joined &joined);

} // namespace pydefrag
