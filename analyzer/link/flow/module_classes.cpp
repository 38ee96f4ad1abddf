#include "link/flow/module_classes.h"

#include "link/flow/hook_forms.h"
#include "link/flow/string_flow.h"
#include "link/flow/tree_forms.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

// `self.__name` of a class is another name.
bool IsMangled(llvm::StringRef name) {
  return name.starts_with("__") && !name.ends_with("__");
}

// What of Python's own functions reaches further than to what it is given.
bool ReachesFar(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("setattr", "delattr", "exec", "eval", "globals", "locals", "vars", true)
      .Cases("__import__", "import_module", "reload", "super", "object", true)
      .Cases("modules", "_getframe", "currentframe", "type", true)
      .Default(false);
}

class ClassReader {
public:
  ClassReader(const Project &project, const SourceTree &tree, uint32_t node)
      : project_(project), tree_(tree), node_(node) {}

  ModuleClass Read() {
    bool fine = tree_.Is(node_, NodeKind::ClassDefinition) && tree_.Parent(node_) == 0 &&
                ReadBases() && IsLeftAlone();
    const auto statements = StatementsIn(tree_, tree_.LastChild(node_));
    for (size_t i = 0; i < statements.size() && fine; ++i) {
      fine = tree_.Is(statements[i], NodeKind::PassStatement) || ReadMethod(statements[i]);
    }
    made_.understood = fine && FollowsModule() && NothingElse();
    return std::move(made_);
  }

private:
  // None, `object`, or the type of modules.
  bool ReadBases() {
    const uint32_t bases = tree_.Child(node_, 1);
    if (!tree_.Is(bases, NodeKind::ArgumentList)) {
      return tree_.Is(bases, NodeKind::Block);
    }
    const auto each = tree_.Children(bases);
    made_.made_of_module =
        each.size() == 1 && StandardName(project_, tree_, each[0]) == "types.ModuleType";
    const bool plain = each.empty() || (each.size() == 1 && IsBuiltin(tree_, each[0], "object"));
    if (!each.empty()) {
      known_.insert(each[0]);
    }
    return plain || made_.made_of_module;
  }

  // Whether its file makes instances of it and asks for them, and does nothing else with it.
  bool IsLeftAlone() const {
    const uint32_t name = tree_.Child(node_, 0);
    const auto bound = tree_.Scope(0).bindings.find(tree_.Text(name));
    const auto leaves = [&](uint32_t use) {
      const uint32_t above = tree_.Parent(use);
      const uint32_t call = tree_.Is(above, NodeKind::ArgumentList) ? tree_.Parent(above) : 0;
      const bool tests = call != 0 && tree_.Is(call, NodeKind::Call) &&
                         IsBuiltin(tree_, tree_.Child(call, 0), "isinstance") &&
                         tree_.Child(above, 1) == use;
      const bool made = tree_.Is(above, NodeKind::Call) && tree_.Child(above, 0) == use;
      const uint32_t target = tree_.Is(above, NodeKind::Assignment) ? tree_.Child(above, 0) : 0;
      const bool given = tree_.LastChild(above) == use && tree_.Is(target, NodeKind::Attribute) &&
                         tree_.Text(tree_.LastChild(target)) == "__class__";
      return use == name || tests || made || given || tree_.Enclosing(use, NodeKind::Type) != 0;
    };
    return bound != tree_.Scope(0).bindings.end() && bound->second.size() == 1 &&
           llvm::all_of(tree_.NamesSaying(tree_.Text(name)), leaves);
  }

