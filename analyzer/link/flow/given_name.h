// GivenNames: what a function does with the name of a module that it is given. Every use of the
// name is followed forwards, and every use of what `sys.modules` has under it; each must be of a
// form that leaves the module as it is, or whose effect is known. Anything else may write.
//
//     def warn(name): warnings.warn(f"{name} is old")
//     def mark(name): sys.modules[name].marked = True         # may set `marked`
//
// given_name.cpp: uses of a value. given_calls.cpp: calls. given_modules.cpp: `sys.modules`.
#pragma once

#include "link/flow/meanings.h"

#include "llvm/ADT/SmallVector.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace pydefrag {

// What is done to a module whose name is given.
struct NameDeed {
  bool known = true;                                // else: anything
  llvm::SmallVector<llvm::StringRef, 2> sets;       // names that may be set
  llvm::SmallVector<llvm::StringRef, 1> sets_given; // parameters that may hold such a name
  bool keeps_asked = false; // a `__getattr__` in it keeps what it is asked for in the module
  bool proxied = false;     // a proxy that asks the module may be put in its place
  llvm::StringRef table;    // of the module: its keys are served, too
  llvm::SmallVector<llvm::StringRef, 1> filled; // those of `sets` that are set to more than `{}`
  Meaning function;                             // that has these
};

class GivenNames {
public:
  explicit GivenNames(Resolver &resolver) : project_(resolver.project()), meanings_(resolver) {}

  // What a call does with its argument, the `__name__` of the module that it stands in.
  const NameDeed &Judge(const SourceTree &tree, uint32_t call, uint32_t argument);
  // The names that such a call may set; nothing when nobody knows them.
  std::optional<llvm::SmallVector<llvm::StringRef, 4>>
  NamesSet(const NameDeed &deed, const SourceTree &tree, uint32_t call) const;
  Meaning CalleeOf(const SourceTree &tree, uint32_t call) {
    return meanings_.Of(tree, tree.Child(call, 0));
  }

private:
  enum class What : uint8_t {
    Name,   // the name, a text made of it, or something that holds it
    Below,  // the name of a module below it, or something that holds it
    Module, // the module, or a proxy for it
  };
  struct Value {
    const SourceTree *tree;
    uint32_t node;
    What what;
    Value At(uint32_t other) const { return {tree, other, what}; }
    Value As(What other) const { return {tree, node, other}; }
    uint32_t parent() const { return tree->Parent(node); }
    bool is_name() const { return what != What::Module; }
    // What is made of it, which may be the name again.
    Value Made() const { return {tree, node, what == What::Below ? What::Name : what}; }
  };

  // Each: whether the use leaves the module as it is, but for what `deed_` notes.
  bool Follow(Value value);
  bool FollowNamed(Value identifier);
  bool FollowTarget(Value target);
  bool FollowAssigned(Value value);
  bool FollowAttribute(Value object);
  bool FollowStore(Value module, uint32_t attribute);
  bool FollowKey(Value key);
  bool FollowArgument(Value argument);
  bool FollowMethod(Value argument, uint32_t call);
  bool FollowOutside(Value argument, llvm::StringRef dotted, uint32_t call);
  bool FollowModuleOutside(Value argument, llvm::StringRef dotted, uint32_t call);
  bool FollowSetattr(uint32_t call, const SourceTree &tree);
  bool FollowParameter(const Meaning &function, Value argument, uint32_t call);
  bool FollowBody(const SourceTree &tree, uint32_t function);

  bool FollowEntry(const SourceTree &tree, uint32_t entry);
  bool FollowModules(const SourceTree &tree, uint32_t mention);
  bool IsMentionedPlainly(const SourceTree &tree, uint32_t node);
  bool IsModules(const SourceTree &tree, uint32_t node);
  bool IsEntry(const SourceTree &tree, uint32_t node);
  bool IsEntryNamed(const SourceTree &tree, uint32_t value, llvm::StringRef key);
  bool MakesProxy(const SourceTree &tree, uint32_t call);

  struct Mentions {
    bool plain = true;              // `sys.modules` goes by no other name in the file, and nowhere
    std::vector<uint32_t> mentions; // `x.modules`, ascending
  };
  const Mentions &MentionsIn(const SourceTree &tree);

  const Project &project_;
  Meanings meanings_;
  NameDeed deed_;
  int depth_ = 0; // functions that hand on
  std::set<std::tuple<const SourceTree *, uint32_t, llvm::StringRef, What>> followed_;
  std::map<std::pair<const SourceTree *, uint32_t>, NameDeed> judged_; // by its parameter
  std::map<const SourceTree *, Mentions> mentions_;
};

// Whether a class is named in its file for more than to make instances, to be tested or set as the
// class of something: it may get other attributes.
bool IsChanged(const SourceTree &tree, uint32_t definition);

// Whether a class that derives from nothing, or from `types.ModuleType`, is a proxy that asks what
// it is made with for every name: names that it has of its own go to `names`.
bool IsAskingProxy(const SourceTree &tree, uint32_t definition, Meanings &meanings,
                   llvm::SmallVectorImpl<llvm::StringRef> &names);
// The attribute whose keys instances of the class have as names, besides their own and those of the
// class, which go to `names`; empty: nobody knows what they have.
llvm::StringRef ReadServingClass(const SourceTree &tree, uint32_t definition, Meanings &meanings,
                                 llvm::SmallVectorImpl<llvm::StringRef> &names);

} // namespace pydefrag
