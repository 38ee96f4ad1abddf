// StringReader: the strings of one file that stand where a context (string_contexts.h) reads them.
// Syntax and imported names only: nothing is looked up, so files are read in parallel. Entry
// points: FindCandidates once, then ReadStrings for each file.
#pragma once

#include "link/project.h"
#include "link/strings/string_contexts.h"
#include "link/syntax_view.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace pydefrag {

// What each distinct statement holds: calls whose callee's last name is that of some context, an
// assignment to a name that is a setting (string_settings.h), `sys.modules`.
struct StringCandidates {
  std::vector<uint32_t> begin; // by StatementId: calls[begin[i]] .. calls[begin[i + 1]]
  std::vector<ExprId> calls;
  std::vector<char> touches_modules; // by StatementId
  std::vector<char> sets;            // by StatementId

  llvm::ArrayRef<ExprId> Of(StatementId id) const {
    const auto i = static_cast<size_t>(id.index);
    return llvm::ArrayRef(calls).slice(begin[i], begin[i + 1] - begin[i]);
  }
};

StringCandidates FindCandidates(const SyntaxView &view, const SyntaxTable &syntax, unsigned jobs);

struct NamedString {
  uint32_t statement = 0; // index into the file's facts
  const char *context = "";
  TargetForm form = TargetForm::Module;
  ExprId value;        // evaluates to the text; invalid: `attribute` alone
  ExprId object;       // the module or class that has the attribute `value` (or `attribute`)
  ExprId package;      // import_module: what a relative name starts from
  NameId attribute;    // a keyword argument's name, to be looked up below `value` or on `object`
  ExprId attribute_at; // where that keyword stands
  bool lenient = false;
};

// What the names that a file's import statements bind stand for: `mock` -> "unittest.mock". A name
// that is imported in several ways has several.
class ImportedNames {
public:
  ImportedNames(const Project &project, llvm::ArrayRef<ImportRow> rows);
  llvm::ArrayRef<std::string> Of(llvm::StringRef local) const;

private:
  void Add(llvm::StringRef local, std::string qualified);
  llvm::StringMap<llvm::SmallVector<std::string, 1>> names_;
};

struct FileStrings {
  std::vector<NamedString> strings; // in the order of the statements
  // What stands in literals where the file touches `sys.modules`: modules of these names may be put
  // there for a while (`patch.dict(sys.modules, {"a.b": ...})`).
  std::vector<NameId> put_modules;
};

// `rows`: those of the file.
FileStrings ReadStrings(const Project &project, const SyntaxView &view, FileId file,
                        llvm::ArrayRef<ImportRow> rows, const StringCandidates &candidates);

} // namespace pydefrag
