// Bytes read from front to back in bounded memory, for inputs that may be larger than that. Opened
// by Disk::Open; MakeMemoryStream serves tests and what is in memory anyway.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <memory>
#include <string>
#include <system_error>

namespace pydefrag {

class ByteStream {
public:
  virtual ~ByteStream() = default;

  // Fills up to `size` bytes of `into` and returns how many; 0 at the end and after a failure,
  // which error() then tells apart.
  virtual size_t Read(char *into, size_t size) = 0;
  // What went wrong, one line; empty when nothing did.
  virtual std::string error() const { return {}; }
};

// `bytes` must outlive the stream.
std::unique_ptr<ByteStream> MakeMemoryStream(llvm::StringRef bytes);
std::unique_ptr<ByteStream> MakeOwningStream(std::string bytes);

struct OpenedStream {
  std::unique_ptr<ByteStream> stream; // null when it could not be opened
  std::error_code error;
};

// The file at `path` on the machine's file system; pipes and devices too.
OpenedStream OpenFileStream(llvm::StringRef path);

} // namespace pydefrag
