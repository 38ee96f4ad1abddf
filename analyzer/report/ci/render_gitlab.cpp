#include "report/ci/render_gitlab.h"

#include "report/json/json_text.h"
#include "report/places.h"

namespace pydefrag {

static llvm::StringRef GitlabSeverity(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "major";
  case Severity::Warning:
    return "minor";
  case Severity::Note:
  case Severity::Off:
    return "info";
  }
  return "info";
}

static void WritePosition(JsonWriter &json, llvm::StringRef key, LineColumn at) {
  json.BeginObject(key);
  json.Count("line", at.line);
  json.Count("column", at.column);
  json.EndObject();
}

static void WriteEntry(JsonWriter &json, const Report &report, SourceCache &sources,
                       const Finding &finding, llvm::StringRef path_prefix) {
  const TextRange first{.begin = {.line = 1, .column = 1}, .end = {.line = 1, .column = 1}};
  const TextRange range = RangeOf(sources, finding.where).value_or(first);
  json.BeginObject();
  json.Text("check_name", finding.code);
  json.Text("description", finding.code + ": " + finding.message); // the name is not shown
  json.Text("severity", GitlabSeverity(finding.severity));
  json.Text("fingerprint", finding.id);
  json.BeginObject("location");
  json.Text("path", (path_prefix + report.project->PathOf(finding.where.file)).str());
  json.BeginObject("positions");
  WritePosition(json, "begin", range.begin);
  WritePosition(json, "end", range.end);
  json.EndObject();
  json.EndObject();
  json.EndObject();
}

void RenderGitlab(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix) {
  JsonWriter json(os);
  json.BeginArray();
  for (const Finding &finding : report.findings) {
    json.BreakLine();
    WriteEntry(json, report, sources, finding, path_prefix);
  }
  json.EndArray();
  os << '\n';
}

} // namespace pydefrag
