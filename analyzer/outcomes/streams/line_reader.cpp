#include "outcomes/streams/line_reader.h"

namespace pydefrag {
namespace {
constexpr size_t kChunk = 256 * 1024;
}

// Appends one chunk; false at the end of the stream.
bool LineReader::Fill() {
  if (at_end_) {
    return false;
  }
  buffer_.erase(0, begin_);
  begin_ = 0;
  const size_t have = buffer_.size();
  buffer_.resize(have + kChunk);
  const size_t got = bytes_.Read(buffer_.data() + have, kChunk);
  buffer_.resize(have + got);
  at_end_ = got == 0;
  return got > 0;
}

bool LineReader::Next() {
  was_cut_ = false;
  size_t searched = 0;
  size_t newline = std::string::npos;
  while (true) {
    newline = buffer_.find('\n', begin_ + searched);
    if (newline != std::string::npos) {
      break;
    }
    searched = buffer_.size() - begin_;
    if (searched > max_line_) {
      // Keep the head, forget what follows it up to the line's end.
      was_cut_ = true;
      buffer_.resize(begin_ + max_line_);
      searched = max_line_;
    }
    if (!Fill()) {
      break;
    }
  }
  const bool has_end = newline != std::string::npos;
  if (!has_end && begin_ == buffer_.size()) {
    return false;
  }
  const size_t end = has_end ? newline : buffer_.size();
  line_ = llvm::StringRef(buffer_).slice(begin_, end);
  begin_ = has_end ? newline + 1 : end;
  if (line_.size() > max_line_) {
    was_cut_ = true;
    line_ = line_.take_front(max_line_);
  }
  line_.consume_back("\r");
  ++number_;
  return true;
}

} // namespace pydefrag
