// Explain: which finding, if any, says why something failed. By cause first, then by site
// (outputs.md 2.1). Entry point: Explainer. It never calls an assertion confirmed: one that speaks
// of a symbol with a finding is related to it.
#pragma once

#include "join/failures.h"
#include "join/finding_index.h"

#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

enum class ExplanationKind : uint8_t { None, Confirmed, Related };

struct Explanation {
  ExplanationKind kind = ExplanationKind::None;
  std::vector<size_t> findings;          // Confirmed: all of one cause; the one at the site first
  bool at_site = false;                  // the first finding stands on the line that failed
  std::vector<size_t> passed;            // findings of other causes that the traceback goes through
  std::string because;                   // Related: what ties them
  const ErrorSegment *segment = nullptr; // that was explained, else the root cause
};

class Explainer {
public:
  // Both must outlive it.
  Explainer(const FindingIndex &findings, PlaceTable &places);

  Explanation Explain(const RunFailure &failure);

private:
  Explanation ExplainChain(const ErrorChain &chain);
  Explanation ExplainSegment(const ErrorSegment &segment);
  std::vector<size_t> Candidates(const ErrorSegment &segment);
  std::vector<size_t> CycleOf(llvm::StringRef module, const ErrorSegment &segment) const;
  std::vector<size_t> BySyntax(const ErrorSegment &segment) const;
  std::vector<size_t> ByWarning(const ErrorSegment &segment) const;
  std::vector<size_t> BySignature(const ErrorSegment &segment);
  std::vector<size_t> ByTwoModules(const ErrorSegment &segment) const;
  std::vector<size_t> OnFrames(const ErrorSegment &segment,
                               llvm::ArrayRef<llvm::StringRef> codes) const;
  Explanation RelateAssertion(const RunFailure &failure);

  const FindingIndex &findings_;
  PlaceTable &places_;
  llvm::StringMap<std::string> primary_names_; // of modules that are also named otherwise
  std::vector<size_t> identities_; // one finding of each fragmented, duplicated or shimmed symbol
};

} // namespace pydefrag
