#include "config/requirements.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.';
}

std::string NormalizeDistribution(llvm::StringRef name) {
  std::string result;
  for (const char c : name) {
    if (llvm::isAlnum(c)) {
      result += llvm::toLower(c);
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
  }
  return result;
}

std::string RequirementName(llvm::StringRef requirement) {
  requirement = requirement.trim();
  const llvm::StringRef name = requirement.take_while(IsNameByte);
  const llvm::StringRef rest = requirement.drop_front(name.size()).ltrim();
  const bool is_path = rest.starts_with("/") || rest.starts_with(":") || rest.starts_with("\\");
  const bool is_url = requirement.contains("://") && !rest.starts_with("@");
  if (is_url || is_path || name.empty() || name.starts_with(".")) {
    const llvm::StringRef egg = requirement.split("#egg=").second;
    return NormalizeDistribution(egg.take_while(IsNameByte));
  }
  return NormalizeDistribution(name);
}

// One clause such as ">=3.8": the lowest version it allows.
static std::optional<PythonVersion> LowestOf(llvm::StringRef clause) {
  clause = clause.trim();
  if (clause.starts_with("<") || clause.starts_with("!=")) {
    return std::nullopt;
  }
  const bool above = clause.starts_with(">") && !clause.starts_with(">=");
  llvm::StringRef text = clause.ltrim(">=~^ \t").rtrim("* \t").rtrim('.');
  if (text.empty()) {
    return std::nullopt;
  }
  if (!text.contains('.')) {
    return text == "3" || text == "2" ? std::optional(PythonVersion{3, 0}) : std::nullopt;
  }
  // Pre-releases and such: 3.8a1.
  const size_t odd = text.find_first_not_of("0123456789.");
  text = text.take_front(odd).rtrim('.');
  std::optional<PythonVersion> version = ParsePythonVersion(text);
  if (!version) {
    return std::nullopt;
  }
  if (version->major < 3) {
    return PythonVersion{3, 0};
  }
  if (above && text.count('.') == 1) {
    ++version->minor; // >3.7 leaves out 3.7 itself: later patch releases hardly matter
  }
  return version;
}

std::optional<PythonVersion> LowestPython(llvm::StringRef specifiers) {
  std::optional<PythonVersion> lowest;
  llvm::SmallVector<llvm::StringRef> alternatives;
  specifiers.split(alternatives, "||");
  for (const llvm::StringRef alternative : alternatives) {
    std::optional<PythonVersion> bound;
    llvm::SmallVector<llvm::StringRef> clauses;
    alternative.split(clauses, ',', -1, false);
    for (const llvm::StringRef clause : clauses) {
      const std::optional<PythonVersion> version = LowestOf(clause);
      if (version && (!bound || *bound < *version)) {
        bound = version;
      }
    }
    if (!bound) {
      return std::nullopt;
    }
    if (!lowest || *bound < *lowest) {
      lowest = bound;
    }
  }
  return lowest;
}

RequirementLines ReadRequirementLines(llvm::StringRef text) {
  RequirementLines result;
  text.consume_front("\xEF\xBB\xBF");
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    // A comment starts a line or follows a blank; `#egg=` does neither.
    size_t comment = line.starts_with("#") ? 0 : line.find(" #");
    comment = std::min(comment, line.find("\t#"));
    line = line.take_front(comment).trim();
    line.consume_back("\\");
    if (line.consume_front("-e") || line.consume_front("--editable")) {
      line = line.ltrim("= \t");
    }
    llvm::StringRef file = line;
    if (file.consume_front("--requirement") || file.consume_front("--constraint") ||
        file.consume_front("-r") || file.consume_front("-c")) {
      result.included.push_back(file.ltrim("= \t").str());
      continue;
    }
    if (line.empty() || line.starts_with("-")) {
      continue;
    }
    std::string name = RequirementName(line);
    if (!name.empty()) {
      result.names.push_back(std::move(name));
    }
  }
  return result;
}

} // namespace pydefrag
