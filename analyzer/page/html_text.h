// Text made safe for HTML, and the small pieces that every part of the page is made of.
#pragma once

#include "join/joined.h"
#include "page/excerpts.h"
#include "page/package_tree.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace pydefrag {

// `text` for between tags and for attributes in double quotes. Bytes that are not UTF-8 and control
// characters become U+FFFD.
std::string HtmlText(llvm::StringRef text);

// The same with `names in backticks` as <code>.
std::string HtmlProse(llvm::StringRef text);

// JSON for <script type="application/json">: no `<` is left in it, nor U+2028 and U+2029, which
// older scripts take for line ends.
void WriteScriptJson(llvm::raw_ostream &os, llvm::StringRef json);

// The shape that goes with a state, so that colour is never the only sign.
std::string HealthIcon(Health health);
Health HealthOfSeverity(Severity severity);

// "<code>shop/cart.py:3</code>".
std::string HtmlPlace(llvm::StringRef path, uint32_t line);

// One line of source with its place and what is marked in it.
void WriteExcerpt(llvm::raw_ostream &os, const SourceExcerpt &excerpt);

// Places from the test to the broken line, as a trail.
void WriteTrail(llvm::raw_ostream &os, llvm::ArrayRef<Place> chain);

// A list of names, the first `shown` in sight and the others folded.
void WriteNames(llvm::raw_ostream &os, llvm::StringRef what, llvm::ArrayRef<std::string> names,
                size_t shown);

} // namespace pydefrag
