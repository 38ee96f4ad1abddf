// Streams in front of the readers: looking ahead, and UTF-16 made UTF-8. Entry points: PeekStream,
// MakeUtf8Stream.
#pragma once

#include "source/byte_stream.h"

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace pydefrag {

// A stream whose first bytes can be looked at before they are read.
class PeekStream final : public ByteStream {
public:
  explicit PeekStream(std::unique_ptr<ByteStream> bytes);

  // Up to `size` bytes from the beginning; only before the first Read.
  llvm::StringRef Peek(size_t size);
  size_t Read(char *into, size_t size) override;
  std::string error() const override { return bytes_->error(); }

private:
  std::unique_ptr<ByteStream> bytes_;
  std::string head_;
  size_t delivered_ = 0;
};

enum class ByteOrder : uint8_t { Little, Big };

// UTF-8 of a UTF-16 text without its byte order mark, as PowerShell writes what it is piped.
std::unique_ptr<ByteStream> MakeUtf8Stream(std::unique_ptr<ByteStream> bytes, ByteOrder order);

} // namespace pydefrag
