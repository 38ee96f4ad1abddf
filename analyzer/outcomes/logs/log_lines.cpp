#include "outcomes/logs/log_lines.h"

#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <utility>

namespace pydefrag {
namespace {

// The text between two rules of `mark`: "=== text ===". Two marks at least on each side.
std::optional<llvm::StringRef> BetweenRules(llvm::StringRef line, char mark) {
  line = line.rtrim();
  const llvm::StringRef inner = line.trim(mark);
  const size_t left = static_cast<size_t>(inner.data() - line.data());
  const size_t right = line.size() - left - inner.size();
  if (left < 2 || right < 2 || !inner.starts_with(" ") || !inner.ends_with(" ") ||
      inner.size() < 3) {
    return std::nullopt;
  }
  return inner.trim(' ');
}

struct OutcomeWord {
  llvm::StringLiteral word;
  TestOutcome outcome;
};
constexpr OutcomeWord kOutcomeWords[] = {
    {"PASSED", TestOutcome::Passed},  {"FAILED", TestOutcome::Failed},
    {"ERROR", TestOutcome::Error},    {"SKIPPED", TestOutcome::Skipped},
    {"XFAIL", TestOutcome::XFailed},  {"XPASS", TestOutcome::XPassed},
    {"RERUN", TestOutcome::NotRun},   {"SUBFAILED", TestOutcome::Failed},
    {"SUBFAIL", TestOutcome::Failed}, {"SUBPASSED", TestOutcome::NotRun},
    {"SUBPASS", TestOutcome::NotRun}, {"SUBSKIPPED", TestOutcome::NotRun},
    {"SUBSKIP", TestOutcome::NotRun},
};

const OutcomeWord *FindWord(llvm::StringRef word) {
  for (const OutcomeWord &known : kOutcomeWords) {
    if (word == known.word) {
      return &known;
    }
  }
  return nullptr;
}

// Takes a final "[ 12%]", "[3/9]" or "[100%]" off.
llvm::StringRef WithoutPercent(llvm::StringRef line) {
  line = line.rtrim();
  const size_t open = line.rfind('[');
  if (line.ends_with("]") && open != llvm::StringRef::npos) {
    const llvm::StringRef inner = line.drop_front(open + 1).drop_back().trim();
    const bool is_progress =
        !inner.empty() && (inner.back() == '%' || inner.contains('/') || inner.back() == 's') &&
        llvm::all_of(inner.drop_back(), [](char c) {
          return llvm::isDigit(c) || c == '/' || c == ' ' || c == '.' || c == 'm' || c == 's';
        });
    if (is_progress) {
      return line.take_front(open).rtrim();
    }
  }
  return line;
}

bool LooksLikeNodeId(llvm::StringRef text) {
  const size_t colons = text.find("::");
  const llvm::StringRef file = text.take_front(colons);
  return colons != llvm::StringRef::npos && colons > 0 && file.contains('.') &&
         !file.contains(' ') && file.find_first_of("'\"()=<>") == llvm::StringRef::npos;
}

VerboseLine MakeVerbose(llvm::StringRef id, const OutcomeWord &word) {
  VerboseLine result;
  result.id = id;
  result.outcome = word.outcome;
  result.rerun = word.word == "RERUN";
  result.subtest = word.word.starts_with("SUB");
  result.has_outcome = true;
  return result;
}

std::optional<VerboseLine> MatchXdistVerbose(llvm::StringRef line) {
  if (!line.consume_front("[gw")) {
    return std::nullopt;
  }
  line = line.split(']').second.ltrim();
  if (line.consume_front("[")) {
    line = line.split(']').second.ltrim();
  }
  const auto [word, id] = line.split(' ');
  const OutcomeWord *known = FindWord(word);
  if (known == nullptr || !LooksLikeNodeId(id)) {
    return std::nullopt;
  }
  return MakeVerbose(id.rtrim(), *known);
}

std::optional<uint32_t> *CountFor(DeclaredCounts &counts, llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<uint32_t> *>(word)
      .Case("failed", &counts.failed)
      .Case("passed", &counts.passed)
      .Case("skipped", &counts.skipped)
      .Case("xfailed", &counts.xfailed)
      .Case("xpassed", &counts.xpassed)
      .Case("deselected", &counts.deselected)
      .Case("rerun", &counts.reruns)
      .Cases("error", "errors", &counts.errors)
      .Cases("warning", "warnings", &counts.warnings)
      .Default(nullptr);
}

} // namespace

std::optional<LogSection> MatchSection(llvm::StringRef line) {
  const std::optional<llvm::StringRef> title = BetweenRules(line, '=');
  if (!title) {
    return std::nullopt;
  }
  if (title->starts_with("slowest ") && title->ends_with("durations")) {
    return LogSection::Durations;
  }
  return llvm::StringSwitch<std::optional<LogSection>>(*title)
      .Case("test session starts", LogSection::Session)
      .Case("ERRORS", LogSection::Errors)
      .Case("FAILURES", LogSection::Failures)
      .Case("XFAILURES", LogSection::XFailures)
      .Cases("PASSES", "XPASSES", "rerun test summary info", LogSection::Other)
      .Cases("warnings summary", "warnings summary (final)", LogSection::Warnings)
      .Case("short test summary info", LogSection::Summary)
      .Default(std::nullopt);
}

std::optional<BlockTitle> MatchBlockTitle(llvm::StringRef line) {
  if (line.starts_with("_ _")) {
    return std::nullopt;
  }
  const std::optional<llvm::StringRef> text = BetweenRules(line, '_');
  if (!text) {
    return std::nullopt;
  }
  BlockTitle result;
  result.title = *text;
  if (result.title.consume_front("ERROR collecting ")) {
    result.phase = TestPhase::Collect;
    result.is_error = true;
  } else if (result.title.consume_front("ERROR at setup of ")) {
    result.phase = TestPhase::Setup;
    result.is_error = true;
  } else if (result.title.consume_front("ERROR at teardown of ")) {
    result.phase = TestPhase::Teardown;
    result.is_error = true;
  }
  return result;
}

// The plugin: "SUBFAIL id", "[message] (key=value) SUBFAIL id". pytest 9: "SUBFAILED[message]
// (key=value) id".
static std::optional<SummaryLine> MatchSubtest(llvm::StringRef line) {
  SummaryLine result;
  result.word = SummaryWord::SubFail;
  const llvm::StringRef plugin = "SUBFAIL ";
  if (line.consume_front("SUBFAILED")) {
    // The id is the first word that reads like one.
    const size_t blank = line.take_front(line.find("::")).rfind(' ');
    if (blank == llvm::StringRef::npos) {
      return std::nullopt;
    }
    result.subtest = line.take_front(blank).trim().str();
    result.rest = line.drop_front(blank + 1);
    return result;
  }
  const size_t at = line.find(plugin);
  const bool titled = line.starts_with("[") || line.starts_with("(");
  if (at == llvm::StringRef::npos || (at > 0 && !titled)) {
    return std::nullopt;
  }
  result.subtest = line.take_front(at).trim().str();
  result.rest = line.drop_front(at + plugin.size());
  return result;
}

std::optional<SummaryLine> MatchSummary(llvm::StringRef line) {
  SummaryLine result;
  if (line.consume_front("FAILED ")) {
    result.word = SummaryWord::Failed;
  } else if (line == "ERROR" || line.consume_front("ERROR ")) {
    result.word = SummaryWord::Error;
  } else if (line.consume_front("XFAIL ")) {
    result.word = SummaryWord::XFail;
  } else if (line.consume_front("XPASS ")) {
    result.word = SummaryWord::XPass;
  } else if (line.consume_front("RERUN ")) {
    result.word = SummaryWord::Rerun;
  } else {
    return MatchSubtest(line);
  }
  for (llvm::StringRef phase : {"at setup of ", "at teardown of "}) {
    line.consume_front(phase);
  }
  result.rest = line;
  return result;
}

std::optional<SkipLine> MatchSkip(llvm::StringRef line) {
  SkipLine result;
  if (!line.consume_front("SKIPPED [") || line.consumeInteger(10, result.count) ||
      !line.consume_front("] ")) {
    return std::nullopt;
  }
  const size_t colon = line.find(": ");
  result.path = line.take_front(colon);
  result.reason = colon == llvm::StringRef::npos ? llvm::StringRef() : line.drop_front(colon + 2);
  const auto [path, number] = result.path.rsplit(':');
  if (!number.empty() && !number.getAsInteger(10, result.line)) {
    result.path = path;
  }
  return result;
}

std::string TitleOfId(llvm::StringRef id) {
  const TestIdParts parts = SplitTestId(id);
  std::string title;
  llvm::StringRef classes = parts.classes;
  while (!classes.empty()) {
    const auto [name, rest] = classes.split("::");
    title += name.str() + ".";
    classes = rest;
  }
  title += parts.function;
  if (parts.has_params) {
    title += id.drop_front(id.find('['));
  }
  return title;
}

IdAndMessage SplitSummary(llvm::StringRef rest, const llvm::StringSet<> &titles) {
  const llvm::StringRef dash = " - ";
  IdAndMessage by_brackets{rest, {}};
  bool found = false;
  for (size_t at = rest.find(dash); at != llvm::StringRef::npos; at = rest.find(dash, at + 1)) {
    const llvm::StringRef id = rest.take_front(at);
    if (titles.contains(TitleOfId(id))) {
      return {id, rest.drop_front(at + dash.size())};
    }
    const bool closed = !id.contains('[') || id.ends_with("]");
    if (closed && !found) {
      by_brackets = {id, rest.drop_front(at + dash.size())};
      found = true;
    }
  }
  return titles.contains(TitleOfId(rest)) ? IdAndMessage{rest, {}} : by_brackets;
}

std::optional<VerboseLine> MatchVerbose(llvm::StringRef line) {
  if (line.starts_with("[gw")) {
    return MatchXdistVerbose(line);
  }
  if (!LooksLikeNodeId(line)) {
    return std::nullopt;
  }
  line = WithoutPercent(line);
  for (size_t at = line.find(' '); at != llvm::StringRef::npos; at = line.find(' ', at + 1)) {
    const llvm::StringRef tail = line.drop_front(at + 1);
    const llvm::StringRef word =
        tail.take_until([](char c) { return c == ' ' || c == '[' || c == '('; });
    const OutcomeWord *known = FindWord(word);
    const llvm::StringRef after = tail.drop_front(word.size()).trim();
    if (known == nullptr || (!after.empty() && after.front() != '(' && after.front() != '[')) {
      continue;
    }
    VerboseLine result = MakeVerbose(line.take_front(at).rtrim(), *known);
    if (after.starts_with("(") && after.ends_with(")")) {
      result.reason = after.drop_front().drop_back();
    }
    return result;
  }
  VerboseLine pending;
  pending.id = line.rtrim();
  return pending;
}

std::optional<VerboseLine> MatchLateOutcome(llvm::StringRef line) {
  line = WithoutPercent(line);
  const size_t blank = line.rfind(' ');
  const llvm::StringRef word = blank == llvm::StringRef::npos ? line : line.drop_front(blank + 1);
  const OutcomeWord *known = FindWord(word);
  return known == nullptr ? std::nullopt : std::optional(MakeVerbose({}, *known));
}

std::optional<ProgressLine> MatchProgress(llvm::StringRef line) {
  ProgressLine result;
  line = WithoutPercent(line);
  const auto is_letter = [](char c) { return llvm::StringRef(".FEsxXRu,-").contains(c); };
  const size_t blank = line.rfind(' ');
  result.letters = blank == llvm::StringRef::npos ? line : line.drop_front(blank + 1);
  result.path = blank == llvm::StringRef::npos ? llvm::StringRef() : line.take_front(blank);
  const bool has_file = result.path.contains('.') && !result.path.contains(' ');
  if (result.letters.empty() || !llvm::all_of(result.letters, is_letter) ||
      (!result.path.empty() && !has_file)) {
    return std::nullopt;
  }
  return result;
}

std::optional<FinalLine> MatchFinal(llvm::StringRef line) {
  // A line that fills the terminal has one `=` on each side, with -q it has none.
  llvm::StringRef text = line.trim("= ");
  const size_t in = text.rfind(" in ");
  if (in == llvm::StringRef::npos) {
    return std::nullopt;
  }
  FinalLine result;
  const llvm::StringRef seconds =
      text.drop_front(in + 4).take_until([](char c) { return c == 's'; });
  if (seconds.getAsDouble(result.seconds)) {
    return std::nullopt;
  }
  text = text.take_front(in);
  if (text == "no tests ran") {
    return result;
  }
  while (!text.empty()) {
    llvm::StringRef part;
    std::tie(part, text) = text.split(", ");
    uint32_t count = 0;
    if (part.consumeInteger(10, count) || !part.consume_front(" ")) {
      return std::nullopt;
    }
    if (std::optional<uint32_t> *target = CountFor(result.counts, part)) {
      *target = count;
    } else if (!part.starts_with("subtest")) {
      return std::nullopt;
    }
  }
  return result;
}

std::optional<llvm::StringRef> MatchStop(llvm::StringRef line) {
  const llvm::StringRef text = line.trim();
  return text.starts_with("!!!") && text.ends_with("!!!") ? BetweenRules(text, '!') : std::nullopt;
}

bool MatchCollected(llvm::StringRef line, DeclaredCounts &counts) {
  const size_t at = line.rfind("collected ");
  uint32_t items = 0;
  if (at == llvm::StringRef::npos || (at > 0 && !line.starts_with("collecting"))) {
    return false;
  }
  line = line.drop_front(at + 10);
  if (line.consumeInteger(10, items) || !line.starts_with(" item")) {
    return false;
  }
  counts.collected = items;
  return true;
}

std::optional<WarningLine> MatchWarning(llvm::StringRef line) {
  if (!line.consume_front("  ") || line.starts_with(" ")) {
    return std::nullopt;
  }
  WarningLine result;
  for (size_t at = line.find(": "); at != llvm::StringRef::npos; at = line.find(": ", at + 1)) {
    llvm::StringRef place = line.take_front(at);
    const auto [path, number] = place.rsplit(':');
    const TypedMessage typed = SplitTyped(line.drop_front(at + 2));
    const bool numbered = !number.empty() && !number.getAsInteger(10, result.line);
    if (!typed.type.empty()) {
      result.path = numbered ? path : place;
      result.category = typed.type;
      result.message = typed.message;
      return result;
    }
  }
  return std::nullopt;
}

std::optional<DurationLine> MatchDuration(llvm::StringRef line) {
  DurationLine result;
  double seconds = 0;
  const auto [number, rest] = line.split("s ");
  if (number.getAsDouble(seconds)) {
    return std::nullopt;
  }
  const auto [phase, id] = rest.split(' ');
  if (phase != "setup" && phase != "call" && phase != "teardown") {
    return std::nullopt;
  }
  result.seconds = static_cast<float>(seconds);
  result.id = id.trim();
  return result;
}

} // namespace pydefrag
