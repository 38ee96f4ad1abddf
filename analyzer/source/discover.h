// Discover: walks a project and lists what imports can reach. Entry point: Discover.
// Excluded and git-ignored files are listed too (imports of them resolve), with `reported` false;
// what stands in a virtual environment, a VCS folder, node_modules or __pycache__ is not walked.
// Does not read Python files.
#pragma once

#include "base/problem.h"
#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

enum class FileKind : uint8_t {
  Source,    // x.py
  Stub,      // x.pyi
  Extension, // x.so, x.abi3.so, x.cpython-311-x86_64-linux-gnu.so, x.pyd
  Bytecode,  // x.pyc outside __pycache__
  Generator, // something a build makes a module from: x.pyx, x.pxd, x.proto, x.py.in, x.g4...
  Settings,  // pyproject.toml, setup.cfg, pytest.ini, tox.ini, requirements.txt... setup.py is a
             // Source
};

struct DiscoveredFile {
  std::string path; // relative to the root, with `/`
  FileKind kind = FileKind::Source;
  bool reported = true; // false: excluded or git-ignored; exists, but nothing is reported on it
  bool git_ignored = false;
  bool sample = false; // what tests read (tests/data, testdata, a template's folder), often broken
                       // on purpose; false when it was named
};

struct Discovery {
  std::vector<DiscoveredFile> files;     // sorted by path (bytewise)
  std::vector<std::string> directories;  // every folder walked, sorted; "" is the root itself
  std::vector<std::string> environments; // folders that are virtual environments, not walked
  // Modules that .gitignore names outright (a/b.py), so that something makes them; a line without a
  // slash counts in every folder walked. Sorted.
  std::vector<std::string> ignored_modules;
  std::vector<Problem> problems;
};

struct DiscoverOptions {
  std::string root;                 // as given to Disk
  std::vector<std::string> exclude; // gitignore-style patterns, relative to the root
  std::vector<std::string> named; // paths on the command line, relative to the root: never excluded
  unsigned jobs = 0;              // threads; 0: one per processor
};

Discovery Discover(const Disk &disk, const DiscoverOptions &options);

// What a file of this name is to us; nothing for names that imports and settings never touch.
std::optional<FileKind> KindOfFileName(llvm::StringRef name);
// Whether a file whose name says nothing of Python is a program in it: `pydefrag check $(git diff
// --name-only)` names READMEs and Makefiles, too.
bool IsPythonScript(const Disk &disk, llvm::StringRef path);

} // namespace pydefrag
