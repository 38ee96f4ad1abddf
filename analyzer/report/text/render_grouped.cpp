#include "report/text/render_grouped.h"

#include "report/places.h"

#include "llvm/Support/FormatVariadic.h"

namespace pydefrag {

static std::string LineAndColumn(SourceCache &sources, Location where) {
  const std::optional<TextRange> range = RangeOf(sources, where);
  return range ? llvm::formatv("{0}:{1}", range->begin.line, range->begin.column).str() : "?";
}

void RenderGrouped(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                   const ConciseOptions &options) {
  const Palette palette(options.color);
  FileId file;
  for (const Finding &finding : report.findings) {
    if (finding.where.file != file) {
      os << (file.valid() ? "\n" : "");
      file = finding.where.file;
      const std::string path = options.path_prefix + report.project->PathOf(file).str();
      os << palette.Paint(Ink::Strong, path) << '\n';
    }
    const std::string tag =
        (llvm::StringRef(SeverityName(finding.severity)) + "[" + finding.code + "]").str();
    os << llvm::formatv("  {0,-8} ", LineAndColumn(sources, finding.where))
       << palette.Paint(InkOf(finding.severity), tag) << ' ' << finding.message << '\n';
  }
}

} // namespace pydefrag
