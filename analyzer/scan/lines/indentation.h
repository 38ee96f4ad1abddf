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
    if (MoveOverSpaces(indent, expect_block)) [[likely]] {
      return nullptr;
    }
    const char *const why = MoveOverAnything(indent, expect_block);
    open_ = level_ == 0 ? 1 : 0;
    return why;
  }

private:
  static constexpr const char *kTabs = "inconsistent use of tabs and spaces in indentation";
  static constexpr size_t kMaxLevels = 100; // CPython: MAXINDENT
  static constexpr uint32_t kColumns = 64;

  // The same without jumps that nobody can guess, as blocks end anywhere; false, and nothing done,
  // when there is a tab, a column too far right, or trouble.
  bool MoveOverSpaces(Indent indent, bool expect_block) {
    const uint64_t bit = uint64_t{1} << (indent.column % kColumns);
    const size_t deeper = bit > open_ ? 1 : 0;
    const size_t known = open_ >> (indent.column % kColumns) & 1;
    const bool plain = indent.column < kColumns && indent.column == indent.alternate && open_ != 0;
    if (!plain || known + deeper != 1 || deeper != (expect_block ? 1 : 0)) {
      return false;
    }
    // What is above the last open one has no level of its own yet.
    level_ = deeper * (level_ + 1) + known * level_of_[indent.column];
    level_of_[indent.column] = static_cast<uint8_t>(level_);
    indents_[level_] = indent;
    open_ = (open_ & (bit - 1)) | bit;
    return true;
  }

  const char *MoveOverAnything(Indent indent, bool expect_block) {
    const Indent &top = indents_[level_];
    if (indent.column == top.column && !expect_block) {
      return indent.alternate == top.alternate ? nullptr : kTabs;
    }
    if (indent.column > top.column) {
      return expect_block ? Push(indent) : "unexpected indent";
    }
    return expect_block ? "expected an indented block" : Pop(indent);
  }

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
  uint64_t open_ = 1; // the columns of the open blocks; 0: they are not all plain spaces
  std::array<uint8_t, kColumns> level_of_{}; // by column, of the open blocks
};

} // namespace pydefrag
