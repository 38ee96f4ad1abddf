// Line starts and positions in one text, and loading it again for rendering.
// Encodings are in encoding.cpp.
#include "source/source_file.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace pydefrag {

constexpr uint64_t kLargestText = 0xfffffff0u; // offsets are 32 bits

SourceText::SourceText(std::string text) : text_(std::move(text)) {
  starts_.push_back(0);
  if (text_.find('\r') == std::string::npos) {
    for (size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1)) {
      starts_.push_back(static_cast<uint32_t>(i + 1));
    }
    return;
  }
  for (size_t i = 0; i < text_.size(); ++i) {
    const bool crlf = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
    if (text_[i] == '\n' || (text_[i] == '\r' && !crlf)) {
      starts_.push_back(static_cast<uint32_t>(i + 1));
    }
  }
}

uint32_t SourceText::LineOf(uint32_t offset) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<uint32_t>(next - starts_.begin());
}

uint32_t SourceText::LineBegin(uint32_t line) const {
  if (line == 0 || line > starts_.size()) {
    return static_cast<uint32_t>(text_.size());
  }
  return starts_[line - 1];
}

LineColumn SourceText::At(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const uint32_t line = LineOf(offset);
  uint32_t begin = starts_[line - 1];
  // A byte order mark is not a column of the first line.
  if (line == 1 && offset >= 3 && llvm::StringRef(text_).starts_with("\xEF\xBB\xBF")) {
    begin = 3;
  }
  uint32_t column = 1;
  for (uint32_t i = begin; i < offset; ++i) {
    column += (static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80 ? 1 : 0;
  }
  return LineColumn{.line = line, .column = column};
}

llvm::StringRef SourceText::Line(uint32_t line) const {
  if (line == 0 || line > starts_.size()) {
    return {};
  }
  const size_t end = line < starts_.size() ? starts_[line] : text_.size();
  return llvm::StringRef(text_).slice(starts_[line - 1], end).rtrim("\r\n");
}

std::optional<SourceText> LoadSource(const Disk &disk, llvm::StringRef path) {
  llvm::SmallVector<char, 0> bytes;
  if (disk.Read(path, kLargestText, bytes)) {
    return std::nullopt;
  }
  const llvm::StringRef view(bytes.data(), bytes.size());
  Decoded decoded = DecodeSource(view);
  return SourceText(decoded.converted ? std::move(decoded.text) : view.str());
}

} // namespace pydefrag
