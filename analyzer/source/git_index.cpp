#include "source/git_index.h"

#include "llvm/Support/Endian.h"

#include <algorithm>
#include <optional>

namespace pydefrag {
namespace {

constexpr size_t kHeader = 12;
constexpr size_t kFixed = 62;          // times, mode, size, the object's name, flags
constexpr uint16_t kExtended = 0x4000; // two more bytes of flags follow

class IndexReader {
public:
  explicit IndexReader(llvm::StringRef bytes) : bytes_(bytes) {}

  std::vector<std::string> Run() {
    std::vector<std::string> paths;
    if (bytes_.size() < kHeader || !bytes_.starts_with("DIRC")) {
      return paths;
    }
    version_ = Word(4);
    const uint32_t count = Word(8);
    if (version_ < 2 || version_ > 4 || count > bytes_.size() / kFixed) {
      return paths;
    }
    paths.reserve(count);
    at_ = kHeader;
    for (uint32_t i = 0; i < count; ++i) {
      std::optional<std::string> path = Next(paths.empty() ? llvm::StringRef() : paths.back());
      if (!path) {
        return {};
      }
      paths.push_back(std::move(*path));
    }
    if (!std::is_sorted(paths.begin(), paths.end())) {
      return {}; // object names of another length: what was read is noise
    }
    return paths;
  }

private:
  uint32_t Word(size_t at) const { return llvm::support::endian::read32be(bytes_.data() + at); }

  std::optional<std::string> Next(llvm::StringRef previous) {
    const size_t begin = at_;
    if (begin + kFixed > bytes_.size()) {
      return std::nullopt;
    }
    const uint16_t flags = llvm::support::endian::read16be(bytes_.data() + begin + kFixed - 2);
    at_ += kFixed + ((flags & kExtended) != 0 ? 2 : 0);
    std::string path;
    if (version_ == 4) {
      const std::optional<size_t> removed = Varint();
      if (!removed || *removed > previous.size()) {
        return std::nullopt;
      }
      path = previous.drop_back(*removed).str();
    }
    const size_t end = bytes_.find('\0', at_);
    if (end == llvm::StringRef::npos) {
      return std::nullopt;
    }
    path += bytes_.slice(at_, end);
    // Before version 4 an entry is padded with 1 to 8 NULs to a multiple of 8 bytes.
    at_ = version_ == 4 ? end + 1 : begin + (end - begin) / 8 * 8 + 8;
    return path;
  }

  // Seven bits a byte, the high bit says that more follow; each step adds one, as in pack offsets.
  std::optional<size_t> Varint() {
    size_t value = 0;
    for (bool first = true; at_ < bytes_.size(); first = false) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value = ((first ? 0 : value + 1) << 7) | (byte & 0x7fu);
      if ((byte & 0x80u) == 0) {
        return value;
      }
      if (value > bytes_.size()) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  llvm::StringRef bytes_;
  size_t at_ = 0;
  uint32_t version_ = 0;
};

} // namespace

std::vector<std::string> ReadGitIndex(llvm::StringRef bytes) {
  return IndexReader(bytes).Run();
}

} // namespace pydefrag
