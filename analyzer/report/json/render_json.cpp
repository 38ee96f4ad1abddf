// Empty fields are left out, as the contract says; rows stand one a line, so that reports can be
// compared with line tools.
#include "report/json/render_json.h"

#include "report/groups.h"
#include "report/json/json_text.h"
#include "report/json/render_tests_json.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

llvm::StringRef ToolVersion() {
  return PYDEFRAG_VERSION;
}

namespace {

class ReportWriter {
public:
  ReportWriter(llvm::raw_ostream &os, const Report &report, SourceCache &sources)
      : json_(os), report_(report), project_(*report.project), sources_(sources) {}

  void Document(llvm::ArrayRef<const Finding *> findings);
  void WriteFinding(const Finding &finding);

private:
  void Head();
  void Stats();
  void Problems();
  void Known();
  void Position(const SourceText *text, uint32_t offset);
  void Range(Location where);
  void WriteFix(const Fix &fix);
  void WriteRelated(const Finding &finding);
  void Tests(const Finding &finding);
  void Fragment(const Definition &definition);
  void FragmentPath(const PathInfo &path);

  JsonWriter json_;
  const Report &report_;
  const Project &project_;
  SourceCache &sources_;
};

} // namespace

void ReportWriter::Position(const SourceText *text, uint32_t offset) {
  json_.BeginObject();
  if (text) {
    const LineColumn at = text->At(offset);
    json_.Count("line", at.line);
    json_.Count("column", at.column);
  }
  json_.Count("offset", offset);
  json_.EndObject();
}

void ReportWriter::Range(Location where) {
  const SourceText *text = sources_.Get(where.file);
  json_.Text("path", project_.PathOf(where.file));
  json_.BeginObject("range");
  json_.Key("start");
  Position(text, where.span.begin);
  json_.Key("end");
  Position(text, where.span.end);
  json_.EndObject();
}

static llvm::StringRef ApplicabilityName(Applicability applicability) {
  switch (applicability) {
  case Applicability::Safe:
    return "safe";
  case Applicability::Unsafe:
    return "unsafe";
  case Applicability::Display:
    return "display";
  }
  return "";
}

static llvm::StringRef TestStateName(TestState state) {
  switch (state) {
  case TestState::None:
    return "none";
  case TestState::Confirmed:
    return "confirmed";
  case TestState::Predicted:
    return "predicted";
  case TestState::Refuted:
    return "refuted";
  case TestState::Masked:
    return "masked";
  }
  return "";
}

void ReportWriter::WriteFix(const Fix &fix) {
  json_.BeginObject("fix");
  json_.Text("title", fix.title);
  json_.Text("applicability", ApplicabilityName(fix.applicability));
  if (!fix.edits.empty()) {
    json_.BeginArray("edits");
    for (const Edit &edit : fix.edits) {
      json_.BeginObject();
      Range(edit.where);
      json_.Text("content", edit.content);
      json_.EndObject();
    }
    json_.EndArray();
  }
  json_.EndObject();
}

void ReportWriter::WriteRelated(const Finding &finding) {
  if (finding.related.empty()) {
    return;
  }
  json_.BeginArray("related");
  for (const Related &related : finding.related) {
    json_.BeginObject();
    Range(related.where);
    json_.Text("message", related.message);
    json_.EndObject();
  }
  json_.EndArray();
  if (finding.related_total > finding.related.size()) {
    json_.Count("related_total", finding.related_total);
  }
}

void ReportWriter::Tests(const Finding &finding) {
  if (finding.test_state == TestState::None) {
    return;
  }
  json_.BeginObject("tests");
  json_.Text("state", TestStateName(finding.test_state));
  json_.TextsIfAny("observed", finding.observed_tests);
  json_.TextsIfAny("predicted", finding.predicted_tests);
  json_.EndObject();
}

void ReportWriter::WriteFinding(const Finding &finding) {
  json_.BeginObject();
  json_.Text("id", finding.id);
  json_.Text("cause", finding.cause);
  json_.Text("code", finding.code);
  json_.Text("name", finding.name);
  json_.Text("severity", SeverityName(finding.severity));
  json_.Text("message", finding.message);
  Range(finding.where);
  json_.TextIfAny("module", finding.module);
  json_.TextIfAny("scope", finding.scope);
  json_.TextsIfAny("symbols", finding.symbols);
  json_.TextIfAny("help", finding.help);
  json_.TextIfAny("note", finding.note);
  WriteRelated(finding);
  if (!finding.fixes.empty()) {
    WriteFix(finding.fixes.front());
  }
  Tests(finding);
  json_.TextIfAny("suppressed", finding.suppressed);
  json_.EndObject();
}

void ReportWriter::Head() {
  json_.Text("schema", "pydefrag/report/1");
  json_.BreakLine();
  json_.BeginObject("tool");
  json_.Text("name", "pydefrag");
  json_.Text("version", ToolVersion());
  json_.EndObject();
  json_.BreakLine();
  json_.Text("root", report_.root_shown);
  json_.Key("complete");
  json_.Bool(report_.complete);
  json_.Count("exit", static_cast<uint64_t>(report_.exit_status));
  json_.BreakLine();
  json_.TextOrNull("environment", project_.environment);
  json_.BeginArray("roots");
  for (const SourceRoot &root : project_.roots) {
    json_.BeginObject();
    json_.Text("path", root.path.empty() ? "." : root.path);
    json_.Text("because", root.because);
    json_.EndObject();
  }
  json_.EndArray();
  json_.Text("python",
             std::to_string(project_.target.major) + "." + std::to_string(project_.target.minor));
}

