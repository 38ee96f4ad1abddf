// Order and fingerprints of findings. The fingerprint leaves out everything that moves when lines
// are added above a finding, so that baselines and code hosts recognise it again.
#include "check/finding.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {

bool FindingBefore(const Finding &a, const Finding &b) {
  auto key = [](const Finding &f) {
    return std::tie(f.where.file, f.where.span.begin, f.code, f.where.span.end, f.message,
                    f.spelled);
  };
  return key(a) < key(b);
}

// What the fingerprint is made of, without the ordinal. NUL cannot stand in any of the parts.
static llvm::SmallString<128> KeyOf(const Finding &finding) {
  llvm::SmallString<128> key;
  for (const std::string *part :
       {&finding.code, &finding.module, &finding.scope, &finding.spelled}) {
    key += *part;
    key.push_back('\0');
  }
  for (const std::string &symbol : finding.symbols) {
    key += symbol;
    key.push_back('\0');
  }
  return key;
}

void FinishFindings(std::vector<Finding> &findings) {
  std::stable_sort(findings.begin(), findings.end(), FindingBefore);
  llvm::StringMap<uint32_t> seen;
  for (Finding &finding : findings) {
    llvm::SmallString<128> key = KeyOf(finding);
    const uint32_t ordinal = seen[key]++;
    key += llvm::utostr(ordinal);
    finding.id = llvm::utohexstr(llvm::xxh3_64bits(key), true, 16);
  }
}

} // namespace pydefrag
