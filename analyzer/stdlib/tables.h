// The rows that generate/generate.cpp makes of the .tsv files; used by stdlib.cpp alone. All tables
// are constant data, sorted bytewise by their first member: nothing is done at start-up.
#pragma once

#include "stdlib/stdlib.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag::stdlib_tables {

struct NameRow {
  uint32_t text = 0; // offset in `name_texts`
  VersionMask present = 0;
  VersionMask perhaps = 0;
};

struct ModuleRow {
  const char *name = "";
  StdlibModule module;
  VersionMask capitals_open = 0; // where names with capital letters may exist unlisted
  uint32_t first_name = 0;
  uint32_t name_count = 0;
};

struct DeprecationRow {
  const char *module = "";
  const char *name = "";
  VersionMask versions = 0;
  const char *replacement = "";
  bool doc_only = false;
  int removal = 0;
};

struct RenamedRow {
  const char *name = "";
  const char *replacement = "";
};

extern const char *const name_texts;
extern const llvm::ArrayRef<NameRow> names; // by module, then name
extern const llvm::ArrayRef<ModuleRow> modules;
extern const llvm::ArrayRef<DeprecationRow> deprecations; // by module, then name
extern const llvm::ArrayRef<RenamedRow> python2;
extern const llvm::ArrayRef<const char *> virtual_modules; // a leading `*.`: below any package

} // namespace pydefrag::stdlib_tables
