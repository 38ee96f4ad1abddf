#include "join/reason_key.h"

#include "join/failures.h"
#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

namespace pydefrag {
namespace {

bool IsHexByte(char c) {
  return llvm::isHexDigit(c) || c == 'x' || c == '-';
}

// The length of a token that differs from run to run at the start of `text`; 0: none.
size_t VariableLength(llvm::StringRef text) {
  const size_t digits = text.take_while([](char c) { return llvm::isDigit(c); }).size();
  const llvm::StringRef hex = text.take_while(IsHexByte);
  const bool mixed = hex.find_first_of("0123456789") != llvm::StringRef::npos;
  if (text.starts_with("0x") || (hex.size() >= 8 && mixed)) {
    return hex.size();
  }
  return digits;
}

} // namespace

std::string MaskReason(llvm::StringRef message) {
  std::string masked;
  for (size_t i = 0; i < message.size();) {
    const llvm::StringRef rest = message.drop_front(i);
    if (rest.starts_with("/tmp/") || rest.starts_with("/var/folders/")) {
      i += rest.take_until([](char c) { return c == '\'' || c == '"' || llvm::isSpace(c); }).size();
      masked += '%';
      continue;
    }
    const bool word_before = i > 0 && (llvm::isAlnum(message[i - 1]) || message[i - 1] == '_');
    const size_t length = word_before && !llvm::isDigit(rest.front()) ? 0 : VariableLength(rest);
    if (length > 0) {
      masked += '%';
      i += length;
      continue;
    }
    masked += message[i++];
  }
  return masked;
}

std::string ReasonKey(const ErrorSegment &segment) {
  const PythonError error = ClassifyError(segment);
  if (IsImportRule(error.rule) && !error.module.empty()) {
    std::string key = ErrorRuleName(error.rule) + (":" + error.module).str();
    return error.name.empty() ? key : key + ":" + error.name.str();
  }
  const Place site = SiteOf(segment);
  const llvm::StringRef first = llvm::StringRef(segment.message).split('\n').first;
  const std::string text = BareType(segment.type).str() + "\n" + MaskReason(first) + "\n" +
                           site.path + ":" + std::to_string(site.line);
  const llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  return "reason-v1:" + llvm::utohexstr(hash.high64, true, 16) +
         llvm::utohexstr(hash.low64, true, 16);
}

} // namespace pydefrag
