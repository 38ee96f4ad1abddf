#include "report/ci/sarif_rules.h"

#include "report/text/render_rule.h"

namespace pydefrag {

llvm::StringRef SarifLevel(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  case Severity::Off:
    return "none";
  }
  return "none";
}

// The text below the page's first heading, on one line.
static std::string FirstSection(llvm::StringRef page) {
  const llvm::StringRef body = page.split('\n').second;
  std::string text = body.take_front(body.find("\n## ")).trim().str();
  for (char &c : text) {
    c = c == '\n' ? ' ' : c;
  }
  return text;
}

// Viewers know no `pycase`; the cases are Python.
static std::string PageForViewers(const Rule &rule) {
  const std::string cases = RulePage(rule);
  llvm::StringRef rest = cases;
  std::string page;
  while (!rest.empty()) {
    const auto [before, after] = rest.split("```pycase");
    page += before;
    page += before.size() == rest.size() ? "" : "```python";
    rest = after;
  }
  return page;
}

static void WriteText(JsonWriter &json, llvm::StringRef key, llvm::StringRef text) {
  json.BeginObject(key);
  json.Text("text", text);
  json.EndObject();
}

// What kind of thing the rule speaks of, by the first digit of its code.
static llvm::StringRef TagOf(llvm::StringRef code) {
  switch (code.size() > 3 ? code[3] : '\0') {
  case '1':
    return "fragmentation";
  case '2':
    return "broken-imports";
  case '3':
    return "deprecation";
  case '4':
    return "import-cycles";
  default:
    return "files";
  }
}

void WriteSarifRule(JsonWriter &json, const Rule &rule) {
  const RuleMeta &meta = rule.meta;
  const bool enabled = meta.severity != Severity::Off;
  json.BeginObject();
  json.Text("id", meta.code);
  json.Text("name", meta.name);
  WriteText(json, "shortDescription", meta.summary);
  WriteText(json, "fullDescription", FirstSection(meta.doc));
  const std::string page = PageForViewers(rule);
  json.BeginObject("help");
  json.Text("text", page);
  json.Text("markdown", page);
  json.EndObject();
  json.BeginObject("defaultConfiguration");
  if (!enabled) {
    json.Key("enabled");
    json.Bool(false);
  } else {
    json.Text("level", SarifLevel(meta.severity));
  }
  json.EndObject();
  json.BeginObject("properties");
  json.BeginArray("tags");
  json.String("imports");
  json.String(TagOf(meta.code));
  json.EndArray();
  json.Text("precision", "very-high");
  json.Text("problem.severity", meta.severity == Severity::Error     ? "error"
                                : meta.severity == Severity::Warning ? "warning"
                                                                     : "recommendation");
  json.EndObject();
  json.EndObject();
}

} // namespace pydefrag
