// TOML as a plain tree with line numbers. The parser library is seen by toml_reader.cpp alone.
// Entry point: ParseToml.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

enum class TomlKind : uint8_t { String, Integer, Float, Boolean, Date, Array, Table };

struct TomlMember;

struct TomlValue {
  TomlKind kind = TomlKind::Table;
  uint32_t line = 0; // 1-based, where the value begins
  bool boolean = false;
  int64_t integer = 0;
  std::string text;                // String; Date: its day as "2026-12-31", "" for a mere time
  std::vector<TomlValue> items;    // Array
  std::vector<TomlMember> members; // Table, in the order of their lines

  bool IsTable() const { return kind == TomlKind::Table; }
  bool IsArray() const { return kind == TomlKind::Array; }
  bool IsString() const { return kind == TomlKind::String; }

  // The member of a table; nullptr when there is none or this is no table.
  const TomlValue *Find(llvm::StringRef key) const;
  // The same through tables inside tables: {"tool", "poetry", "packages"}.
  const TomlValue *Find(std::initializer_list<llvm::StringRef> keys) const;
  // A string member's text; empty when there is none.
  llvm::StringRef String(llvm::StringRef key) const;
  // The strings of an array, or the one string that stands in its place; others are left out.
  std::vector<std::string> Strings() const;
};

struct TomlMember {
  std::string key;
  uint32_t line = 0; // of the key
  TomlValue value;
};

struct TomlResult {
  TomlValue root;
  std::string error; // empty: the text is valid
  uint32_t error_line = 0;
};

TomlResult ParseToml(llvm::StringRef text);

// What a kind is called in messages: "a string", "a list"...
const char *TomlKindName(TomlKind kind);

} // namespace pydefrag
