#include "report/json/render_tests_json.h"

#include "report/json/render_run_json.h"

namespace pydefrag {
namespace {

class TestsWriter {
public:
  TestsWriter(JsonWriter &json, const Joined &joined) : json_(json), joined_(joined) {}

  void Forecast();
  void Levels();
  void Suites();
  void Results();
  void Causes();
  void Clusters();
  void Related();
  void Warnings();
  void Disagreements();
  void Plan();
  void Steps();
  void Risks();
  void Counts(const TestCounts &counts);

private:
  void At(llvm::StringRef key, const Place &place);
  void Chain(const std::vector<Place> &places);
  void Reason(const ReasonRef &reason);
  void Planned(const std::optional<PlanState> &planned);
  void Numbers(llvm::StringRef key, const std::vector<size_t> &causes);

  JsonWriter &json_;
  const Joined &joined_;
};

} // namespace

void TestsWriter::At(llvm::StringRef key, const Place &place) {
  if (!place.path.empty()) {
    json_.Text(key, PlaceText(place));
  }
}

void TestsWriter::Chain(const std::vector<Place> &places) {
  std::vector<std::string> texts;
  for (const Place &place : places) {
    texts.push_back(PlaceText(place));
  }
  json_.TextsIfAny("chain", texts);
}

// Causes by their number, clusters by their key.
void TestsWriter::Reason(const ReasonRef &reason) {
  switch (reason.kind) {
  case ReasonKind::None:
    return;
  case ReasonKind::Cause:
    json_.Text("cause", joined_.causes[reason.index].cause);
    return;
  case ReasonKind::Cluster:
    json_.Text("cluster", joined_.clusters[reason.index].key);
    return;
  case ReasonKind::Related:
    Numbers("related", joined_.related[reason.index].causes);
    return;
  }
}

void TestsWriter::Numbers(llvm::StringRef key, const std::vector<size_t> &causes) {
  std::vector<std::string> texts;
  for (size_t cause : causes) {
    texts.push_back(joined_.causes[cause].cause);
  }
  json_.TextsIfAny(key, texts);
}

void TestsWriter::Planned(const std::optional<PlanState> &planned) {
  if (planned) {
    json_.Text("planned", PlanStateName(*planned));
  }
}

void TestsWriter::Counts(const TestCounts &counts) {
  json_.BeginObject("counts");
  json_.Count("tests", counts.Tests());
  json_.Count("passed", counts.passed);
  json_.Count("failed", counts.failed);
  json_.Count("errors", counts.errors);
  json_.Count("skipped", counts.skipped);
  json_.Count("xfailed", counts.xfailed);
  json_.Count("not_run", counts.not_run);
  json_.Count("uncollected", counts.uncollected);
  json_.EndObject();
}

static llvm::StringRef StatusName(ForecastStatus status) {
  switch (status) {
  case ForecastStatus::Collects:
    return "collects";
  case ForecastStatus::Fails:
    return "fails";
  case ForecastStatus::Unknown:
    return "unknown";
  }
  return "";
}

// Files that are collected are only counted.
void TestsWriter::Forecast() {
  const pydefrag::Forecast &forecast = joined_.forecast;
  json_.BreakLine();
  json_.BeginObject("forecast");
  json_.Text("sentence", forecast.sentence);
  json_.Count("modules", forecast.modules);
  json_.Count("failing", forecast.failing);
  json_.Count("unknown", forecast.unknown);
  json_.Count("conftests_failing", forecast.conftests_failing);
  json_.Key("session_fails");
  json_.Bool(forecast.session_fails);
  std::vector<ForecastFile> told;
  for (const ForecastFile &file : forecast.files) {
    if (file.status != ForecastStatus::Collects) {
      told.push_back(file);
    }
  }
  json_.RowsIfAny("files", told, [&](const ForecastFile &file) {
    json_.Text("path", file.path);
    json_.Text("status", StatusName(file.status));
    json_.TextIfAny("reason", file.reason);
    json_.TextIfAny("blocked_by", file.blocked_by);
    json_.TextIfAny("cause", file.cause);
    json_.Count("tests", file.tests);
    Chain(file.chain);
  });
  json_.EndObject();
}

void TestsWriter::Levels() {
  json_.RowsIfAny("levels", joined_.levels, [&](const LevelResult &level) {
    json_.Text("level", level.level);
    Counts(level.counts);
    json_.DecimalOrNull("seconds", level.seconds);
  });
}

void TestsWriter::Suites() {
  json_.RowsIfAny("suites", joined_.suites, [&](const Suite &suite) {
    json_.Text("folder", suite.folder);
    json_.Text("level", suite.level);
    Counts(suite.counts);
    json_.DecimalOrNull("seconds", suite.seconds);
    json_.RowsIfAny("failures", suite.failures, [&](const KeyFailure &failure) {
      json_.Text("id", failure.id);
      json_.TextIfAny("error", failure.error);
      json_.Count("alike", failure.alike);
      Reason(failure.reason);
    });
  });
}

// Every test that a report names, and every file or folder that could not be collected.
void TestsWriter::Results() {
  json_.RowsIfAny("results", joined_.tests, [&](const TestRow &test) {
    json_.Text("id", test.id);
    json_.Text("outcome", test.uncollected ? "uncollected" : TestOutcomeName(test.outcome));
    if (test.seconds >= 0) {
      json_.Key("seconds");
      json_.Decimal(static_cast<double>(test.seconds));
    }
    Reason(test.reason);
  });
}

void TestsWriter::Causes() {
  json_.RowsIfAny("causes", joined_.causes, [&](const RootCause &cause) {
    json_.Count("number", cause.number);
    json_.Text("cause", cause.cause);
    json_.Text("code", cause.code);
    json_.Text("name", cause.name);
    json_.Text("severity", SeverityName(cause.severity));
    json_.Text("message", cause.message);
    json_.Text("state", CauseStateName(cause.state));
    json_.TextIfAny("because", cause.state_because);
    json_.TextsIfAny("findings", cause.findings);
    json_.TextIfAny("fix", cause.fix);
    json_.TextIfAny("evidence", cause.evidence);
    json_.TextIfAny("evidence_test", cause.evidence_test);
    Chain(cause.chain);
    json_.TextsIfAny("failed", cause.failed_tests);
    json_.TextsIfAny("uncollected", cause.uncollected);
    json_.TextsIfAny("masked", cause.masked_tests);
    json_.TextsIfAny("related_tests", cause.related_tests);
    json_.TextsIfAny("predicted", cause.predicted);
    json_.Count("tests_blocked", cause.tests_blocked);
    json_.Count("modules_blocked", cause.modules_blocked);
    json_.Count("importers", cause.importers);
    json_.TextsIfAny("suites", cause.suites);
    Planned(cause.planned);
  });
}

void TestsWriter::Clusters() {
  json_.RowsIfAny("clusters", joined_.clusters, [&](const Cluster &cluster) {
    json_.Text("key", cluster.key);
    json_.Text("title", cluster.title);
    json_.Key("import_error");
    json_.Bool(cluster.import_error);
    At("site", cluster.site);
    json_.TextIfAny("site_text", cluster.site_text);
    if (cluster.foreseen) {
      json_.Key("foreseen");
      json_.Bool(true);
    }
    if (cluster.outdated) {
      json_.Key("outdated");
      json_.Bool(true);
    }
    Chain(cluster.chain);
    json_.TextsIfAny("failed", cluster.failed_tests);
    json_.TextsIfAny("uncollected", cluster.uncollected);
    json_.TextsIfAny("as_planned", cluster.as_planned);
    Numbers("related", cluster.related);
    Planned(cluster.planned);
  });
}

void TestsWriter::Related() {
  json_.RowsIfAny("related", joined_.related, [&](const RelatedAssertion &related) {
    json_.Text("id", related.id);
    json_.Text("error", related.error);
    At("site", related.site);
    Numbers("causes", related.causes);
    json_.Text("because", related.because);
    Planned(related.planned);
  });
}

void TestsWriter::Warnings() {
  json_.RowsIfAny("warnings", joined_.warnings, [&](const JoinedWarning &warning) {
    json_.Text("category", warning.category);
    json_.Text("message", warning.message);
    At("place", warning.place);
    json_.TextIfAny("text", warning.text);
    json_.Count("count", warning.count);
    json_.TextsIfAny("tests", warning.tests);
    if (warning.cause) {
      json_.Text("cause", joined_.causes[*warning.cause].cause);
    }
  });
}

void TestsWriter::Disagreements() {
  json_.RowsIfAny("disagreements", joined_.disagreements, [&](const Disagreement &wrong) {
    json_.Text("id", wrong.id);
    json_.TextIfAny("cause", wrong.cause);
    json_.Text("message", wrong.message);
    At("place", wrong.place);
    json_.Text("because", wrong.because);
  });
}

void TestsWriter::Plan() {
  json_.RowsIfAny("planned", joined_.plan.tests, [&](const PlannedTest &test) {
    json_.Text("id", test.id);
    json_.Text("state", PlanStateName(test.state));
    json_.Text("by", test.by_mark ? "mark" : "plan");
    json_.TextIfAny("expected", test.expected);
    json_.TextIfAny("seen", test.seen);
    json_.TextIfAny("reason", test.reason);
    json_.TextIfAny("until", test.until);
    if (test.hides_import_error) {
      json_.Key("hides_import_error");
      json_.Bool(true);
    }
  });
  if (!joined_.plan.without_test.empty()) {
    json_.BreakLine();
    json_.BeginArray("plan_without_test");
    for (uint32_t line : joined_.plan.without_test) {
      json_.String(PlaceText(joined_.plan.path, line));
    }
    json_.EndArray();
  }
}

void TestsWriter::Steps() {
  json_.RowsIfAny("steps", joined_.steps, [&](const NextStep &step) {
    json_.Text("text", step.text);
    At("place", step.place);
    Reason(step.reason);
    json_.Count("tests_unblocked", step.tests_unblocked);
    json_.Count("files_unblocked", step.files_unblocked);
    json_.TextIfAny("rerun", step.rerun);
    if (step.planned) {
      json_.Key("planned");
      json_.Bool(true);
    }
  });
}

void TestsWriter::Risks() {
  json_.RowsIfAny("risks", joined_.risks, [&](const Risk &risk) {
    json_.Text("text", risk.text);
    json_.Text("cause", joined_.causes[risk.cause].cause);
    json_.Count("modules", risk.modules);
    json_.Count("test_files", risk.test_files);
  });
}

void WriteTests(JsonWriter &json, const Joined &joined) {
  TestsWriter writer(json, joined);
  json.BeginObject();
  if (joined.forecast.modules > 0) {
    writer.Forecast();
  }
  if (joined.with_outcomes) {
    json.BreakLine();
    json.Text("verdict", joined.verdict);
    WriteRunHeader(json, joined.run);
    writer.Counts(joined.counts);
    writer.Levels();
    writer.Suites();
    writer.Results();
    writer.Clusters();
    writer.Related();
    writer.Warnings();
    writer.Disagreements();
    writer.Plan();
    json.BreakLine();
    json.TextsIfAny("never_ran", joined.never_ran);
  }
  if (joined.with_outcomes || joined.forecast.failing > 0) {
    writer.Causes();
    writer.Steps();
    writer.Risks();
  }
  json.EndObject();
}

} // namespace pydefrag
