#include "base/near_names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <numeric>

namespace pydefrag {

// So many questions are answered by looking at every name.
static constexpr unsigned kFewQuestions = 16;
// The number of rests grows with the square of the length, so they are those of the last letters.
// These are as good: what is more or less of them than of the other's comes off at the front.
static constexpr size_t kLastLetters = 16;

// Hashes of the text's last letters without up to two of them. Equal rests may be visited twice.
static void ForRests(llvm::StringRef text, llvm::function_ref<void(uint64_t hash)> visit) {
  const std::string lower = text.take_back(kLastLetters).lower();
  llvm::SmallString<64> rest;
  auto without = [&](size_t i, size_t k) {
    rest = llvm::StringRef(lower).take_front(i);
    rest += llvm::StringRef(lower).slice(i + 1, k);
    rest += llvm::StringRef(lower).substr(std::min(k + 1, lower.size()));
    visit(llvm::xxh3_64bits(rest));
  };
  visit(llvm::xxh3_64bits(llvm::StringRef(lower)));
  for (size_t i = 0; i < lower.size(); ++i) {
    without(i, lower.size());
    for (size_t k = i + 1; k < lower.size(); ++k) {
      without(i, k);
    }
  }
}

void NearNames::Index() {
  for (uint32_t i = 0; i < names_.size(); ++i) {
    ForRests(names_[i], [&](uint64_t hash) { rests_.push_back({hash, i}); });
  }
  llvm::sort(rests_);
  rests_.erase(std::unique(rests_.begin(), rests_.end()), rests_.end());
}

// Indices, ascending.
std::vector<size_t> NearNames::Candidates(llvm::StringRef wanted) {
  std::vector<size_t> candidates;
  if (++questions_ <= kFewQuestions) {
    candidates.resize(names_.size());
    std::iota(candidates.begin(), candidates.end(), size_t{0});
    return candidates;
  }
  if (rests_.empty()) {
    Index();
  }
  ForRests(wanted, [&](uint64_t hash) {
    for (auto rest = llvm::lower_bound(rests_, std::pair(hash, uint32_t{0}));
         rest != rests_.end() && rest->first == hash; ++rest) {
      candidates.push_back(rest->second);
    }
  });
  llvm::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

std::vector<NearNames::Near> NearNames::Find(llvm::StringRef wanted, unsigned edits) {
  const unsigned most = std::min(edits, kMostEdits);
  std::vector<Near> near;
  for (size_t index : Candidates(wanted)) {
    const llvm::StringRef name = names_[index];
    const unsigned distance = name != wanted && name.equals_insensitive(wanted)
                                  ? 1
                                  : wanted.edit_distance(name, true, most + 1);
    if (distance <= most) {
      near.push_back({distance, index});
    }
  }
  llvm::stable_sort(near, [](const Near &a, const Near &b) { return a.edits < b.edits; });
  return near;
}

} // namespace pydefrag
