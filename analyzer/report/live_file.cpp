#include "report/live_file.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// Where a finding stands that speaks of the file and of no line in it.
static constexpr Span kWholeFile{0, 1};

static bool IsWordByte(llvm::StringRef text, uint32_t at) {
  return at < text.size() && (llvm::isAlnum(text[at]) || text[at] == '_' || (text[at] & 0x80) != 0);
}

std::optional<TextStep> StepBetween(llvm::StringRef before, llvm::StringRef after) {
  if (before == after) {
    return std::nullopt;
  }
  const size_t most = std::min(before.size(), after.size());
  size_t front = 0;
  while (front < most && before[front] == after[front]) {
    ++front;
  }
  size_t back = 0;
  while (back < most - front &&
         before[before.size() - 1 - back] == after[after.size() - 1 - back]) {
    ++back;
  }
  return TextStep{.begin = static_cast<uint32_t>(front),
                  .old_end = static_cast<uint32_t>(before.size() - back),
                  .new_end = static_cast<uint32_t>(after.size() - back)};
}

// Of a place behind the replaced bytes.
static uint32_t Shifted(uint32_t offset, const TextStep &step) {
  return offset - step.old_end + step.new_end;
}

std::optional<Span> SpanNow(Span span, llvm::ArrayRef<TextStep> steps, llvm::StringRef now) {
  bool begin_touched = false;
  bool end_touched = false;
  for (const TextStep &step : steps) {
    if (span.end <= step.begin) {
      end_touched |= span.end == step.begin;
    } else if (span.begin < step.old_end) {
      return std::nullopt;
    } else {
      begin_touched |= span.begin == step.old_end;
      span = {Shifted(span.begin, step), Shifted(span.end, step)};
    }
  }
  // A word that grew at one of its ends is another word.
  const auto inside_word = [&](uint32_t at) {
    return at > 0 && IsWordByte(now, at - 1) && IsWordByte(now, at);
  };
  const bool grew =
      (begin_touched && inside_word(span.begin)) || (end_touched && inside_word(span.end));
  return grew ? std::nullopt : std::optional(span);
}

Span NearestSpanNow(Span span, llvm::ArrayRef<TextStep> steps) {
  const auto moved = [](uint32_t offset, const TextStep &step) {
    return offset <= step.begin     ? offset
           : offset >= step.old_end ? Shifted(offset, step)
                                    : std::min(offset, step.new_end);
  };
  for (const TextStep &step : steps) {
    span = {moved(span.begin, step), moved(span.end, step)};
  }
  return span;
}

std::optional<uint32_t> OffsetThen(uint32_t offset, llvm::ArrayRef<TextStep> steps) {
  for (const TextStep &step : llvm::reverse(steps)) {
    if (offset >= step.new_end) {
      offset = offset - step.new_end + step.old_end;
    } else if (offset > step.begin) {
      return std::nullopt;
    }
  }
  return offset;
}

// Moves those places that stand in the file, and drops those that were edited.
static void MovePlaces(std::vector<Related> &places, FileId file, const LiveFile &live) {
  std::vector<Related> kept;
  for (Related &place : places) {
    if (place.where.file == file) {
      const std::optional<Span> span = SpanNow(place.where.span, live.steps, live.text->text());
      if (!span) {
        continue;
      }
      place.where.span = *span;
    }
    kept.push_back(std::move(place));
  }
  places = std::move(kept);
}

static void MoveEdits(Fix &fix, const LiveFile &live) {
  for (Edit &edit : fix.edits) {
    const std::optional<Span> span = SpanNow(edit.where.span, live.steps, live.text->text());
    if (!span) {
      fix.edits.clear();
      return;
    }
    edit.where.span = *span;
  }
}

std::optional<Finding> FindingNow(const Finding &finding, Span extent, const LiveFile &live) {
  const llvm::StringRef text = live.text->text();
  Finding now = finding;
  if (finding.where.span == kWholeFile) {
    return now;
  }
  const std::optional<Span> where = SpanNow(finding.where.span, live.steps, text);
  if (!where || !SpanNow(extent, live.steps, text)) {
    return std::nullopt;
  }
  now.where.span = *where;
  MovePlaces(now.related, finding.where.file, live);
  MovePlaces(now.flow, finding.where.file, live);
  for (Fix &fix : now.fixes) {
    MoveEdits(fix, live); // edits stand in the file of the finding
  }
  return now;
}

} // namespace pydefrag
