// Meanings: what a name or a chain of attributes of a source tree means, as definitions and import
// statements alone tell: nothing is evaluated, and a name that is bound twice means nothing, unless
// `import a` and `import a.b` do.
#pragma once

#include "link/flow/source_trees.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseMap.h"

#include <string>

namespace pydefrag {

struct Meaning {
  enum class Kind : uint8_t {
    Unknown,
    Module,
    Definition, // a function or class
    Outside,    // something whose source is not read: "sys.modules", "builtins.len"
  } kind = Kind::Unknown;
  ModuleId module;
  const SourceTree *tree = nullptr; // of the definition
  uint32_t node = 0;
  std::string dotted; // of what is outside

  bool Is(NodeKind definition) const {
    return kind == Kind::Definition && tree->Is(node, definition);
  }
};

inline Meaning Definition(const SourceTree &tree, uint32_t node) {
  Meaning meaning;
  meaning.kind = Meaning::Kind::Definition;
  meaning.tree = &tree;
  meaning.node = node;
  return meaning;
}
inline Meaning OutsideOf(const llvm::Twine &dotted) {
  Meaning meaning;
  meaning.kind = Meaning::Kind::Outside;
  meaning.dotted = dotted.str();
  return meaning;
}

class Meanings {
public:
  // The resolver can read sources.
  explicit Meanings(Resolver &resolver) : resolver_(resolver), project_(resolver.project()) {}

  Meaning Of(const SourceTree &tree, uint32_t expression);

private:
  Meaning Named(const SourceTree &tree, uint32_t scope, llvm::StringRef name, int depth);
  Meaning Imported(const SourceTree &tree, uint32_t binding, int depth);
  Meaning Member(ModuleId module, llvm::StringRef name, int depth);
  Meaning Submodule(ModuleId package, llvm::StringRef name);
  Meaning OfModule(ModuleId module) const;
  Meaning OfPart(const Meaning &base, llvm::StringRef name, int depth);

  bool HasStars(const SourceTree &tree);

  Resolver &resolver_;
  const Project &project_;
  llvm::DenseMap<const SourceTree *, bool> stars_;
};

} // namespace pydefrag
