// The brackets that are open where the line lexer stands.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pydefrag {

class BracketStack {
public:
  bool empty() const { return count_ == 0; }
  uint32_t last() const { return open_[count_].at; } // where the innermost one opened

  // Where the outermost bracket opened; of those that are closed again, the last one.
  uint32_t outermost() const { return open_[1].at; }

  // Opens `bracket` or closes the innermost one; false, and nothing done, when CPython rejects it.
  // Without jumps that depend on which bracket it is: the closing byte is the opening one plus 1
  // for (), plus 2 for [] and {}.
  bool Take(size_t at, char bracket, bool opens) {
    const size_t opening = opens ? 1 : 0;
    const auto distance = static_cast<unsigned>(bracket - open_[count_].bracket);
    const size_t unlike = (distance - 1) >> 1; // 0: it matches
    const size_t too_many = count_ == kMaxBrackets ? 1 : 0;
    if (((opening & too_many) | ((opening - 1) & unlike)) != 0) [[unlikely]] {
      return false;
    }
    open_[count_ + 1] = {.at = static_cast<uint32_t>(at), .bracket = bracket};
    count_ += 2 * opening - 1;
    return true;
  }

  // Why `Take` said no.
  const char *WhyNot(bool opens) const {
    return opens     ? "too many nested brackets"
           : empty() ? "closing bracket without an opening one"
                     : "closing bracket does not match the opening one";
  }

private:
  static constexpr size_t kMaxBrackets = 200; // CPython: MAXLEVEL

  struct Bracket {
    uint32_t at = 0;
    char bracket = '\0';
  };

  size_t count_ = 0;
  std::array<Bracket, kMaxBrackets + 2> open_{}; // from index 1 on; what is at 0 matches nothing
};

} // namespace pydefrag
