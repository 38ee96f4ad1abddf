// ImportPlace: an import statement in its file, and what stands on its lines besides it. Entry
// point: FindImport.
#pragma once

#include "fix/import_text.h"
#include "source/source_file.h"

namespace pydefrag {

struct ImportPlace {
  uint32_t begin = 0, end = 0; // of the statement, in the file
  uint32_t line_begin = 0;     // of its first line
  uint32_t next_line = 0;      // just past its last line
  bool shared = false;         // other code stands on its lines
  llvm::StringRef comment;     // behind it on its last line; lives in the file's text
  std::string text;            // of the statement
  ImportText import;           // offsets into `text`
};

// The statement whose first word stands at `head`; nothing when it is not understood.
std::optional<ImportPlace> FindImport(const SourceText &source, uint32_t head);

// How statements that are written beside it are laid out.
ImportLayout LayoutAt(const SourceText &source, const ImportPlace &place);

} // namespace pydefrag
