// Suppressions: see suppressions.h. A comment may hold others before or behind (`# type: ignore #
// pydefrag: ignore`); the first part that is a suppression counts. Case of the words does not
// matter.
#include "scan/lines/suppressions.h"

#include "scan/lines/events.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static bool IsCodeByte(char c) {
  return llvm::isAlnum(c) || c == '-' || c == '_';
}

static std::vector<std::string> ReadCodes(llvm::StringRef list) {
  std::vector<std::string> codes;
  llvm::SmallVector<llvm::StringRef, 4> parts;
  list.split(parts, ',', -1, false);
  for (llvm::StringRef part : parts) {
    if (!part.trim().empty()) {
      codes.push_back(part.trim().str());
    }
  }
  return codes;
}

// What people put between the codes and their reason.
static std::string ReadReason(llvm::StringRef rest) {
  return rest.ltrim(" \t-:").rtrim().str();
}

// `part` starts behind `pydefrag:`.
static std::optional<Suppression> ParseIgnore(llvm::StringRef part) {
  part = part.ltrim(" \t");
  Suppression found;
  if (part.consume_front_insensitive("ignore-file")) {
    found.whole_file = true;
  } else if (!part.consume_front_insensitive("ignore")) {
    return std::nullopt;
  }
  if (!part.empty() && IsCodeByte(part[0])) {
    return std::nullopt; // some other word
  }
  llvm::StringRef list = part.ltrim(" \t");
  if (list.consume_front("[")) {
    size_t close = list.find(']');
    if (close == llvm::StringRef::npos) {
      return std::nullopt;
    }
    found.codes = ReadCodes(list.take_front(close));
    part = list.drop_front(close + 1);
  }
  found.reason = ReadReason(part);
  return found;
}

// `part` starts behind `noqa`. Only codes of ours count; they may stand among others.
static std::optional<Suppression> ParseNoqa(llvm::StringRef part) {
  part = part.ltrim(" \t");
  if (!part.consume_front(":")) {
    return std::nullopt;
  }
  Suppression found;
  found.noqa = true;
  for (;;) {
    part = part.ltrim(" \t,");
    llvm::StringRef code = part.take_while([](char c) { return llvm::isAlnum(c); });
    bool is_code = code.size() >= 2 && llvm::isAlpha(code.front()) && llvm::isDigit(code.back());
    if (!is_code) {
      break;
    }
    if (code.starts_with_insensitive("DFG")) {
      found.codes.push_back(code.upper());
    }
    part = part.drop_front(code.size());
  }
  if (found.codes.empty()) {
    return std::nullopt;
  }
  found.reason = ReadReason(part);
  return found;
}

std::optional<Suppression> ParseSuppression(llvm::StringRef comment) {
  for (size_t hash = 0; hash != llvm::StringRef::npos; hash = comment.find('#', hash + 1)) {
    llvm::StringRef part = comment.substr(hash + 1).ltrim(" \t");
    std::optional<Suppression> found;
    if (part.consume_front_insensitive("pydefrag:")) {
      found = ParseIgnore(part);
    } else if (part.consume_front_insensitive("noqa")) {
      found = ParseNoqa(part);
    }
    if (found) {
      return found;
    }
  }
  return std::nullopt;
}

// `word` is in lower case.
static bool Holds(llvm::StringRef comment, llvm::StringLiteral word) {
  for (size_t at = 0; at + word.size() <= comment.size(); ++at) {
    // Two letters tell nearly all places apart, without a call.
    if ((comment[at] | 0x20) == word[0] && (comment[at + 1] | 0x20) == word[1] &&
        comment.substr(at, word.size()).equals_insensitive(word)) {
      return true;
    }
  }
  return false;
}

static bool MayHoldOne(llvm::StringRef comment) {
  // Most comments have no colon, and memchr is fast.
  return comment.contains(':') && (Holds(comment, "pydefrag:") || Holds(comment, "noqa"));
}

static bool StandsAlone(llvm::StringRef text, size_t begin) {
  llvm::StringRef before = text.take_front(begin).rtrim(" \t\f");
  return before.empty() || before.back() == '\n' || before.back() == '\r' ||
         before == "\xef\xbb\xbf";
}

void FindSuppressions(llvm::StringRef text, llvm::ArrayRef<Span> comments,
                      std::vector<Suppression> &suppressions) {
  uint32_t counted = 0; // line breaks are counted up to here
  uint32_t line = 1;
  for (Span comment : comments) {
    llvm::StringRef words = text.slice(comment.begin, comment.end);
    if (!MayHoldOne(words)) {
      continue;
    }
    std::optional<Suppression> found = ParseSuppression(words);
    if (!found) {
      continue;
    }
    line +=
        static_cast<uint32_t>(CountLineBreaks(text.data() + counted, text.data() + comment.begin));
    counted = comment.begin;
    found->begin = comment.begin;
    found->end = comment.end;
    found->line = line;
    found->own_line = StandsAlone(text, comment.begin);
    suppressions.push_back(std::move(*found));
  }
}

} // namespace pydefrag
