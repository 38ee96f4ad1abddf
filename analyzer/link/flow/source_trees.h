// SourceTrees: whole syntax trees of single files, function bodies and parameters included, with
// the scope of every name. Facts leave out most of what functions do; the few questions that need
// it (possible_names.h) read the file again. Entry point: SourceTrees::Of.
#pragma once

#include "link/flow/tree_reader.h"
#include "link/modules/import_targets.h"
#include "link/project.h"
#include "scan/trees/tree.h"
#include "source/disk.h"
#include "source/source_file.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct TreeScope {
  enum class Kind : uint8_t { Module, Class, Function } kind = Kind::Module;
  uint32_t node = 0;   // the module, class, function, lambda or comprehension
  uint32_t parent = 0; // scope around it
  llvm::StringMap<llvm::SmallVector<uint32_t, 2>> bindings; // identifiers that bind a name
  llvm::StringSet<> global;                                 // declared `global`
  llvm::StringSet<> outer;                                  // declared `nonlocal`
};

struct TreeParameter {
  enum class Kind : uint8_t { Positional, KeywordOnly, Arguments, Keywords };
  Kind kind = Kind::Positional;
  uint32_t name = 0;  // its identifier
  uint32_t value = 0; // the default; 0: none
};

class SourceTree {
public:
  SourceTree(FileId file, ModuleId module, std::string text, FlatTree tree);

  const FileId file;
  const ModuleId module;

  const Node &At(uint32_t node) const { return tree_.nodes[node]; }
  NodeKind KindOf(uint32_t node) const { return tree_.nodes[node].kind; }
  bool Is(uint32_t node, NodeKind kind) const { return node != 0 && KindOf(node) == kind; }
  llvm::StringRef Text(uint32_t node) const {
    return llvm::StringRef(text_).slice(At(node).begin, At(node).end);
  }
  // Of a plain string without escapes, without its quotes; empty for anything else.
  llvm::StringRef PlainText(uint32_t node) const;
  uint32_t Parent(uint32_t node) const { return parents_[node]; }
  uint32_t size() const { return static_cast<uint32_t>(tree_.nodes.size()); }
  llvm::SmallVector<uint32_t, 8> Children(uint32_t node) const;
  // The n-th child; 0 when there are fewer.
  uint32_t Child(uint32_t node, unsigned n) const;
  uint32_t LastChild(uint32_t node) const;
  uint32_t Iterable(uint32_t loop) const; // of a `for`, statement or clause
  // The nearest node of this kind around `node`; 0: none.
  uint32_t Enclosing(uint32_t node, NodeKind kind) const;
  // The node of this kind that begins at an offset; 0: none.
  uint32_t FindAt(uint32_t offset, NodeKind kind) const;

  const TreeScope &Scope(uint32_t scope) const { return scopes_[scope]; }
  uint32_t scope_count() const { return static_cast<uint32_t>(scopes_.size()); }
  // The scope that `node` is evaluated in; that a function, class or comprehension makes.
  uint32_t ScopeOf(uint32_t node) const { return scope_of_[node]; }
  uint32_t ScopeMadeBy(uint32_t node) const;
  // The scope whose name an identifier means; nothing: a builtin, or what a star import brings.
  std::optional<uint32_t> LookUp(uint32_t identifier) const;
  // The identifiers, binding or not, that mean this name of this scope.
  llvm::SmallVector<uint32_t, 8> UsesOf(uint32_t scope, llvm::StringRef name) const;
  bool BindsHere(uint32_t identifier) const { return binds_[identifier]; }
  // Whether an import statement binds the name in the scope.
  bool IsImported(uint32_t scope, llvm::StringRef name) const;
  // The class that the module binds the name to, and nothing else; 0: none.
  uint32_t ClassNamed(llvm::StringRef name) const;
  // The `{...}`, `[...]` or `(...)` that the module assigns to the name, and nothing else; 0: none.
  uint32_t DisplayNamed(llvm::StringRef name) const;
  // Whether a target of an assignment, loop or deletion, or a part of one.
  bool IsTarget(uint32_t node) const;

  // Of a function or lambda.
  llvm::SmallVector<TreeParameter, 8> Parameters(uint32_t function) const;
  // What stands behind the `@`s of a definition.
  llvm::SmallVector<llvm::StringRef, 2> Decorators(uint32_t definition) const;
  // The targets `x.name` of assignments.
  llvm::ArrayRef<uint32_t> AttributeStores(llvm::StringRef name) const;
  void ForAttributeStores(llvm::function_ref<void(llvm::StringRef)> visit) const;
  // The identifiers that are names, not attributes.
  llvm::ArrayRef<uint32_t> NamesSaying(llvm::StringRef name) const;
  // Calls of a function by this bare name.
  llvm::SmallVector<uint32_t, 4> CallsOf(llvm::StringRef callee) const;

private:
  void FindScopes();
  void Place(uint32_t node);
  void PlaceChildren(uint32_t node, uint32_t outside, uint32_t inside);
  void PlaceComprehension(uint32_t node, uint32_t outside, uint32_t inside);
  uint32_t NewScope(TreeScope::Kind kind, uint32_t node, uint32_t parent);
  void Bind(uint32_t scope, uint32_t identifier);
  void NoteIdentifier(uint32_t node);
  void NoteImport(uint32_t node);
  // The one identifier with which the module binds the name; 0: none, or several.
  uint32_t OnlyBinding(llvm::StringRef name) const;

