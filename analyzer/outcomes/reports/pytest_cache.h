// Reads pytest's own memory of past runs, .pytest_cache/v/cache/{nodeids,lastfailed}: which tests
// exist, and which failed when they were last run. Entry points: ReadPytestCache for the folder,
// ReadCacheFile for one of the two files.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "source/disk.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// `folder` is .pytest_cache, or its v/cache. Without either file: a problem.
TestRun ReadPytestCache(const Disk &disk, llvm::StringRef folder, TestIdResolver &ids);

// The content of `nodeids` (an array of ids) or `lastfailed` (an object with ids as keys).
TestRun ReadCacheFile(llvm::StringRef text, TestIdResolver &ids);

} // namespace pydefrag