  bool ReadMethod(uint32_t method) {
    if (!IsPlainFunction(tree_, method) || !methods_.insert(NameOf(method)).second) {
      return false;
    }
    const auto parameters = tree_.Parameters(method);
    if (parameters.empty()) {
      return false;
    }
    self_ = tree_.Text(parameters[0].name);
    scope_ = tree_.ScopeMadeBy(method);
    asked_ = parameters.size() > 1 ? tree_.Text(parameters[1].name) : "";
    for (const TreeParameter &each : parameters) {
      const auto bound = tree_.Scope(scope_).bindings.find(tree_.Text(each.name));
      if (bound->second.size() != 1 || each.kind == TreeParameter::Kind::Arguments ||
          each.kind == TreeParameter::Kind::Keywords) {
        return false;
      }
    }
    const llvm::StringRef name = NameOf(method);
    serves_ = name == "__getattr__";
    made_.has_hook |= serves_;
    made_.keeps |= name == "__init__" || name == "__setattr__" || name == "__delattr__";
    const bool read = name == "__init__"      ? ReadInit(method)
                      : name == "__getattr__" ? ReadHook(method)
                      : name == "__setattr__"
                          ? parameters.size() == 3 && ReadSetter(tree_.LastChild(method))
                      : name == "__delattr__" ? parameters.size() == 2 && NoteForwards(method)
                                              : name == "__dir__" || name == "__repr__";
    return read && UsesSelfAtSight(method);
  }
  llvm::StringRef NameOf(uint32_t method) const { return tree_.Text(tree_.Child(method, 0)); }

  bool ReadHook(uint32_t method) {
    const HookForm form = ReadHookForm(tree_, method, self_, asked_);
    for (uint32_t table : form.tables) {
      const llvm::StringRef name = tree_.Text(tree_.LastChild(table));
      if (!IsAttributeOf(tree_, table, self_) || IsMangled(name)) {
        return false;
      }
      made_.tables.push_back(name);
    }
    llvm::append_range(made_.names, form.names);
    if (form.asks != 0) {
      asks_.push_back(tree_.Text(tree_.LastChild(form.asks)));
    }
    return form.understood;
  }

  // --- what `__init__` keeps

  bool ReadInit(uint32_t method) {
    made_.arguments.append(tree_.Parameters(method));
    made_.arguments.erase(made_.arguments.begin());
    return llvm::all_of(StatementsIn(tree_, tree_.LastChild(method)),
                        [&](uint32_t statement) {
                          return tree_.Is(statement, NodeKind::Assignment) ? Keeps(statement)
                                                                           : CallsBase(statement);
                        }) &&
           llvm::all_of(made_.arguments, [&](const TreeParameter &each) {
             return llvm::all_of(
                 UsesBelow(tree_, method, scope_, tree_.Text(each.name)),
                 [&](uint32_t use) { return use == each.name || known_.contains(use); });
           });
  }

  unsigned ArgumentNamed(uint32_t node) const {
    for (unsigned k = 0; k < made_.arguments.size(); ++k) {
      if (tree_.Is(node, NodeKind::Identifier) &&
          tree_.Text(made_.arguments[k].name) == tree_.Text(node)) {
        return k;
      }
    }
    return ModuleClass::kNone;
  }

  // `self.name = argument`, `self.__dict__["name"] = argument`
  bool Keeps(uint32_t assignment) {
    const uint32_t target = tree_.Child(assignment, 0);
    const uint32_t dict = tree_.Is(target, NodeKind::Subscript) ? tree_.Child(target, 0) : 0;
    const bool item =
        IsAttributeOf(tree_, dict, self_) && tree_.Text(tree_.LastChild(dict)) == "__dict__";
    const bool attribute = IsAttributeOf(tree_, target, self_);
    const llvm::StringRef name = item        ? tree_.PlainText(tree_.Child(target, 1))
                                 : attribute ? tree_.Text(tree_.LastChild(target))
                                             : "";
    sets_attributes_ |= attribute;
    NoteSelf(item ? dict : target);
    known_.insert(target);
    return Keep(name, tree_.LastChild(assignment));
  }

