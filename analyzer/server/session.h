// Session: the language server's state and what it does on each message: the life cycle, documents,
// when to analyse again, which diagnostics to send. Entry points: Session::Handle for one message,
// Session::Settle when no message waits.
#pragma once

#include "server/rpc.h"
#include "server/view.h"
#include "server/workspace.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <optional>

namespace pydefrag {

class Session {
public:
  Session(Workspace &workspace, llvm::raw_ostream &out, llvm::StringRef version)
      : workspace_(workspace), out_(out), version_(version.str()) {}

  void Handle(const llvm::json::Object &message);
  // Answers a request that the client has taken back.
  void Cancel(const llvm::json::Value &id);
  // Analyses when something changed, and tells the client what is new.
  void Settle();

  bool dirty() const { return ready_ && dirty_; }
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
  bool Refresh();
  void Publish();
  llvm::json::Value DocumentDiagnostics(Params params);
  llvm::json::Value WorkspaceDiagnostics();
  void Reply(const llvm::json::Value &id, llvm::json::Value result);
  void Notify(llvm::StringRef method, llvm::json::Value params);
  void Request(llvm::StringRef method, llvm::json::Value params);
  View view() const { return {snapshot_, documents_, client_}; }

  Workspace &workspace_;
  llvm::raw_ostream &out_;
  std::string version_;
  ClientSupport client_;
  Documents documents_;
  std::string folder_;
  Snapshot snapshot_;
  WorkspaceChange change_;
  bool initialized_ = false;
  bool ready_ = false; // the client said `initialized`
  bool dirty_ = true;
  bool shut_down_ = false;
  std::optional<int> exit_status_;
  std::string last_error_;
  std::map<std::string, uint64_t> published_; // URI -> hash of what was sent, where not empty
  int next_request_ = 0;
};

} // namespace pydefrag
