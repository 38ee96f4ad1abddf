// Freshness: whether the code is still what the tests ran on. Told from the source lines that a
// traceback prints, which are compared with the files, and, where tests passed and printed nothing,
// from files written after the reports.
#pragma once

#include "join/failures.h"
#include "join/places.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// The first line that the tracebacks of a failure show and that reads otherwise now.
std::optional<Place> ChangedLine(const RunFailure &failure, PlaceTable &places);

// "`tests/test_a.py:3` reads otherwise than when the tests ran"
std::string ReadsOtherwiseNow(const Place &place);

// When files were written, against the newest of the reports. Without times nothing is newer.
class FileTimes {
public:
  FileTimes(const Disk &disk, llvm::StringRef root, llvm::ArrayRef<std::string> reports);

  // "`src/shop/cart.py` was written after the reports", of the first of the places; "" when none
  // was.
  std::string NewerThanReports(llvm::ArrayRef<Place> places) const;

private:
  const Disk &disk_;
  std::string root_;
  int64_t reported_ = 0; // 0: not known
};

} // namespace pydefrag
