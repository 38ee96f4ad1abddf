// Binary searches over the compiled tables, and the few rules that no table can hold.
#include "stdlib/stdlib.h"

#include "stdlib/tables.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pydefrag {

using namespace stdlib_tables;

// The stubs behind 3.14 are complete for public names; 3.15 may still grow.
static constexpr VersionMask kStillGrowing = MaskOf(15);
static constexpr VersionMask kPrivateUnlisted = MaskOf(14) | MaskOf(15);

static const ModuleRow *FindRow(llvm::StringRef dotted) {
  const auto *row = llvm::lower_bound(
      modules, dotted, [](const ModuleRow &r, llvm::StringRef key) { return r.name < key; });
  return row != modules.end() && row->name == dotted ? row : nullptr;
}

static const NameRow *FindNameRow(const ModuleRow &module, llvm::StringRef name) {
  const llvm::ArrayRef<NameRow> rows = names.slice(module.first_name, module.name_count);
  const auto text = [](const NameRow &row) { return llvm::StringRef(name_texts + row.text); };
  const auto *row = llvm::lower_bound(
      rows, name, [&](const NameRow &r, llvm::StringRef key) { return text(r) < key; });
  return row != rows.end() && text(*row) == name ? row : nullptr;
}

static const DeprecationRow *FindDeprecation(llvm::StringRef module, llvm::StringRef name) {
  const auto before = [&](const DeprecationRow &row, llvm::StringRef) {
    const int order = llvm::StringRef(row.module).compare(module);
    return order < 0 || (order == 0 && row.name < name);
  };
  const auto *row = llvm::lower_bound(deprecations, module, before);
  return row != deprecations.end() && row->module == module && row->name == name ? row : nullptr;
}

const StdlibModule *FindStdlibModule(llvm::StringRef dotted) {
  const ModuleRow *row = FindRow(dotted);
  return row ? &row->module : nullptr;
}

// The versions in which a name that no table lists may exist all the same.
static VersionMask PerhapsUnlisted(const ModuleRow &module, llvm::StringRef name) {
  // `__version__`, `__author__`, `__getattr__`... are not all in the tables.
  if (name.starts_with("__") && name.ends_with("__")) {
    return module.module.present;
  }
  VersionMask perhaps = kStillGrowing;
  if (llvm::any_of(name, llvm::isUpper)) {
    perhaps |= module.capitals_open;
  }
  // New versions import other modules, and have private names, that stubs do not show.
  if (name.starts_with("_") || IsStdlibTopLevel(name)) {
    perhaps |= kPrivateUnlisted;
  }
  return module.module.present & perhaps;
}

// In which versions the name is there, and in which perhaps.
static std::pair<VersionMask, VersionMask> PresenceOf(const ModuleRow &row, llvm::StringRef name) {
  if (const NameRow *found = FindNameRow(row, name)) {
    return {found->present, found->perhaps};
  }
  const VersionMask perhaps = PerhapsUnlisted(row, name);
  return {perhaps, perhaps};
}

VersionMask FindStdlibNamePresence(llvm::StringRef module, llvm::StringRef name) {
  const ModuleRow *row = FindRow(module);
  return row ? PresenceOf(*row, name).first : 0;
}

StdlibName FindStdlibName(llvm::StringRef module, llvm::StringRef name) {
  StdlibName result;
  const ModuleRow *row = FindRow(module);
  if (!row) {
    return result;
  }
  std::tie(result.present, result.perhaps) = PresenceOf(*row, name);
  if (const DeprecationRow *deprecation = FindDeprecation(module, name)) {
    result.deprecated = deprecation->versions;
    result.replacement = deprecation->replacement;
    result.doc_only = deprecation->doc_only;
    result.removal = deprecation->removal;
  }
  return result;
}

bool IsStdlibTopLevel(llvm::StringRef name) {
  return !name.contains('.') && FindRow(name) != nullptr;
}

const char *Python2Replacement(llvm::StringRef top_level) {
  const auto *row = llvm::lower_bound(
      python2, top_level, [](const RenamedRow &r, llvm::StringRef key) { return r.name < key; });
  return row != python2.end() && row->name == top_level ? row->replacement : nullptr;
}

static bool IsAtOrBelow(llvm::StringRef module, llvm::StringRef package) {
  return module.consume_front(package) && (module.empty() || module.starts_with("."));
}

bool IsVirtualModule(llvm::StringRef dotted) {
  return llvm::any_of(virtual_modules, [&](llvm::StringRef entry) {
    if (!entry.consume_front("*.")) {
      return IsAtOrBelow(dotted, entry);
    }
    // The entry may stand below any packages: try it at each component.
    for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
      if (IsAtOrBelow(rest, entry)) {
        return true;
      }
    }
    return false;
  });
}

// Built-in and frozen modules, and what CPython 3.8 to 3.13 import before the first user module.
// Sorted.
static constexpr llvm::StringLiteral kLoadedAtStartup[] = {
    "_abc",         "_ast",         "_codecs",     "_collections", "_collections_abc",
    "_functools",   "_imp",         "_io",         "_locale",      "_operator",
    "_signal",      "_sre",         "_stat",       "_string",      "_symtable",
    "_thread",      "_tracemalloc", "_warnings",   "_weakref",     "abc",
    "atexit",       "builtins",     "codecs",      "encodings",    "errno",
    "faulthandler", "gc",           "genericpath", "io",           "itertools",
    "marshal",      "ntpath",       "os",          "posix",        "posixpath",
    "pwd",          "site",         "stat",        "sys",          "time",
    "zipimport",
};

bool IsLoadedAtStartup(llvm::StringRef top_level) {
  return std::binary_search(std::begin(kLoadedAtStartup), std::end(kLoadedAtStartup), top_level);
}

} // namespace pydefrag
