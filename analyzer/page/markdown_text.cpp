// Text made safe for Markdown.
#include "page/markdown.h"

#include <algorithm>

namespace pydefrag {

std::string MarkdownCode(llvm::StringRef text) {
  size_t longest = 0, run = 0;
  std::string line;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    line += c == '\n' || c == '\r' ? ' ' : c;
  }
  const std::string fence(longest + 1, '`');
  const bool padded = longest > 0 && (text.starts_with("`") || text.ends_with("`"));
  return fence + (padded ? " " : "") + line + (padded ? " " : "") + fence;
}

std::string MarkdownCellCode(llvm::StringRef text) {
  std::string cell;
  for (char c : MarkdownCode(text)) {
    cell += c == '|' ? "\\|" : std::string(1, c);
  }
  return cell;
}

static std::string EscapeMarks(llvm::StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\n' || c == '\r') {
      escaped += ' ';
      continue;
    }
    if (llvm::StringRef("\\*_[]<|~$&`").contains(c)) {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

std::string MarkdownProse(llvm::StringRef text) {
  std::string prose;
  while (!text.empty()) {
    const size_t open = text.find('`');
    const size_t close = open == llvm::StringRef::npos ? open : text.find('`', open + 1);
    if (close == llvm::StringRef::npos) {
      break;
    }
    prose += EscapeMarks(text.take_front(open));
    prose += MarkdownCode(text.slice(open + 1, close));
    text = text.drop_front(close + 1);
  }
  return prose + EscapeMarks(text);
}

} // namespace pydefrag
