// StringFlow: what classes and instances of them have for attributes, and what comes out when an
// instance is iterated or asked for a key. An instance is its class and the call that made it: what
// `__init__` keeps on `self` is followed with the arguments of that call.
#include "link/flow/string_flow.h"

#include "base/identifier.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

const StringFlow::Instance *StringFlow::Keep(Instance instance) {
  const Instance *&slot = instance_of_[{instance.tree, instance.node, instance.made.tree,
                                        instance.made.call, instance.made.frame}];
  if (slot == nullptr) {
    instances_.push_back(instance);
    slot = &instances_.back();
  }
  return slot;
}

// Bases from outside whose names and behaviour matter to no question.
static bool IsPlainBase(llvm::StringRef dotted) {
  return llvm::StringSwitch<bool>(LastPart(dotted))
      .Cases("object", "int", "float", "ABC", "Generic", "Protocol", "ModuleType", true)
      .Default(false);
}

static bool IsEnum(llvm::StringRef dotted) {
  return llvm::StringSwitch<bool>(LastPart(dotted))
      .Cases("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", true)
      .Default(false);
}

static bool IsMapping(llvm::StringRef dotted) {
  return dotted.ends_with("Mapping");
}

StringFlow::Line StringFlow::LineOf(const SourceTree &tree, uint32_t node) {
  constexpr size_t kMostClasses = 32;
  Line line;
  line.classes.push_back({&tree, node});
  for (size_t k = 0; k < line.classes.size() && k < kMostClasses; ++k) {
    const ClassRef at = line.classes[k];
    line.known &= llvm::all_of(at.tree->Decorators(at.node), [](llvm::StringRef decorator) {
      return decorator.ends_with("total_ordering") || decorator.ends_with("final");
    });
    for (uint32_t list : at.tree->Children(at.node)) {
      if (at.tree->KindOf(list) != NodeKind::ArgumentList) {
        continue;
      }
      for (uint32_t base : at.tree->Children(list)) {
        std::string outside;
        if (const auto found = FindClass(*at.tree, base, outside)) {
          line.single &= line.classes.size() == k + 1;
          line.classes.push_back(*found);
        } else if (IsMapping(outside)) {
          line.mapping = true;
        } else if (IsEnum(outside)) {
          line.enumeration = true;
          line.known = false; // nothing of what its metaclass makes of it
        } else {
          line.known &= IsPlainBase(outside) || outside == "metaclass=ABCMeta";
        }
      }
    }
  }
  line.known &= line.classes.size() < kMostClasses;
  return line;
}

void StringFlow::AnswerClass(const Question &question) {
  const Step *path = question.path;
  if (IsNoName(path)) {
    const bool plain = path == nullptr || LineOf(*question.tree, question.node).known;
    return plain ? void() : Fail(); // unless its metaclass says what it looks like
  }
  switch (path->taking) {
  case Taking::Call:
    return AnswerInstance(*Keep(Instance{question.tree, question.node, path->site}), path->next);
  case Taking::Names:
    return AnswerClassNames(question);
  case Taking::Each: { // for member in Color: member.name
    const Step *name = path->next;
    const bool named = name != nullptr && name->taking == Taking::Attribute &&
                       name->name == "name" && WantsText(name->next);
    return named ? AnswerMembers(question, name->next) : Fail();
  }
  case Taking::Attribute: {
    if (path->name == "__members__") {
      const Step *names = AsContainer(path->next);
      const bool keys = names != nullptr && WantsText(names->next) &&
                        (names->taking == Taking::Each || names->taking == Taking::Key);
      return keys ? AnswerMembers(question, names->next) : Fail();
    }
    if (question.tree->Decorators(question.node).empty() &&
        AnswerOwnName(*question.tree, question.node, path)) {
      return;
    }
    if (path->name == "__dict__") {
      return AnswerClassDict(question, AsContainer(path->next));
    }
    bool found = false;
    for (ClassRef ref : LineOf(*question.tree, question.node).classes) {
      const uint32_t scope = ref.tree->ScopeMadeBy(ref.node);
      const auto bound = ref.tree->Scope(scope).bindings.find(path->name);
      if (found || bound == ref.tree->Scope(scope).bindings.end()) {
        continue;
      }
      found = true;
      for (uint32_t identifier : bound->second) {
        AnswerBinding({ref.tree, identifier, nullptr, path->next}, identifier);
      }
      AnswerChanges({ref.tree, bound->second.front(), nullptr, path->next}, scope, path->name);
      AnswerClassStores(ref, path->name, path->next);
    }
    return found ? void() : Fail();
  }
  default:
    return Fail();
  }
}

