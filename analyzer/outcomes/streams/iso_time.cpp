#include "outcomes/streams/iso_time.h"

namespace pydefrag {
namespace {

// Takes exactly `digits` digits off the front.
bool Take(llvm::StringRef &text, size_t digits, unsigned &value) {
  if (text.size() < digits || text.take_front(digits).getAsInteger(10, value)) {
    return false;
  }
  text = text.drop_front(digits);
  return true;
}

// "+02:00", "-0330", "Z" or nothing; minutes east of Greenwich.
bool TakeOffset(llvm::StringRef text, IsoTime &time) {
  if (text.empty()) {
    return true;
  }
  time.has_offset = true;
  if (text == "Z") {
    return true;
  }
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') {
    return false;
  }
  text = text.drop_front();
  unsigned hours = 0;
  unsigned minutes = 0;
  if (!Take(text, 2, hours)) {
    return false;
  }
  text.consume_front(":");
  if (!text.empty() && !Take(text, 2, minutes)) {
    return false;
  }
  const int64_t offset = int64_t{hours} * 3600 + int64_t{minutes} * 60;
  time.seconds += east ? -offset : offset;
  return text.empty();
}

} // namespace

// Years are counted from March, so that the leap day is the last one.
int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (int64_t{month} + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::optional<IsoTime> ParseIsoTime(llvm::StringRef text) {
  text = text.trim();
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (!Take(text, 4, year) || !text.consume_front("-") || !Take(text, 2, month) ||
      !text.consume_front("-") || !Take(text, 2, day) || month < 1 || month > 12 || day < 1 ||
      day > 31) {
    return std::nullopt;
  }
  IsoTime time;
  time.seconds = DaysFromCivil(year, month, day) * 86400;
  if (text.empty()) {
    return time;
  }
  unsigned hours = 0;
  unsigned minutes = 0;
  unsigned seconds = 0;
  if ((!text.consume_front("T") && !text.consume_front(" ")) || !Take(text, 2, hours) ||
      !text.consume_front(":") || !Take(text, 2, minutes)) {
    return std::nullopt;
  }
  if (text.consume_front(":") && !Take(text, 2, seconds)) {
    return std::nullopt;
  }
  time.seconds += int64_t{hours} * 3600 + int64_t{minutes} * 60 + seconds;
  if (text.consume_front(".")) {
    text = text.drop_while([](char c) { return c >= '0' && c <= '9'; });
  }
  if (!TakeOffset(text, time)) {
    return std::nullopt;
  }
  return time;
}

} // namespace pydefrag