void ReportWriter::Stats() {
  const LinkStats &stats = project_.stats;
  json_.BreakLine();
  json_.BeginObject("stats");
  json_.Count("files", report_.stats.files);
  json_.Count("lines", report_.stats.lines);
  json_.Count("bytes", report_.stats.bytes);
  json_.Count("modules", report_.stats.modules);
  json_.Count("imports", stats.rows);
  json_.Count("resolved", stats.resolved);
  json_.Count("external", stats.external);
  json_.Count("missing", stats.missing);
  json_.Count("unknown", stats.unknown);
  json_.Count("third_party_unchecked", project_.third_party_unchecked);
  json_.Count("suppressed", report_.suppressed.size());
  json_.Key("seconds");
  json_.Decimal(report_.stats.seconds);
  json_.EndObject();
  if (!stats.unknown_reasons.empty()) {
    json_.BreakLine();
    json_.BeginArray("unknown_reasons");
    for (const auto &[reason, count] : stats.unknown_reasons) {
      json_.BeginObject();
      json_.Text("reason", reason);
      json_.Count("count", count);
      json_.EndObject();
    }
    json_.EndArray();
  }
}

void ReportWriter::Problems() {
  json_.BreakLine();
  json_.BeginArray("problems");
  for (const Problem &problem : report_.problems) {
    json_.BreakLine();
    json_.BeginObject();
    json_.Text("kind", ProblemKindName(problem.kind));
    json_.Text("path", problem.path);
    json_.Key("line");
    if (problem.line > 0) {
      json_.Number(problem.line);
    } else {
      json_.Null();
    }
    json_.Text("message", problem.message);
    json_.EndObject();
  }
  json_.EndArray();
}

void ReportWriter::Known() {
  const KnownFindings &known = report_.known;
  if (!known.baseline.empty()) {
    json_.BreakLine();
    json_.BeginObject("baseline");
    json_.Text("path", known.baseline);
    json_.Count("known", known.in_baseline);
    json_.BeginArray("stale");
    for (const BaselineEntry &entry : known.stale) {
      json_.String(entry.id);
    }
    json_.EndArray();
    json_.EndObject();
  }
  if (!known.since.empty()) {
    json_.BreakLine();
    json_.BeginObject("since");
    json_.Text("commit", known.since);
    json_.Count("known", known.earlier);
    json_.EndObject();
  }
}

void ReportWriter::FragmentPath(const PathInfo &path) {
  json_.BeginObject();
  json_.Text("path", project_.PathText(path.module, path.name));
  json_.Count("uses", path.uses);
  json_.Count("in_tests", path.in_tests);
  json_.Count("type_checking", path.type_checking);
  json_.Count("guarded", path.guarded);
  if (!path.via.empty()) {
    json_.BeginArray("via");
    for (const Location &hop : path.via) {
      const SourceText *text = sources_.Get(hop.file);
      std::string place = project_.PathOf(hop.file).str();
      place += text ? ":" + std::to_string(text->LineOf(hop.span.begin)) : "";
      json_.String(place);
    }
    json_.EndArray();
  }
  json_.EndObject();
}

void ReportWriter::Fragment(const Definition &definition) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const SourceText *text = sources_.Get(definition.where.file);
  json_.BeginObject();
  json_.Text("definition", project_.PathText(definition.module, definition.name));
  json_.Text("kind", DefinitionKindName(definition.kind));
  json_.Text("path", project_.PathOf(definition.where.file));
  json_.Count("line", text ? text->LineOf(definition.where.span.begin) : 0);
  json_.Text("canonical", project_.PathText(canonical.module, canonical.name));
  json_.Text("because", definition.because);
  json_.BeginArray("paths");
  for (const PathInfo &path : definition.paths) {
    if (path.in_use || &path == &canonical) {
      FragmentPath(path);
    }
  }
  json_.EndArray();
  json_.EndObject();
}

void ReportWriter::Document(llvm::ArrayRef<const Finding *> findings) {
  json_.BeginObject();
  Head();
  Stats();
  Problems();
  Known();
  json_.BreakLine();
  json_.BeginArray("findings");
  for (const Finding *finding : findings) {
    json_.BreakLine();
    WriteFinding(*finding);
  }
  json_.EndArray();
  json_.BreakLine();
  json_.BeginArray("fragments");
  for (DefinitionId id : FragmentedDefinitions(project_)) {
    const Definition &definition = project_.definitions[id];
    if (IsInPaths(project_.PathOf(definition.where.file), report_.paths)) {
      json_.BreakLine();
      Fragment(definition);
    }
  }
  json_.EndArray();
  json_.BreakLine();
  json_.Key("tests");
  WriteTests(json_, report_.joined);
  json_.EndObject();
}

void RenderJson(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                SuppressedFindings suppressed) {
  ReportWriter(os, report, sources).Document(ShownFindings(report, suppressed));
  os << '\n';
}

void RenderJsonLines(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                     SuppressedFindings suppressed) {
  for (const Finding *finding : ShownFindings(report, suppressed)) {
    ReportWriter(os, report, sources).WriteFinding(*finding);
    os << '\n';
  }
}

} // namespace pydefrag
