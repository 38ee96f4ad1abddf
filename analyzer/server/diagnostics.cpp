#include "server/diagnostics.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static int SeverityNumber(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return 1;
  case Severity::Warning:
    return 2;
  case Severity::Note:
  case Severity::Off:
    return 3;
  }
  return 3;
}

// 1: faded out, 2: struck through.
static llvm::json::Array TagsOf(const Finding &finding) {
  if (llvm::StringRef(finding.name).starts_with("deprecated-")) {
    return llvm::json::Array{2};
  }
  return llvm::StringRef(finding.name).starts_with("unused-") ? llvm::json::Array{1}
                                                              : llvm::json::Array{};
}

static std::string MessageOf(const Finding &finding) {
  std::string message = finding.message;
  if (!finding.fixes.empty()) {
    (message += "\nhelp: ") += finding.fixes.front().title;
  } else if (!finding.help.empty()) {
    (message += "\nhelp: ") += finding.help;
  }
  if (!finding.note.empty()) {
    (message += "\nnote: ") += finding.note;
  }
  return message;
}

static llvm::json::Array RelatedOf(const View &view, const Finding &finding) {
  llvm::json::Array related;
  for (const Related &each : finding.related) {
    const bool own = each.where.file == finding.where.file;
    llvm::json::Value where = LocationOf(view, own ? each.where : Now(view, each.where));
    if (where.kind() != llvm::json::Value::Null) {
      related.push_back(
          llvm::json::Object{{"location", std::move(where)}, {"message", each.message}});
    }
  }
  return related;
}

llvm::json::Object DiagnosticOf(const View &view, const Finding &finding) {
  llvm::json::Object diagnostic{{"range", RangeAt(view, finding.where)},
                                {"severity", SeverityNumber(finding.severity)},
                                {"code", finding.code},
                                {"source", "pydefrag"},
                                {"message", MessageOf(finding)},
                                {"data", llvm::json::Object{{"id", finding.id}}}};
  if (llvm::json::Array tags = TagsOf(finding); !tags.empty()) {
    diagnostic["tags"] = std::move(tags);
  }
  if (view.client.related_information) {
    if (llvm::json::Array related = RelatedOf(view, finding); !related.empty()) {
      diagnostic["relatedInformation"] = std::move(related);
    }
  }
  return diagnostic;
}

llvm::json::Array DiagnosticsOf(const View &view, FileId file) {
  llvm::json::Array diagnostics;
  if (!TextOf(view, file)) {
    return diagnostics;
  }
  for (const Finding *finding : FindingsIn(view, file)) {
    diagnostics.push_back(DiagnosticOf(view, *finding));
  }
  return diagnostics;
}

std::set<FileId> FilesWithFindings(const View &view) {
  std::set<FileId> files;
  for (const Finding &finding : view.snapshot.report->findings) {
    files.insert(finding.where.file);
  }
  for (const auto &[path, live] : view.live) {
    for (const Finding &finding : live.findings) {
      files.insert(finding.where.file);
    }
  }
  std::erase_if(files, [&](FileId file) {
    const LiveFile *live = LiveOf(view, file);
    return live && live->findings.empty();
  });
  return files;
}

} // namespace pydefrag
