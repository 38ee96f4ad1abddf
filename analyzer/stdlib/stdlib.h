// What the standard library holds, for CPython 3.6 to 3.15, from tables compiled into the binary
// (*.tsv, by generate/): no Python is needed. Read only, thread safe.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

// Bit `minor - 6` stands for 3.minor, 3.6 to 3.15.
using VersionMask = uint16_t;
inline constexpr VersionMask kAllVersions = 0x3ff;
constexpr VersionMask MaskOf(int minor) {
  return minor < 6    ? VersionMask{1}
         : minor > 15 ? VersionMask{1u << 9}
                      : static_cast<VersionMask>(1u << (minor - 6));
}

struct StdlibModule {
  VersionMask present = 0; // versions that can import it (on some platform)
  VersionMask warns = 0;   // versions whose import warns of deprecation
  bool open = false;       // names may exist that the tables do not list (another platform,
                           // a C module built with other options)
  bool package = false;
  const char *replacement = ""; // of a removed or deprecated module; may be empty
  bool open_package = false;    // a package with submodules that the tables do not list
  bool everywhere = true;       // on every platform and build
  bool on_linux = true;
  int removal = 0; // minor version announced for its removal; 0: none
};

// nullptr when no version had such a module.
const StdlibModule *FindStdlibModule(llvm::StringRef dotted);

// Whether some version has a top-level module of this name.
bool IsStdlibTopLevel(llvm::StringRef name);

struct StdlibName {
  VersionMask present = 0;    // versions that bind it, surely or perhaps
  VersionMask deprecated = 0; // versions in which reaching it warns, or is documented to go
  const char *replacement = "";
  bool doc_only = false;   // deprecated only in the documentation
  VersionMask perhaps = 0; // of `present`: only on another platform, build or patch release,
                           // or in a version too new for the tables to be complete
  int removal = 0;         // minor version announced for its removal; 0: none
};

// What is known of a name in a module; `present` 0 when no version has it. For the module's own
// names only: submodules are not names here. Implicit module attributes (`__name__`...) are not
// listed.
StdlibName FindStdlibName(llvm::StringRef module, llvm::StringRef name);

// Its `present` alone.
VersionMask FindStdlibNamePresence(llvm::StringRef module, llvm::StringRef name);

// Top-level modules of Python 2 that Python 3 renamed or dropped, with what took their place;
// nullptr for others.
const char *Python2Replacement(llvm::StringRef top_level);

// Modules that exist only inside some host or as stand-ins (`six.moves.x`, `gi.repository.x`,
// `bpy`...): never missing, never analysed.
bool IsVirtualModule(llvm::StringRef dotted);

// Modules that a file on sys.path cannot hide: built in, frozen, or loaded at start-up.
bool IsLoadedAtStartup(llvm::StringRef top_level);

} // namespace pydefrag
