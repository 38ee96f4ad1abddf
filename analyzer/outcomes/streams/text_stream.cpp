#include "outcomes/streams/text_stream.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pydefrag {
namespace {

class Utf8Stream final : public ByteStream {
public:
  Utf8Stream(std::unique_ptr<ByteStream> bytes, ByteOrder order)
      : bytes_(std::move(bytes)), order_(order) {}

  size_t Read(char *into, size_t size) override {
    while (text_.size() - at_ == 0 && Fill()) {
    }
    const size_t count = std::min(size, text_.size() - at_);
    std::copy_n(text_.data() + at_, count, into);
    at_ += count;
    return count;
  }

  std::string error() const override { return bytes_->error(); }

private:
  // Converts one chunk; false at the end.
  bool Fill() {
    text_.clear();
    at_ = 0;
    std::array<char, 32768> chunk;
    const size_t got = bytes_->Read(chunk.data(), chunk.size());
    for (size_t i = 0; i < got; ++i) {
      if (!has_half_) {
        half_ = static_cast<unsigned char>(chunk[i]);
        has_half_ = true;
        continue;
      }
      has_half_ = false;
      const uint32_t second = static_cast<unsigned char>(chunk[i]);
      Unit(order_ == ByteOrder::Little ? half_ | second << 8 : half_ << 8 | second);
    }
    return got > 0;
  }

  void Unit(uint32_t unit) {
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
      return;
    }
    uint32_t scalar = unit;
    if (unit >= 0xDC00 && unit < 0xE000) {
      scalar = high_ == 0 ? 0xFFFD : 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00);
    }
    high_ = 0;
    Append(scalar);
  }

  void Append(uint32_t scalar) {
    const auto tail = [&](unsigned shift) {
      text_ += static_cast<char>(0x80 | ((scalar >> shift) & 0x3F));
    };
    if (scalar < 0x80) {
      text_ += static_cast<char>(scalar);
    } else if (scalar < 0x800) {
      text_ += static_cast<char>(0xC0 | (scalar >> 6));
      tail(0);
    } else if (scalar < 0x10000) {
      text_ += static_cast<char>(0xE0 | (scalar >> 12));
      tail(6);
      tail(0);
    } else {
      text_ += static_cast<char>(0xF0 | (scalar >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::unique_ptr<ByteStream> bytes_;
  ByteOrder order_;
  std::string text_;
  size_t at_ = 0;
  uint32_t half_ = 0; // the first byte of a unit
  uint32_t high_ = 0; // the first of two surrogates, or 0
  bool has_half_ = false;
};

} // namespace

PeekStream::PeekStream(std::unique_ptr<ByteStream> bytes) : bytes_(std::move(bytes)) {}

llvm::StringRef PeekStream::Peek(size_t size) {
  while (head_.size() < size) {
    const size_t have = head_.size();
    head_.resize(size);
    const size_t got = bytes_->Read(head_.data() + have, size - have);
    head_.resize(have + got);
    if (got == 0) {
      break;
    }
  }
  return llvm::StringRef(head_).take_front(size);
}

size_t PeekStream::Read(char *into, size_t size) {
  if (delivered_ < head_.size()) {
    const size_t count = std::min(size, head_.size() - delivered_);
    std::copy_n(head_.data() + delivered_, count, into);
    delivered_ += count;
    return count;
  }
  return bytes_->Read(into, size);
}

std::unique_ptr<ByteStream> MakeUtf8Stream(std::unique_ptr<ByteStream> bytes, ByteOrder order) {
  return std::make_unique<Utf8Stream>(std::move(bytes), order);
}

} // namespace pydefrag
