// A forward walk over the events of a text (events.h). Those of some KB are found at once, into a
// buffer of the cursor's own. Used by the line lexer only.
#pragma once

#include "scan/lines/events.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pydefrag {

class EventCursor {
public:
  EventCursor(llvm::StringRef text, SimdLevel level) : text_(text), level_(level) { Fill(); }
  EventCursor(const EventCursor &) = delete;
  EventCursor &operator=(const EventCursor &) = delete;

  bool saw_nul() const { return saw_nul_; } // so far

  // The next event, which stays the next one; the size of the text behind the last.
  size_t Peek() {
    if (next_ == end_) [[unlikely]] {
      Fill();
    }
    return *next_;
  }

  // The same, and goes on to the one behind it.
  size_t Take() {
    const size_t at = Peek();
    ++next_;
    return at;
  }

  // Events before `at` are done with.
  void SkipTo(size_t at) {
    while (Peek() < at) {
      ++next_;
    }
  }

private:
  static constexpr size_t kWindowBlocks = 64;

  // Finds the next events; the end of the text stands for one, again and again.
  void Fill() {
    end_ = window_.data();
    next_ = end_;
    while (next_ == end_) {
      FillOnce();
    }
  }

  // The last block, which may be empty, is looked at in a padded copy, since a byte behind it is
  // needed.
  void FillOnce() {
    const size_t rest = text_.size() - found_;
    if (rest > kBlockBytes) {
      Find(text_.data() + found_, std::min((rest - 1) / kBlockBytes, kWindowBlocks));
      return;
    }
    std::array<char, kBlockBytes + 1> last;
    last.fill(' ');
    std::memcpy(last.data(), text_.data() + found_, rest);
    Find(last.data(), 1);
    found_ = text_.size();
    *end_++ = static_cast<uint32_t>(found_);
  }

  void Find(const char *bytes, size_t blocks) {
    const FoundEvents found =
        FindEvents(bytes, blocks, static_cast<uint32_t>(found_), end_, level_);
    end_ = found.end;
    saw_nul_ |= found.saw_nul;
    found_ += blocks * kBlockBytes;
  }

  llvm::StringRef text_;
  SimdLevel level_;
  bool saw_nul_ = false;
  size_t found_ = 0;               // events are known up to this byte
  const uint32_t *next_ = nullptr; // in `window_`
  uint32_t *end_ = nullptr;        // of those known
  std::array<uint32_t, kWindowBlocks * kBlockBytes + kSpareEvents> window_;
};

} // namespace pydefrag
