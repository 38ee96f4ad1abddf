// The page as one self-contained HTML file: styles and script inline, no network, readable without
// the script. Entry point: RenderHtml.
#pragma once

#include "page/page.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

void RenderHtml(llvm::raw_ostream &os, const Page &page);

} // namespace pydefrag
