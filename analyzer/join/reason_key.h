// ReasonKey: one key for failures that are alike in their reason. Entry point: ReasonKey. The
// algorithm's name stands in the key, so that clusters never change their ids in silence.
#pragma once

#include "outcomes/outcome.h"

#include <string>

namespace pydefrag {

// "import-name:shop.cart:Basket" for errors of imports; else "reason-v1:" and a hash of the type,
// the message without what differs from run to run, and the line that raised it.
std::string ReasonKey(const ErrorSegment &segment);

// `message` with numbers, addresses, hashes and temporary folders replaced by `%`.
std::string MaskReason(llvm::StringRef message);

} // namespace pydefrag
