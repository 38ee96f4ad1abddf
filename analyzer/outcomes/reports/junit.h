// Reads JUnit XML as pytest writes it (both families, 6 to 9) and as other producers do (nested
// suites, a <testsuite> as root). Entry point: ReadJUnitXml. The only user of expat.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"

namespace pydefrag {

// Streams: memory grows with the number of tests and their errors, not with captured output. A file
// that is cut off or not well formed gives what stood before that, and a problem.
TestRun ReadJUnitXml(ByteStream &bytes, TestIdResolver &ids);

} // namespace pydefrag
