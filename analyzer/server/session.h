// Session: the language server's state and what it does on each message: the life cycle, documents,
// when to analyse again, which diagnostics to send. Entry points: Session::Handle for one message,
// Session::Settle when no message waits.
//
// The project is analysed beside the session, which answers from the last snapshot. A file that was
// edited since is drafted (server/workspace.h): what its imports reach is told at once, the rest
// with the next snapshot. A project that is analysed within a moment needs no drafts.
#pragma once

#include "server/rpc.h"
#include "server/view.h"
#include "server/workspace.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <optional>
#include <set>

namespace pydefrag {

class Session {
public:
  Session(Workspace &workspace, llvm::raw_ostream &out, llvm::StringRef version)
      : workspace_(workspace), out_(out), version_(version.str()) {}

  void Handle(const llvm::json::Object &message);
  // Answers a request that the client has taken back.
  void Cancel(const llvm::json::Value &id);
  // Does what is due after so many milliseconds without a message.
  void Settle(int silence);
  // How long, after so many milliseconds of silence, until there is something to do; -1: never.
  int Patience(int silence) const;

  // The status to exit with, once the client said so.
  std::optional<int> exit_status() const { return exit_status_; }

private:
  using Params = const llvm::json::Object &;
  using Answer = llvm::json::Value (*)(const View &, Params);

  void HandleRequest(llvm::StringRef method, const llvm::json::Value &id, Params params);
  void HandleNotification(llvm::StringRef method, Params params);
  llvm::json::Value Initialize(Params params);
  void Initialized();
  void DidOpen(Params params);
  void DidChange(Params params);
  void DidClose(Params params);
  void DidChangeWatchedFiles(Params params);
  void MarkChanged(const std::string &path);
  llvm::json::Value AnswerOf(llvm::StringRef method, Answer answer, Params params);
  llvm::json::Value DocumentDiagnostics(Params params);
  llvm::json::Value WorkspaceDiagnostics();
  void Reply(const llvm::json::Value &id, llvm::json::Value result);
  void Notify(llvm::StringRef method, llvm::json::Value params);
  void Request(llvm::StringRef method, llvm::json::Value params);

  // session_diagnostics.cpp
  bool IsQuick() const;
  int PauseBeforeAnalysis() const;
  void Begin();
  void Take();
  bool CatchUp();
  void Draft(const std::string &path);
  void DraftAll();
  void Publish();
  void PublishFile(FileId file);
  View view() const { return {snapshot_, live_, documents_, client_}; }

  Workspace &workspace_;
  llvm::raw_ostream &out_;
  std::string version_;
  ClientSupport client_;
  Documents documents_;
  std::string folder_;
  Snapshot snapshot_;
  LiveFiles live_;              // edited since the snapshot
  std::set<std::string> stale_; // edited since they were drafted, or never drafted
  WorkspaceChange change_;      // since an analysis was begun
  // Milliseconds: an analysis that takes less is waited for, and no file is drafted.
  int moment_ = 50;
  bool initialized_ = false;
  bool ready_ = false;     // the client said `initialized`
  bool dirty_ = true;      // something changed since an analysis was begun
  bool analysing_ = false; // one is under way
  bool unsent_ = false;    // something is to be published though nothing was analysed
  bool shut_down_ = false;
  std::optional<int> exit_status_;
  std::string last_error_;
  std::map<std::string, uint64_t> published_; // URI -> hash of what was sent, where not empty
  int next_request_ = 0;
};

} // namespace pydefrag
