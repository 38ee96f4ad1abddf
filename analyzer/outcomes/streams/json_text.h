// JSON as reports hold it: documents too large or too deep for a plain parser, cut off, or with
// Python's NaN. Entry points: ParseJson for one value, JsonElements for a large document.
#pragma once

#include "source/byte_stream.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// The value, or nothing when `text` is not JSON or is nested more than 200 deep. NaN and Infinity
// become null, invalid UTF-8 becomes U+FFFD.
std::optional<llvm::json::Value> ParseJson(llvm::StringRef text);

// Members of an object, "" or 0 when absent or of another type.
llvm::StringRef JsonText(const llvm::json::Object &object, llvm::StringRef key);
uint32_t JsonNumber(const llvm::json::Object &object, llvm::StringRef key);

// Walks a document without holding it: members of the top-level object come one by one, arrays
// named in `streamed` one element at a time, objects named in `opened` one member at a time.
class JsonElements {
public:
  JsonElements(ByteStream &bytes, llvm::ArrayRef<llvm::StringRef> opened,
               llvm::ArrayRef<llvm::StringRef> streamed);

  // Moves to the next value; false at the end of the document or where it breaks off.
  bool Next();

  llvm::StringRef key() const { return key_; }   // "tests" for each element of that array
  llvm::StringRef text() const { return text_; } // the value's JSON; valid until Next
  bool too_large() const { return too_large_; }  // over kMaxElement: `text` is empty
  // After Next returned false: whether the document was whole.
  bool complete() const { return complete_; }

  static constexpr size_t kMaxElement = 64 << 20;

private:
  int Peek();
  int Get();
  void SkipSpace();
  bool ReadString(std::string &into);
  bool ReadValue();
  bool ReadCompound();
  bool ReadScalar();
  bool NextMember();
  void Keep(char c);

  enum class Level : uint8_t { Object, Array };
  enum class Step : uint8_t { Value, Closed, Broken };
  Step Advance(char close);
  void Enter(Level level);

  ByteStream &bytes_;
  llvm::ArrayRef<llvm::StringRef> opened_;
  llvm::ArrayRef<llvm::StringRef> streamed_;
  std::vector<char> buffer_;
  size_t at_ = 0;
  size_t end_ = 0;
  std::vector<Level> levels_;
  bool started_ = false;
  bool first_ = true; // no value yet on the innermost level
  bool complete_ = false;
  bool too_large_ = false;
  std::string key_;
  std::string text_;
};

} // namespace pydefrag
