#include "join/joined.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

std::string PlaceText(llvm::StringRef path, uint32_t line) {
  return line == 0 ? path.str() : (path + ":" + llvm::Twine(line)).str();
}

const char *CauseStateName(CauseState state) {
  switch (state) {
  case CauseState::None:
    return "none";
  case CauseState::Confirmed:
    return "confirmed";
  case CauseState::Predicted:
  case CauseState::Stale:
    return "predicted";
  case CauseState::Masked:
    return "masked";
  case CauseState::Refuted:
    return "refuted";
  }
  return "";
}

uint32_t PlanResult::Count(PlanState state) const {
  return static_cast<uint32_t>(
      llvm::count_if(tests, [&](const PlannedTest &test) { return test.state == state; }));
}

uint32_t Joined::FailuresExplained() const {
  size_t failures = 0;
  for (const RootCause &cause : causes) {
    failures += cause.failed_tests.size() + cause.uncollected.size();
  }
  return static_cast<uint32_t>(failures);
}

uint32_t Joined::FailuresRelated() const {
  return static_cast<uint32_t>(related.size());
}

uint32_t Joined::FailuresUnexplained() const {
  uint32_t failures = 0;
  for (const Cluster &cluster : clusters) {
    failures += cluster.Failures();
  }
  return failures;
}

} // namespace pydefrag
