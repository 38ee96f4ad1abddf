#include "server/actions.h"

#include "base/identifier.h"
#include "fix/batch.h"
#include "server/diagnostics.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

constexpr llvm::StringRef kFixAll = "source.fixAll.pydefrag";

// Whether the client asked for actions of `kind`; when it names none, it takes all.
bool Wants(const llvm::json::Object &params, llvm::StringRef kind) {
  const llvm::json::Object *context = params.getObject("context");
  const llvm::json::Array *only = context ? context->getArray("only") : nullptr;
  if (!only) {
    return true;
  }
  return llvm::any_of(*only, [&](const llvm::json::Value &value) {
    const llvm::StringRef wanted = value.getAsString().value_or("");
    return wanted.empty() || IsWithin(kind, wanted);
  });
}

llvm::json::Object QuickFix(const View &view, const Finding &finding, const Fix &fix) {
  const bool safe = fix.applicability == Applicability::Safe;
  return llvm::json::Object{{"title", fix.title + (safe ? "" : " (unsafe)")},
                            {"kind", "quickfix"},
                            {"isPreferred", safe},
                            {"diagnostics", llvm::json::Array{DiagnosticOf(view, finding)}},
                            {"edit", WorkspaceEdit(view, fix.edits)}};
}

// Of a file as it was linked: the fixes of an edited one belong to different texts.
void AddFixAll(const View &view, FileId file, llvm::json::Array &actions) {
  if (LiveOf(view, file)) {
    return;
  }
  std::vector<Finding> findings;
  for (const Finding *finding : FindingsIn(view, file)) {
    findings.push_back(*finding);
  }
  const FixBatch batch = PlanFixes(findings, view.project(), *view.snapshot.sources,
                                   Applicability::Safe, [](const Fix &) { return true; });
  const auto edits = batch.edits.find(file);
  if (edits != batch.edits.end() && !edits->second.empty()) {
    actions.push_back(llvm::json::Object{{"title", "pydefrag: apply all safe fixes"},
                                         {"kind", kFixAll},
                                         {"edit", WorkspaceEdit(view, edits->second)}});
  }
}

} // namespace

bool WantsFixAll(const llvm::json::Object &params) {
  const llvm::json::Object *context = params.getObject("context");
  return context && context->getArray("only") && Wants(params, kFixAll);
}

llvm::json::Array CodeActionsOf(const View &view, const llvm::json::Object &params) {
  llvm::json::Array actions;
  const llvm::json::Object *document = params.getObject("textDocument");
  const llvm::json::Object *range = params.getObject("range");
  const FileId file =
      document ? FileOfUri(view, document->getString("uri").value_or("")) : FileId();
  const SourceText *text = file.valid() ? TextOf(view, file) : nullptr;
  if (!text || !range || !range->getObject("start") || !range->getObject("end")) {
    return actions;
  }
  const uint32_t begin = OffsetOf(*text, *range->getObject("start"), view.client.encoding);
  const uint32_t end = OffsetOf(*text, *range->getObject("end"), view.client.encoding);
  for (const Finding *finding : FindingsIn(view, file)) {
    const Span where = finding->where.span;
    if (!Wants(params, "quickfix") || where.begin > end || where.end < begin) {
      continue;
    }
    for (const Fix &fix : finding->fixes) {
      if (!fix.edits.empty() && fix.applicability != Applicability::Display) {
        actions.push_back(QuickFix(view, *finding, fix));
      }
    }
  }
  if (Wants(params, kFixAll)) {
    AddFixAll(view, file, actions);
  }
  return actions;
}

} // namespace pydefrag
