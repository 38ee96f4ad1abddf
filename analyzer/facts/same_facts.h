// SameFacts: whether two versions of a file say the same, wherever in the text they say it. What
// differs in nothing but comments, blank lines and things that no fact is made of is the same.
#pragma once

#include "facts/facts.h"

namespace pydefrag {

// Both refer to `syntax`.
bool SameFacts(const SyntaxTable &syntax, const ModuleFacts &a, const ModuleFacts &b);

} // namespace pydefrag
