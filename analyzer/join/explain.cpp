#include "join/explain.h"

#include "join/assertions.h"
#include "join/signatures.h"
#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace pydefrag {
namespace {

// The class that "Cart.__init__", "Cart.__new__" or "Cart" speaks of.
llvm::StringRef ClassOf(llvm::StringRef subject) {
  if (subject.ends_with(".__init__") || subject.ends_with(".__new__")) {
    subject = subject.rsplit('.').first;
  }
  return subject.contains('.') ? subject.rsplit('.').second : subject;
}

bool IsSyntaxError(llvm::StringRef type) {
  return type == "SyntaxError" || type == "IndentationError" || type == "TabError";
}

bool IsAbout(const Finding &finding, llvm::StringRef name) {
  return llvm::any_of(finding.symbols, [&](llvm::StringRef symbol) {
    return symbol == name || symbol.rsplit(':').second == name;
  });
}

} // namespace

Explainer::Explainer(const FindingIndex &findings, PlaceTable &places)
    : findings_(findings), places_(places) {
  const Project &project = places.project();
  for (const Module &module : project.modules) {
    for (NameId other : module.also_named) {
      primary_names_[project.Text(other)] = project.Text(module.name).str();
    }
  }
  llvm::StringSet<> seen;
  for (llvm::StringRef code : {"DFG101", "DFG103", "DFG104"}) {
    for (size_t i : findings.WithCode(code)) {
      if (seen.insert(findings.At(i).cause).second) {
        identities_.push_back(i);
      }
    }
  }
}

std::vector<size_t> Explainer::OnFrames(const ErrorSegment &segment,
                                        llvm::ArrayRef<llvm::StringRef> codes) const {
  std::vector<size_t> found;
  const std::vector<Place> frames = FramesOf(segment);
  for (const Place &frame : llvm::reverse(frames)) {
    for (size_t i : findings_.OnLine(frame.path, frame.line)) {
      if (llvm::is_contained(codes, llvm::StringRef(findings_.At(i).code))) {
        found.push_back(i);
      }
    }
  }
  return found;
}

