// ExtensionNames: which names a compiled module surely does not bind. What it binds, only running
// it tells; but C code names an attribute by a string (PyMethodDef, PyModule_AddObject, pybind11's
// def), which stands in the file with a NUL behind it, alone or as the end of a longer string that
// the linker merged it with. A name that is nowhere in the file is bound by nothing in it.
//
// That holds only where every name is such a literal, so the file must show that it is:
// - an ELF file with PyInit_NAME that makes its module itself. The modules of mypyc, cffi and
//   Boost.Python only call a library that makes it; a packed file shows no symbols at all.
// - nothing that sets attributes by string objects, copies a namespace or runs Python code:
//   PyObject_SetAttr, PyDict_SetItem, PyDict_Update, PyRun_... Modules of Cython (whose tables of
//   strings may be compressed from 3.2 on: cython/cython#7255), mypyc, Nuitka and PyO3 have them.
// - nothing that builds C strings: sprintf, strcpy, std::string. apsw makes "AbortError" of
//   "%sError", the codecs of CJK make "__map_gb2312".
// - nothing that takes names from types made elsewhere (PyModule_AddType: `_contextvars.Token`),
//   or that makes a module with attributes of its own (PyModule_Type, `__getattr__`).
// - no libraries but those of the system's compilers: `_curses` asks ncurses for its key names.
// Compared with what CPython 3.6 to 3.13 has after importing 840 compiled modules, 232 of which
// show all that, none had a name that its file does not spell, unless Python code put it there.
//
// Read on demand, each file once. What Python code elsewhere adds is the resolver's matter.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// The identifiers, or longer words, that stand before a NUL in a compiled module of this name; none
// when names may be bound that it does not spell. Sorted from their ends.
std::optional<std::vector<std::string>> ReadSpelledNames(llvm::StringRef bytes,
                                                         llvm::StringRef module);

// The words that code may use as keys of a dict that the compiled module fills: those that stand
// before a NUL, or before a field of a format. None where strings may stand elsewhere: of Cython's
// modules they are compressed, of Rust's without a NUL, of C++'s put together in other ways.
std::optional<std::vector<std::string>> ReadKeyWords(llvm::StringRef bytes);

class ExtensionNames {
public:
  // `root`: of the project, which folders are relative to.
  ExtensionNames(const Disk *disk, std::string root) : disk_(disk), root_(std::move(root)) {}

  // Whether no compiled file of the module in the folder spells the name, and it needs to.
  bool Lacks(llvm::StringRef folder, llvm::StringRef module, llvm::StringRef name);

  // Whether a compiled file of the module may bind `__all__`.
  bool MayListNames(llvm::StringRef folder, llvm::StringRef module);

  // ReadKeyWords of all compiled files of the module.
  using Spelled = std::optional<std::vector<std::string>>;
  const Spelled &KeyWords(llvm::StringRef folder, llvm::StringRef module);

private:
  using Reader = Spelled (*)(llvm::StringRef bytes, llvm::StringRef module);
  Spelled Read(llvm::StringRef folder, llvm::StringRef module, Reader reader) const;

  const Disk *disk_;
  std::string root_;
  // By path without suffixes.
  llvm::StringMap<Spelled> read_;
  llvm::StringMap<Spelled> key_words_;
};

} // namespace pydefrag
