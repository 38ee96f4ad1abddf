// INI files as Python's configparser reads them: setup.cfg, tox.ini, pytest.ini, mypy.ini.
// Entry point: ParseIni. No interpolation.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct IniLine {
  std::string text; // without blanks at its ends
  uint32_t line = 0;
};

struct IniValue {
  std::string key; // lower case
  uint32_t line = 0;
  std::vector<IniLine> lines; // those that are not empty; comments are left out

  std::string Text() const; // the lines joined by blanks
  // One item a line, or separated by commas when all stand on one line.
  std::vector<IniLine> Items() const;
};

struct IniSection {
  std::string name;
  uint32_t line = 0;
  std::vector<IniValue> values;

  const IniValue *Find(llvm::StringRef key) const;
  std::string Text(llvm::StringRef key) const; // empty when there is none
};

struct IniFile {
  std::vector<IniSection> sections;
  std::string error; // of the first line that is wrong; the others are still read
  uint32_t error_line = 0;

  const IniSection *Find(llvm::StringRef name) const;
};

IniFile ParseIni(llvm::StringRef text);

} // namespace pydefrag
