// ImportText: one import statement as text, with the places of its module, its names and its
// brackets, and the edits of one statement that the fix engine is made of. Entry points:
// ReadImport, RemoveName, AddName. Knows no project; comments, brackets, continuations and line
// ends of the statement stay as they are.
#pragma once

#include "source/span.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

struct ImportName {
  Span name;          // as written: `Cart`, `*`, of `import M` the dotted name
  Span as;            // the name after `as`; empty when there is none
  Span all;           // from the name to the end of its `as`
  uint32_t comma = 0; // offset of the comma behind it; 0: there is none
};

struct ImportText {
  bool from = false; // `from M import ...`, else `import M, ...`
  Span module;       // of a from-import, dots included
  bool brackets = false;
  uint32_t open = 0, close = 0; // offsets of `(` and `)`
  bool comments = false;        // there is a comment between the brackets
  llvm::SmallVector<ImportName, 4> names;
  uint32_t end = 0; // just past the statement; a comment behind it is not part of it
};

// The statement that starts at `begin` of `text`, with offsets into `text`; nothing when it is not
// understood.
std::optional<ImportText> ReadImport(llvm::StringRef text, uint32_t begin);

// `statement` holds just one statement. Takes its name number `index` out, which is not the only
// one. Returns the comment that stood on that name's own line between brackets, which goes with it.
std::string RemoveName(std::string &statement, size_t index);

// How new text is laid out.
struct ImportLayout {
  std::string indentation; // of the statement
  std::string line_end = "\n";
  size_t width = 88; // columns; a longer line is broken between brackets
};

// Puts `clause` ("Cart as C") among the names of the statement: where it belongs when the names are
// sorted, else last. `comment` goes behind it where it has a line to itself.
void AddName(std::string &statement, llvm::StringRef clause, llvm::StringRef comment,
             const ImportLayout &layout);

struct ImportClause {
  std::string text;    // "Cart as C"
  std::string comment; // "# why", or nothing
};

// `from module import clauses`, without indentation and line end.
std::string NewImport(llvm::StringRef module, llvm::ArrayRef<ImportClause> clauses,
                      const ImportLayout &layout);

} // namespace pydefrag
