// A forward walk over a text by its byte masks (byte_masks.h), one block of 64 bytes at a time. The
// masks of some KB are made at once, into a buffer of the cursor's own. Used by the line lexer
// only.
#pragma once

#include "scan/byte_masks.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace pydefrag {

class BlockCursor {
public:
  BlockCursor(llvm::StringRef text, SimdLevel level) : text_(text), level_(level) { Fill(); }

  bool saw_nul() const { return saw_nul_; } // so far

  // The next event behind those taken, or the size of the text.
  size_t TakeEvent() {
    while (events_ == 0) {
      if (!Advance()) {
        return text_.size();
      }
      events_ = masks_->events;
    }
    size_t at = base_ + LowestBit(events_);
    events_ &= events_ - 1;
    return at;
  }

  // Events before `at` are done with.
  void Seek(size_t at) {
    AdvanceTo(at);
    events_ = masks_->events & From(at);
  }

  // These find the next such byte at or behind `from`, or the size of the text. Events up to there
  // are not taken: Seek before the next TakeEvent.
  size_t FindNonspace(size_t from) {
    return Find(from, [](const ByteMasks &masks) { return masks.nonspace; });
  }
  size_t FindLineBreak(size_t from) {
    return Find(from, [](const ByteMasks &masks) { return masks.newlines; });
  }
  // A quote or a backslash.
  size_t FindStringStop(size_t from) {
    return Find(from, [](const ByteMasks &masks) { return masks.string_stops; });
  }
  size_t FindStringStopOrLineBreak(size_t from) {
    return Find(from, [](const ByteMasks &masks) { return masks.string_stops | masks.newlines; });
  }

private:
  static constexpr size_t kWindowBlocks = 64;

  static size_t LowestBit(uint64_t mask) { return static_cast<size_t>(std::countr_zero(mask)); }
  uint64_t From(size_t at) const { return ~uint64_t{0} << (at - base_); }

  template <typename Pick> size_t Find(size_t from, Pick pick) {
    AdvanceTo(from);
    uint64_t found = pick(*masks_) & From(from);
    while (found == 0) {
      if (!Advance()) {
        return text_.size();
      }
      found = pick(*masks_);
    }
    return base_ + LowestBit(found);
  }

  // Moves to the next block; false at the end of the text.
  bool Advance() {
    if (masks_ == last_) [[unlikely]] {
      return AdvanceWindow();
    }
    base_ += kBlockBytes;
    ++masks_;
    return true;
  }

  // The same, from the last block of the window. Only there may the text end.
  bool AdvanceWindow() {
    if (base_ + kBlockBytes > text_.size()) {
      return false;
    }
    base_ += kBlockBytes;
    Fill();
    return true;
  }

  // Moves to the block of `at`, which is at or behind the current one.
  void AdvanceTo(size_t at) {
    while (at - base_ >= kBlockBytes) {
      Advance();
    }
  }

  // Classifies the blocks from `base_` on. The last block, which may be empty, is classified in a
  // padded copy, since the masks need a byte behind it.
  void Fill() {
    size_t rest = text_.size() - base_;
    size_t whole = std::min(rest > 0 ? (rest - 1) / kBlockBytes : 0, kWindowBlocks);
    masks_ = window_.data();
    last_ = masks_ + std::max<size_t>(whole, 1) - 1;
    if (whole > 0) {
      saw_nul_ |= ClassifyBlocks(text_.data() + base_, whole, window_.data(), level_);
      return;
    }
    std::array<char, kBlockBytes + 1> last;
    last.fill(' ');
    std::memcpy(last.data(), text_.data() + base_, rest);
    saw_nul_ |= ClassifyBlocks(last.data(), 1, window_.data(), level_);
  }

  llvm::StringRef text_;
  SimdLevel level_;
  uint64_t events_ = 0;              // those of the current block that are still to come
  size_t base_ = 0;                  // offset of the current block
  const ByteMasks *masks_ = nullptr; // of the current block, in `window_`
  const ByteMasks *last_ = nullptr;  // of the window's last block
  bool saw_nul_ = false;
  std::array<ByteMasks, kWindowBlocks> window_;
};

} // namespace pydefrag
