// View: one snapshot as the answers of the server see it, and the small things that all answers are
// made of.
#pragma once

#include "server/documents.h"
#include "server/editor_text.h"
#include "server/workspace.h"

namespace pydefrag {

// What the client said that it understands.
struct ClientSupport {
  PositionEncoding encoding = PositionEncoding::Utf16;
  bool pulls_diagnostics = false;
  bool refreshes_diagnostics = false;
  bool related_information = false;
  bool versioned_edits = false; // documentChanges
  bool registers_watchers = false;
};

struct View {
  const Snapshot &snapshot;
  const Documents &documents;
  const ClientSupport &client;

  const Project &project() const { return *snapshot.report->project; }
};

// Of a file of the project, by its URI; none when it is not part of it.
FileId FileOfUri(const View &view, llvm::StringRef uri);
std::string UriOfFile(const View &view, FileId file);
std::string PathOfFile(const View &view, FileId file); // absolute

// {"uri", "range"}; null when the file cannot be read.
llvm::json::Value LocationOf(const View &view, Location where);
llvm::json::Value RangeAt(const View &view, Location where);

// The file and byte offset that {"textDocument", "position"} names; no file when there is none.
struct Cursor {
  FileId file;
  uint32_t offset = 0;
};
Cursor CursorOf(const View &view, const llvm::json::Object &params);

// A workspace edit: versioned document changes where the client takes them.
llvm::json::Object WorkspaceEdit(const View &view, llvm::ArrayRef<Edit> edits);

} // namespace pydefrag
