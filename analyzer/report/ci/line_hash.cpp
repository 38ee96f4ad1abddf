// A rolling polynomial hash over the UTF-16 units of a hundred characters from a line's start,
// blanks left out; behind it how many lines with this hash have come so far.
#include "report/ci/line_hash.h"

#include "base/check.h"
#include "source/utf8.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

namespace pydefrag {

namespace {

constexpr size_t kWindow = 100;
constexpr uint64_t kFactor = 37; // powers of it wrap around at 64 bits
constexpr uint16_t kEndOfFile = 65535;
constexpr uint16_t kReplacement = 0xFFFD;

constexpr uint64_t PowerOfWindow() {
  uint64_t power = 1;
  for (size_t i = 0; i < kWindow; ++i) {
    power *= kFactor;
  }
  return power;
}

class LineHasher {
public:
  explicit LineHasher(llvm::ArrayRef<uint32_t> wanted) : wanted_(wanted), hashes_(wanted.size()) {}

  void Add(uint16_t unit);
  std::vector<std::string> Finish();

private:
  void Roll(uint16_t unit);
  void Output();

  llvm::ArrayRef<uint32_t> wanted_;
  std::vector<std::string> hashes_;
  size_t next_ = 0; // index into wanted_
  std::array<uint16_t, kWindow> window_{};
  std::array<uint32_t, kWindow> lines_{}; // the line that starts at this place of the window, or 0
  size_t at_ = 0;
  uint64_t hash_ = 0;
  uint32_t line_ = 0;
  bool line_start_ = true;
  bool after_cr_ = false;
  std::unordered_map<uint64_t, uint32_t> seen_;
};

} // namespace

// The window has gone once round since the line at its place began: its hash is complete.
void LineHasher::Output() {
  const uint32_t line = lines_[at_];
  if (line == 0) {
    return;
  }
  lines_[at_] = 0;
  const uint32_t occurrence = ++seen_[hash_];
  while (next_ < wanted_.size() && wanted_[next_] == line) {
    hashes_[next_++] = llvm::utohexstr(hash_, true) + ":" + llvm::utostr(occurrence);
  }
}

void LineHasher::Roll(uint16_t unit) {
  constexpr uint64_t oldest = PowerOfWindow();
  hash_ = kFactor * hash_ + unit - oldest * window_[at_];
  window_[at_] = unit;
  at_ = (at_ + 1) % kWindow;
}

void LineHasher::Add(uint16_t unit) {
  if (unit == ' ' || unit == '\t' || (after_cr_ && unit == '\n')) {
    after_cr_ = false;
    return;
  }
  after_cr_ = unit == '\r';
  if (unit == '\r') {
    unit = '\n';
  }
  Output();
  if (line_start_) {
    lines_[at_] = ++line_;
  }
  line_start_ = unit == '\n';
  Roll(unit);
}

std::vector<std::string> LineHasher::Finish() {
  Add(kEndOfFile);
  for (size_t i = 0; i < kWindow; ++i) {
    Output();
    Roll(0);
  }
  return std::move(hashes_);
}

// `text` is well-formed UTF-8.
static void AddText(LineHasher &hasher, llvm::StringRef text) {
  const auto *at = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  const auto *const end = reinterpret_cast<const llvm::UTF8 *>(text.end());
  while (at < end) {
    if (*at < 0x80) {
      hasher.Add(*at++);
      continue;
    }
    llvm::UTF32 scalar = 0;
    const bool good =
        llvm::convertUTF8Sequence(&at, end, &scalar, llvm::strictConversion) == llvm::conversionOK;
    PD_CHECK(good);
    if (scalar >= 0x10000) {
      hasher.Add(static_cast<uint16_t>(0xD800 + ((scalar - 0x10000) >> 10)));
      scalar = 0xDC00 + ((scalar - 0x10000) & 0x3FF);
    }
    hasher.Add(static_cast<uint16_t>(scalar));
  }
}

std::vector<std::string> LineHashes(llvm::StringRef bytes, llvm::ArrayRef<uint32_t> wanted) {
  LineHasher hasher(wanted);
  size_t from = 0;
  while (from < bytes.size()) {
    const Utf8Error error = FindInvalidUtf8(bytes, from);
    AddText(hasher, bytes.slice(from, error.offset));
    if (error.offset == llvm::StringRef::npos) {
      break;
    }
    hasher.Add(kReplacement);
    from = error.offset + error.length;
  }
  return hasher.Finish();
}

void FileHashes::Load(const Disk &disk, llvm::StringRef path, std::vector<uint32_t> lines) {
  lines_ = std::move(lines);
  hashes_.clear();
  llvm::SmallVector<char, 0> bytes;
  if (!disk.Read(path, std::numeric_limits<uint32_t>::max(), bytes)) {
    hashes_ = LineHashes({bytes.data(), bytes.size()}, lines_);
  }
}

llvm::StringRef FileHashes::Of(uint32_t line) const {
  const auto at = std::lower_bound(lines_.begin(), lines_.end(), line);
  const size_t index = static_cast<size_t>(at - lines_.begin());
  const bool known = at != lines_.end() && *at == line && index < hashes_.size();
  return known ? llvm::StringRef(hashes_[index]) : llvm::StringRef();
}

} // namespace pydefrag
