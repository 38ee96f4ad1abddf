// Look-ups: functions that look up modules in `sys.modules` whose names they do not say, and may do
// something to one when they get its name. What a function does is not in the facts, so its text
// tells: it looks one up itself, or says the name of a definition of its file that does.
#pragma once

#include "link/resolve/resolve.h"

#include <vector>

namespace pydefrag {

struct LooksUp {
  NameId name;   // of a function, a method, a class, or what a call or lambda is assigned to
  bool top;      // at the top of its module
  bool assigned; // it is what a call or lambda is assigned to
  bool puts;     // it puts something into `sys.modules` under the name that it gets
};

// By file.
std::vector<std::vector<LooksUp>> FindLookUps(Resolver &resolver);

} // namespace pydefrag
