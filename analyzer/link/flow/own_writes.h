// OwnWrites: what is the module's own dict, and where does it go? Followed forwards, and each use
// must be one that is understood: reading, or a write whose keys are then followed backwards
// (string_flow.h).
#pragma once

#include "link/flow/source_trees.h"
#include "link/flow/string_flow.h"

#include "llvm/ADT/SmallVector.h"

#include <set>
#include <tuple>

namespace pydefrag {

class OwnWrites {
public:
  // Refers to all of these, which outlive it. `flow`: gets the keys.
  OwnWrites(const SourceTree &tree, llvm::StringRef module_name, SourceTrees &trees,
            StringFlow &flow)
      : tree_(tree), module_name_(module_name), trees_(trees), flow_(flow) {}

  // Every `globals()` and `sys.modules[__name__]` of the file. Whether all stand outside of
  // functions: then they are done when the module has been imported.
  bool FollowAll();
  // Every call of these functions, and what they decorate: each writes into the dict of the frame
  // that calls it (NamespaceLog::frame_writers).
  void FollowFrameWriters(llvm::ArrayRef<llvm::StringRef> writers);
  // Every `setattr(module, name, value)` of another file whose object is this module.
  void FollowAttributeWrites(const SourceTree &writer);
  // What `sys.modules[__name__] = value` puts in the module's place.
  llvm::SmallVector<uint32_t, 1> FollowStandIns();
  // `sys.modules[__name__]`, or a name that is nothing else.
  bool StandsForModule(uint32_t node) const {
    return IsOwnModule(node) ||
           (tree_.Is(node, NodeKind::Identifier) && IsOwnModule(ValueOf(node)));
  }
  // The methods `__getattr__` of what `sys.modules[__name__].__class__ = value` makes of the
  // module, and functions that are put into its dict by this name.
  llvm::ArrayRef<StringFlow::Method> hooks() const { return hooks_; }

private:
  enum class Own : uint8_t { Dict, Module }; // the dict, or the module object

  // What the name of the module was assigned, and nothing else; else the name itself.
  uint32_t ValueOf(uint32_t identifier) const;
  // `old.__dict__` where `old` is the module: what it has already.
  bool IsOldDict(const SourceTree &tree, uint32_t node) const;
  // `globals()`, and at module level `locals()` and `vars()`.
  bool IsOwnDict(uint32_t node) const;
  bool IsOwnModule(uint32_t node) const;

  void Follow(const SourceTree &tree, uint32_t node, Own own);
  void FollowAttribute(const SourceTree &tree, uint32_t attribute, Own own);
  // `names["__getattr__"] = serve`
  void AddHook(const SourceTree &tree, uint32_t value);
  // `module.__class__ = Lazy`
  void AddClass(const SourceTree &tree, uint32_t assignment);
  void FollowArgument(const SourceTree &tree, uint32_t node, uint32_t call, Own own);
  // `exec(text)` at module level, but for `exec(text, {})`.
  bool IsExec(uint32_t node) const;
  // `{}`, `dict(...)`, or a name that is bound to nothing else.
  bool IsMadeHere(uint32_t node) const;
  // The function of this file or of a module that a call surely calls; null: none such.
  struct Function {
    const SourceTree *tree = nullptr;
    uint32_t node = 0;
  };
  Function FunctionCalled(const SourceTree &tree, uint32_t callee) const;
  // The function that the name stands for until it is deleted, here or where it is imported from.
  Function FunctionNamed(const SourceTree &tree, uint32_t scope, llvm::StringRef name,
                         int depth = 0) const;
  // What one of them does, where it is called in the module itself.
  void FollowFrameWriter(uint32_t callee);
  // Behind a `return` or `raise` of its block.
  static bool IsDead(const SourceTree &tree, uint32_t node);
  // `self.names = names`: the dict is what every `x.names` may stand for.
  void FollowKept(const SourceTree &tree, uint32_t target, Own own);
  // `def f(g=globals())`
  void FollowDefault(const SourceTree &tree, uint32_t value, uint32_t function, Own own);
  void FollowTarget(const SourceTree &tree, uint32_t target, Own own);
  void FollowName(const SourceTree &tree, uint32_t scope, llvm::StringRef name, Own own);

  const SourceTree &tree_;
  llvm::StringRef module_name_;
  SourceTrees &trees_;
  StringFlow &flow_;
  // The function that was given the dict, and the call that did.
  const StringFlow::Frame *frame_ = nullptr;
  std::set<
      std::tuple<const SourceTree *, uint32_t, llvm::StringRef, Own, const StringFlow::Frame *>>
      followed_;
  std::set<std::tuple<std::string, Own, const StringFlow::Frame *>> kept_;
  llvm::SmallVector<StringFlow::Method, 1> hooks_;
};

} // namespace pydefrag
