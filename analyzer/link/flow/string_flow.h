// StringFlow: which strings an expression may have for its value, as far as a few files tell. What
// names a module gets at run time mostly comes from literals: keys of a dict, arguments of calls,
// names of attributes. Entry points: StringFlow::Add, Take.
//
// The idea: a question is an expression and a path, what is done with its value until it is a
// string ("iterate it, take the attribute `name`"). Every rule turns a question into others, of
// which each may give the string: a name into what binds it, a call into what the function
// returns. Strings are only collected, so questions stand in a list, each is asked once, and their
// order does not matter; neither does the order of statements.
//
//     items = [Constant(i, name) for i, name in enumerate(("A", "B"))]
//     item.name for item in items      (item.name)
//       -> (item, .name) -> (items, [] .name) -> (Constant(i, name), .name)
//       -> the `self.name = name` of its __init__ -> (name) of the call
//       -> (enumerate(...), [] #1) -> (("A", "B"), []) -> "A", "B"
//
// Where strings are put together their pieces are collected, and any string made of pieces counts.
// What is not understood makes the answer unknown.
#pragma once

#include "link/flow/possible_strings.h"
#include "link/flow/source_trees.h"
#include "link/resolve/resolve.h"
#include "scan/trees/literals.h"

#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace pydefrag {

// What is done with a value.
enum class Taking : uint8_t {
  Each,      // for x in value
  Element,   // value[key], whatever the key
  Item,      // value[index]
  Key,       // a key as `dict.update(value)` sees it
  Attribute, // value.name
  Call,      // value(...)
  Names,     // a name that dir(value) lists
  Format,    // value % ..., with what the operator formats
  Formatted, // what `"%s" % value` shows: the value, or the only item of a tuple
  // From here on a text is meant. Several may follow each other.
  Lower,   // value.lower()
  Upper,   // value.upper()
  AnyCase, // value.title() and the like
  Piece,   // str(value), which other strings are joined with; the last
  Words,   // what `exec(value)` binds; the last
};

class StringFlow {
public:
  StringFlow(const Project &project, Resolver &resolver, SourceTrees &trees)
      : project_(project), resolver_(resolver), trees_(trees) {}

  // Adds the strings that `node` may be; `taking`: those that come out of it so.
  void Add(const SourceTree &tree, uint32_t node);
  void Add(const SourceTree &tree, uint32_t node, Taking taking);
  void AddText(llvm::StringRef text) { result_.Add(text); }
  // The attributes of what a call of a class makes, but for what a `__getattr__` of the class and
  // its bases serves: gives these.
  struct Frame;
  struct Method {
    const SourceTree *tree;
    uint32_t node;
    const Frame *frame = nullptr; // of a function around it
  };
  llvm::SmallVector<Method, 1> AddNamesOf(const SourceTree &tree, uint32_t call);
  // The same of an instance that nobody knows how it was made: of the class that `expr` names.
  llvm::SmallVector<Method, 1> AddNamesOfClass(const SourceTree &tree, uint32_t expr);
  // A call of a function: what its parameters hold then.
  // `call` may be the definition that the function decorates.
  const Frame *FrameOfCall(const SourceTree &tree, uint32_t function, const SourceTree &caller,
                           uint32_t call);
  // What a call of a class, or of a method that is asked of a class, executes: `__init__` of a new
  // instance, a classmethod or staticmethod. No `node`: this cannot be told.
  struct ClassCall {
    const SourceTree *tree = nullptr;
    uint32_t node = 0; // the method
    const Frame *frame = nullptr;
    bool fills_first = false; // its first parameter is no argument of the call
  };
  ClassCall ClassCalled(const SourceTree &tree, uint32_t call, const Frame *frame);
  // Whether nobody calls a function of the module: it has a private name, which other files do not
  // say, and its own one says it where it never runs, `if __name__ == "__main__":`.
  bool NeverRuns(const SourceTree &tree, uint32_t function);
  // A method of the instance whose method, perhaps another, `frame` is of; null: it is of none.
  const Frame *FrameOfSame(const Frame *frame, const SourceTree &tree, uint32_t method);
  // The files of the project, and of the packages that two modules belong to, where a word stands;
  // nothing: there may be more.
  using Files = llvm::SmallVector<const SourceTree *, 2>;
  const std::optional<Files> &FilesSaying(ModuleId module, ModuleId other, llvm::StringRef word);
  void Add(const SourceTree &tree, uint32_t node, const Frame *frame);
  void Add(const SourceTree &tree, uint32_t node, Taking taking, const Frame *frame);
  // The keywords of a call, where its `**kw` is what is handed on.
  void AddKeywords(const SourceTree &tree, uint32_t call);
  // The local names of the function or class that a node stands in.
  void AddLocals(const SourceTree &tree, uint32_t node);
  // The module that an import binds to a name; invalid where something else may be bound.
  ModuleId ModuleNamed(const SourceTree &tree, uint32_t identifier) const;
  // Of an import statement: the module after `from`, or one of those of a plain import.
  ModuleId ImportedModule(const SourceTree &tree, uint32_t import, uint32_t number = 0) const;
  // The package whose own import loads the module that is asked about: what came into dicts of the
  // package's compiled modules before that comes from them and from the package's code.
  void SetLoader(ModuleId package) { loader_ = package; }
  // Of strings that are put together behind a literal or before one, and of those that a condition
  // asks how they begin or end, only that counts.
  void TakeEnds() { by_end_ = true; }
  bool saw_end() const { return saw_end_; }
  void Fail() { result_.Fail(); }
  PossibleStrings Take();

private:
  struct Instance;
  struct Site {                       // a call, or the making of an instance
    const SourceTree *tree = nullptr; // null: nobody knows which
    uint32_t call = 0;
    const Frame *frame = nullptr; // what the call's own names stand in
  };
  struct Instance {
    const SourceTree *tree;
    uint32_t node; // the class
    Site made;
  };
  struct Step {
    Taking taking;
    std::string name; // Attribute
    unsigned index;   // Item
    Site site;        // Call
    const Step *next;
  };
  struct Question {
    const SourceTree *tree;
    uint32_t node;
    const Frame *frame;
    const Step *path;
  };
  struct ClassRef {
    const SourceTree *tree;
    uint32_t node;
  };
  struct Line { // a class and its bases
    llvm::SmallVector<ClassRef, 4> classes;
    bool known = true;        // all of them
    bool single = true;       // each has one base of these files at most
    bool enumeration = false; // one is an enum of the standard library
    bool mapping = false;     // one is a Mapping of the standard library
  };

