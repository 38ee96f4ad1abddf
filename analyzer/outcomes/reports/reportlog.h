// Reads pytest-reportlog's JSON lines. Entry point: ReadReportLog.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"

namespace pydefrag {

// Line by line; a line that is not understood is left out and counted in a problem. A log without a
// final SessionFinish comes from a run that was cut off, and is marked so.
TestRun ReadReportLog(ByteStream &bytes, TestIdResolver &ids);

} // namespace pydefrag
