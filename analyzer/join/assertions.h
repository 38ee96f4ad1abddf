// What failed assertions speak of: classes as pytest prints them, and symbols that a test names.
#pragma once

#include "check/finding.h"
#include "join/places.h"
#include "outcomes/outcome.h"

#include <string>
#include <vector>

namespace pydefrag {

struct ClassMention {
  llvm::StringRef module; // "src.shop.inventory"
  llvm::StringRef name;   // "Stock"
};

// Classes in "<class 'a.b.C'>", "<a.b.C object at 0x7f...>" and "<class 'a.b.C.D'>", in order.
// Points into `text`.
std::vector<ClassMention> ClassesIn(llvm::StringRef text);

// Whether the text tells one class of `module` from itself: it names it under two of the module's
// names, or an instance under the second name is no instance of it.
bool TwoNamesOfOne(llvm::StringRef text, const Project &project, ModuleId module);

// AssertionError, a rewritten assert, DID NOT RAISE and the like.
bool IsAssertion(const ErrorSegment &segment);

// Why the failed test `id` speaks of the finding's symbol: by its message, by the line that failed,
// by its name, or by naming the symbol together with two of the modules it is reached through; ""
// when it does not.
std::string SpeaksOf(llvm::StringRef id, const ErrorSegment &segment, const Finding &finding,
                     PlaceTable &places);

} // namespace pydefrag
