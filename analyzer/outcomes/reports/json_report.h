// Reads what pytest-json-report writes. Entry point: ReadJsonReport.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"

namespace pydefrag {

// One test at a time, so that a large document needs no more memory than its largest test. A
// document that breaks off gives what stood before that, and a problem.
TestRun ReadJsonReport(ByteStream &bytes, TestIdResolver &ids);

} // namespace pydefrag
