// CPython's indentation rules: which block a line belongs to, and when that is an error. The line
// lexer measures the lines; this knows the open blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pydefrag {

// How far a line is indented, counted in two ways that must agree about what is deeper.
struct Indent {
  uint32_t column = 0;    // tabs reach to multiples of 8; a form feed starts anew
  uint32_t alternate = 0; // tabs count 1
};

class IndentationStack {
public:
  size_t level() const { return level_; } // 0: module level

  // Moves to the block of the next line. `expect_block`: the line before ends with a `:`. Gives the
  // reason why CPython rejects the line, or null.
  const char *MoveTo(Indent indent, bool expect_block) {
    const Indent &top = indents_[level_];
    if (indent.column == top.column && !expect_block) [[likely]] {
      return indent.alternate == top.alternate ? nullptr : kTabs;
    }
    if (indent.column > top.column) {
      return expect_block ? Push(indent) : "unexpected indent";
    }
    return expect_block ? "expected an indented block" : Pop(indent);
  }

private:
  static constexpr const char *kTabs = "inconsistent use of tabs and spaces in indentation";
  static constexpr size_t kMaxLevels = 100; // CPython: MAXINDENT

  const char *Push(Indent indent) {
    if (level_ + 1 >= kMaxLevels) {
      return "too many levels of indentation";
    }
    if (indent.alternate <= indents_[level_].alternate) {
      return kTabs;
    }
    indents_[++level_] = indent;
    return nullptr;
  }

  const char *Pop(Indent indent) {
    while (level_ > 0 && indent.column < indents_[level_].column) {
      --level_;
    }
    if (indent.column != indents_[level_].column) {
      return "unindent does not match any outer indentation level";
    }
    return indent.alternate == indents_[level_].alternate ? nullptr : kTabs;
  }

  size_t level_ = 0;
  std::array<Indent, kMaxLevels> indents_{};
};

} // namespace pydefrag
