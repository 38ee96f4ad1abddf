// Reads test reports of any kind. Entry point: ReadOutcomes. Several reports are combined by
// merge.h; what failures mean for findings is not this folder's business.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/byte_stream.h"
#include "source/disk.h"

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <vector>

namespace pydefrag {

// The runs told of by the report at `path`: a file, plain or gzip, whose kind is told from its
// content, or a .pytest_cache folder. One run, except for a log that holds several sessions. What
// cannot be read is a problem of the run, never a failure.
std::vector<TestRun> ReadOutcomes(const Disk &disk, llvm::StringRef path, TestIdResolver &ids);

// The same for bytes that are already open; `name` is for messages.
std::vector<TestRun> ReadOutcomeStream(std::unique_ptr<ByteStream> bytes, llvm::StringRef name,
                                       TestIdResolver &ids);

} // namespace pydefrag
