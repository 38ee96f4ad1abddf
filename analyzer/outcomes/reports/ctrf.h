// Reads the Common Test Report Format. Entry point: ReadCtrf.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"

namespace pydefrag {

// One test at a time. The format has no place for collection errors and warnings.
TestRun ReadCtrf(ByteStream &bytes, TestIdResolver &ids);

} // namespace pydefrag
