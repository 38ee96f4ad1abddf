#include "config/ini_reader.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

class IniParser {
public:
  IniFile Run(llvm::StringRef text) {
    text.consume_front("\xEF\xBB\xBF");
    while (!text.empty()) {
      ++line_;
      auto [line, rest] = text.split('\n');
      Add(line);
      text = rest;
    }
    return std::move(file_);
  }

private:
  void Fail(const char *message) {
    if (file_.error.empty()) {
      file_.error = message;
      file_.error_line = line_;
    }
  }

  void Add(llvm::StringRef line) {
    const llvm::StringRef text = line.trim();
    if (text.empty() || text.starts_with("#") || text.starts_with(";")) {
      return;
    }
    const size_t indent = line.find_first_not_of(" \t");
    if (value_open_ && indent > key_indent_) {
      file_.sections.back().values.back().lines.push_back({text.str(), line_});
      return;
    }
    if (text.starts_with("[")) {
      const size_t end = text.find(']');
      if (end == llvm::StringRef::npos) {
        Fail("a section header without `]`");
        return;
      }
      file_.sections.push_back({.name = text.slice(1, end).str(), .line = line_, .values = {}});
      value_open_ = false;
      return;
    }
    AddKey(text, indent);
  }

  void AddKey(llvm::StringRef text, size_t indent) {
    if (file_.sections.empty()) {
      Fail("a line before the first section");
      return;
    }
    const size_t separator = text.find_first_of("=:");
    const llvm::StringRef key = text.take_front(separator).rtrim();
    if (key.empty() || separator == llvm::StringRef::npos) {
      Fail("a line that is neither a section nor `key = value`");
      return;
    }
    IniValue value{.key = key.lower(), .line = line_, .lines = {}};
    const llvm::StringRef first = text.substr(separator + 1).trim();
    if (!first.empty()) {
      value.lines.push_back({first.str(), line_});
    }
    file_.sections.back().values.push_back(std::move(value));
    key_indent_ = indent;
    value_open_ = true;
  }

  IniFile file_;
  uint32_t line_ = 0;
  size_t key_indent_ = 0;
  bool value_open_ = false; // deeper lines belong to the last key
};

} // namespace

std::string IniValue::Text() const {
  std::string result;
  for (const IniLine &line : lines) {
    result += (result.empty() ? "" : " ") + line.text;
  }
  return result;
}

std::vector<IniLine> IniValue::Items() const {
  if (lines.size() != 1) {
    return lines;
  }
  std::vector<IniLine> result;
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::StringRef(lines[0].text).split(parts, ',', -1, false);
  for (const llvm::StringRef part : parts) {
    if (!part.trim().empty()) {
      result.push_back({part.trim().str(), lines[0].line});
    }
  }
  return result;
}

const IniValue *IniSection::Find(llvm::StringRef key) const {
  for (const IniValue &value : values) {
    if (value.key == key) {
      return &value;
    }
  }
  return nullptr;
}

std::string IniSection::Text(llvm::StringRef key) const {
  const IniValue *value = Find(key);
  return value ? value->Text() : std::string();
}

const IniSection *IniFile::Find(llvm::StringRef name) const {
  for (const IniSection &section : sections) {
    if (section.name == name) {
      return &section;
    }
  }
  return nullptr;
}

IniFile ParseIni(llvm::StringRef text) {
  return IniParser().Run(text);
}

} // namespace pydefrag
