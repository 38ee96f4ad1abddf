#include "report/json/render_run_json.h"

namespace pydefrag {

static void WriteRecorded(JsonWriter &json, const Recorded &recorded) {
  json.Text("value", recorded.text);
  json.Text("from", recorded.from);
}

static void WriteSource(JsonWriter &json, llvm::StringRef key,
                        const std::optional<Recorded> &recorded) {
  json.Key(key);
  if (!recorded) {
    json.Null();
    return;
  }
  json.BeginObject();
  WriteRecorded(json, *recorded);
  json.EndObject();
}

void WriteRunHeader(JsonWriter &json, const RunHeader &run) {
  json.BreakLine();
  json.BeginObject("run");
  json.RowsIfAny("sources", run.sources, [&](const SourceRead &source) {
    json.Text("path", source.path);
    json.Text("kind", SourceKindName(source.kind));
    json.Key("complete");
    json.Bool(source.complete);
  });
  WriteSource(json, "revision", run.revision);
  WriteSource(json, "branch", run.branch);
  WriteSource(json, "python", run.python);
  WriteSource(json, "framework", run.framework);
  WriteSource(json, "platform", run.platform);
  WriteSource(json, "host", run.host);
  json.RowsIfAny("declared", run.declared,
                 [&](const Recorded &declared) { WriteRecorded(json, declared); });
  json.CountOrNull("started", run.started);
  json.DecimalOrNull("seconds", run.seconds);
  json.CountOrNull("peak_memory", run.peak_memory);
  json.CountOrNull("exit", run.exit_status);
  if (run.stale) {
    json.Text("stale", run.stale_because);
  }
  std::vector<std::string> changed;
  for (const Place &place : run.changed) {
    changed.push_back(PlaceText(place));
  }
  json.TextsIfAny("changed", changed);
  json.EndObject();
}

} // namespace pydefrag
