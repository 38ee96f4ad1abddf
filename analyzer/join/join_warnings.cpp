#include "join/join_warnings.h"

#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

// The deprecation that the row at the finding's place comes with, one line; "" when there is none.
std::string MessageAt(const Finding &finding, const Project &project) {
  const FileId file = finding.where.file;
  auto row =
      llvm::partition_point(project.rows, [&](const ImportRow &each) { return each.file < file; });
  for (; row != project.rows.end() && row->file == file; ++row) {
    const bool here = row->statement_span.begin <= finding.where.span.begin &&
                      finding.where.span.begin < std::max(row->statement_span.end, row->where.end);
    if (here && row->deprecation) {
      return row->deprecation->message;
    }
    if (here && row->deprecated_module.valid()) {
      return project.module_deprecations[row->deprecated_module].message;
    }
  }
  return "";
}

// Findings of deprecated imports, with the words of the deprecation.
struct Deprecated {
  size_t finding = 0;
  std::string message;
};

std::vector<Deprecated> ListDeprecated(const FindingIndex &findings, const Project &project) {
  std::vector<Deprecated> all;
  for (llvm::StringRef code : {"DFG301", "DFG302"}) {
    for (size_t i : findings.WithCode(code)) {
      all.push_back({i, MessageAt(findings.At(i), project)});
    }
  }
  return all;
}

bool SameMessage(llvm::StringRef printed, llvm::StringRef written) {
  return !written.empty() && (printed == written || printed.starts_with(written));
}

// Whether the message names what the finding is about.
bool Speaks(llvm::StringRef message, const Finding &finding) {
  return llvm::any_of(finding.symbols, [&](llvm::StringRef symbol) {
    const auto [module, name] = symbol.rsplit(':');
    return message.contains(module) || (!name.empty() && message.contains(name));
  });
}

// First the import on the line that the warning names (stacklevel points at the importer), then the
// import whose deprecation has this very message.
std::optional<size_t> FindingFor(const WarningRecord &warning, const FindingIndex &findings,
                                 llvm::ArrayRef<Deprecated> deprecated, PlaceTable &places) {
  if (!llvm::StringRef(warning.category).contains("Deprecation") &&
      warning.category != "FutureWarning") {
    return std::nullopt;
  }
  for (size_t i : findings.OnLine(warning.path, warning.line)) {
    const llvm::StringRef code = findings.At(i).code;
    if (code == "DFG301" || code == "DFG302") {
      return i;
    }
  }
  std::optional<size_t> spoken;
  for (const Deprecated &each : deprecated) {
    if (SameMessage(warning.message, each.message)) {
      return each.finding;
    }
    const Finding &finding = findings.At(each.finding);
    if (!spoken && places.project().PathOf(finding.where.file) == warning.path &&
        Speaks(warning.message, finding)) {
      spoken = each.finding;
    }
  }
  return spoken;
}

} // namespace

std::vector<WarningMatch> JoinWarnings(const TestResults &results, const FindingIndex &findings,
                                       PlaceTable &places) {
  std::vector<WarningMatch> matches;
  if (results.warnings.empty()) {
    return matches;
  }
  const std::vector<Deprecated> deprecated = ListDeprecated(findings, places.project());
  for (const WarningRecord &record : results.warnings) {
    WarningMatch match;
    match.warning.category = record.category;
    match.warning.message = record.message;
    match.warning.place = {record.path, record.line};
    match.warning.text = places.LineText(match.warning.place);
    match.warning.count = record.count;
    match.warning.tests = record.locations;
    match.warning.never_awaited =
        ClassifyError(record.category, record.message).rule == ErrorRule::NeverAwaited;
    match.finding = FindingFor(record, findings, deprecated, places);
    matches.push_back(std::move(match));
  }
  llvm::stable_sort(matches, [](const WarningMatch &a, const WarningMatch &b) {
    auto key = [](const JoinedWarning &w) {
      return std::make_tuple(!w.never_awaited, llvm::StringRef(w.category),
                             llvm::StringRef(w.place.path), w.place.line);
    };
    return key(a.warning) < key(b.warning);
  });
  return matches;
}

} // namespace pydefrag