  // string_flow.cpp: expressions
  void Run();
  void NoteFresh(const SourceTree &tree, uint32_t node);
  void Ask(const SourceTree &tree, uint32_t node, const Frame *frame, const Step *path);
  void Answer(const Question &question);
  void AnswerDisplay(const Question &question);
  void AnswerDict(const Question &question);
  void AnswerComprehension(const Question &question);
  void AnswerOperator(const Question &question);
  void AnswerSubscript(const Question &question);
  const Step *Push(Step step);
  const Step *Push(Taking taking, const Step *next, unsigned index = 0) {
    return Push({taking, "", index, {}, next});
  }
  const Frame *Keep(Frame frame);

  // text_ends.cpp: texts of which an end is told
  bool TakesEnd(llvm::StringRef end, size_t shortest, const Step *path);
  bool AddsFront(llvm::StringRef front, const Step *path);
  bool AddsBack(llvm::StringRef back, const Step *path, llvm::StringRef front = "");
  bool AddsEndOfSum(const Question &question);
  bool AddsEndAsked(const SourceTree &tree, uint32_t condition, llvm::StringRef name, bool first);
  bool BeginsAsAsked(const Question &question, uint32_t literal, size_t body);
  bool IsAskedForEnd(const Question &question, bool first = false);

  // text_flow.cpp: strings, what is made of them, and what other values look like
  static bool WantsText(const Step *path);
  static bool EndsInPiece(const Step *path);
  // Whether what is no string, nor a number, is no name here and no part of one: `<class 'A'>`.
  static bool IsNoName(const Step *path) {
    return path == nullptr || path->taking == Taking::Piece;
  }
  const Step *AsPiece(const Step *path);
  const Step *Recased(Taking change, const Step *path);
  void AddText(llvm::StringRef text, const Step *path);
  void AnswerNoString(const Step *path);
  void AnswerString(const Question &question);
  void AnswerPartOfString(const Question &question);
  void AnswerJoin(const Question &question, Site call, const Step *path);
  void AnswerSplit(const Question &question, Site call, const Step *path);
  void AnswerPercent(const Question &question);
  void AnswerFormat(const Question &question, Site call, const Step *path);
  bool AnswerTextMethod(const Question &question, uint32_t callee);

