#include "server/documents.h"

namespace pydefrag {

void Documents::Open(const std::string &path, std::string text, int64_t version) {
  open_[path] = {.text = std::move(text), .version = version};
}

bool Documents::Change(const std::string &path, const llvm::json::Array &changes, int64_t version,
                       PositionEncoding encoding) {
  const auto document = open_.find(path);
  if (document == open_.end()) {
    return false;
  }
  for (const llvm::json::Value &change : changes) {
    if (const llvm::json::Object *object = change.getAsObject()) {
      document->second.text = WithChange(std::move(document->second.text), *object, encoding);
    }
  }
  document->second.version = version;
  return true;
}

std::optional<std::string> Documents::TextOf(const std::string &path) const {
  const auto document = open_.find(path);
  return document == open_.end() ? std::nullopt : std::optional(document->second.text);
}

llvm::json::Value Documents::VersionOf(const std::string &path) const {
  const auto document = open_.find(path);
  return document == open_.end() ? llvm::json::Value(nullptr)
                                 : llvm::json::Value(document->second.version);
}

std::vector<MemoryFile> Documents::Buffers() const {
  std::vector<MemoryFile> buffers;
  for (const auto &[path, document] : open_) {
    buffers.push_back(*BufferOf(path));
  }
  return buffers;
}

// An editor sends UTF-8 whatever the file declares.
std::optional<MemoryFile> Documents::BufferOf(const std::string &path) const {
  const auto document = open_.find(path);
  if (document == open_.end()) {
    return std::nullopt;
  }
  const std::string &text = document->second.text;
  return MemoryFile{path, EncodeSource(text, text).value_or(text)};
}

} // namespace pydefrag