// The names of the members of an enum: what its body binds.
void StringFlow::AnswerMembers(const Question &question, const Step *path) {
  const Line line = LineOf(*question.tree, question.node);
  for (const ClassRef &ref : line.classes) {
    const auto &bindings = ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings;
    const uint32_t bases = ref.tree->Child(ref.node, 1);
    const bool plain =
        llvm::all_of(ref.tree->Decorators(ref.node),
                     [](llvm::StringRef decorator) { return decorator.ends_with("unique"); }) &&
        !(ref.tree->Is(bases, NodeKind::ArgumentList) && ref.tree->Text(bases).contains('='));
    if (!line.enumeration || !plain || bindings.contains("name") || bindings.contains("_ignore_")) {
      return Fail();
    }
    for (const auto &bound : bindings) {
      AddText(bound.first(), path);
    }
    for (uint32_t k = ref.node; k < ref.tree->At(ref.node).subtree_end; ++k) {
      if (ref.tree->Is(k, NodeKind::Call) && ref.tree->Text(ref.tree->Child(k, 0)) == "locals") {
        return Fail(); // members that no assignment shows
      }
    }
  }
}

// --- instances

static bool HasMember(const SourceTree &tree, uint32_t node, llvm::StringRef name) {
  return tree.Scope(tree.ScopeMadeBy(node)).bindings.contains(name);
}

void StringFlow::AnswerInstance(const Instance &instance, const Step *path) {
  const Line line = LineOf(*instance.tree, instance.node);
  if (path == nullptr) {
    return line.known ? void() : Fail(); // unless it is derived from str
  }
  const auto call = [&](llvm::StringRef method, const Step *rest) {
    AnswerAttribute(instance, method, Push({Taking::Call, "", 0, {}, rest}));
  };
  switch (path->taking) {
  case Taking::Attribute:
    return AnswerAttribute(instance, path->name, path->next);
  case Taking::Each:
    return call("__iter__", path);
  case Taking::Key: {
    const bool keys = llvm::any_of(
        line.classes, [](const ClassRef &ref) { return HasMember(*ref.tree, ref.node, "keys"); });
    return keys           ? call("keys", Push(Taking::Each, path->next))
           : line.mapping ? call("__iter__", Push(Taking::Each, path->next))
                          : Fail();
  }
  case Taking::Element:
  case Taking::Item:
    return call("__getitem__", path->next);
  case Taking::Names: {
    const bool listed = llvm::any_of(line.classes, [](const ClassRef &ref) {
      return HasMember(*ref.tree, ref.node, "__dir__");
    });
    return listed || path->next != nullptr ? Fail() : AnswerNames(instance, IsShared(instance));
  }
  default:
    return Fail();
  }
}

// `self.__dict__`, unless it is only read: `other.__dict__.update(self.__dict__)`.
static bool GivesOwnDict(const SourceTree &tree, uint32_t node) {
  if (tree.KindOf(node) != NodeKind::Attribute || tree.Text(tree.LastChild(node)) != "__dict__") {
    return false;
  }
  const auto parameters = tree.Parameters(tree.Enclosing(node, NodeKind::FunctionDefinition));
  const bool own =
      parameters.empty() || tree.Text(parameters[0].name) == tree.Text(tree.Child(node, 0));
  const uint32_t call = tree.Parent(tree.Parent(node));
  return own && !(tree.KindOf(tree.Parent(node)) == NodeKind::ArgumentList &&
                  tree.Text(tree.Child(call, 0)).ends_with(".__dict__.update"));
}

// Whether the class spells the name otherwise than whoever does not stand in it, `__name`, and
// nobody in its file does: neither a key nor setattr means it.
static bool IsOwnSpelling(const SourceTree &tree, uint32_t owner, llvm::StringRef name) {
  const llvm::StringRef called = tree.Text(tree.Child(owner, 0)).ltrim('_');
  return name.starts_with("__") && !name.ends_with("__") &&
         !tree.Text(0).contains(("_" + called + name).str());
}

