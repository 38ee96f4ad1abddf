// Life cycle, documents and dispatch. Diagnostics are in session_diagnostics.cpp.
#include "server/session.h"

#include "server/actions.h"
#include "server/navigate.h"
#include "server/uri.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// The object at a path of keys; nullptr when one of them is missing.
static const llvm::json::Object *Inside(const llvm::json::Object &object,
                                        llvm::ArrayRef<llvm::StringRef> keys) {
  const llvm::json::Object *at = &object;
  for (llvm::StringRef key : keys) {
    at = at ? at->getObject(key) : nullptr;
  }
  return at;
}

static bool Flag(const llvm::json::Object *object, llvm::StringRef key) {
  return object && object->getBoolean(key).value_or(false);
}

static ClientSupport SupportOf(const llvm::json::Object &params) {
  ClientSupport client;
  if (const llvm::json::Object *general = Inside(params, {"capabilities", "general"})) {
    if (const llvm::json::Array *encodings = general->getArray("positionEncodings")) {
      for (const llvm::json::Value &encoding : *encodings) {
        if (encoding.getAsString() == "utf-8") {
          client.encoding = PositionEncoding::Utf8;
        }
      }
    }
  }
  client.pulls_diagnostics = Inside(params, {"capabilities", "textDocument", "diagnostic"});
  client.refreshes_diagnostics =
      Flag(Inside(params, {"capabilities", "workspace", "diagnostics"}), "refreshSupport");
  client.related_information = Flag(
      Inside(params, {"capabilities", "textDocument", "publishDiagnostics"}), "relatedInformation");
  if (client.pulls_diagnostics) {
    client.related_information |=
        Flag(Inside(params, {"capabilities", "textDocument", "diagnostic"}), "relatedInformation");
  }
  client.versioned_edits =
      Flag(Inside(params, {"capabilities", "workspace", "workspaceEdit"}), "documentChanges");
  client.registers_watchers =
      Flag(Inside(params, {"capabilities", "workspace", "didChangeWatchedFiles"}),
           "dynamicRegistration");
  return client;
}

static std::string FolderOf(const llvm::json::Object &params) {
  if (const llvm::json::Array *folders = params.getArray("workspaceFolders")) {
    const llvm::json::Object *first = folders->empty() ? nullptr : folders->front().getAsObject();
    if (first) {
      return PathOfUri(first->getString("uri").value_or(""));
    }
  }
  const std::string root = PathOfUri(params.getString("rootUri").value_or(""));
  return root.empty() ? params.getString("rootPath").value_or("").str() : root;
}

void Session::Reply(const llvm::json::Value &id, llvm::json::Value result) {
  WriteMessage(out_, ResponseOf(id, std::move(result)));
}

void Session::Notify(llvm::StringRef method, llvm::json::Value params) {
  WriteMessage(out_, NotificationOf(method, std::move(params)));
}

void Session::Request(llvm::StringRef method, llvm::json::Value params) {
  WriteMessage(out_, llvm::json::Object{{"jsonrpc", "2.0"},
                                        {"id", "pydefrag-" + std::to_string(++next_request_)},
                                        {"method", method},
                                        {"params", std::move(params)}});
}

void Session::Cancel(const llvm::json::Value &id) {
  WriteMessage(out_, ErrorOf(id, RpcError::RequestCancelled, "cancelled by the client"));
}

void Session::Handle(const llvm::json::Object &message) {
  const std::optional<llvm::StringRef> method = message.getString("method");
  if (!method) {
    return; // an answer to a request of ours
  }
  static const llvm::json::Object kNothing;
  const llvm::json::Object *params = message.getObject("params");
  const llvm::json::Value *id = message.get("id");
  if (id) {
    HandleRequest(*method, *id, params ? *params : kNothing);
  } else {
    HandleNotification(*method, params ? *params : kNothing);
  }
}

llvm::json::Value Session::Initialize(Params params) {
  initialized_ = true;
  client_ = SupportOf(params);
  if (const llvm::json::Object *options = params.getObject("initializationOptions")) {
    moment_ = static_cast<int>(options->getInteger("answerWithin").value_or(moment_));
  }
  folder_ = FolderOf(params);
  llvm::json::Object capabilities{
      {"positionEncoding", client_.encoding == PositionEncoding::Utf8 ? "utf-8" : "utf-16"},
      {"textDocumentSync", llvm::json::Object{{"openClose", true}, {"change", 2}}},
      {"codeActionProvider",
       llvm::json::Object{
           {"codeActionKinds", llvm::json::Array{"quickfix", "source.fixAll.pydefrag"}}}},
      {"codeLensProvider", llvm::json::Object{{"resolveProvider", false}}},
      {"hoverProvider", true},
      {"definitionProvider", true},
      {"referencesProvider", true}};
  if (client_.pulls_diagnostics) {
    capabilities["diagnosticProvider"] = llvm::json::Object{{"identifier", "pydefrag"},
                                                            {"interFileDependencies", true},
                                                            {"workspaceDiagnostics", true}};
  }
  return llvm::json::Object{
      {"capabilities", std::move(capabilities)},
      {"serverInfo", llvm::json::Object{{"name", "pydefrag"}, {"version", version_}}}};
}

void Session::Initialized() {
  ready_ = true;
  if (!client_.registers_watchers) {
    return;
  }
  llvm::json::Array watchers;
  for (const char *pattern :
       {"**/*.{py,pyi}",
        "**/{pyproject.toml,pydefrag.toml,setup.cfg,setup.py,pytest.ini,tox.ini}"}) {
    watchers.push_back(llvm::json::Object{{"globPattern", pattern}});
  }
  llvm::json::Object registration{
      {"id", "pydefrag-files"},
      {"method", "workspace/didChangeWatchedFiles"},
      {"registerOptions", llvm::json::Object{{"watchers", std::move(watchers)}}}};
  Request("client/registerCapability",
          llvm::json::Object{{"registrations", llvm::json::Array{std::move(registration)}}});
}