  bool Keep(llvm::StringRef name, uint32_t value) {
    const unsigned argument = ArgumentNamed(value);
    const bool constant = tree_.Is(value, NodeKind::None_) || tree_.Is(value, NodeKind::String) ||
                          tree_.Is(value, NodeKind::True) || tree_.Is(value, NodeKind::False) ||
                          (tree_.Is(value, NodeKind::Dictionary) && tree_.Child(value, 0) == 0);
    if (!IsPlainName(name) || name.starts_with("__") || made_.FindKept(name) != nullptr ||
        (argument == ModuleClass::kNone && !constant)) {
      return false;
    }
    known_.insert(value);
    made_.kept.push_back({name, argument, constant ? value : 0});
    return true;
  }

  // `super().__init__(module.__name__)`, `ModuleType.__init__(self, name)`, and
  // `object.__setattr__(self, "name", argument)`
  bool CallsBase(uint32_t call) {
    const uint32_t callee = tree_.Is(call, NodeKind::Call) ? tree_.Child(call, 0) : 0;
    if (!tree_.Is(callee, NodeKind::Attribute)) {
      return tree_.Is(call, NodeKind::PassStatement);
    }
    const uint32_t base = tree_.Child(callee, 0);
    const llvm::StringRef method = tree_.Text(tree_.LastChild(callee));
    const bool super = tree_.Is(base, NodeKind::Call) &&
                       IsBuiltin(tree_, tree_.Child(base, 0), "super") &&
                       tree_.Child(tree_.LastChild(base), 0) == 0;
    const bool object = IsBuiltin(tree_, base, "object");
    const TreeArguments given = ArgumentsOf(tree_, call);
    llvm::ArrayRef<uint32_t> arguments = given.positional;
    if (!given.named.empty() || !given.splats.empty() || !given.double_splats.empty()) {
      return false;
    }
    if (!super && (arguments.empty() || !tree_.Is(arguments[0], NodeKind::Identifier) ||
                   tree_.Text(arguments[0]) != self_)) {
      return false;
    }
    if (!super) {
      known_.insert(arguments[0]);
      arguments = arguments.drop_front();
    }
    known_.insert(super ? tree_.Child(base, 0) : base);
    if (method == "__setattr__" && (super || object)) {
      return arguments.size() == 2 && Keep(tree_.PlainText(arguments[0]), arguments[1]);
    }
    const bool module = super || StandardName(project_, tree_, base) == "types.ModuleType";
    return method == "__init__" && module && arguments.size() <= (made_.made_of_module ? 2 : 0) &&
           llvm::all_of(arguments, [&](uint32_t each) { return IsTextOfModule(each); });
  }

  // What the base is told: `module.__name__`, `module.__doc__`, an argument, a text.
  bool IsTextOfModule(uint32_t node) {
    const uint32_t object = tree_.Is(node, NodeKind::Attribute) ? tree_.Child(node, 0) : 0;
    const llvm::StringRef name = object != 0 ? tree_.Text(tree_.LastChild(node)) : "";
    if (ArgumentNamed(object) != ModuleClass::kNone && (name == "__name__" || name == "__doc__")) {
      known_.insert(object);
      return true;
    }
    known_.insert(node);
    return ArgumentNamed(node) != ModuleClass::kNone || tree_.Is(node, NodeKind::String);
  }

  // --- the other methods

  // `setattr(self._module, name, value)`, `self.__dict__.pop(name, None)`, and of the same name
  // `self.__dict__[name] = value`, perhaps under a condition
  bool ReadSetter(uint32_t block) {
    return llvm::all_of(StatementsIn(tree_, block), [&](uint32_t statement) {
      return Forwards(statement, "setattr") || PopsAsked(statement) || Keepsake(statement) ||
             (tree_.Is(statement, NodeKind::IfStatement) && ReadSetterArms(statement));
    });
  }

  bool ReadSetterArms(uint32_t statement) {
    return llvm::all_of(tree_.Children(statement), [&](uint32_t each) {
      const bool condition = tree_.Child(statement, 0) == each;
      return tree_.Is(each, NodeKind::Block)        ? ReadSetter(each)
             : tree_.Is(each, NodeKind::ElseClause) ? ReadSetter(tree_.LastChild(each))
                                                    : condition && IsInstanceTest(each);
    });
  }

