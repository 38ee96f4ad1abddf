// StringFlow: all names that an instance has for attributes, as `dir` lists them: those of its
// class, and those that code sets on it. Of a class, those in its `__dict__`.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

namespace pydefrag {

// `self.__dict__["name"] = value`
bool StringFlow::AddStoredKey(const SourceTree &tree, uint32_t dict) {
  const uint32_t subscript = tree.Parent(tree.Parent(dict));
  if (tree.KindOf(subscript) != NodeKind::Subscript ||
      tree.Child(subscript, 0) != tree.Parent(dict) ||
      !tree.Is(tree.Child(subscript, 1), NodeKind::String)) {
    return false;
  }
  Add(tree, tree.Child(subscript, 1));
  return true;
}

// `def __getattr__(self, name): ... setattr(self, name, value)`
static bool IsWhatHookIsAsked(const SourceTree &tree, uint32_t object, uint32_t key) {
  const bool names = tree.Is(object, NodeKind::Identifier) && tree.Is(key, NodeKind::Identifier);
  const auto scope = names ? tree.LookUp(key) : std::nullopt;
  const uint32_t hook = scope && tree.LookUp(object) == scope ? tree.Scope(*scope).node : 0;
  if (!tree.Is(hook, NodeKind::FunctionDefinition) ||
      tree.Text(tree.Child(hook, 0)) != "__getattr__") {
    return false;
  }
  const auto parameters = tree.Parameters(hook);
  const auto never_rebound = [&](const TreeParameter &parameter) {
    return tree.Scope(*scope).bindings.find(tree.Text(parameter.name))->second.size() == 1;
  };
  return parameters.size() == 2 && tree.Text(parameters[0].name) == tree.Text(object) &&
         tree.Text(parameters[1].name) == tree.Text(key) && llvm::all_of(parameters, never_rebound);
}

// Methods that get a class without a decorator that says so.
static bool GetsClass(llvm::StringRef method) {
  return method == "__new__" || method == "__init_subclass__" || method == "__class_getitem__";
}

// Whether the object is no class: what a method gets for itself, or a descriptor is asked of.
//
//     def __get__(self, obj, kind=None): ... setattr(obj, self.name, value)
static bool IsInstance(const SourceTree &tree, uint32_t object) {
  const auto scope =
      tree.Is(object, NodeKind::Identifier) ? tree.LookUp(object) : std::optional<uint32_t>();
  const uint32_t method = scope ? tree.Scope(*scope).node : 0;
  if (!tree.Is(method, NodeKind::FunctionDefinition) || !tree.Decorators(method).empty() ||
      GetsClass(tree.Text(tree.Child(method, 0)))) {
    return false;
  }
  const uint32_t owner = tree.Enclosing(method, NodeKind::ClassDefinition);
  const uint32_t bases = owner != 0 ? tree.Child(owner, 1) : 0;
  const bool plain = owner != 0 && tree.ScopeOf(method) == tree.ScopeMadeBy(owner) &&
                     !(tree.Is(bases, NodeKind::ArgumentList) && tree.Text(bases) != "(object)");
  const auto parameters = tree.Parameters(method);
  const llvm::StringRef name = tree.Text(object);
  const auto is_parameter = [&](size_t k) {
    return k < parameters.size() && tree.Text(parameters[k].name) == name &&
           tree.Scope(*scope).bindings.find(name)->second.size() == 1;
  };
  return plain &&
         (is_parameter(0) || (is_parameter(1) && tree.Text(tree.Child(method, 0)) == "__get__"));
}

// Those that code of these files sets on anything count, so that helpers which get the object are
// seen. `shared`: others may have got hold of it before it was asked. `of_class`: only what may be
// set on the class itself.
void StringFlow::AnswerNames(const Instance &instance, bool shared, bool of_class) {
  const Line line = LineOf(*instance.tree, instance.node);
  if (!line.known || line.mapping) {
    return Fail();
  }
  llvm::SmallVector<ModuleId, 4> homes;
  if (instance.made.tree != nullptr) {
    homes.push_back(instance.made.tree->module);
  }
  for (const ClassRef &ref : line.classes) {
    homes.push_back(ref.tree->module);
    for (const auto &bound : ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings) {
      if (bound.first() != "__getattr__") { // AddNamesOf returns it
        AddText(bound.first());
      }
    }
    for (uint32_t i = ref.node; i < ref.tree->At(ref.node).subtree_end; ++i) {
      const llvm::StringRef text =
          ref.tree->KindOf(i) == NodeKind::Identifier ? ref.tree->Text(i) : "";
      if (text == "__slots__" || (text == "__dict__" && !AddStoredKey(*ref.tree, i))) {
        return Fail();
      }
    }
  }
  for (const SourceTree *file : shared ? WithImporters(homes) : TreesOf(homes)) {
    file->ForAttributeStores([&](llvm::StringRef name) { AddText(name); });
    for (uint32_t call : file->CallsOf("setattr")) {
      const TreeArguments arguments = ArgumentsOf(*file, call);
      if (arguments.positional.size() != 3) {
        return Fail();
      }
      if (IsWhatHookIsAsked(*file, arguments.positional[0], arguments.positional[1])) {
        continue; // the hook has to serve it first
      }
      if ((of_class && IsInstance(*file, arguments.positional[0])) ||
          ModuleNamed(*file, arguments.positional[0]).valid()) {
        continue;
      }
      // What nobody else has goes by a name of its own.
      if (shared || file->Is(arguments.positional[0], NodeKind::Identifier)) {
        Add(*file, arguments.positional[1]);
      }
    }
  }
}

// The keys of `C.__dict__` are among the names that an instance has: what the body binds, what code
// sets on the class, and what CPython puts there.
void StringFlow::AnswerClassDict(const Question &question, const Step *path) {
  const bool keys = path != nullptr && path->next == nullptr &&
                    (path->taking == Taking::Each || path->taking == Taking::Key);
  if (!keys || !question.tree->Decorators(question.node).empty()) {
    return Fail();
  }
  for (const char *name : {"__module__",
                           "__qualname__",
                           "__doc__",
                           "__dict__",
                           "__weakref__",
                           "__hash__",
                           "__annotations__",
                           "__annotate__",
                           "__annotations_cache__",
                           "__annotate_func__",
                           "__firstlineno__",
                           "__static_attributes__",
                           "__orig_bases__",
                           "__parameters__",
                           "__type_params__",
                           "__classcell__",
                           "__abstractmethods__",
                           "_abc_impl",
                           "_abc_registry",
                           "_abc_cache",
                           "_abc_negative_cache",
                           "_abc_negative_cache_version"}) {
    AddText(name);
  }
  AnswerNames(*Keep(Instance{question.tree, question.node, {}}), true, true);
}

// `dir(C)`, but for what every module has, too: `__doc__`, `__eq__`.
void StringFlow::AnswerClassNames(const Question &question) {
  const Line line = LineOf(*question.tree, question.node);
  const bool plain = llvm::all_of(line.classes, [](const ClassRef &ref) {
    return ref.tree->Decorators(ref.node).empty() &&
           !ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings.contains("__getattr__");
  });
  question.path->next == nullptr &&plain && !line.enumeration
      ? AnswerNames(*Keep(Instance{question.tree, question.node, {}}), true, true)
      : Fail();
}

llvm::SmallVector<const SourceTree *, 4> StringFlow::TreesOf(llvm::ArrayRef<ModuleId> modules) {
  llvm::SmallVector<const SourceTree *, 4> files;
  for (ModuleId module : modules) {
    files.push_back(trees_.Of(module));
  }
  return files;
}

// A name of a module stands for it, so that it is there for others, unless it is asked in the next
// statement.
bool StringFlow::IsShared(const Instance &instance) const {
  const Site &made = instance.made;
  return made.tree == nullptr ||
         (made.tree->ScopeOf(made.call) == 0 && !fresh_.lookup({made.tree, made.call}));
}

// The files of the modules, and of all that import from them or from those: any may get hold of an
// object that stands in one of them.
llvm::SmallVector<const SourceTree *, 4>
StringFlow::WithImporters(llvm::ArrayRef<ModuleId> modules) {
  constexpr size_t kMostFiles = 64;
  llvm::SmallSetVector<ModuleId, 8> reached(modules.begin(), modules.end());
  for (size_t i = 0; i < reached.size() && reached.size() <= kMostFiles; ++i) {
    const ModuleId module = reached[i];
    const std::vector<ModuleId> users = trees_.UsersOf(module);
    reached.insert(users.begin(), users.end());
    for (const FromImport &from : trees_.FromImportsOf(module)) {
      reached.insert(from.first);
    }
  }
  if (reached.size() > kMostFiles) {
    Fail();
    return {};
  }
  trees_.ReadTrees(reached.getArrayRef());
  llvm::SmallVector<const SourceTree *, 4> files = TreesOf(reached.getArrayRef());
  if (llvm::is_contained(files, nullptr)) {
    Fail();
    return {};
  }
  return files;
}

llvm::SmallVector<StringFlow::Method, 1> StringFlow::AddNamesOf(const SourceTree &tree,
                                                                uint32_t call) {
  return AddNamesOf(tree, tree.Child(call, 0), {&tree, call, nullptr});
}

llvm::SmallVector<StringFlow::Method, 1> StringFlow::AddNamesOfClass(const SourceTree &tree,
                                                                     uint32_t expr) {
  return AddNamesOf(tree, expr, {});
}

llvm::SmallVector<StringFlow::Method, 1> StringFlow::AddNamesOf(const SourceTree &tree,
                                                                uint32_t expr, Site made) {
  std::string outside;
  const auto found = FindClass(tree, expr, outside);
  llvm::SmallVector<Method, 1> hooks;
  if (!found) {
    Fail();
    return hooks;
  }
  AnswerNames(*Keep(Instance{found->tree, found->node, made}), false);
  for (const ClassRef &ref : LineOf(*found->tree, found->node).classes) {
    const auto &bindings = ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings;
    if (bindings.contains("__getattribute__")) {
      Fail();
    }
    const auto bound = bindings.find("__getattr__");
    for (uint32_t each : bound == bindings.end() ? llvm::ArrayRef<uint32_t>() : bound->second) {
      hooks.push_back({ref.tree, ref.tree->Parent(each)});
    }
  }
  return hooks;
}

} // namespace pydefrag
