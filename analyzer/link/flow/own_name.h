// Own name: where a module's `__name__` goes. Each place must be one where it is only read, or an
// argument of a function whose deeds are understood (name_deeds.h); then nothing else happens to
// the module by its name.
#pragma once

#include "link/flow/name_deeds.h"
#include "link/flow/source_trees.h"
#include "link/flow/string_flow.h"

namespace pydefrag {

class OwnName {
public:
  // Refers to all of these, which outlive it. `tree`: all of the module's file, or, if `narrow`,
  // what says any of `Words`. `flow`: gets the names.
  OwnName(const Project &project, Resolver &resolver, SourceTrees &trees, const SourceTree &tree,
          bool narrow, StringFlow &flow)
      : project_(project), resolver_(resolver), trees_(trees), tree_(tree), narrow_(narrow),
        flow_(flow) {}

  static std::vector<std::string> Words(llvm::StringRef dotted);
  void Follow();
  bool understood() const { return understood_; }
  // The narrow tree did not tell all: it should say these words, too; no tree but all of it tells.
  llvm::ArrayRef<std::string> wanted() const { return wanted_; }
  bool needs_all() const { return needs_all_; }
  // A class that stands in has a method `__getattr__`, which nobody else has to read.
  bool class_serves() const { return class_serves_; }
  // Some names that are set are computed.
  bool computes_keys() const { return computes_keys_; }

private:
  struct Function { // null: none that is known
    const SourceTree *tree = nullptr;
    uint32_t node = 0;
  };

  bool IsUnderstood(uint32_t name);
  bool IsReadBy(uint32_t text) const;
  bool IsOwnEntry(uint32_t subscript) const;
  bool IsGiven(uint32_t name, uint32_t call);
  bool RunsAtImport(uint32_t node) const;
  std::string StandardNameAt(uint32_t node) const;
  NameId NameAt(uint32_t identifier) const;
  const Event *OnlyEvent(ModuleId module, NameId name) const;
  Function FunctionCalled(uint32_t call);
  ModuleId ModuleNamed(NameId name) const;
  ModuleId Submodule(ModuleId package, NameId name) const;
  bool IsReplaced(ModuleId module, NameId name) const;
  Function FunctionNamed(ModuleId module, NameId name) const;
  Function DefinitionOf(ModuleId module, const Event &event) const;
  bool Take(const Function &function, const NameDeeds &deeds, uint32_t call);
  uint32_t ArgumentFor(const Function &function, uint32_t call, unsigned parameter,
                       const SourceTree *&tree) const;
  bool TakeKey(const SourceTree &tree, uint32_t node);
  bool TakeTable(const SourceTree &tree, uint32_t node);
  bool TakeNamed(uint32_t identifier, bool table);
  bool TakeWritten(uint32_t display);
  uint32_t OnlyGiven(const SourceTree &tree, uint32_t node) const;
  bool TakeOwnTable(llvm::StringRef name);
  bool IsCollection(const SourceTree &tree, uint32_t node) const;

  const Project &project_;
  Resolver &resolver_;
  SourceTrees &trees_;
  const SourceTree &tree_;
  const bool narrow_;
  StringFlow &flow_;
  bool understood_ = false;
  bool needs_all_ = false;
  std::vector<std::string> wanted_;
  TreeNode stands_in_{nullptr, 0};
  bool class_serves_ = false;
  bool computes_keys_ = false;
};

} // namespace pydefrag