  // `isinstance(value, Kind)`
  bool IsInstanceTest(uint32_t call) const {
    const uint32_t tested =
        tree_.Is(call, NodeKind::Call) ? tree_.Child(tree_.LastChild(call), 0) : 0;
    return tested != 0 && IsBuiltin(tree_, tree_.Child(call, 0), "isinstance") &&
           tree_.Is(tested, NodeKind::Identifier) && tree_.Text(tested) != self_;
  }

  // `self.__dict__[name] = value` beside what does the same to the module
  bool Keepsake(uint32_t assignment) {
    const uint32_t target =
        tree_.Is(assignment, NodeKind::Assignment) ? tree_.Child(assignment, 0) : 0;
    const uint32_t dict = tree_.Is(target, NodeKind::Subscript) ? tree_.Child(target, 0) : 0;
    const bool keeps = dict != 0 && IsAttributeOf(tree_, dict, self_) &&
                       tree_.Text(tree_.LastChild(dict)) == "__dict__" &&
                       tree_.Is(tree_.Child(target, 1), NodeKind::Identifier) &&
                       tree_.Text(tree_.Child(target, 1)) == asked_ &&
                       tree_.Is(tree_.LastChild(assignment), NodeKind::Identifier);
    if (keeps) {
      known_.insert(target);
      NoteSelf(dict);
    }
    return keeps;
  }

  bool NoteForwards(uint32_t method) {
    for (uint32_t i = method; i < tree_.At(method).subtree_end; ++i) {
      if (tree_.Is(i, NodeKind::Call) && !Forwards(i, "delattr")) {
        PopsAsked(i);
      }
    }
    return true;
  }

  // The same done to the module, under the same name.
  bool Forwards(uint32_t call, llvm::StringRef function) {
    if (!tree_.Is(call, NodeKind::Call) || !IsBuiltin(tree_, tree_.Child(call, 0), function)) {
      return false;
    }
    const TreeArguments given = ArgumentsOf(tree_, call);
    const size_t count = function == "setattr" ? 3 : 2;
    const bool forwards = given.positional.size() == count && given.splats.empty() &&
                          given.named.empty() && given.double_splats.empty() &&
                          IsAttributeOf(tree_, given.positional[0], self_) &&
                          tree_.Is(given.positional[1], NodeKind::Identifier) &&
                          tree_.Text(given.positional[1]) == asked_;
    if (forwards) {
      known_.insert(tree_.Child(call, 0));
      NoteSelf(given.positional[0]);
      asks_.push_back(tree_.Text(tree_.LastChild(given.positional[0])));
    }
    return forwards;
  }

  bool PopsAsked(uint32_t call) {
    const uint32_t callee = tree_.Is(call, NodeKind::Call) ? tree_.Child(call, 0) : 0;
    const uint32_t key = callee != 0 ? tree_.Child(tree_.LastChild(call), 0) : 0;
    const uint32_t dict = tree_.Is(callee, NodeKind::Attribute) ? tree_.Child(callee, 0) : 0;
    const bool pops = tree_.Text(callee).ends_with(".pop") && IsAttributeOf(tree_, dict, self_) &&
                      tree_.Text(tree_.LastChild(dict)) == "__dict__" &&
                      tree_.Is(key, NodeKind::Identifier) && tree_.Text(key) == asked_;
    if (pops) {
      NoteSelf(dict);
    }
    return pops;
  }

  void NoteSelf(uint32_t attribute) { known_.insert(tree_.Child(attribute, 0)); }

  // --- nothing else

  bool UsesSelfAtSight(uint32_t method) {
    return llvm::all_of(UsesBelow(tree_, method, scope_, self_), [&](uint32_t use) {
      return tree_.BindsHere(use) || known_.contains(use) || IsSelfAtSight(use);
    });
  }