// Whether what the dict at `node` is filled with gives the name no value: another key is stored, or
// what a module or object has is copied, and the name is one for the class itself.
static bool LeavesAlone(const SourceTree &tree, uint32_t node, llvm::StringRef name) {
  const uint32_t above = tree.Parent(node);
  if (tree.Is(above, NodeKind::Subscript)) {
    const llvm::StringRef key = tree.PlainText(tree.Child(above, 1));
    return tree.IsTarget(above) && !key.empty() && key != name;
  }
  const uint32_t call = tree.Parent(above);
  const bool updates = tree.Is(above, NodeKind::Attribute) && tree.Is(call, NodeKind::Call) &&
                       tree.Text(tree.LastChild(above)) == "update";
  const auto given =
      updates ? tree.Children(tree.LastChild(call)) : llvm::SmallVector<uint32_t, 8>();
  return given.size() == 1 && name.starts_with("_") && tree.Is(given[0], NodeKind::Attribute) &&
         tree.Text(tree.LastChild(given[0])) == "__dict__";
}

void StringFlow::AnswerAttribute(const Instance &instance, llvm::StringRef name, const Step *path) {
  const Line line = LineOf(*instance.tree, instance.node);
  bool found = false;
  llvm::SmallVector<const SourceTree *, 4> files;
  for (const ClassRef &ref : line.classes) {
    found |= AnswerClassAttribute(instance, ref, name, path);
    if (!llvm::is_contained(files, ref.tree)) {
      files.push_back(ref.tree);
    }
    // Names that no assignment shows.
    if (HasMember(*ref.tree, ref.node, "__getattribute__") ||
        HasMember(*ref.tree, ref.node, "__slots__")) {
      return Fail();
    }
    const bool own = IsOwnSpelling(*ref.tree, ref.node, name);
    for (uint32_t i = ref.node; i < ref.tree->At(ref.node).subtree_end && !own; ++i) {
      if ((GivesOwnDict(*ref.tree, i) && !LeavesAlone(*ref.tree, i, name)) ||
          (ref.tree->KindOf(i) == NodeKind::Identifier && ref.tree->Text(i) == "setattr")) {
        return Fail();
      }
    }
  }
  for (const SourceTree *file : files) {
    for (uint32_t store : file->AttributeStores(name)) {
      AnswerStore(instance, *file, store, line, path);
      found |= llvm::any_of(line.classes, [&](const ClassRef &ref) {
        const llvm::StringRef by_name = ref.tree->Text(ref.tree->Child(ref.node, 0));
        return ref.tree == file && // `self.name = value`, `Class.name = value`
               (ref.node == file->Enclosing(store, NodeKind::ClassDefinition) ||
                (file->ScopeOf(store) == 0 && file->Text(file->Child(store, 0)) == by_name));
      });
    }
  }
  llvm::SmallVector<const SourceTree *, 4> users = files;
  if (instance.made.tree != nullptr && !llvm::is_contained(users, instance.made.tree)) {
    users.push_back(instance.made.tree);
  }
  if (llvm::any_of(users, [&](const SourceTree *file) { return SetsByName(*file, name); })) {
    return Fail();
  }
  if (const Step *container = AsContainer(path)) {
    for (const SourceTree *file : files) {
      AnswerAttributeUses(*file, name, &instance, container);
    }
  }
  if (!found || !line.known) {
    Fail();
  }
}

bool StringFlow::AnswerClassAttribute(const Instance &instance, ClassRef ref, llvm::StringRef name,
                                      const Step *path) {
  const auto &bindings = ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings;
  const auto bound = bindings.find(name);
  if (bound == bindings.end()) {
    return false;
  }
  for (uint32_t identifier : bound->second) {
    const uint32_t above = ref.tree->Parent(identifier);
    if (ref.tree->KindOf(above) == NodeKind::FunctionDefinition) {
      AnswerFunction({ref.tree, above, nullptr, path}, &instance, false);
    } else {
      AnswerBinding({ref.tree, identifier, nullptr, path}, identifier);
    }
  }
  return true;
}

