// View: one snapshot as the answers of the server see it, and the small things that all answers are
// made of.
#pragma once

#include "server/documents.h"
#include "server/editor_text.h"
#include "server/workspace.h"

#include <map>
#include <string>
#include <vector>

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

// Files that were edited since the snapshot, by absolute path.
using LiveFiles = std::map<std::string, LiveFile>;

struct View {
  const Snapshot &snapshot;
  const LiveFiles &live;
  const Documents &documents;
  const ClientSupport &client;

  const Project &project() const { return *snapshot.report->project; }
};

// Of a file of the project, by its URI; none when it is not part of it.
FileId FileOfUri(const View &view, llvm::StringRef uri);
std::string UriOfFile(const View &view, FileId file);
std::string PathOfFile(const View &view, FileId file); // absolute

// nullptr when the file is as it was linked.
const LiveFile *LiveOf(const View &view, FileId file);
// As it is now; nullptr when the file cannot be read.
const SourceText *TextOf(const View &view, FileId file);
// In order of place. Places in the finding's own file are as the file is now.
std::vector<const Finding *> FindingsIn(const View &view, FileId file);

// {"uri", "range"} of a place in the text of now; null when the file cannot be read.
llvm::json::Value LocationOf(const View &view, Location where);
llvm::json::Value RangeAt(const View &view, Location where);
// The place of now for one of the linked project.
Location Now(const View &view, Location linked);

// The file and byte offset in its linked text that {"textDocument", "position"} names; no file when
// there is none, or what stands there is new.
struct Cursor {
  FileId file;
  uint32_t offset = 0;
};
Cursor CursorOf(const View &view, const llvm::json::Object &params);

// A workspace edit: versioned document changes where the client takes them.
llvm::json::Object WorkspaceEdit(const View &view, llvm::ArrayRef<Edit> edits);

} // namespace pydefrag
