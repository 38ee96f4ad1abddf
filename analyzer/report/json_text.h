// JsonWriter: JSON as a stream of calls. Ours rather than llvm::json::OStream because the graph of
// a large project is over a hundred megabytes: strings that need no escapes are copied as they are,
// no value is built, and bytes that are not UTF-8 (in paths) are replaced instead of asserted on.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>

namespace pydefrag {

// `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void WriteJsonString(llvm::raw_ostream &os, llvm::StringRef text);

class JsonWriter {
public:
  explicit JsonWriter(llvm::raw_ostream &os) : os_(os) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Key(llvm::StringRef key);
  void String(llvm::StringRef text);
  void Number(uint64_t number);
  void Decimal(double number); // three digits behind the point
  void Bool(bool value);
  void Null();

  void Text(llvm::StringRef key, llvm::StringRef text) { Key(key), String(text); }
  void Count(llvm::StringRef key, uint64_t number) { Key(key), Number(number); }
  void TextOrNull(llvm::StringRef key, llvm::StringRef text);
  // Left out when empty.
  void TextIfAny(llvm::StringRef key, llvm::StringRef text);

  // A line break before the next element, so that large arrays have one row a line.
  void BreakLine() { break_ = true; }

private:
  void Open(char bracket);
  void Close(char bracket);
  void BeforeValue();

  llvm::raw_ostream &os_;
  llvm::SmallVector<bool, 16> first_; // for each open bracket: nothing stands in it yet
  bool after_key_ = false;
  bool break_ = false;
};

} // namespace pydefrag