  std::string text_;
  FlatTree tree_;
  std::vector<uint32_t> parents_;
  std::vector<uint32_t> scope_of_;
  std::vector<TreeScope> scopes_;
  std::vector<bool> binds_;
  llvm::StringMap<std::vector<uint32_t>> identifiers_; // that are names, not attributes
  llvm::StringMap<std::vector<uint32_t>> attribute_stores_;
};

// Null when the file cannot be read, is too large or does not parse.
std::unique_ptr<SourceTree> ReadSourceTree(const Disk &disk, const TreeFile &file);

// What it wants of a module that has a file.
TreeFile TreeFileOf(const Project &project, ModuleId module);

// The offset behind the last line of a statement, of a header behind its `:`, in the text of its
// file.
size_t BehindLinesOf(const PlacedStatement &placed, llvm::StringRef text);

// From a header to the statement behind its body, in the text of their file.
llvm::StringRef TextOfBlock(llvm::ArrayRef<PlacedStatement> statements,
                            const PlacedStatement &header, llvm::StringRef text);

struct TreeNode {
  const SourceTree *tree;
  uint32_t node;
};

// A from-import: the module it stands in, and its statement there.
using FromImport = std::pair<ModuleId, uint32_t>;

class SourceTrees {
public:
  SourceTrees(const Project &project, const ImportTargets &targets, const Disk &disk, unsigned jobs)
      : project_(project), targets_(targets), disk_(disk), jobs_(jobs), reader_(disk, jobs) {}

  // The tree of a module's file; null when it has none, or does not parse.
  const SourceTree *Of(ModuleId module);
  // The text of a module's file; empty when it cannot be read. Kept.
  llvm::StringRef TextOf(ModuleId module);
  // The strings that say this in tables of the module, in order: `{"shop.core": ["Shape"]}`, or
  // `{"Shape": ("shop.core", ...)}`; and in those of modules that it takes tables from. Those of a
  // list given to a call go by their last word with its dot: `attach(__name__, ["core.Shape"])`.
  llvm::ArrayRef<TreeNode> ListedInTables(ModuleId module, llvm::StringRef text);
  // All of these, in any order.
  std::vector<llvm::StringRef> TextsListed(ModuleId module);
  // Notes that, before anybody asks what the tables list.
  void TakesTables(ModuleId module, ModuleId from) { takes_tables_[module].insert(from); }
  // Reads the trees, or texts, of all these on all threads: somebody is about to ask for them.
  void ReadTrees(llvm::ArrayRef<ModuleId> modules);
  void ReadTexts(llvm::ArrayRef<ModuleId> modules);
  // Takes trees that somebody has read already.
  void Keep(std::vector<std::unique_ptr<SourceTree>> trees);
  // Begins to read the trees of these beside the caller: somebody is likely to ask for them.
  void Foresee(llvm::ArrayRef<ModuleId> modules);
  const Disk &disk() const { return disk_; }
  // The from-imports that name a module.
  llvm::ArrayRef<FromImport> FromImportsOf(ModuleId module);
  // The modules where a name stands for the module. Sorted.
  std::vector<ModuleId> UsersOf(ModuleId module);

private:
  void NoteImports();
  std::unique_ptr<SourceTree> ReadTree(ModuleId module);
  std::string ReadText(ModuleId module) const;

  const Project &project_;
  const ImportTargets &targets_;
  const Disk &disk_;
  const unsigned jobs_;
  llvm::DenseMap<ModuleId, std::unique_ptr<SourceTree>> trees_;
  llvm::DenseMap<ModuleId, std::string> texts_;
  using NodesByText = llvm::StringMap<llvm::SmallVector<TreeNode, 1>>;
  const NodesByText &TablesOf(ModuleId module);
  llvm::DenseMap<ModuleId, std::unique_ptr<NodesByText>> listed_in_tables_;
  llvm::DenseMap<ModuleId, llvm::SmallSetVector<ModuleId, 1>> takes_tables_;
  bool noted_imports_ = false;
  // Of the modules that there were when they were noted.
  IdVector<ModuleId, std::vector<FromImport>> from_imports_;
  IdVector<ModuleId, std::vector<ModuleId>> plain_imports_; // by what they bind
  TreeReader reader_;
};

} // namespace pydefrag
