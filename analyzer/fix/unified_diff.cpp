// The only file that includes dtl. It finds the shortest edit script; the hunks are made here, with
// three lines around them, because dtl knows nothing of files whose last line has no end.
#include "fix/unified_diff.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <dtl/dtl.hpp>

#include <algorithm>
#include <vector>

namespace pydefrag {

// Lines with their ends.
static std::vector<std::string> Lines(llvm::StringRef text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.take_front(size).str());
    text = text.drop_front(size);
  }
  return lines;
}

static void PutLine(std::string &out, char mark, llvm::StringRef line) {
  (out += mark) += line;
  if (!line.ends_with("\n")) {
    out += "\n\\ No newline at end of file\n";
  }
}

namespace {

struct Step { // of the edit script
  char mark;  // ' ', '-' or '+'
  const std::string *line;
};

constexpr size_t kAround = 3; // unchanged lines shown on either side

} // namespace

// "12,3"; an empty range starts at the line before it.
static std::string Range(size_t start, size_t count) {
  return llvm::formatv("{0},{1}", count == 0 ? start : start + 1, count);
}

// In each run of changes.
static void PutDeletionsFirst(std::vector<Step> &steps) {
  for (auto begin = steps.begin(); begin != steps.end();) {
    const auto end =
        std::find_if(begin, steps.end(), [](const Step &step) { return step.mark == ' '; });
    std::stable_partition(begin, end, [](const Step &step) { return step.mark == '-'; });
    begin = end == steps.end() ? end : end + 1;
  }
}

// The end of the hunk that starts with the change at `first`: past it and all changes that are so
// near that what is around them meets.
static size_t HunkEnd(const std::vector<Step> &steps, size_t first) {
  size_t last = first;
  for (size_t i = first; i < steps.size() && i - last <= 2 * kAround; ++i) {
    last = steps[i].mark == ' ' ? last : i;
  }
  return std::min(last + 1 + kAround, steps.size());
}

static void PutHunk(std::string &out, llvm::ArrayRef<Step> steps, size_t before, size_t after) {
  const auto count = [&](char other) {
    return static_cast<size_t>(
        llvm::count_if(steps, [&](const Step &step) { return step.mark != other; }));
  };
  out += llvm::formatv("@@ -{0} +{1} @@\n", Range(before, count('+')), Range(after, count('-')));
  for (const Step &step : steps) {
    PutLine(out, step.mark, *step.line);
  }
}

std::string UnifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after) {
  if (before == after) {
    return "";
  }
  dtl::Diff<std::string, std::vector<std::string>> diff(Lines(before), Lines(after));
  diff.onHuge();
  diff.compose();
  const auto script = diff.getSes().getSequence();
  std::vector<Step> steps;
  for (const auto &[line, info] : script) {
    const char mark = info.type == dtl::SES_ADD ? '+' : info.type == dtl::SES_DELETE ? '-' : ' ';
    steps.push_back({mark, &line});
  }
  PutDeletionsFirst(steps);
  std::string out = llvm::formatv("--- a/{0}\n+++ b/{0}\n", path);
  size_t lines_before = 0, lines_after = 0, at = 0; // `at` and the lines that stand before it
  const auto skip_to = [&](size_t end) {
    for (; at < end; ++at) {
      lines_before += steps[at].mark != '+' ? 1 : 0;
      lines_after += steps[at].mark != '-' ? 1 : 0;
    }
  };
  for (size_t i = 0; i < steps.size();) {
    if (steps[i].mark == ' ') {
      ++i;
      continue;
    }
    skip_to(std::max(at, i - std::min(i, kAround)));
    const size_t end = HunkEnd(steps, i);
    PutHunk(out, llvm::ArrayRef<Step>(steps).slice(at, end - at), lines_before, lines_after);
    skip_to(end);
    i = end;
  }
  return out;
}

} // namespace pydefrag