  // name_flow.cpp: names, and what binds them
  void AnswerName(const Question &question);
  void AnswerBinding(const Question &question, uint32_t identifier);
  void AnswerTarget(const Question &question, uint32_t target);
  void AnswerGrown(const Question &question, uint32_t assignment, const Step *path);
  void AnswerParameter(const Question &question, uint32_t identifier);

  // module_flow.cpp: what names are imported from, and what other modules do to them
  void AnswerImported(const Question &question, uint32_t import, uint32_t part);
  void AskModule(ModuleId module, llvm::StringRef name, const Step *path);
  bool BroughtByStars(ModuleId module, NameId name) const;
  ModuleId SubmoduleOf(ModuleId module, llvm::StringRef name) const;
  void AskSubmodule(ModuleId module, llvm::StringRef name, const Step *path);
  void AnswerModuleName(const SourceTree &tree, llvm::StringRef name, const Step *path);
  bool AnswerStars(const SourceTree &tree, llvm::StringRef name, const Step *path);
  void AnswerUsesElsewhere(ModuleId module, llvm::StringRef name, const Step *path);
  void ForUsesElsewhere(ModuleId module, llvm::StringRef name,
                        llvm::function_ref<void(const SourceTree &, uint32_t)> visit);
  void AnswerStoresElsewhere(ModuleId module, llvm::StringRef name, const Step *path);
  bool IsFresh(const SourceTree &tree, llvm::StringRef name) const;
  void AnswerElsewhere(const SourceTree &tree, llvm::StringRef name, const Step *path);
  llvm::SmallVector<const SourceTree *, 2> UsersOf(ModuleId module, llvm::StringRef name,
                                                   bool stores);
  void ForAttributes(const SourceTree &tree, llvm::StringRef name,
                     llvm::function_ref<void(uint32_t)> visit);

  // call_flow.cpp: calls and functions
  void AnswerCall(const Question &question);
  void AnswerBuiltinCall(const Question &question, llvm::StringRef name);
  bool AnswerOwnName(const SourceTree &tree, uint32_t definition, const Step *path,
                     bool fresh = false);
  void AnswerFunction(const Question &question, const Instance *self, bool gets_class);
  void AnswerReturns(const Question &question, const Frame *frame, const Step *path);
  void AnswerArgument(const Frame &frame, const SourceTree &tree, const TreeParameter &parameter,
                      unsigned position, const Step *path);
  void AnswerAnyCall(const Question &question, uint32_t function, const TreeParameter &parameter,
                     unsigned position);

  // instance_flow.cpp: classes and their instances
  void AnswerClass(const Question &question);
  void AnswerClassStores(ClassRef ref, llvm::StringRef name, const Step *path);
  void AnswerMembers(const Question &question, const Step *path);
  void AnswerInstance(const Instance &instance, const Step *path);
  void AnswerAttribute(const Instance &instance, llvm::StringRef name, const Step *path);
  bool AnswerClassAttribute(const Instance &instance, ClassRef ref, llvm::StringRef name,
                            const Step *path);
  void AnswerStore(const Instance &instance, const SourceTree &tree, uint32_t store,
                   const Line &line, const Step *path);
  void AnswerAttributeUses(const SourceTree &tree, llvm::StringRef name, const Instance *instance,
                           const Step *path);
  Site SiteOf(const Instance &instance, const Line &line, ClassRef of, llvm::StringRef method);
  const Frame *FrameOf(const Instance &instance, const SourceTree &tree, uint32_t method,
                       Site site);
  Line LineOf(const SourceTree &tree, uint32_t node);
  std::optional<ClassRef> FindClass(const SourceTree &tree, uint32_t expr, std::string &outside,
                                    int depth = 0);
  const Instance *Keep(Instance instance);

  // instance_names.cpp: all their attributes
  llvm::SmallVector<Method, 1> AddNamesOf(const SourceTree &tree, uint32_t expr, Site made);
  bool AddStoredKey(const SourceTree &tree, uint32_t dict);
  void AnswerNames(const Instance &instance, bool shared, bool of_class = false);
  void AnswerClassDict(const Question &question, const Step *path);
  void AnswerClassNames(const Question &question);
  bool IsShared(const Instance &instance) const;
  llvm::SmallVector<const SourceTree *, 4> TreesOf(llvm::ArrayRef<ModuleId> modules);
  llvm::SmallVector<const SourceTree *, 4> WithImporters(llvm::ArrayRef<ModuleId> modules);

