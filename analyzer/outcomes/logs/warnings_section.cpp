#include "outcomes/logs/warnings_section.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// What pytest adds to a warning about a resource; other formats do not have it.
static bool IsTracemallocHint(llvm::StringRef line) {
  const llvm::StringRef text = line.trim();
  return text.starts_with("Enable tracemalloc to get traceback") ||
         (text.starts_with("See https://docs.pytest.org/") && text.contains("resource-warnings"));
}

std::optional<WarningRecord> WarningsSection::Read(llvm::StringRef line) {
  if (line.trim().empty()) {
    return Finish();
  }
  if (!line.starts_with(" ")) {
    places_.push_back(line.rtrim().str());
  } else if (!warning_) {
    if (const std::optional<WarningLine> warning = MatchWarning(line)) {
      Begin(*warning);
    }
  } else if (!line.starts_with("    ") && !IsTracemallocHint(line) &&
             warning_->message.size() < kMaxMessage) {
    warning_->message += "\n" + line.trim().str();
  }
  return std::nullopt;
}

void WarningsSection::Begin(const WarningLine &line) {
  warning_.emplace();
  warning_->category = line.category.str();
  warning_->message = line.message.str();
  ResolvedPath path = ids_.FromPath(line.path);
  warning_->path = std::move(path.path);
  warning_->in_project = path.in_project;
  warning_->line = line.line;
}

std::optional<WarningRecord> WarningsSection::Finish() {
  if (warning_) {
    uint32_t count = 0;
    for (const std::string &text : places_) {
      count += AddPlace(text);
    }
    warning_->count = std::max<uint32_t>(count, 1);
  }
  places_.clear();
  return std::exchange(warning_, std::nullopt);
}

// "tests/test_a.py::test_x", "tests/test_a.py: 12 warnings" or "tests/test_a.py:3".
uint32_t WarningsSection::AddPlace(llvm::StringRef text) {
  const auto [file, rest] = text.rsplit(": ");
  uint32_t count = 0;
  llvm::StringRef number = rest;
  if (!number.consumeInteger(10, count) && (number == " warnings" || number == " warning")) {
    warning_->locations.push_back(ids_.FromPath(file).path);
    return count;
  }
  const auto [path, line] = text.rsplit(':');
  uint32_t ignored = 0;
  if (!text.contains("::") && !line.getAsInteger(10, ignored)) {
    warning_->locations.push_back(ids_.FromPath(path).path);
    warning_->phase = WarningPhase::Collect;
  } else {
    warning_->locations.push_back(ids_.FromNodeId(text).id);
    warning_->phase = WarningPhase::RunTest;
  }
  return 1;
}

} // namespace pydefrag
