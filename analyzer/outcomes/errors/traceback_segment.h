// SegmentReader: the text of one exception, line by line, as pytest or CPython shows it. Used by
// traceback.cpp, which knows how exceptions follow each other.
#pragma once

#include "outcomes/errors/traceback.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// Where one exception's text is being read.
class SegmentReader {
public:
  // Returns false when the line ends everything that is of interest (captured output).
  bool Line(llvm::StringRef line);
  bool HasContent() const {
    return !segment_.frames.empty() || !text_.empty() || !message_.empty() || has_type_line_;
  }
  ErrorSegment Finish();

private:
  enum class Mode : uint8_t { Prose, Error, Native, NativeMessage };

  void ErrorLine(llvm::StringRef line);
  void NativeLine(llvm::StringRef line);
  bool AddFrame(llvm::StringRef path, uint32_t line, llvm::StringRef function);
  bool TakeFileLine(llvm::StringRef line);
  void TakeFrameLine(const TracebackLine &frame);
  void AddMessageLine(llvm::StringRef line);
  void NoteDefinition(llvm::StringRef line);
  void NoteSource(llvm::StringRef line);

  ErrorSegment segment_;
  Mode mode_ = Mode::Prose;
  std::string message_;       // lines after `E`, or a native traceback's last lines
  std::string text_;          // prose, used when nothing better is found
  std::string doctest_;       // from "Expected:" or "UNEXPECTED EXCEPTION:" on
  std::string frame_type_;    // of "path:12: ValueError"
  llvm::StringRef function_;  // of the long-style entry being read
  llvm::StringRef marked_;    // the line after `>` of that entry
  bool source_next_ = false;  // the line of a short-style frame follows
  size_t indent_ = 0;         // of the first `E` line of a block
  bool syntax_error_ = false; // the `E` block starts with `File "x", line 1`
  bool has_type_line_ = false;
  bool has_message_ = false;
};

} // namespace pydefrag
