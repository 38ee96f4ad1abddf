// Serve: the language server's loop over a byte stream. Messages that wait are all read before the
// next one is answered, so that a request that was cancelled meanwhile is not worked on; the
// project is analysed again when the client has been silent for a moment, or asks something.
#pragma once

#include "server/workspace.h"

#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <optional>
#include <string>

namespace pydefrag {

struct ServerStreams {
  // Bytes as soon as there are any: "" when `milliseconds` (-1: for ever) have passed without one,
  // nothing at the end of the stream.
  std::function<std::optional<std::string>(int milliseconds)> read;
  llvm::raw_ostream *out = nullptr;
  std::string version; // the program's own
};

// Until the client says `exit` or hangs up. Returns the exit status.
int Serve(const ServerStreams &streams, Workspace &workspace);

} // namespace pydefrag
