// Limits: https://docs.github.com/en/code-security/code-scanning, "SARIF support". A finding has
// one location, and at most five related ones; its flow is cut where it is made.
#include "report/ci/render_sarif.h"

#include "report/ci/line_hash.h"
#include "report/ci/sarif_rules.h"
#include "report/places.h"
#include "report/text/style.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static constexpr size_t kMaxResults = 25000;
static constexpr size_t kMaxNotifications = 1000;

namespace {

class SarifWriter {
public:
  SarifWriter(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
              llvm::StringRef path_prefix)
      : json_(os), report_(report), sources_(sources), path_prefix_(path_prefix) {}

  void Log(std::vector<const Finding *> findings);

private:
  void Tool();
  void Invocation(size_t left_out);
  void Notification(llvm::StringRef level, llvm::StringRef path, uint32_t line,
                    const llvm::Twine &message);
  void Results(llvm::ArrayRef<const Finding *> findings);
  void Result(const Finding &finding);
  void Message(const Finding &finding);
  void Artifact(llvm::StringRef path);
  void Region(llvm::StringRef key, Location where);
  void PhysicalLocation(Location where);
  void PlaceWithMessage(const Related &place, size_t id);
  void Fingerprints(const Finding &finding);
  void RelatedPlaces(const Finding &finding);
  void CodeFlow(const Finding &finding);
  void Change(llvm::ArrayRef<Edit> edits);
  void Fixes(const Finding &finding);
  void Suppression(const Finding &finding);
  void LoadHashes(llvm::ArrayRef<const Finding *> of_one_file);

  JsonWriter json_;
  const Report &report_;
  SourceCache &sources_;
  llvm::StringRef path_prefix_;
  FileHashes hashes_;
};

} // namespace

// What may stand in a URI's path as it is; the rest is percent-encoded.
static std::string EncodeUri(llvm::StringRef path) {
  std::string encoded;
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("/-._~").contains(c)) {
      encoded += c;
    } else {
      const uint8_t byte = static_cast<uint8_t>(c);
      encoded += {'%', llvm::hexdigit(byte >> 4), llvm::hexdigit(byte & 15)};
    }
  }
  return encoded;
}

