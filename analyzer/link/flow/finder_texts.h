// FinderTexts: texts that a finder compares a module's name with.
#pragma once

#include "link/flow/finder_bounds.h"

#include <optional>
#include <string>

namespace pydefrag {

// The value of a string literal, of `__name__`, of both with `+` between them; nothing for what
// else there is.
std::optional<std::string> PlainTextOf(const SourceTree &tree, uint32_t node,
                                       llvm::StringRef module_name);

class FinderTexts {
public:
  // Of the method that finds modules, in a class that `call` makes an instance of; 0: unknown
  // which.
  FinderTexts(const SourceTree &tree, uint32_t method, uint32_t call, llvm::StringRef module_name)
      : tree_(tree), method_(method), scope_(tree.ScopeMadeBy(method)), call_(call),
        module_name_(module_name) {}

  // The text of an expression, or the texts of the items in it; nothing where they are not known or
  // may be others later. With `mere_prefix` names may begin with these.
  FinderBounds Of(uint32_t node, bool mere_prefix) const;

private:
  FinderBounds TextsOfItems(uint32_t node, bool mere_prefix) const;
  FinderBounds TextsOfConstant(uint32_t node, bool mere_prefix) const;
  FinderBounds TextsOfField(uint32_t node, bool mere_prefix) const;
  bool IsChanged(uint32_t target) const;

  const SourceTree &tree_;
  const uint32_t method_;
  const uint32_t scope_;
  const uint32_t call_;
  const llvm::StringRef module_name_;
};

} // namespace pydefrag
