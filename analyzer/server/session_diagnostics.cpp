// When the project is analysed again, and what the client is told of it: pushed to clients that
// take nothing else, else only given when asked for.
#include "server/diagnostics.h"
#include "server/session.h"
#include "server/uri.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>

namespace pydefrag {

static uint64_t HashOf(const llvm::json::Value &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return llvm::xxh3_64bits(text);
}

// Milliseconds.
constexpr int kTyping = 15; // between messages that belong together
constexpr int kPause = 250; // before an analysis begins that takes longer than a moment
constexpr int kPoll = 10;   // between two looks at whether it has ended

bool Session::IsQuick() const {
  return snapshot_.report && snapshot_.report->stats.seconds * 1000 < moment_;
}

int Session::PauseBeforeAnalysis() const {
  return !snapshot_.report || IsQuick() ? kTyping : kPause;
}

void Session::Begin() {
  DraftAll();
  for (auto &[path, live] : live_) {
    live.known_steps = live.steps.size();
  }
  change_.structure |= !snapshot_.report;
  workspace_.Begin(folder_, documents_.Buffers(), change_);
  change_ = {};
  dirty_ = false;
  analysing_ = true;
}

// What was edited after the analysis had begun stays to be drafted.
void Session::Take() {
  llvm::Expected<Snapshot> snapshot = workspace_.Take();
  analysing_ = false;
  if (!snapshot) {
    snapshot_ = {};
    live_.clear();
    stale_.clear();
    const std::string error = llvm::toString(snapshot.takeError());
    if (error != last_error_) {
      Notify("window/showMessage",
             llvm::json::Object{{"type", 1}, {"message", "pydefrag: " + error}});
    }
    last_error_ = error;
    return;
  }
  last_error_.clear();
  snapshot_ = *snapshot;
  for (auto &[path, live] : live_) {
    live.steps.erase(live.steps.begin(),
                     live.steps.begin() + static_cast<std::ptrdiff_t>(live.known_steps));
    live.known_steps = 0;
    if (!live.steps.empty()) {
      stale_.insert(path);
    }
  }
  std::erase_if(live_, [](const auto &each) { return each.second.steps.empty(); });
  DraftAll();
  if (!client_.pulls_diagnostics) {
    Publish();
  } else if (client_.refreshes_diagnostics && ready_) {
    Request("workspace/diagnostic/refresh", nullptr);
  }
}

// Waits until all is known of what the client has said so far. False when nothing can be said; the
// user is told once why.
bool Session::CatchUp() {
  if (analysing_) {
    Take();
  }
  if (dirty_ || !snapshot_.report) {
    Begin();
    Take();
  }
  return snapshot_.report != nullptr;
}

void Session::Draft(const std::string &path) {
  stale_.erase(path);
  const FileId file = snapshot_.report ? FileOfUri(view(), UriOfPath(path)) : FileId();
  std::optional<MemoryFile> buffer = documents_.BufferOf(path);
  if (!buffer) { // closed without being saved
    std::optional<std::string> text = workspace_.Read(path);
    buffer = MemoryFile{path, text.value_or("")};
  }
  LiveFile before;
  if (const auto known = live_.find(path); known != live_.end()) {
    before = std::move(known->second);
    live_.erase(known);
  }
  if (file.valid()) {
    live_[path] = workspace_.Draft(file, *buffer, std::move(before));
  }
}

void Session::DraftAll() {
  while (!stale_.empty()) {
    Draft(std::string(*stale_.begin()));
  }
}

int Session::Patience(int silence) const {
  if (!ready_) {
    return -1;
  }
  if (analysing_) {
    return kPoll;
  }
  const bool pushes = !client_.pulls_diagnostics && snapshot_.report;
  int pause = unsent_ || (pushes && !stale_.empty()) ? kTyping : -1;
  if (dirty_ && (pause < 0 || pause <= silence)) {
    pause = PauseBeforeAnalysis();
  }
  return pause < 0 ? -1 : std::max(pause - silence, 1);
}

void Session::Settle(int silence) {
  if (analysing_ && workspace_.IsDone(0)) {
    Take();
  }
  if (!ready_ || silence < kTyping) {
    return;
  }
  if (unsent_ && snapshot_.report && !client_.pulls_diagnostics) {
    Publish();
  }
  unsent_ = false;
  if (!client_.pulls_diagnostics && snapshot_.report && !IsQuick()) {
    const std::set<std::string> drafted = stale_;
    DraftAll();
    for (const std::string &path : drafted) {
      if (const FileId file = FileOfUri(view(), UriOfPath(path)); file.valid()) {
        PublishFile(file);
      }
    }
  }
  if (dirty_ && !analysing_ && silence >= PauseBeforeAnalysis()) {
    Begin();
  }
}

// Sends what is found in a file, unless that was sent last.
void Session::PublishFile(FileId file) {
  const std::string uri = UriOfFile(view(), file);
  llvm::json::Array diagnostics = DiagnosticsOf(view(), file);
  const bool none = diagnostics.empty();
  llvm::json::Object params{{"uri", uri}, {"diagnostics", std::move(diagnostics)}};
  llvm::json::Value version = documents_.VersionOf(PathOfFile(view(), file));
  if (version.kind() != llvm::json::Value::Null) {
    params["version"] = std::move(version);
  }
  const llvm::json::Value value = std::move(params);
  const uint64_t hash = HashOf(value);
  const auto sent = published_.find(uri);
  if (sent == published_.end() ? !none : sent->second != hash) {
    Notify("textDocument/publishDiagnostics", value);
  }
  if (none) {
    published_.erase(uri);
  } else {
    published_[uri] = hash;
  }
}

// Only what is different from what was sent last.
void Session::Publish() {
  std::set<std::string> now;
  for (FileId file : FilesWithFindings(view())) {
    now.insert(UriOfFile(view(), file));
    PublishFile(file);
  }
  std::erase_if(published_, [&](const auto &each) {
    if (now.count(each.first) == 0) {
      Notify("textDocument/publishDiagnostics",
             llvm::json::Object{{"uri", each.first}, {"diagnostics", llvm::json::Array{}}});
    }
    return now.count(each.first) == 0;
  });
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
  const llvm::StringRef uri = document ? document->getString("uri").value_or("") : "";
  const bool drafts = snapshot_.report && !IsQuick() && FileOfUri(view(), uri).valid();
  // A client that is not told when more is known asks for other files but once.
  const bool edited = stale_.count(PathOfUri(uri)) > 0 || live_.count(PathOfUri(uri)) > 0;
  if (drafts && (edited || client_.refreshes_diagnostics)) {
    DraftAll();
  } else {
    CatchUp();
  }
  if (snapshot_.report) {
    const FileId file = FileOfUri(view(), uri);
    if (file.valid()) {
      items = DiagnosticsOf(view(), file);
    }
  }
  return ReportOf(std::move(items), params.getString("previousResultId").value_or(""));
}

llvm::json::Value Session::WorkspaceDiagnostics() {
  llvm::json::Array reports;
  if (snapshot_.report && !IsQuick() && client_.refreshes_diagnostics) {
    DraftAll();
  } else {
    CatchUp();
  }
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
