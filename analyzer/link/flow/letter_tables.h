// Letter tables: what the table that `str.translate` is given does to the letters of ASCII, where
// the table is made of constants:
//
//     chars = [chr(n) for n in range(256)]
//     LOWER = "".join(chars[:65] + chars[97:123] + chars[91:])
//     name.translate(LOWER)
//
// A table may be anything that is indexed by code points (CPython unicodeobject.c,
// charmaptranslate_lookup); one that is not as long as ASCII leaves the rest as it is.
#pragma once

#include "link/flow/possible_strings.h"
#include "link/flow/source_trees.h"

#include <optional>

namespace pydefrag {

// Nothing when the table cannot be told, or changes more than the case of letters.
std::optional<LetterCase> CaseOfTable(const SourceTree &tree, uint32_t table);

} // namespace pydefrag