// In a message, brackets make links.
static std::string EscapeMessage(llvm::StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '[' || c == ']' || c == '\\') {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

void SarifWriter::Tool() {
  json_.BeginObject("tool");
  json_.BeginObject("driver");
  json_.Text("name", "pydefrag");
  json_.Text("semanticVersion", ToolVersion());
  json_.BeginArray("rules");
  for (const Rule *rule : AllRules()) {
    json_.BreakLine();
    WriteSarifRule(json_, *rule);
  }
  json_.EndArray();
  json_.EndObject();
  json_.EndObject();
  json_.BreakLine();
}

void SarifWriter::Notification(llvm::StringRef level, llvm::StringRef path, uint32_t line,
                               const llvm::Twine &message) {
  json_.BeginObject();
  json_.Text("level", level);
  json_.BeginObject("message");
  json_.Text("text", message.str());
  json_.EndObject();
  if (!path.empty()) {
    json_.BeginArray("locations");
    json_.BeginObject();
    json_.BeginObject("physicalLocation");
    Artifact(path);
    if (line > 0) {
      json_.BeginObject("region");
      json_.Count("startLine", line);
      json_.EndObject();
    }
    json_.EndObject();
    json_.EndObject();
    json_.EndArray();
  }
  json_.EndObject();
}

void SarifWriter::Invocation(size_t left_out) {
  json_.BeginArray("invocations");
  json_.BeginObject();
  json_.Key("executionSuccessful");
  json_.Bool(report_.complete);
  json_.Count("exitCode", static_cast<uint64_t>(report_.exit_status));
  json_.BeginArray("toolExecutionNotifications");
  if (left_out > 0) {
    Notification("warning", "", 0,
                 Counted(left_out, "finding") + " left out: code scanning takes " +
                     WithCommas(kMaxResults) + " a run");
  }
  for (const Problem &problem : llvm::ArrayRef(report_.problems).take_front(kMaxNotifications)) {
    Notification(MakesIncomplete(problem.kind) ? "error" : "warning", problem.path, problem.line,
                 problem.message);
  }
  if (report_.problems.size() > kMaxNotifications) {
    Notification("warning", "", 0,
                 Counted(report_.problems.size() - kMaxNotifications, "more problem"));
  }
  json_.EndArray();
  json_.EndObject();
  json_.EndArray();
  json_.BreakLine();
}

void SarifWriter::Artifact(llvm::StringRef path) {
  json_.BeginObject("artifactLocation");
  json_.Text("uri", EncodeUri((path_prefix_ + path).str()));
  json_.Text("uriBaseId", "%SRCROOT%");
  json_.EndObject();
}

void SarifWriter::Region(llvm::StringRef key, Location where) {
  const std::optional<TextRange> range = RangeOf(sources_, where);
  if (!range) {
    return;
  }
  json_.BeginObject(key);
  json_.Count("startLine", range->begin.line);
  json_.Count("startColumn", range->begin.column);
  json_.Count("endLine", range->end.line);
  json_.Count("endColumn", range->end.column);
  json_.EndObject();
}

void SarifWriter::PhysicalLocation(Location where) {
  json_.BeginObject("physicalLocation");
  Artifact(report_.project->PathOf(where.file));
  Region("region", FirstLineOf(sources_, where));
  json_.EndObject();
}

// `id`: what the message's link says; 0 for none.
void SarifWriter::PlaceWithMessage(const Related &place, size_t id) {
  json_.BeginObject();
  if (id > 0) {
    json_.Count("id", id);
  }
  PhysicalLocation(place.where);
  json_.BeginObject("message");
  json_.Text("text", EscapeMessage(place.message));
  json_.EndObject();
  json_.EndObject();
}

// GitHub shows a related location only where the message links to it.
void SarifWriter::Message(const Finding &finding) {
  std::string text = EscapeMessage(finding.message);
  for (size_t i = 0; i < finding.related.size(); ++i) {
    text += (i == 0 ? " ([" : ", [") + EscapeMessage(finding.related[i].message) + "](" +
            std::to_string(i + 1) + ")";
  }
  if (!finding.related.empty()) {
    const size_t more = finding.related_total - finding.related.size();
    text += more > 0 ? " and " + Counted(more, "more place") + ")" : ")";
  }
  json_.BeginObject("message");
  json_.Text("text", text);
  json_.EndObject();
}

void SarifWriter::Fingerprints(const Finding &finding) {
  const std::optional<TextRange> range = RangeOf(sources_, finding.where);
  const llvm::StringRef hash = range ? hashes_.Of(range->begin.line) : llvm::StringRef();
  json_.BeginObject("partialFingerprints");
  json_.TextIfAny("primaryLocationLineHash", hash);
  json_.Text("pydefrag/v1", finding.id);
  json_.EndObject();
}

void SarifWriter::RelatedPlaces(const Finding &finding) {
  if (finding.related.empty()) {
    return;
  }
  json_.BeginArray("relatedLocations");
  for (size_t i = 0; i < finding.related.size(); ++i) {
    PlaceWithMessage(finding.related[i], i + 1);
  }
  json_.EndArray();
}

void SarifWriter::CodeFlow(const Finding &finding) {
  if (finding.flow.empty()) {
    return;
  }
  json_.BeginArray("codeFlows");
  json_.BeginObject();
  json_.BeginArray("threadFlows");
  json_.BeginObject();
  json_.BeginArray("locations");
  for (const Related &step : finding.flow) {
    json_.BeginObject();
    json_.Key("location");
    PlaceWithMessage(step, 0);
    json_.EndObject();
  }
  json_.EndArray();
  json_.EndObject();
  json_.EndArray();
  json_.EndObject();
  json_.EndArray();
}

// The edits of one file.
void SarifWriter::Change(llvm::ArrayRef<Edit> edits) {
  json_.BeginObject();
  Artifact(report_.project->PathOf(edits.front().where.file));
  json_.BeginArray("replacements");
  for (const Edit &edit : edits) {
    json_.BeginObject();
    Region("deletedRegion", edit.where);
    json_.BeginObject("insertedContent");
    json_.Text("text", edit.content);
    json_.EndObject();
    json_.EndObject();
  }
  json_.EndArray();
  json_.EndObject();
}

void SarifWriter::Fixes(const Finding &finding) {
  if (finding.fixes.empty() || finding.fixes.front().edits.empty()) {
    return;
  }
  const Fix &fix = finding.fixes.front();
  json_.BeginArray("fixes");
  json_.BeginObject();
  json_.BeginObject("description");
  json_.Text("text", EscapeMessage(fix.title));
  json_.EndObject();
  json_.BeginArray("artifactChanges");
  llvm::ArrayRef<Edit> edits = fix.edits;
  while (!edits.empty()) {
    const FileId file = edits.front().where.file;
    const llvm::ArrayRef<Edit> same =
        edits.take_while([&](const Edit &edit) { return edit.where.file == file; });
    Change(same);
    edits = edits.drop_front(same.size());
  }
  json_.EndArray();
  json_.EndObject();
  json_.EndArray();
}

void SarifWriter::Suppression(const Finding &finding) {
  if (finding.suppressed.empty()) {
    return;
  }
  json_.BeginArray("suppressions");
  json_.BeginObject();
  json_.Text("kind", finding.suppressed == "comment" ? "inSource" : "external");
  json_.Text("justification", finding.suppressed);
  json_.EndObject();
  json_.EndArray();
}

static size_t RuleIndex(llvm::StringRef code) {
  const llvm::ArrayRef<const Rule *> rules = AllRules();
  const auto *const rule =
      llvm::find_if(rules, [&](const Rule *each) { return code == each->meta.code; });
  return static_cast<size_t>(rule - rules.begin());
}

void SarifWriter::Result(const Finding &finding) {
  json_.BeginObject();
  json_.Text("ruleId", finding.code);
  json_.Count("ruleIndex", RuleIndex(finding.code));
  json_.Text("level", SarifLevel(finding.severity));
  Message(finding);
  json_.BeginArray("locations");
  json_.BeginObject();
  PhysicalLocation(finding.where);
  json_.EndObject();
  json_.EndArray();
  Fingerprints(finding);
  RelatedPlaces(finding);
  CodeFlow(finding);
  Fixes(finding);
  Suppression(finding);
  json_.EndObject();
}

void SarifWriter::LoadHashes(llvm::ArrayRef<const Finding *> of_one_file) {
  const FileId file = of_one_file.front()->where.file;
  std::vector<uint32_t> lines;
  for (const Finding *finding : of_one_file) {
    if (const SourceText *text = sources_.Get(finding->where.file)) {
      lines.push_back(text->LineOf(finding->where.span.begin));
    }
  }
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end()); // sorted by offset
  const std::string path = OnDisk(report_.project->root, report_.project->PathOf(file));
  hashes_.Load(*report_.disk, path, std::move(lines));
}

