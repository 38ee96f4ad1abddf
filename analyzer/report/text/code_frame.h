// One line of source with the place in question underlined, as compilers print it. Tabs are
// expanded, wide characters counted as the terminal shows them, long lines cut around the place.
#pragma once

#include "base/path_prefix.h"
#include "report/report.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace pydefrag {

struct FrameMark {
  Location where;
  std::string label; // behind the carets; may be empty
};

struct FrameOptions {
  const Project *project = nullptr;
  SourceCache *sources = nullptr;
  const Palette *palette = nullptr;
  PathPrefix path_prefix; // put before the paths shown
  bool links = false;     // the terminal follows links (OSC 8): places lead to their files
  uint32_t width = 120;   // columns of a source line that are shown
};

// "path:line:column"; only the path when the file cannot be read any more.
std::string PlaceText(const FrameOptions &options, Location where);

// The frame of `primary` (`-->`, `^`), then of each of `others` (`:::`, `-`).
void RenderFrames(llvm::raw_ostream &os, const FrameOptions &options, const FrameMark &primary,
                  llvm::ArrayRef<FrameMark> others);

// One source line ready for a terminal, and the columns (0-based, of the text) that a span takes.
struct FrameLine {
  std::string text;
  uint32_t mark_begin = 0;
  uint32_t mark_end = 0;
};
// `begin` and `end` are byte offsets within `line`.
FrameLine LayOutLine(llvm::StringRef line, uint32_t begin, uint32_t end, uint32_t width = 120);

} // namespace pydefrag