  // compiled_keys.cpp: dicts that compiled modules hand out
  void AnswerCompiled(ModuleId module, llvm::StringRef name, const Step *path);

  // container_flow.cpp: what is put into a list, set or dict that a name stands for
  void AnswerChanges(const Question &question, uint32_t scope, llvm::StringRef name);
  void AnswerUse(const Question &use, bool local);
  void AnswerMethodUse(const Question &use, uint32_t call, llvm::StringRef method, bool local);
  void AnswerStoredItem(const Question &use, uint32_t subscript, bool local);
  void AnswerItemsOf(const Question &iterated, bool pairs);
  const Step *AsContainer(const Step *path);
  struct Importer {
    const SourceTree *tree; // null: it cannot be read
    llvm::StringRef local;  // its name there
  };
  llvm::SmallVector<Importer, 2> ImportersOf(ModuleId module, llvm::StringRef name);

  // handed_over.cpp: what calls do to such a container
  void AnswerHandedOver(const Question &use, uint32_t call);
  void AnswerRead(const Question &use, uint32_t call, llvm::StringRef reader);

  const Project &project_;
  Resolver &resolver_;
  SourceTrees &trees_;
  PossibleStrings result_;
  bool by_end_ = false;
  bool saw_end_ = false;
  ModuleId loader_;
  std::vector<Question> open_;
  std::set<std::tuple<const SourceTree *, uint32_t, const Frame *, const Step *>> asked_;
  std::set<std::tuple<const SourceTree *, uint32_t, const Frame *, const Step *>> changes_;
  size_t handed_over_ = 0; // calls whose functions were read
  // What is asked of other files, once this one and those it imports have told.
  struct Later {
    ModuleId module;
    std::string name; // of that module
    const Step *path;
    bool stores; // or uses
  };
  std::vector<Later> later_;
  std::set<std::tuple<const SourceTree *, std::string, const Step *>> named_;
  std::set<std::tuple<const SourceTree *, std::string, const Step *>> starred_;
  std::set<std::tuple<const SourceTree *, std::string, const Step *>> elsewhere_;
  // Calls that make an object which is asked by the next statement: nobody else had it before.
  llvm::DenseMap<std::pair<const SourceTree *, uint32_t>, bool> fresh_;
  std::map<std::tuple<ModuleId, ModuleId, std::string>, std::optional<Files>> saying_;
  std::deque<Step> steps_;
  std::deque<Frame> frames_;
  std::deque<Instance> instances_;
  // Those that are equal are one.
  std::map<std::tuple<Taking, std::string, unsigned, const SourceTree *, uint32_t, const Frame *,
                      const Step *>,
           const Step *>
      step_of_;
  std::map<std::tuple<const SourceTree *, uint32_t, const SourceTree *, uint32_t, const Frame *,
                      const Instance *, const Frame *>,
           const Frame *>
      frame_of_;
  std::map<std::tuple<const SourceTree *, uint32_t, const SourceTree *, uint32_t, const Frame *>,
           const Instance *>
      instance_of_;
};

struct StringFlow::Frame { // a function that is executed
  const SourceTree *tree;
  uint32_t function;
  Site site;
  const Instance *self; // of a method
  bool gets_class;      // its first parameter is the class, as in __new__
  const Frame *outer;   // of the function around it
  unsigned depth;
};

// What a call hands over.
struct TreeArguments {
  llvm::SmallVector<uint32_t, 4> positional; // before any `*`
  llvm::SmallVector<std::pair<llvm::StringRef, uint32_t>, 4> named;
  llvm::SmallVector<uint32_t, 1> splats;        // what stands behind `*`
  llvm::SmallVector<uint32_t, 1> double_splats; // and behind `**`

  uint32_t Named(llvm::StringRef name) const; // 0: none
};
TreeArguments ArgumentsOf(const SourceTree &tree, uint32_t call);

// The value of a literal without interpolations.
std::optional<TokenText> LiteralText(const SourceTree &tree, uint32_t node);

// Whether code sets an attribute of this name on something other than by assigning to it.
bool SetsByName(const SourceTree &tree, llvm::StringRef name);

// Whether an item of a list, or a value of a dict, is taken: any of them may be changed.
bool TakesPart(Taking taking);

// Builtin functions that neither change their arguments nor keep them.
bool IsReader(llvm::StringRef builtin);

} // namespace pydefrag
