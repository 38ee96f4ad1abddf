#include "outcomes/errors/skip_reasons.h"

#include "outcomes/errors/message_cursor.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

std::optional<llvm::StringRef> SkippedForModule(llvm::StringRef reason) {
  MessageCursor cursor{reason};
  cursor.Eat("Skipped: ");
  llvm::StringRef module;
  if (cursor.Eat("could not import ") && cursor.EatQuoted(module)) {
    return module;
  }
  return std::nullopt;
}

std::string ReasonOfSkip(llvm::StringRef text) {
  const llvm::StringRef mark = "Skipped: ";
  const size_t at = text.find(mark);
  if (at == llvm::StringRef::npos) {
    return text.trim().str();
  }
  llvm::StringRef body = text.drop_front(at + mark.size()).rtrim();
  if (at > 0 && (text[at - 1] == '\'' || text[at - 1] == '"')) {
    body.consume_back(")");
    body.consume_back(text.substr(at - 1, 1));
  }
  std::string reason;
  for (size_t i = 0; i < body.size(); ++i) {
    const bool escapes =
        body[i] == '\\' && i + 1 < body.size() && llvm::StringRef("'\"\\").contains(body[i + 1]);
    reason += body[escapes ? ++i : i];
  }
  return reason;
}

std::string ReasonOfStrictXPass(llvm::StringRef message) {
  message.consume_front("Failed: ");
  message.consume_front("[XPASS(strict)]");
  return message.trim().str();
}

} // namespace pydefrag
