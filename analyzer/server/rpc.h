// JSON-RPC 2.0 over a byte stream with Content-Length headers, as LSP has it. Entry points:
// MessageReader, WriteMessage. Knows no methods.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>

namespace pydefrag {

// Puts bytes together to messages.
class MessageReader {
public:
  void Add(llvm::StringRef bytes) { buffer_ += bytes; }
  // The next whole message; nothing when more bytes are needed. One that is no JSON gives null.
  std::optional<llvm::json::Value> Next();

private:
  std::string buffer_;
};

void WriteMessage(llvm::raw_ostream &os, const llvm::json::Value &message);

enum class RpcError : int {
  MethodNotFound = -32601,
  InvalidRequest = -32600,
  NotInitialized = -32002,
  RequestCancelled = -32800,
};

llvm::json::Value ResponseOf(const llvm::json::Value &id, llvm::json::Value result);
llvm::json::Value ErrorOf(const llvm::json::Value &id, RpcError code, llvm::StringRef message);
llvm::json::Value NotificationOf(llvm::StringRef method, llvm::json::Value params);

} // namespace pydefrag
