#include "outcomes/streams/gzip.h"

#include <array>
#include <limits>
#include <utility>
#include <zlib.h>

namespace pydefrag {
namespace {

class GunzipStream final : public ByteStream {
public:
  explicit GunzipStream(std::unique_ptr<ByteStream> compressed)
      : compressed_(std::move(compressed)) {
    // 15: the largest window; +16: a gzip header is expected.
    ready_ = inflateInit2(&state_, 15 + 16) == Z_OK;
    if (!ready_) {
      error_ = "the decompressor could not start";
    }
  }
  ~GunzipStream() override { inflateEnd(&state_); }
  GunzipStream(const GunzipStream &) = delete;
  GunzipStream &operator=(const GunzipStream &) = delete;

  size_t Read(char *into, size_t size) override {
    if (!ready_ || size == 0) {
      return 0;
    }
    const size_t wanted = std::min<size_t>(size, std::numeric_limits<uInt>::max());
    state_.next_out = reinterpret_cast<Bytef *>(into);
    state_.avail_out = static_cast<uInt>(wanted);
    while (state_.avail_out == wanted && Step()) {
    }
    return wanted - state_.avail_out;
  }

  std::string error() const override {
    const std::string below = compressed_->error();
    return below.empty() ? error_ : below;
  }

private:
  // Inflates some input; false when nothing more will come.
  bool Step() {
    if (state_.avail_in == 0) {
      const size_t got = compressed_->Read(reinterpret_cast<char *>(input_.data()), input_.size());
      state_.next_in = input_.data();
      state_.avail_in = static_cast<uInt>(got);
      if (got == 0) {
        return End(between_members_ ? "" : "the compressed data ends in the middle");
      }
    }
    const int status = inflate(&state_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      between_members_ = true;
      return inflateReset(&state_) == Z_OK;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) {
      // Zero padding after the last member is harmless.
      return End(between_members_ ? "" : "the compressed data is damaged");
    }
    between_members_ = false;
    return true;
  }

  bool End(const char *why) {
    ready_ = false;
    error_ = why;
    return false;
  }

  std::unique_ptr<ByteStream> compressed_;
  std::array<Bytef, 65536> input_{};
  z_stream state_{};
  std::string error_;
  bool ready_ = false;
  bool between_members_ = false;
};

} // namespace

std::unique_ptr<ByteStream> MakeGunzipStream(std::unique_ptr<ByteStream> compressed) {
  return std::make_unique<GunzipStream>(std::move(compressed));
}

} // namespace pydefrag
