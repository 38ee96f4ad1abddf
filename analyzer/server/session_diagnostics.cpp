// When the project is analysed again, and what the client is told of it: pushed to clients that
// take nothing else, else only given when asked for.
#include "server/diagnostics.h"
#include "server/session.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

namespace pydefrag {

static uint64_t HashOf(const llvm::json::Value &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return llvm::xxh3_64bits(text);
}

// False when nothing can be said; the user is told once why.
bool Session::Refresh() {
  if (!dirty_ && snapshot_.report) {
    return true;
  }
  change_.structure |= !snapshot_.report;
  llvm::Expected<Snapshot> snapshot = workspace_.Analyze(folder_, documents_.Buffers(), change_);
  dirty_ = false;
  change_ = {};
  if (!snapshot) {
    snapshot_ = {};
    const std::string error = llvm::toString(snapshot.takeError());
    if (error != last_error_) {
      Notify("window/showMessage",
             llvm::json::Object{{"type", 1}, {"message", "pydefrag: " + error}});
    }
    last_error_ = error;
    return false;
  }
  last_error_.clear();
  snapshot_ = *snapshot;
  if (client_.pulls_diagnostics) {
    if (client_.refreshes_diagnostics && ready_) {
      Request("workspace/diagnostic/refresh", nullptr);
    }
  } else {
    Publish();
  }
  return true;
}

void Session::Settle() {
  if (dirty()) {
    Refresh();
  }
}

// Only what is different from what was sent last.
void Session::Publish() {
  std::map<std::string, uint64_t> now;
  for (FileId file : FilesWithFindings(view())) {
    const std::string uri = UriOfFile(view(), file);
    llvm::json::Object params{{"uri", uri}, {"diagnostics", DiagnosticsOf(view(), file)}};
    llvm::json::Value version = documents_.VersionOf(PathOfFile(view(), file));
    if (version.kind() != llvm::json::Value::Null) {
      params["version"] = std::move(version);
    }
    const llvm::json::Value value = std::move(params);
    const uint64_t hash = HashOf(value);
    const auto sent = published_.find(uri);
    if (sent == published_.end() || sent->second != hash) {
      Notify("textDocument/publishDiagnostics", value);
    }
    now[uri] = hash;
  }
  for (const auto &[uri, hash] : published_) {
    if (now.count(uri) == 0) {
      Notify("textDocument/publishDiagnostics",
             llvm::json::Object{{"uri", uri}, {"diagnostics", llvm::json::Array{}}});
    }
  }
  published_ = std::move(now);
}

// A full report, or that nothing changed since the one with `previous`.
static llvm::json::Object ReportOf(llvm::json::Array items, llvm::StringRef previous) {
  const llvm::json::Value value = std::move(items);
  const std::string id = llvm::utohexstr(HashOf(value));
  if (id == previous) {
    return llvm::json::Object{{"kind", "unchanged"}, {"resultId", id}};
  }
  return llvm::json::Object{{"kind", "full"}, {"resultId", id}, {"items", value}};
}

llvm::json::Value Session::DocumentDiagnostics(Params params) {
  llvm::json::Array items;
  const llvm::json::Object *document = params.getObject("textDocument");
  if (snapshot_.report && document) {
    const FileId file = FileOfUri(view(), document->getString("uri").value_or(""));
    if (file.valid()) {
      items = DiagnosticsOf(view(), file);
    }
  }
  return ReportOf(std::move(items), params.getString("previousResultId").value_or(""));
}

llvm::json::Value Session::WorkspaceDiagnostics() {
  llvm::json::Array reports;
  if (snapshot_.report) {
    std::map<std::string, uint64_t> now;
    for (FileId file : FilesWithFindings(view())) {
      llvm::json::Object report = ReportOf(DiagnosticsOf(view(), file), "");
      const std::string uri = UriOfFile(view(), file);
      now[uri] = 0;
      report["uri"] = uri;
      report["version"] = documents_.VersionOf(PathOfFile(view(), file));
      reports.push_back(std::move(report));
    }
    for (const auto &[uri, hash] : published_) { // what was told before and is no longer so
      if (now.count(uri) == 0) {
        llvm::json::Object report = ReportOf({}, "");
        report["uri"] = uri;
        report["version"] = nullptr;
        reports.push_back(std::move(report));
      }
    }
    published_ = std::move(now);
  }
  return llvm::json::Object{{"items", std::move(reports)}};
}

} // namespace pydefrag
