#include "report/text/render_concise.h"

#include "report/text/code_frame.h"

namespace pydefrag {

void RenderConcise(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                   const ConciseOptions &options) {
  const Palette palette(options.color);
  const FrameOptions frame{.project = report.project,
                           .sources = &sources,
                           .palette = &palette,
                           .path_prefix = options.path_prefix};
  for (const Finding &finding : report.findings) {
    const std::string tag =
        (llvm::StringRef(SeverityName(finding.severity)) + "[" + finding.code + "]").str();
    os << PlaceText(frame, finding.where) << ": " << palette.Paint(InkOf(finding.severity), tag)
       << ' ' << finding.message << '\n';
  }
}

} // namespace pydefrag
