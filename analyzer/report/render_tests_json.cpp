#include "report/render_tests_json.h"

namespace pydefrag {
namespace {

class TestsWriter {
public:
  TestsWriter(JsonWriter &json, const Joined &joined) : json_(json), joined_(joined) {}

  void Run();
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
  void Texts(llvm::StringRef key, llvm::ArrayRef<std::string> texts);

private:
  template <typename T, typename Write>
  void List(llvm::StringRef key, const std::vector<T> &items, Write write) {
    if (items.empty()) {
      return;
    }
    json_.BreakLine();
    json_.Key(key);
    json_.BeginArray();
    for (const T &item : items) {
      json_.BreakLine();
      json_.BeginObject();
      write(item);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void At(llvm::StringRef key, const Place &place);
  void Chain(const std::vector<Place> &places);
  void Seconds(const std::optional<double> &seconds);
  void Reason(const ReasonRef &reason);
  void Source(llvm::StringRef key, const std::optional<Recorded> &recorded);
  void Planned(const std::optional<PlanState> &planned);
  void Numbers(llvm::StringRef key, const std::vector<size_t> &causes);

  JsonWriter &json_;
  const Joined &joined_;
};

} // namespace

void TestsWriter::Texts(llvm::StringRef key, llvm::ArrayRef<std::string> texts) {
  if (texts.empty()) {
    return;
  }
  json_.Key(key);
  json_.BeginArray();
  for (const std::string &text : texts) {
    json_.String(text);
  }
  json_.EndArray();
}

static std::string PlaceText(const Place &place) {
  return place.path + (place.line > 0 ? ":" + std::to_string(place.line) : "");
}

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
  Texts("chain", texts);
}

void TestsWriter::Seconds(const std::optional<double> &seconds) {
  json_.Key("seconds");
  if (seconds) {
    json_.Decimal(*seconds);
  } else {
    json_.Null();
  }
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
  Texts(key, texts);
}

void TestsWriter::Source(llvm::StringRef key, const std::optional<Recorded> &recorded) {
  json_.Key(key);
  if (!recorded) {
    json_.Null();
    return;
  }
  json_.BeginObject();
  json_.Text("value", recorded->text);
  json_.Text("from", recorded->from);
  json_.EndObject();
}

void TestsWriter::Planned(const std::optional<PlanState> &planned) {
  if (planned) {
    json_.Text("planned", PlanStateName(*planned));
  }
}

void TestsWriter::Counts(const TestCounts &counts) {
  json_.Key("counts");
  json_.BeginObject();
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

void TestsWriter::Run() {
  const RunHeader &run = joined_.run;
  json_.BreakLine();
  json_.Key("run");
  json_.BeginObject();
  List("sources", run.sources, [&](const SourceRead &source) {
    json_.Text("path", source.path);
    json_.Text("kind", SourceKindName(source.kind));
    json_.Key("complete");
    json_.Bool(source.complete);
  });
  Source("revision", run.revision);
  Source("branch", run.branch);
  Source("python", run.python);
  Source("framework", run.framework);
  Source("platform", run.platform);
  Source("host", run.host);
  List("declared", run.declared, [&](const Recorded &declared) {
    json_.Text("value", declared.text);
    json_.Text("from", declared.from);
  });
  json_.Key("started");
  run.started ? json_.Number(static_cast<uint64_t>(*run.started)) : json_.Null();
  Seconds(run.seconds);
  json_.Key("peak_memory");
  run.peak_memory ? json_.Number(*run.peak_memory) : json_.Null();
  json_.Key("exit");
  run.exit_status ? json_.Number(static_cast<uint64_t>(*run.exit_status)) : json_.Null();
  if (run.stale) {
    json_.Text("stale", run.stale_because);
  }
  std::vector<std::string> changed;
  for (const Place &place : run.changed) {
    changed.push_back(PlaceText(place));
  }
  Texts("changed", changed);
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
  json_.Key("forecast");
  json_.BeginObject();
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
  List("files", told, [&](const ForecastFile &file) {
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
  List("levels", joined_.levels, [&](const LevelResult &level) {
    json_.Text("level", level.level);
    Counts(level.counts);
    Seconds(level.seconds);
  });
}

void TestsWriter::Suites() {
  List("suites", joined_.suites, [&](const Suite &suite) {
    json_.Text("folder", suite.folder);
    json_.Text("level", suite.level);
    Counts(suite.counts);
    Seconds(suite.seconds);
    List("failures", suite.failures, [&](const KeyFailure &failure) {
      json_.Text("id", failure.id);
      json_.TextIfAny("error", failure.error);
      json_.Count("alike", failure.alike);
      Reason(failure.reason);
    });
  });
}

// Every test that a report names, and every file or folder that could not be collected.
void TestsWriter::Results() {
  List("results", joined_.tests, [&](const TestRow &test) {
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
  List("causes", joined_.causes, [&](const RootCause &cause) {
    json_.Count("number", cause.number);
    json_.Text("cause", cause.cause);
    json_.Text("code", cause.code);
    json_.Text("name", cause.name);
    json_.Text("severity", SeverityName(cause.severity));
    json_.Text("message", cause.message);
    json_.Text("state", CauseStateName(cause.state));
    json_.TextIfAny("because", cause.state_because);
    Texts("findings", cause.findings);
    json_.TextIfAny("fix", cause.fix);
    json_.TextIfAny("evidence", cause.evidence);
    json_.TextIfAny("evidence_test", cause.evidence_test);
    Chain(cause.chain);
    Texts("failed", cause.failed_tests);
    Texts("uncollected", cause.uncollected);
    Texts("masked", cause.masked_tests);
    Texts("related_tests", cause.related_tests);
    Texts("predicted", cause.predicted);
    json_.Count("tests_blocked", cause.tests_blocked);
    json_.Count("modules_blocked", cause.modules_blocked);
    json_.Count("importers", cause.importers);
    Texts("suites", cause.suites);
    Planned(cause.planned);
  });
}

void TestsWriter::Clusters() {
  List("clusters", joined_.clusters, [&](const Cluster &cluster) {
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
    Texts("failed", cluster.failed_tests);
    Texts("uncollected", cluster.uncollected);
    Texts("as_planned", cluster.as_planned);
    Numbers("related", cluster.related);
    Planned(cluster.planned);
  });
}

void TestsWriter::Related() {
  List("related", joined_.related, [&](const RelatedAssertion &related) {
    json_.Text("id", related.id);
    json_.Text("error", related.error);
    At("site", related.site);
    Numbers("causes", related.causes);
    json_.Text("because", related.because);
    Planned(related.planned);
  });
}

void TestsWriter::Warnings() {
  List("warnings", joined_.warnings, [&](const JoinedWarning &warning) {
    json_.Text("category", warning.category);
    json_.Text("message", warning.message);
    At("place", warning.place);
    json_.TextIfAny("text", warning.text);
    json_.Count("count", warning.count);
    Texts("tests", warning.tests);
    if (warning.cause) {
      json_.Text("cause", joined_.causes[*warning.cause].cause);
    }
  });
}

void TestsWriter::Disagreements() {
  List("disagreements", joined_.disagreements, [&](const Disagreement &wrong) {
    json_.Text("id", wrong.id);
    json_.TextIfAny("cause", wrong.cause);
    json_.Text("message", wrong.message);
    At("place", wrong.place);
    json_.Text("because", wrong.because);
  });
}

void TestsWriter::Plan() {
  List("planned", joined_.plan.tests, [&](const PlannedTest &test) {
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
    json_.Key("plan_without_test");
    json_.BeginArray();
    for (uint32_t line : joined_.plan.without_test) {
      json_.String(joined_.plan.path + ":" + std::to_string(line));
    }
    json_.EndArray();
  }
}

void TestsWriter::Steps() {
  List("steps", joined_.steps, [&](const NextStep &step) {
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
  List("risks", joined_.risks, [&](const Risk &risk) {
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
    writer.Run();
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
    writer.Texts("never_ran", joined.never_ran);
  }
  if (joined.with_outcomes || joined.forecast.failing > 0) {
    writer.Causes();
    writer.Steps();
    writer.Risks();
  }
  json.EndObject();
}

} // namespace pydefrag