void SarifWriter::Results(llvm::ArrayRef<const Finding *> findings) {
  json_.BeginArray("results");
  while (!findings.empty()) {
    const FileId file = findings.front()->where.file;
    const llvm::ArrayRef<const Finding *> same =
        findings.take_while([&](const Finding *finding) { return finding->where.file == file; });
    LoadHashes(same);
    for (const Finding *finding : same) {
      json_.BreakLine();
      Result(*finding);
    }
    findings = findings.drop_front(same.size());
  }
  json_.EndArray();
}

// Keeps the gravest, in the order they had. Returns how many went.
static size_t CutToLimit(const Project &project, std::vector<const Finding *> &findings) {
  if (findings.size() <= kMaxResults) {
    return 0;
  }
  const size_t left_out = findings.size() - kMaxResults;
  llvm::stable_sort(findings,
                    [](const Finding *a, const Finding *b) { return a->severity > b->severity; });
  findings.resize(kMaxResults);
  llvm::stable_sort(
      findings, [&](const Finding *a, const Finding *b) { return ShownBefore(project, *a, *b); });
  return left_out;
}

void SarifWriter::Log(std::vector<const Finding *> findings) {
  const size_t left_out = CutToLimit(*report_.project, findings);
  json_.BeginObject();
  json_.Text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json_.Text("version", "2.1.0");
  json_.BeginArray("runs");
  json_.BeginObject();
  Tool();
  json_.Key("automationDetails"); // runs of several projects of one repository are told apart
  json_.BeginObject();
  json_.Text("id", ("pydefrag/" + path_prefix_).str());
  json_.EndObject();
  json_.Text("columnKind", "unicodeCodePoints");
  Invocation(left_out);
  Results(findings);
  json_.EndObject();
  json_.EndArray();
  json_.EndObject();
}

void RenderSarif(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                 llvm::StringRef path_prefix, SuppressedFindings suppressed) {
  SarifWriter(os, report, sources, path_prefix).Log(ShownFindings(report, suppressed));
  os << '\n';
}

} // namespace pydefrag
