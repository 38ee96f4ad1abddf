// One file's text as rendering and fixing need it, and the decoding of Python sources (PEP 263).
// The scanner does not keep texts: they are loaded again for the few files that are shown.
#pragma once

#include "source/disk.h"
#include "source/span.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// How a source is encoded: BOM or PEP 263 cookie (line 1, or line 2 after a blank or comment line).
struct EncodingDecl {
  std::string name;         // normalised as CPython does: "utf-8", "latin-1", "shift_jis"...
  uint32_t cookie_line = 0; // 1-based line of the cookie; 0 when there is none
  bool bom = false;
};
EncodingDecl DetectEncoding(llvm::StringRef bytes);

enum class DecodeStatus : uint8_t {
  Ok,
  Unknown /* no such encoding */,
  Invalid /* bad bytes */,
  Nul
};

struct Decoded {
  DecodeStatus status = DecodeStatus::Ok;
  bool converted = false; // `text` holds UTF-8 made from another encoding; else use the bytes
  std::string text;
  uint32_t bad_offset = 0; // Invalid, Nul: byte offset in the input
  std::string message;     // not Ok: what CPython would say, lower case
};
// UTF-8 (BOM taken off by offset, not here), latin-1, cp125x, shift_jis, euc_jp, gbk, koi8-r...
Decoded DecodeSource(llvm::StringRef bytes);

// `text` in the encoding of `original`, the bytes that it was decoded from before it was edited.
// Nothing when it cannot be written in that encoding.
std::optional<std::string> EncodeSource(llvm::StringRef text, llvm::StringRef original);

struct LineColumn {
  uint32_t line = 1;   // 1-based
  uint32_t column = 1; // 1-based, in Unicode scalars
};

// A loaded text with its line starts. Line ends are \n, \r\n and \r.
class SourceText {
public:
  explicit SourceText(std::string text);
  llvm::StringRef text() const { return text_; }
  LineColumn At(uint32_t offset) const;
  uint32_t LineOf(uint32_t offset) const;    // 1-based
  llvm::StringRef Line(uint32_t line) const; // without its end; empty past the last
  uint32_t LineBegin(uint32_t line) const;
  uint32_t line_count() const { return static_cast<uint32_t>(starts_.size()); }

private:
  std::string text_;
  std::vector<uint32_t> starts_;
};

// Reads and decodes `path`; nothing when it can no longer be read.
std::optional<SourceText> LoadSource(const Disk &disk, llvm::StringRef path);

} // namespace pydefrag
