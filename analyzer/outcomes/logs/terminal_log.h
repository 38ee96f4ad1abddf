// Reads what pytest prints on a terminal, as CI systems keep it: colours, time stamps and other
// tools' output around it. Entry point: ReadTerminalLog. Single lines are log_lines.h's business.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"

#include <vector>

namespace pydefrag {

// One run for each pytest session in the log; at least one, with a problem when no session was
// found. Streams: blocks of one failure are held, not the log.
std::vector<TestRun> ReadTerminalLog(ByteStream &bytes, TestIdResolver &ids);

} // namespace pydefrag