// A cycle through the module that was under way; of several, the one whose failing line was hit.
std::vector<size_t> Explainer::CycleOf(llvm::StringRef module, const ErrorSegment &segment) const {
  std::vector<size_t> found = OnFrames(segment, {"DFG401"});
  for (size_t i : findings_.WithCode("DFG401")) {
    if (IsAbout(findings_.At(i), module)) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<size_t> Explainer::BySyntax(const ErrorSegment &segment) const {
  std::vector<size_t> found;
  for (size_t i : findings_.WithCode("DFG901")) {
    const llvm::StringRef path = places_.project().PathOf(findings_.At(i).where.file);
    const bool in_frames =
        llvm::any_of(segment.frames, [&](const Frame &frame) { return frame.path == path; });
    if (in_frames || llvm::StringRef(segment.message).contains(path)) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<size_t> Explainer::ByWarning(const ErrorSegment &segment) const {
  return OnFrames(segment, {"DFG301", "DFG302"});
}

// Arguments that this class refuses and another one of the same name takes.
std::vector<size_t> Explainer::BySignature(const ErrorSegment &segment) {
  const PythonError error = ClassifyError(segment);
  const llvm::StringRef name = ClassOf(error.subject);
  std::vector<size_t> found;
  for (llvm::StringRef code : {"DFG103", "DFG104"}) {
    for (size_t i : findings_.WithCode(code)) {
      const std::vector<std::string> &symbols = findings_.At(i).symbols;
      size_t accepting = 0;
      size_t refusing = 0;
      for (llvm::StringRef symbol : symbols) {
        if (symbol.rsplit(':').second == name || code == "DFG104") {
          const Accepts accepts = WouldAccept(places_, symbol, error);
          accepting += accepts == Accepts::Yes;
          refusing += accepts == Accepts::No;
        }
      }
      if (IsAbout(findings_.At(i), name) && accepting > 0 && refusing > 0) {
        found.push_back(i);
      }
    }
  }
  return found;
}

// The message names one class under two modules that are one file.
std::vector<size_t> Explainer::ByTwoModules(const ErrorSegment &segment) const {
  std::vector<size_t> found;
  for (size_t i : findings_.WithCode("DFG102")) {
    const std::vector<std::string> &symbols = findings_.At(i).symbols;
    const ModuleId module =
        symbols.empty() ? ModuleId() : places_.project().FindModule(symbols.front());
    if (module.valid() && TwoNamesOfOne(segment.message, places_.project(), module)) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<size_t> Explainer::Candidates(const ErrorSegment &segment) {
  const PythonError error = ClassifyError(segment);
  const auto other = primary_names_.find(error.module);
  const std::string primary =
      other == primary_names_.end() ? error.module.str() : other->getValue();
  auto keyed = [&](llvm::ArrayRef<llvm::StringRef> codes, const std::string &key) {
    return findings_.WithKey(codes, key);
  };
  const std::string symbol = (primary + ":" + error.name).str();
  std::vector<size_t> found;
  switch (error.rule) {
  case ErrorRule::ImportName:
    found = keyed({"DFG202", "DFG206", "DFG303", "DFG304"}, symbol);
    if (found.empty()) {
      found = keyed({"DFG201", "DFG303", "DFG304"}, (primary + "." + error.name).str());
    }
    return found;
  case ErrorRule::ModuleAttribute:
    found = keyed({"DFG203", "DFG206", "DFG202", "DFG204"}, symbol);
    if (found.empty()) {
      found = keyed({"DFG201", "DFG203", "DFG204"}, (primary + "." + error.name).str());
    }
    return found;
  case ErrorRule::ImportCycle:
  case ErrorRule::PartialAttribute:
    return CycleOf(primary, segment);
  case ErrorRule::SubmoduleAttribute:
    return CycleOf((primary + "." + error.name).str(), segment);
  case ErrorRule::ModuleNotFound:
  case ErrorRule::PluginImport:
  case ErrorRule::StdlibModuleMissing:
    found = keyed({"DFG201", "DFG204", "DFG303", "DFG304"}, error.module.str());
    if (found.empty()) { // a `__getattr__` that imports the submodule it is asked for
      const auto [package, name] = error.module.rsplit('.');
      found = keyed({"DFG202", "DFG203"}, (package + ":" + name).str());
    }
    if (found.empty()) { // CPython names the first ancestor that is missing
      for (size_t i : findings_.WithCode("DFG201")) {
        const llvm::StringRef missing = llvm::StringRef(findings_.At(i).cause).split(':').second;
        if (missing.starts_with((error.module + ".").str())) {
          found.push_back(i);
        }
      }
    }
    return found;
  case ErrorRule::ImportShadow:
    return keyed({"DFG105"}, error.module.str());
  case ErrorRule::RelativeBeyondTop:
  case ErrorRule::RelativeNoParent:
    return OnFrames(segment, {"DFG207"});
  case ErrorRule::UnexpectedKeyword:
  case ErrorRule::MissingArguments:
  case ErrorRule::TooManyArguments:
  case ErrorRule::NoArguments:
    return BySignature(segment);
  default:
    break;
  }
  const llvm::StringRef type = BareType(segment.type);
  if (IsSyntaxError(type)) {
    return BySyntax(segment);
  }
  if (type.ends_with("DeprecationWarning")) {
    return ByWarning(segment);
  }
  return ByTwoModules(segment);
}

Explanation Explainer::ExplainSegment(const ErrorSegment &segment) {
  Explanation told;
  told.segment = &segment;
  std::vector<size_t> found = Candidates(segment);
  const std::vector<Place> frames = FramesOf(segment);
  // The nearer to where it was raised, the better: a finding that the traceback goes through.
  auto distance = [&](size_t i) {
    const Finding &finding = findings_.At(i);
    const llvm::StringRef path = places_.project().PathOf(finding.where.file);
    const LineRange lines = places_.StatementLines(finding.where);
    for (size_t back = 0; back < frames.size(); ++back) {
      const Place &frame = frames[frames.size() - 1 - back];
      if (frame.path == path && lines.Contains(frame.line)) {
        return back;
      }
    }
    return frames.size() + (finding.severity == Severity::Note ? 1 : 0);
  };
  llvm::stable_sort(found, [&](size_t a, size_t b) { return distance(a) < distance(b); });
  if (!found.empty()) {
    told.kind = ExplanationKind::Confirmed;
    told.at_site = distance(found.front()) < frames.size();
    const std::string &cause = findings_.At(found.front()).cause;
    llvm::erase_if(found, [&](size_t i) { return findings_.At(i).cause != cause; });
    told.findings = std::move(found);
  }
  for (const Place &frame : frames) {
    for (size_t i : findings_.OnLine(frame.path, frame.line)) {
      const bool other = told.findings.empty() ||
                         findings_.At(i).cause != findings_.At(told.findings.front()).cause;
      if (other && IsImportFailure(findings_.At(i).code) && !llvm::is_contained(told.passed, i)) {
        told.passed.push_back(i);
      }
    }
  }
  return told;
}

// The root cause first; what was raised because of it explains nothing.
Explanation Explainer::ExplainChain(const ErrorChain &chain) {
  Explanation first;
  for (const ErrorSegment &segment : chain.segments) {
    Explanation told = ExplainSegment(segment);
    if (told.kind == ExplanationKind::Confirmed) {
      return told;
    }
    if (first.segment == nullptr) {
      first = std::move(told);
    }
  }
  if (const ErrorSegment *import_error = FirstImportError(chain)) {
    first.segment = import_error;
  }
  return first;
}

Explanation Explainer::RelateAssertion(const RunFailure &failure) {
  Explanation told;
  for (const ErrorChain *chain : failure.chains) {
    const ErrorSegment &last = chain->segments.back();
    if (!IsAssertion(last)) {
      continue;
    }
    for (size_t i : identities_) {
      std::string because = SpeaksOf(failure.id, last, findings_.At(i), places_);
      if (because.empty()) {
        continue;
      }
      told.kind = ExplanationKind::Related;
      told.segment = &last;
      told.findings.push_back(i);
      told.because = told.because.empty() ? because : told.because;
    }
    if (told.kind == ExplanationKind::Related) {
      return told;
    }
  }
  return told;
}

Explanation Explainer::Explain(const RunFailure &failure) {
  Explanation first;
  for (const ErrorChain *chain : failure.chains) {
    Explanation told = ExplainChain(*chain);
    if (told.kind == ExplanationKind::Confirmed) {
      return told;
    }
    if (first.segment == nullptr) {
      first = std::move(told);
    }
  }
  Explanation related = RelateAssertion(failure);
  return related.kind == ExplanationKind::Related ? related : first;
}

} // namespace pydefrag
