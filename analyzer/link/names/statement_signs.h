// Statement signs: what a statement shows wherever it stands, found once for each distinct one, for
// the phases that look for a few statements in all files. Entry point: StatementSigns.
//
// A sign may be shown where nothing is meant by it: who reads the statement tells.
#pragma once

#include "base/id.h"
#include "scan/scan.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

enum class Sign : uint16_t {
  EditsPath = 1,       // `sys.path.append(...)`, `sys.path += ...`, `site.addsitedir(...)`
  PutsModule = 2,      // `sys.modules[...] = ...`
  InstallsFinder = 4,  // `sys.meta_path.append(...)`, `sys.path_hooks = ...`
  SpeaksOfModules = 8, // an entry of `sys.modules`, `globals()`, `setattr`, `x.__class__`
  TakesGlobals = 16,   // `... = frame.f_globals`, `frame.f_globals[...] = ...`
  Decorated = 32,      // a function or class
  WritesToEntry = 64,  // `setattr(...)`, `sys.modules[...].name = ...`
  ImportsByName = 128, // `importlib.import_module(...)`, `m = __import__(...)`
  NamesBuilt = 256,    // `ffi.set_source(...)`
  HandsModules = 512,  // `sys.modules.update(...)`, `mods = sys.modules`, `from sys import modules`
  FindsModule = 1024, // `m = sys.modules[cls.__module__]`, `setattr(inspect.getmodule(frame), ...)`
  ChangesPath = 2048, // `package.__path__.append(...)`, `package.__path__ = ...`
};

class StatementSigns {
public:
  StatementSigns(const Scanned &scanned, unsigned jobs);

  bool Shows(const PlacedStatement &placed, Sign sign) const {
    return (of_statement_[placed.statement] & static_cast<uint16_t>(sign)) != 0;
  }
  // Whether a statement of the file does.
  bool IsIn(FileId file, Sign sign) const {
    return (of_file_[file] & static_cast<uint16_t>(sign)) != 0;
  }

private:
  IdVector<StatementId, uint16_t> of_statement_;
  IdVector<FileId, uint16_t> of_file_;
};

} // namespace pydefrag