static uint32_t MethodOf(const SourceTree &tree, uint32_t node, llvm::StringRef name) {
  const auto &bindings = tree.Scope(tree.ScopeMadeBy(node)).bindings;
  const auto bound = bindings.find(name);
  const uint32_t method = bound == bindings.end() ? 0 : tree.Parent(bound->second.front());
  return tree.Is(method, NodeKind::FunctionDefinition) ? method : 0;
}

// Where the `__init__` or `__new__` of a class in the line gets its arguments from: the call that
// makes the instance; where a class before it has one, the `super().__init__(...)` in that.
StringFlow::Site StringFlow::SiteOf(const Instance &instance, const Line &line, ClassRef of,
                                    llvm::StringRef method) {
  Site site = instance.made;
  for (const ClassRef &ref : line.classes) {
    if (ref.tree == of.tree && ref.node == of.node) {
      return site;
    }
    const uint32_t own = MethodOf(*ref.tree, ref.node, method);
    if (own == 0) {
      continue;
    }
    uint32_t call = 0;
    bool one = line.single;
    for (uint32_t i = own; i < ref.tree->At(own).subtree_end; ++i) {
      if (ref.tree->KindOf(i) == NodeKind::Call &&
          ref.tree->Text(ref.tree->Child(i, 0)) == ("super()." + method).str()) {
        one &= call == 0;
        call = i;
      }
    }
    if (call == 0 || !one) {
      return {};
    }
    site = {ref.tree, call, FrameOf(instance, *ref.tree, own, site)};
  }
  return {};
}

const StringFlow::Frame *StringFlow::FrameOf(const Instance &instance, const SourceTree &tree,
                                             uint32_t method, Site site) {
  return Keep(Frame{.tree = &tree,
                    .function = method,
                    .site = site,
                    .self = &instance,
                    .gets_class = tree.Text(tree.Child(method, 0)) == "__new__",
                    .outer = nullptr,
                    .depth = 0});
}

// Uses of a container that is an attribute, in one file. Methods of a fresh instance have not been
// called yet.
void StringFlow::AnswerAttributeUses(const SourceTree &tree, llvm::StringRef name,
                                     const Instance *instance, const Step *path) {
  const bool fresh =
      instance != nullptr && fresh_.lookup({instance->made.tree, instance->made.call});
  for (uint32_t i = 1; i < tree.size(); ++i) {
    if (tree.KindOf(i) != NodeKind::Attribute || tree.IsTarget(i) ||
        tree.Text(tree.LastChild(i)) != name) {
      continue;
    }
    const uint32_t method = tree.Enclosing(i, NodeKind::FunctionDefinition);
    const bool in_class = tree.Enclosing(i, NodeKind::ClassDefinition) != 0;
    const bool makes = method != 0 && tree.Text(tree.Child(method, 0)) == "__init__";
    if (fresh && in_class && method != 0 && !makes) {
      continue;
    }
    const Frame *frame = in_class && method != 0 && instance != nullptr
                             ? FrameOf(*instance, tree, method, {})
                             : nullptr;
    AnswerUse({&tree, i, frame, path}, false);
  }
}

// `self.name = value` in a method; elsewhere it may be another object's.
void StringFlow::AnswerStore(const Instance &instance, const SourceTree &tree, uint32_t store,
                             const Line &line, const Step *path) {
  const uint32_t method = tree.Enclosing(store, NodeKind::FunctionDefinition);
  const uint32_t owner = tree.Enclosing(store, NodeKind::ClassDefinition);
  const bool own = llvm::any_of(
      line.classes, [&](const ClassRef &ref) { return ref.tree == &tree && ref.node == owner; });
  if (!own && owner != 0) {
    const auto parameters = tree.Parameters(method);
    if (!parameters.empty() && tree.Text(parameters[0].name) == tree.Text(tree.Child(store, 0))) {
      return; // an instance of another class
    }
  }
  const Frame *frame = nullptr;
  if (own && method != 0) {
    const llvm::StringRef name = tree.Text(tree.Child(method, 0));
    const bool makes = name == "__init__" || name == "__new__";
    frame = FrameOf(instance, tree, method,
                    makes ? SiteOf(instance, line, {&tree, owner}, name) : Site{});
  }
  AnswerTarget({&tree, store, frame, path}, store);
}

} // namespace pydefrag