  bool IsSelfAtSight(uint32_t use) {
    const uint32_t attribute = tree_.Parent(use);
    if (!IsAttributeOf(tree_, attribute, self_)) {
      return false;
    }
    const llvm::StringRef name = tree_.Text(tree_.LastChild(attribute));
    const uint32_t above = tree_.Parent(attribute);
    const uint32_t call = tree_.Is(above, NodeKind::ArgumentList) ? tree_.Parent(above) : 0;
    if (name == "__dict__") {
      return StoresAsked(attribute);
    }
    if (tree_.IsTarget(attribute) || IsAsked(tree_, attribute, asked_)) {
      return !tree_.IsTarget(attribute);
    }
    if (call != 0 && OwnerAsked(tree_, call, self_, asked_) == attribute) {
      return true;
    }
    if (call != 0 && IsBuiltin(tree_, tree_.Child(call, 0), "dir")) {
      return true;
    }
    if (const uint32_t text = TextMadeOf(tree_, attribute)) {
      made_.shows_name |= !IsOnlyShown(project_, tree_, text);
      return true;
    }
    return false;
  }

  // `self.__dict__[name] = found`, of a name that was served
  bool StoresAsked(uint32_t dict) {
    const uint32_t item = tree_.Parent(dict);
    const bool stores = tree_.Is(item, NodeKind::Subscript) && tree_.Child(item, 0) == dict &&
                        tree_.Is(tree_.Child(item, 1), NodeKind::Identifier) &&
                        tree_.Text(tree_.Child(item, 1)) == asked_ && serves_ &&
                        tree_.ScopeOf(item) == scope_ &&
                        tree_.Is(tree_.Parent(item), NodeKind::Assignment);
    if (stores) {
      known_.insert(item);
    }
    return stores;
  }

  // One object is asked for what the class does not have, and that is what `__init__` was given.
  bool FollowsModule() {
    for (llvm::StringRef each : asks_) {
      const ModuleClass::Kept *kept = made_.FindKept(each);
      if (kept == nullptr || kept->argument == ModuleClass::kNone ||
          (made_.module != ModuleClass::kNone && made_.module != kept->argument)) {
        return false;
      }
      made_.module = kept->argument;
    }
    for (const ModuleClass::Kept &each : made_.kept) {
      made_.names.push_back(each.name);
    }
    // With a `__setattr__` of its own, `self.name = value` is a call of that.
    return !(sets_attributes_ && methods_.contains("__setattr__"));
  }

  bool NothingElse() const {
    for (uint32_t i = node_; i < tree_.At(node_).subtree_end; ++i) {
      if (tree_.Is(i, NodeKind::Identifier) && ReachesFar(tree_.Text(i)) && !known_.contains(i) &&
          tree_.Enclosing(i, NodeKind::Type) == 0) {
        return false;
      }
      const bool stored = tree_.Is(i, NodeKind::Attribute) || tree_.Is(i, NodeKind::Subscript);
      if (stored && tree_.IsTarget(i) && !known_.contains(i)) {
        return false;
      }
    }
    return true;
  }

  const Project &project_;
  const SourceTree &tree_;
  const uint32_t node_;
  ModuleClass made_;
  llvm::StringSet<> methods_;
  llvm::DenseSet<uint32_t> known_; // nodes that are part of a known form
  llvm::SmallVector<llvm::StringRef, 4> asks_;
  llvm::StringRef self_;  // of the method that is read
  llvm::StringRef asked_; // its first argument
  bool sets_attributes_ = false;
  bool serves_ = false; // it is `__getattr__`
  uint32_t scope_ = 0;
};

} // namespace

const ModuleClass::Kept *ModuleClass::FindKept(llvm::StringRef name) const {
  const auto found = llvm::find_if(kept, [&](const Kept &each) { return each.name == name; });
  return found == kept.end() ? nullptr : &*found;
}

ModuleClass ReadModuleClass(const Project &project, const SourceTree &tree, uint32_t node) {
  return ClassReader(project, tree, node).Read();
}

} // namespace pydefrag
