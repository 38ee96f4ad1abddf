// Documents: the files that are open in the editor, with their unsaved text.
#pragma once

#include "server/editor_text.h"
#include "source/disk.h"

#include "llvm/ADT/StringRef.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

class Documents {
public:
  void Open(const std::string &path, std::string text, int64_t version);
  // False when the document is not open.
  bool Change(const std::string &path, const llvm::json::Array &changes, int64_t version,
              PositionEncoding encoding);
  void Close(const std::string &path) { open_.erase(path); }
  // Nothing when the document is not open.
  std::optional<std::string> TextOf(const std::string &path) const;

  // Null when the document is not open: then the disk has the text.
  llvm::json::Value VersionOf(const std::string &path) const;
  std::vector<MemoryFile> Buffers() const;
  // The same of one file; nothing when it is not open.
  std::optional<MemoryFile> BufferOf(const std::string &path) const;

private:
  struct Document {
    std::string text;
    int64_t version = 0;
  };
  std::map<std::string, Document> open_; // by absolute path
};

} // namespace pydefrag
