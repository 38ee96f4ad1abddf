#include "outcomes/reports/junit_case.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/fold.h"

#include <algorithm>

#include <utility>

namespace pydefrag {
namespace {

// The chain of a child: its body, completed by its attributes where the body says less.
ErrorChain ChainOf(const JUnitChild &child, llvm::StringRef message, TestIdResolver &ids) {
  ErrorChain chain = ParseErrorText(child.body);
  if (chain.empty()) {
    chain = ParseErrorMessage(message);
  }
  if (chain.empty() && !child.type.empty()) {
    chain.segments.emplace_back();
  }
  if (!chain.empty()) {
    ErrorSegment &last = chain.segments.back();
    if (last.type.empty()) {
      // A body without a traceback (tb=no), or another producer's text.
      const TypedMessage typed = SplitTyped(message);
      if (!typed.type.empty()) {
        last.type = typed.type.str();
        last.message = CutMessage(typed.message);
      } else if (!child.type.empty() && !llvm::StringRef(child.type).starts_with("pytest.")) {
        last.type = child.type;
        last.message = CutMessage(message.empty() ? llvm::StringRef(last.message) : message);
      }
    }
  }
  LocateFrames(chain, ids);
  return chain;
}

struct Unwrapped {
  TestPhase phase = TestPhase::Call;
  llvm::StringRef message;
};

// failed on setup with "ImportError: ..."
Unwrapped Unwrap(llvm::StringRef message) {
  Unwrapped result{TestPhase::Call, message};
  llvm::StringRef rest = message;
  if (rest.consume_front("failed on setup with \"")) {
    result.phase = TestPhase::Setup;
  } else if (rest.consume_front("failed on teardown with \"")) {
    result.phase = TestPhase::Teardown;
  } else {
    return result;
  }
  rest.consume_back("\"");
  result.message = rest;
  return result;
}

class CaseReader {
public:
  CaseReader(const JUnitCase &junit_case, TestIdResolver &ids, TestResults &into)
      : case_(junit_case), ids_(ids), into_(into) {}

  void Add() {
    if (case_.classname == "pytest" && case_.name == "internal") {
      AddInternalError();
      return;
    }
    if (AddFailedImport() || (case_.classname.empty() && AddCollection())) {
      return;
    }
    AddTest();
  }

private:
  void AddInternalError() {
    SessionError error;
    error.kind = SessionErrorKind::Internal;
    for (const JUnitChild &child : case_.children) {
      error.chain = ChainOf(child, child.message, ids_);
    }
    error.text = "pytest or one of its plugins crashed";
    into_.session_errors.push_back(std::move(error));
  }

  // unittest's loader makes a test of a module that it could not import.
  bool AddFailedImport() {
    if (!llvm::StringRef(case_.classname).ends_with("unittest.loader._FailedTest") ||
        case_.children.empty()) {
      return false;
    }
    AddUncollected(ids_.FromClassname("", case_.name, ""),
                   ChainOf(case_.children.front(), case_.children.front().message, ids_), into_);
    return true;
  }

  // A module or folder that could not be collected, or that was skipped as a whole.
  bool AddCollection() {
    bool taken = false;
    const ResolvedId id = ids_.FromClassname("", case_.name, case_.file);
    for (const JUnitChild &child : case_.children) {
      if (child.kind == JUnitChildKind::Skipped && child.message == "collection skipped") {
        AddSkippedModule(id, ReasonOfSkip(child.body), into_);
        taken = true;
      } else if (child.kind == JUnitChildKind::Error && child.message == "collection failure") {
        AddUncollected(id, ChainOf(child, "", ids_), into_);
        taken = true;
      }
    }
    return taken;
  }

  void AddTest() {
    TestCase test;
    const ResolvedId id = ids_.FromClassname(case_.classname, case_.name, case_.file);
    test.id = id.id;
    test.resolved = id.resolved;
    test.seconds = case_.seconds;
    test.outcome = TestOutcome::Passed;
    for (const JUnitChild &child : case_.children) {
      AddChild(child, test);
    }
    into_.tests.push_back(std::move(test));
  }

  void Decide(TestCase &test, TestOutcome outcome, TestPhase phase) {
    if (Outranks(outcome, test.outcome)) {
      test.outcome = outcome;
      test.phase = phase;
    }
  }

  void AddChild(const JUnitChild &child, TestCase &test) {
    if (child.kind == JUnitChildKind::Skipped) {
      const bool expected = child.type == "pytest.xfail";
      Decide(test, expected ? TestOutcome::XFailed : TestOutcome::Skipped, TestPhase::Call);
      into_.DetailOf(test).reason = child.message.empty() && !expected ? child.body : child.message;
      return;
    }
    const Unwrapped wrapped = Unwrap(child.message);
    PhaseError error;
    error.phase = wrapped.phase;
    error.chain = ChainOf(child, wrapped.message, ids_);
    if (child.kind == JUnitChildKind::Rerun) {
      error.rerun = true;
      test.reruns = static_cast<uint8_t>(std::min(test.reruns + 1, 255));
      into_.DetailOf(test).errors.push_back(std::move(error));
      return;
    }
    const TypedMessage typed = SplitTyped(wrapped.message);
    const ErrorRule rule = ClassifyError(typed.type, typed.message).rule;
    if (rule == ErrorRule::WorkerCrash) {
      // Shown as a setup error, though nobody knows how far the test came.
      test.crashed = true;
      error.phase = TestPhase::Call;
      Decide(test, TestOutcome::Failed, TestPhase::Call);
    } else if (rule == ErrorRule::StrictXPass) {
      Decide(test, TestOutcome::XPassedStrict, TestPhase::Call);
      into_.DetailOf(test).reason = ReasonOfStrictXPass(wrapped.message);
      return;
    } else if (error.phase != TestPhase::Call) {
      Decide(test, TestOutcome::Error, error.phase);
    } else {
      const bool is_error = child.kind == JUnitChildKind::Error;
      Decide(test, is_error ? TestOutcome::Error : TestOutcome::Failed, TestPhase::Call);
    }
    into_.DetailOf(test).errors.push_back(std::move(error));
  }

  const JUnitCase &case_;
  TestIdResolver &ids_;
  TestResults &into_;
};

} // namespace

void AddJUnitCase(const JUnitCase &junit_case, TestIdResolver &ids, TestResults &into) {
  CaseReader(junit_case, ids, into).Add();
}

} // namespace pydefrag
