// Reduce: a relevant statement of a file -> the text that tree-sitter gets. Entry point: Reducer.
// Two aims: statements that say the same become the same text, so that they are parsed once; and
// what no fact needs (parameters, annotations, long literals) is not parsed at all. Does not parse.
//
//   def f(a: int = 1) -> str:     def f(): pass
//   @cache(maxsize=3)             @cache(0)
//   X = {"a": [...], ...}         X = {**0}       when long
//   NAME = "text"                 NAME = ""[0]    when long
//   elif x:                       if 0: pass
//                                 elif x: pass
//
// Imports, `__all__`, statements with `:=` and, mostly, those that hold a word of interest stay as
// they are. Annotations and type parameters are overwritten by blanks, because no fact holds them:
// such a statement is not called reduced, and its positions are exact.
#pragma once

#include "scan/outline/outline.h"
#include "scan/reduce/reduced_statement.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

class Reducer {
public:
  // `text` and `outline` must outlive the reducer.
  Reducer(llvm::StringRef text, const Outline &outline);

  // The text returned points into the file's text, or into the reducer until the next call.
  ReducedStatement Reduce(const OutlineItem &item);

private:
  // The places that matter in an expression statement, all outside brackets.
  struct Places {
    static constexpr uint32_t kNone = 0xffffffff;
    uint32_t annotation = kNone; // the `:` behind the target
    uint32_t equals = kNone;     // the last `=` of an assignment, plain or augmented
    bool wanted = false;         // a name that is always wanted whole
    bool makes_definition = false;
  };

  // Without decorators.
  llvm::StringRef HeaderText(const OutlineItem &item) const {
    return text_.slice(item.head, item.text_end);
  }
  void ReduceFunction(const OutlineItem &item);
  void ReduceClass(const OutlineItem &item);
  void ReduceTypeAlias(const OutlineItem &item);
  void ReduceFor(const OutlineItem &item);
  void ReduceExpression(const OutlineItem &item);
  void AppendDecorators(const OutlineItem &item);
  void AppendDecorator(llvm::StringRef decorator, bool whole);
  void AppendVerbatimOrShallow(const OutlineItem &item, size_t limit);
  void AppendShallow(llvm::StringRef text, const char *arguments);
  void AppendVerbatim(llvm::StringRef text);
  Places ReadPlaces(llvm::StringRef text) const;
  bool KeepsWhole(const OutlineItem &item, llvm::StringRef words) const;
  bool KeepsString(llvm::StringRef value) const;

  llvm::StringRef text_;
  bool keep_literals_ = false;
  bool names_in_strings_ = false;   // functions that import or patch by string are called
  const char *last_open_ = nullptr; // see OutlineItem::last_open
  llvm::SmallString<1024> out_;
  bool reduced_ = false;
};

} // namespace pydefrag
