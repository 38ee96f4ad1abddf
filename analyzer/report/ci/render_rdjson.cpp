#include "report/ci/render_rdjson.h"

#include "report/json/json_text.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

namespace {

class RdjsonWriter {
public:
  RdjsonWriter(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
               llvm::StringRef path_prefix)
      : json_(os), report_(report), sources_(sources), path_prefix_(path_prefix) {}

  void Document();

private:
  void Diagnostic(const Finding &finding);
  void Suggestions(const Finding &finding);
  void Range(Location where);
  void Position(llvm::StringRef key, const SourceText &text, uint32_t offset);

  JsonWriter json_;
  const Report &report_;
  SourceCache &sources_;
  llvm::StringRef path_prefix_;
};

} // namespace

static llvm::StringRef RdjsonSeverity(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "ERROR";
  case Severity::Warning:
    return "WARNING";
  case Severity::Note:
  case Severity::Off:
    return "INFO";
  }
  return "INFO";
}

void RdjsonWriter::Position(llvm::StringRef key, const SourceText &text, uint32_t offset) {
  const uint32_t line = text.LineOf(offset);
  json_.BeginObject(key);
  json_.Count("line", line);
  json_.Count("column", offset - text.LineBegin(line) + 1);
  json_.EndObject();
}

void RdjsonWriter::Range(Location where) {
  if (const SourceText *text = sources_.Get(where.file)) {
    json_.BeginObject("range");
    Position("start", *text, where.span.begin);
    Position("end", *text, where.span.end);
    json_.EndObject();
  }
}

// A suggestion has no path: fixes that reach into other files, or have several parts of which each
// would be offered by itself, cannot be told.
void RdjsonWriter::Suggestions(const Finding &finding) {
  if (finding.fixes.empty() || finding.fixes.front().edits.size() != 1) {
    return;
  }
  const Edit &edit = finding.fixes.front().edits.front();
  if (edit.where.file != finding.where.file) {
    return;
  }
  json_.BeginArray("suggestions");
  json_.BeginObject();
  Range(edit.where);
  json_.Text("text", edit.content);
  json_.EndObject();
  json_.EndArray();
}

void RdjsonWriter::Diagnostic(const Finding &finding) {
  json_.BeginObject();
  json_.Text("message", finding.message);
  json_.BeginObject("location");
  json_.Text("path", (path_prefix_ + report_.project->PathOf(finding.where.file)).str());
  Range(finding.where);
  json_.EndObject();
  json_.Text("severity", RdjsonSeverity(finding.severity));
  json_.BeginObject("code");
  json_.Text("value", finding.code);
  json_.EndObject();
  Suggestions(finding);
  json_.EndObject();
}

void RdjsonWriter::Document() {
  json_.BeginObject();
  json_.BeginObject("source");
  json_.Text("name", "pydefrag");
  json_.EndObject();
  json_.BeginArray("diagnostics");
  for (const Finding &finding : report_.findings) {
    json_.BreakLine();
    Diagnostic(finding);
  }
  json_.EndArray();
  json_.EndObject();
}

void RenderRdjson(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix) {
  RdjsonWriter(os, report, sources, path_prefix).Document();
  os << '\n';
}

} // namespace pydefrag
