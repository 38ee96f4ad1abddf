// NamespaceReader: one pass over a module's statements, writing the log of what they bind. One
// reader for one module; nothing is looked up in others. Entry point: ReadNamespace (namespaces.h).
//
// namespaces.cpp: statements that bind, imports, assignments. namespace_targets.cpp: their targets.
// namespace_dict.cpp: what goes through the module's own dict, `globals()["x"] = 1`, and calls that
// may write into it; namespace_loops.cpp, namespace_copies.cpp: loops that do.
// namespace_bodies.cpp: what functions and classes bind outside of themselves.
#pragma once

#include "link/names/namespaces.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <optional>

namespace pydefrag {

class NamespaceReader {
public:
  NamespaceReader(const Scanned &scanned, FileId file, bool is_package, llvm::StringRef module_name)
      : scanned_(scanned), view_(scanned), facts_(scanned.facts[file]), is_package_(is_package),
        module_name_(module_name) {}

  NamespaceLog Read();

private:
  uint32_t ReadStatement(uint32_t i);
  void Bind(EventKind kind, NameId name, uint32_t statement) {
    BindExpr(kind, name, statement, ExprId(), ExprId());
  }
  // A name that the file may not spell.
  void BindText(llvm::StringRef name, uint32_t statement) {
    const NameId id = scanned_.names.Find(name);
    id.valid() ? Bind(EventKind::Value, id, statement) : log_.unspelled.push_back(name.str());
  }
  void BindExpr(EventKind kind, NameId name, uint32_t statement, ExprId value, ExprId target,
                bool maybe = false);
  void Open(llvm::StringRef reason, OpenedBy by = OpenedBy::OwnDict) {
    log_.Open(reason, by, facts_.statements[at_].parent < 0 ? NamespaceLog::kAlways : at_);
  }
  bool EndsInRaise(uint32_t header) const;
  void FinishHandlers(uint32_t at);
  void ReadImport(uint32_t i, const Statement &statement);
  void ReadFromImport(uint32_t i, const Statement &statement);
  void BindOwnSubmodule(uint32_t i, llvm::StringRef dotted);
  void BindSubmodule(uint32_t i, llvm::StringRef name);
  void ReadAssignment(uint32_t i, const Statement &statement);
  void ReadClassDecorators(uint32_t i, const Statement &statement);
  bool IsOfStandardModule(ExprId id, llvm::StringRef module);
  std::optional<llvm::SmallVector<std::pair<NameId, bool>, 8>>
  MembersOfEnum(uint32_t header, const Statement &statement);
  void LinkArms();

  // namespace_targets.cpp
  void BindTargets(uint32_t i, ExprId root, ExprId root_value, bool maybe);
  void ReadLiteralLoop(uint32_t i, const Statement &statement);
  void ReadWalrus(uint32_t i, const Statement &statement);
  void ReadDelete(uint32_t i, const Statement &statement);

  // namespace_dict.cpp
  void ReadDynamicTargets(uint32_t i, llvm::ArrayRef<ExprId> operands);
  void ReadReplacement(uint32_t i, ExprId value);
  void BindKey(uint32_t i, ExprId key, ExprId value);
  bool BindLoopKey(uint32_t i, ExprId key, ExprId value);
  ExprId LastOfLoop(uint32_t loop) const;
  bool IsReboundWithin(uint32_t loop, NameId name) const;
  bool BindCopyLoop(uint32_t i, const Statement &loop, ExprId key, ExprId value,
                    llvm::ArrayRef<ExprId> conditions, bool otherwise);
  void AddCopy(uint32_t i, const NamespaceCopy &copy);
  std::optional<llvm::SmallVector<NameId, 16>> LoopItems(ExprId iterable);
  bool IsOtherTable(ExprId id) const;
  bool IsOwnEntry(ExprId id) const;
  bool NamesItself(ExprId id) const;
  void ReadExpression(uint32_t i, const Statement &statement);
  bool CallsExec(llvm::StringRef callee) const;
  void ReadExec(uint32_t i, ExprId call);
  bool IsMadeHere(ExprId value) const;
  bool BindsElsewhere(llvm::ArrayRef<ExprId> arguments) const;
  bool BindExecuted(uint32_t i, llvm::StringRef source);
  void ReadDictCall(uint32_t i, ExprId call, llvm::StringRef method);
  void ReadEscapes(uint32_t i, ExprId root);
  void ReadEnumConversion(uint32_t i, ExprId call);

  // namespace_messages.cpp
  void NoteSerialized(const Statement &statement);
  bool OnlyBuilds(NameId alias) const;
  bool BuildsMessages(ExprId call) const;
  bool ReadBuilderCall(uint32_t i, ExprId call);

  // namespace_bodies.cpp
  void ReadGlobals(uint32_t header, uint32_t end, bool class_body);
  void ReadDictWrites(uint32_t header, const Statement &statement);
  void ReadHandedOut(uint32_t header, const Statement &statement);
  void NoteReexport(uint32_t header, uint32_t i);
  bool MayBeCalled(uint32_t header) const;
  uint32_t LastBinding(NameId name);
  void ReadKeywordCall(uint32_t i, const Statement &statement);
  void ReadModuleMadeByCall();
  void BindLater(uint32_t header, ExprId key);
  bool WritesAll(const Statement &statement) const;
  bool IsCalled(uint32_t header) const;
  bool IsNamedAgain(uint32_t header, uint32_t i) const;
  llvm::SmallVector<ExprId, 8> TargetsOf(const Statement &statement) const;
  void ReadSubmodulesIn(uint32_t begin, uint32_t end);

  struct Handler {
    uint32_t end;
    uint32_t statement;
    NameId name;
  };

  static constexpr uint32_t kUnbound = 0xffffffff;
  struct LastBound {
    uint32_t read = 0; // of the events
    uint32_t event = kUnbound;
  };

  const Scanned &scanned_;
  SyntaxView view_;
  const ModuleFacts &facts_;
  bool is_package_;
  llvm::StringRef module_name_;
  uint32_t at_ = 0; // the statement that is read
  llvm::SmallVector<Handler, 4> handlers_;
  llvm::SmallDenseSet<NameId, 4> aliases_;            // names of the own dict or module object
  llvm::SmallDenseMap<NameId, ExprId, 1> serialized_; // names of descriptors, with their bytes
  llvm::SmallDenseSet<NameId, 4> execs_; // names that stand for `exec` or a function that calls it
  llvm::SmallDenseSet<NameId, 2> executors_; // functions of executed texts that may call it
  llvm::SmallDenseSet<NameId, 2> reexports_; // functions that may copy what a module lists
  llvm::SmallDenseMap<NameId, LastBound, 2> last_bound_;
  NamespaceLog log_;
};

} // namespace pydefrag
