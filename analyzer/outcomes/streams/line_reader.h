// Lines of a byte stream in bounded memory. Entry point: LineReader::Next.
#pragma once

#include "source/byte_stream.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace pydefrag {

class LineReader {
public:
  // Lines longer than `max_line` are cut; the rest of them is skipped. The stream must outlive
  // this.
  LineReader(ByteStream &bytes, size_t max_line) : bytes_(bytes), max_line_(max_line) {}

  // Moves to the next line; false at the end.
  bool Next();

  // Without its end (\n or \r\n). Valid until the next call of Next.
  llvm::StringRef line() const { return line_; }
  uint32_t number() const { return number_; } // 1-based
  bool was_cut() const { return was_cut_; }   // the current line was longer than allowed

private:
  bool Fill();

  ByteStream &bytes_;
  size_t max_line_;
  std::string buffer_;
  size_t begin_ = 0; // of what is not yet delivered
  llvm::StringRef line_;
  uint32_t number_ = 0;
  bool was_cut_ = false;
  bool at_end_ = false;
};

} // namespace pydefrag