void Session::HandleRequest(llvm::StringRef method, const llvm::json::Value &id, Params params) {
  if (method == "initialize") {
    Reply(id, Initialize(params));
    return;
  }
  if (!initialized_) {
    WriteMessage(out_, ErrorOf(id, RpcError::NotInitialized, "the first request is `initialize`"));
    return;
  }
  if (shut_down_) {
    WriteMessage(out_, ErrorOf(id, RpcError::InvalidRequest, "the server was shut down"));
    return;
  }
  if (method == "shutdown") {
    shut_down_ = true;
    Reply(id, nullptr);
    return;
  }
  const bool of_document = method == "textDocument/diagnostic";
  const Answer answer = llvm::StringSwitch<Answer>(method)
                            .Case("textDocument/codeAction",
                                  [](const View &view, Params p) -> llvm::json::Value {
                                    return CodeActionsOf(view, p);
                                  })
                            .Case("textDocument/codeLens", CodeLensesOf)
                            .Case("textDocument/hover", HoverAt)
                            .Case("textDocument/definition", DefinitionAt)
                            .Case("textDocument/references", ReferencesAt)
                            .Default(nullptr);
  if (!answer && !of_document && method != "workspace/diagnostic") {
    WriteMessage(out_, ErrorOf(id, RpcError::MethodNotFound, ("no method `" + method + "`").str()));
    return;
  }
  if (answer) {
    Reply(id, AnswerOf(method, answer, params));
  } else {
    Reply(id, of_document ? DocumentDiagnostics(params) : WorkspaceDiagnostics());
  }
}

// From the last snapshot, unless it does not know the answer. Fix-all needs all that can be known.
llvm::json::Value Session::AnswerOf(llvm::StringRef method, Answer answer, Params params) {
  const bool exact = method == "textDocument/codeAction" && WantsFixAll(params);
  if (!snapshot_.report || exact || IsQuick()) {
    return CatchUp() ? answer(view(), params) : llvm::json::Value(nullptr);
  }
  DraftAll();
  llvm::json::Value known = answer(view(), params);
  if (known.kind() == llvm::json::Value::Null && (dirty_ || analysing_) && CatchUp()) {
    return answer(view(), params);
  }
  return known;
}

void Session::HandleNotification(llvm::StringRef method, Params params) {
  if (method == "exit") {
    exit_status_ = shut_down_ ? 0 : 1;
  } else if (method == "initialized") {
    Initialized();
  } else if (method == "textDocument/didOpen") {
    DidOpen(params);
  } else if (method == "textDocument/didChange") {
    DidChange(params);
  } else if (method == "textDocument/didClose") {
    DidClose(params);
  } else if (method == "workspace/didChangeWatchedFiles") {
    DidChangeWatchedFiles(params);
  }
}

static std::string PathIn(const llvm::json::Object &params) {
  const llvm::json::Object *document = params.getObject("textDocument");
  return document ? PathOfUri(document->getString("uri").value_or("")) : "";
}

// A file that the project does not know yet changes more than itself.
void Session::MarkChanged(const std::string &path) {
  dirty_ = true;
  const bool known = snapshot_.report && FileOfUri(view(), UriOfPath(path)).valid();
  change_.structure |= !known;
  change_.paths.push_back(path);
  if (known) {
    stale_.insert(path);
  }
}

void Session::DidOpen(Params params) {
  const std::string path = PathIn(params);
  const llvm::json::Object *document = params.getObject("textDocument");
  if (path.empty()) {
    return;
  }
  std::string text = document->getString("text").value_or("").str();
  const bool same = workspace_.Read(path) == text;
  documents_.Open(path, std::move(text), document->getInteger("version").value_or(0));
  if (folder_.empty()) {
    folder_ = llvm::StringRef(path).rsplit('/').first.str();
  }
  if (!same) {
    MarkChanged(path);
  } else if (const auto sent = published_.find(UriOfPath(path)); sent != published_.end()) {
    sent->second = 0; // to be sent again, now with a version
    unsent_ = true;
  }
}

void Session::DidChange(Params params) {
  const std::string path = PathIn(params);
  const llvm::json::Object *document = params.getObject("textDocument");
  const llvm::json::Array *changes = params.getArray("contentChanges");
  if (changes && documents_.Change(path, *changes, document->getInteger("version").value_or(0),
                                   client_.encoding)) {
    MarkChanged(path);
  }
}

void Session::DidClose(Params params) {
  const std::string path = PathIn(params);
  const bool saved = documents_.TextOf(path) == workspace_.Read(path);
  documents_.Close(path);
  if (!saved) {
    MarkChanged(path); // what was not saved is gone
  }
}

void Session::DidChangeWatchedFiles(Params params) {
  const llvm::json::Array *changes = params.getArray("changes");
  if (!changes) {
    return;
  }
  for (const llvm::json::Value &value : *changes) {
    const llvm::json::Object *change = value.getAsObject();
    const std::string path = change ? PathOfUri(change->getString("uri").value_or("")) : "";
    const bool python = llvm::StringRef(path).ends_with(".py");
    if (path.empty() || (python && documents_.VersionOf(path).kind() != llvm::json::Value::Null)) {
      continue; // an open document is what the editor says
    }
    MarkChanged(path);
    constexpr int64_t kChanged = 2; // 1: created, 3: deleted
    change_.structure |= !python || change->getInteger("type").value_or(0) != kChanged;
  }
}

} // namespace pydefrag
