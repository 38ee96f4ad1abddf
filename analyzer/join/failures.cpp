#include "join/failures.h"

#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kMaxHeadline = 300;

void AddTest(const TestResults &results, const TestCase &test, std::vector<RunFailure> &failures) {
  RunFailure failure;
  failure.id = test.id;
  failure.file = SplitTestId(test.id).file.str();
  if (test.detail.valid()) {
    const TestDetail &detail = results.details[test.detail];
    for (const PhaseError &error : detail.errors) {
      if (!error.rerun && !error.chain.empty()) {
        failure.chains.push_back(&error.chain);
      }
    }
    if (failure.chains.empty() && test.outcome == TestOutcome::XPassedStrict) {
      failure.error = "it passed, though marked strictly as failing";
    }
  }
  if (!failure.chains.empty()) {
    failure.error = HeadlineOfChain(*failure.chains.front());
  }
  failures.push_back(std::move(failure));
}

RunFailure Uncollected(const std::string &path, const ErrorChain &chain) {
  RunFailure failure;
  failure.id = failure.file = path;
  failure.uncollected = true;
  if (!chain.empty()) {
    failure.chains.push_back(&chain);
    failure.error = HeadlineOfChain(chain);
  }
  return failure;
}

// A whole session counts as one failure, unless a collection error says the same.
bool StopsSession(const SessionError &error, const std::vector<RunFailure> &failures) {
  if (error.kind == SessionErrorKind::Interrupted) {
    return false;
  }
  return llvm::none_of(failures,
                       [&](const RunFailure &failure) { return failure.id == error.path; });
}

} // namespace

std::string HeadlineOfChain(const ErrorChain &chain) {
  if (chain.empty()) {
    return "";
  }
  const ErrorSegment *root = FirstImportError(chain);
  root = root ? root : &chain.segments.front();
  const llvm::StringRef line = llvm::StringRef(root->message).split('\n').first;
  std::string text = root->type;
  text += root->type.empty() || line.empty() ? "" : ": ";
  text += line;
  if (text.size() > kMaxHeadline) {
    text.resize(kMaxHeadline);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) {
      text.pop_back(); // not in the middle of a character
    }
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0xC0) {
      text.pop_back();
    }
    text += "...";
  }
  return text;
}

Place SiteOf(const ErrorSegment &segment) {
  for (const Frame &frame : llvm::reverse(segment.frames)) {
    if (frame.in_project) {
      return {frame.path, frame.line};
    }
  }
  return {};
}

std::vector<Place> FramesOf(const ErrorSegment &segment) {
  std::vector<Place> places;
  for (const Frame &frame : segment.frames) {
    if (frame.in_project) {
      places.push_back({frame.path, frame.line});
    }
  }
  return places;
}

std::vector<RunFailure> ListFailures(const TestResults &results) {
  std::vector<RunFailure> failures;
  for (const TestCase &test : results.tests) {
    if (IsFailure(test.outcome)) {
      AddTest(results, test, failures);
    }
  }
  for (const CollectionError &error : results.collection_errors) {
    failures.push_back(Uncollected(error.path, error.chain));
  }
  for (const SessionError &error : results.session_errors) {
    if (StopsSession(error, failures)) {
      failures.push_back(Uncollected(error.path, error.chain));
      if (failures.back().error.empty()) {
        failures.back().error = error.text;
      }
    }
  }
  llvm::stable_sort(failures, [](const RunFailure &a, const RunFailure &b) { return a.id < b.id; });
  return failures;
}

} // namespace pydefrag
