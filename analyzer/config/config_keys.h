// The keys of [tool.pydefrag]: ReadConfigTable turns the table into a Config. Finding and reading
// the file is config.cpp's business.
#pragma once

#include "config/config.h"
#include "config/toml_reader.h"

#include "llvm/Support/Error.h"

namespace pydefrag {

// Fills `config` from `table`; the first wrong key or value is the error. `file` names it there.
llvm::Error ReadConfigTable(const TomlValue &table, llvm::StringRef file, Config &config);

// "FILE:LINE: MESSAGE", or "FILE: MESSAGE" without a line.
llvm::Error ConfigError(llvm::StringRef file, uint32_t line, const llvm::Twine &message);

} // namespace pydefrag
