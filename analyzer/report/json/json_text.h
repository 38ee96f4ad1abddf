// JsonWriter: JSON as a stream of calls. Ours rather than llvm::json::OStream because the graph of
// a large project is over a hundred megabytes: strings that need no escapes are copied as they are,
// no value is built, and bytes that are not UTF-8 (in paths) are replaced instead of asserted on.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <optional>
#include <string>

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
  void BeginObject(llvm::StringRef key) { Key(key), BeginObject(); }
  void BeginArray(llvm::StringRef key) { Key(key), BeginArray(); }
  void Key(llvm::StringRef key);
  void String(llvm::StringRef text);
  void Number(uint64_t number);
  void Decimal(double number); // three digits behind the point
  void Bool(bool value);
  void Null();

  void Text(llvm::StringRef key, llvm::StringRef text) { Key(key), String(text); }
  void Count(llvm::StringRef key, uint64_t number) { Key(key), Number(number); }
  void TextOrNull(llvm::StringRef key, llvm::StringRef text);
  void CountOrNull(llvm::StringRef key, std::optional<uint64_t> number);
  void DecimalOrNull(llvm::StringRef key, std::optional<double> number);
  // Left out when empty.
  void TextIfAny(llvm::StringRef key, llvm::StringRef text);
  void TextsIfAny(llvm::StringRef key, llvm::ArrayRef<std::string> texts);
  // An object a line, what stands in it written by `write(item)`.
  template <typename Items, typename Write>
  void RowsIfAny(llvm::StringRef key, const Items &items, Write write);

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

template <typename Items, typename Write>
void JsonWriter::RowsIfAny(llvm::StringRef key, const Items &items, Write write) {
  if (items.empty()) {
    return;
  }
  BreakLine();
  BeginArray(key);
  for (const auto &item : items) {
    BreakLine();
    BeginObject();
    write(item);
    EndObject();
  }
  EndArray();
}

} // namespace pydefrag
