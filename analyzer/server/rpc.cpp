#include "server/rpc.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// The length that the headers tell; nothing when they do not.
static std::optional<size_t> LengthIn(llvm::StringRef headers) {
  while (!headers.empty()) {
    const auto [line, rest] = headers.split("\r\n");
    const auto [name, value] = line.split(':');
    size_t length = 0;
    if (name.trim().equals_insensitive("content-length") &&
        !value.trim().getAsInteger(10, length)) {
      return length;
    }
    headers = rest;
  }
  return std::nullopt;
}

std::optional<llvm::json::Value> MessageReader::Next() {
  const size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    return std::nullopt;
  }
  const std::optional<size_t> length = LengthIn(llvm::StringRef(buffer_).take_front(end));
  if (!length) { // nothing can be made of these headers: they are skipped
    buffer_.erase(0, end + 4);
    return llvm::json::Value(nullptr);
  }
  if (buffer_.size() < end + 4 + *length) {
    return std::nullopt;
  }
  llvm::Expected<llvm::json::Value> value =
      llvm::json::parse(llvm::StringRef(buffer_).substr(end + 4, *length));
  buffer_.erase(0, end + 4 + *length);
  if (!value) {
    llvm::consumeError(value.takeError());
    return llvm::json::Value(nullptr);
  }
  return std::move(*value);
}

void WriteMessage(llvm::raw_ostream &os, const llvm::json::Value &message) {
  std::string text;
  llvm::raw_string_ostream(text) << message;
  os << "Content-Length: " << text.size() << "\r\n\r\n" << text;
  os.flush();
}

llvm::json::Value ResponseOf(const llvm::json::Value &id, llvm::json::Value result) {
  return llvm::json::Object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

llvm::json::Value ErrorOf(const llvm::json::Value &id, RpcError code, llvm::StringRef message) {
  return llvm::json::Object{
      {"jsonrpc", "2.0"},
      {"id", id},
      {"error", llvm::json::Object{{"code", static_cast<int>(code)}, {"message", message}}}};
}

llvm::json::Value NotificationOf(llvm::StringRef method, llvm::json::Value params) {
  return llvm::json::Object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

} // namespace pydefrag
