// Reads ISO 8601 times as test reports write them. Entry point: ParseIsoTime.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>

namespace pydefrag {

struct IsoTime {
  int64_t seconds = 0;     // since the epoch; of a local time as if it were UTC
  bool has_offset = false; // the text said which zone it means
};

// "2026-11-22T11:44:23.066885+00:00", "...Z", "2026-11-22 11:44:23" or "2026-11-22".
std::optional<IsoTime> ParseIsoTime(llvm::StringRef text);

// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day);

} // namespace pydefrag
