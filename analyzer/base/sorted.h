// Searching sorted lists that are short and asked often: as a binary search, but with no jump that
// hangs on what is compared, which no processor can guess.
#pragma once

#include <cstddef>

namespace pydefrag {

// How many of the first `count` items satisfy `is_before`; those that do stand before the others.
template <typename T, typename IsBefore>
size_t CountBefore(const T *items, size_t count, IsBefore is_before) {
  const T *at = items;
  for (size_t rest = count; rest > 0;) {
    const size_t half = (rest + 1) / 2;
    at += half & (size_t{0} - static_cast<size_t>(is_before(at[half - 1])));
    rest -= half;
  }
  return static_cast<size_t>(at - items);
}

} // namespace pydefrag
