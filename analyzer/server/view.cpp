#include "server/view.h"

#include "server/uri.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>

namespace pydefrag {

FileId FileOfUri(const View &view, llvm::StringRef uri) {
  const std::string path = PathOfUri(uri);
  const Project &project = view.project();
  llvm::StringRef below = path;
  if (!below.consume_front(project.root) || !below.consume_front("/")) {
    return {};
  }
  // FileIds of the project follow the order of paths.
  const std::vector<std::string> &paths = project.scanned.paths.raw();
  const auto end = paths.begin() + static_cast<std::ptrdiff_t>(project.file_count);
  const auto place = std::lower_bound(paths.begin(), end, below);
  return place != end && *place == below ? FileId(static_cast<size_t>(place - paths.begin()))
                                         : FileId();
}

std::string PathOfFile(const View &view, FileId file) {
  return OnDisk(view.project().root, view.project().PathOf(file));
}

std::string UriOfFile(const View &view, FileId file) {
  return UriOfPath(PathOfFile(view, file));
}

const LiveFile *LiveOf(const View &view, FileId file) {
  if (view.live.empty() || !file.valid()) {
    return nullptr;
  }
  const auto live = view.live.find(PathOfFile(view, file));
  return live == view.live.end() ? nullptr : &live->second;
}

const SourceText *TextOf(const View &view, FileId file) {
  const LiveFile *live = LiveOf(view, file);
  return live ? live->text.get() : view.snapshot.sources->Get(file);
}

std::vector<const Finding *> FindingsIn(const View &view, FileId file) {
  const LiveFile *live = LiveOf(view, file);
  const std::vector<Finding> &all = live ? live->findings : view.snapshot.report->findings;
  std::vector<const Finding *> findings;
  auto finding = llvm::partition_point(all, [&](const Finding &each) {
    return view.project().PathOf(each.where.file) < view.project().PathOf(file);
  });
  for (; finding != all.end() && finding->where.file == file; ++finding) {
    findings.push_back(&*finding);
  }
  return findings;
}

Location Now(const View &view, Location linked) {
  const LiveFile *live = LiveOf(view, linked.file);
  return live ? Location{linked.file, NearestSpanNow(linked.span, live->steps)} : linked;
}

llvm::json::Value RangeAt(const View &view, Location where) {
  const SourceText *text = TextOf(view, where.file);
  if (!text) {
    return nullptr;
  }
  return RangeOf(*text, where.span, view.client.encoding);
}

llvm::json::Value LocationOf(const View &view, Location where) {
  llvm::json::Value range = RangeAt(view, where);
  if (range.kind() == llvm::json::Value::Null) {
    return nullptr;
  }
  return llvm::json::Object{{"uri", UriOfFile(view, where.file)}, {"range", std::move(range)}};
}

Cursor CursorOf(const View &view, const llvm::json::Object &params) {
  const llvm::json::Object *document = params.getObject("textDocument");
  const llvm::json::Object *position = params.getObject("position");
  if (!document || !position) {
    return {};
  }
  const FileId file = FileOfUri(view, document->getString("uri").value_or(""));
  const SourceText *text = file.valid() ? TextOf(view, file) : nullptr;
  if (!text) {
    return {};
  }
  const uint32_t offset = OffsetOf(*text, *position, view.client.encoding);
  const LiveFile *live = LiveOf(view, file);
  const std::optional<uint32_t> then = live ? OffsetThen(offset, live->steps) : offset;
  return then ? Cursor{.file = file, .offset = *then} : Cursor{};
}

llvm::json::Object WorkspaceEdit(const View &view, llvm::ArrayRef<Edit> edits) {
  std::map<FileId, llvm::json::Array> by_file;
  for (const Edit &edit : edits) {
    by_file[edit.where.file].push_back(
        llvm::json::Object{{"range", RangeAt(view, edit.where)}, {"newText", edit.content}});
  }
  llvm::json::Array versioned;
  llvm::json::Object plain;
  for (auto &[file, changes] : by_file) {
    const std::string uri = UriOfFile(view, file);
    if (view.client.versioned_edits) {
      llvm::json::Object document{{"uri", uri},
                                  {"version", view.documents.VersionOf(PathOfFile(view, file))}};
      versioned.push_back(
          llvm::json::Object{{"textDocument", std::move(document)}, {"edits", std::move(changes)}});
    } else {
      plain[uri] = std::move(changes);
    }
  }
  if (view.client.versioned_edits) {
    return llvm::json::Object{{"documentChanges", std::move(versioned)}};
  }
  return llvm::json::Object{{"changes", std::move(plain)}};
}

} // namespace pydefrag
