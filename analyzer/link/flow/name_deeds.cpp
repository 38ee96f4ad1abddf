#include "link/flow/name_deeds.h"

#include "link/flow/hook_forms.h"
#include "link/flow/string_flow.h"
#include "link/flow/tree_forms.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {
namespace {

// What sees the local names of a function without naming them.
bool SeesLocals(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("locals", "vars", "eval", "exec", "globals", "_getframe", "currentframe", true)
      .Cases("stack", "get_objects", "get_referrers", true)
      .Default(false);
}

class DeedReader {
public:
  DeedReader(const Project &project, NameDeedsTable &table, const SourceTree &tree,
             uint32_t function)
      : project_(project), table_(table), tree_(tree), function_(function),
        scope_(tree.ScopeMadeBy(function)), parameters_(tree.Parameters(function)) {}

  NameDeeds Read(size_t position) {
    const bool readable = position < parameters_.size() && IsPlainFunction(tree_, function_) &&
                          !table_.HasStar(tree_) && NoteUses();
    if (readable && IsParameter(parameters_[position].name)) {
      name_ = tree_.Text(parameters_[position].name);
      fine_ = true;
      for (uint32_t use : uses_[name_]) {
        if (!tree_.BindsHere(use)) {
          UseName(use);
        }
      }
      FollowModules();
      fine_ &= IsConsistent();
    }
    deeds_.understood = fine_;
    return std::move(deeds_);
  }

private:
  void Fail() { fine_ = false; }

  // The identifiers that mean names of the function itself.
  bool NoteUses() {
    const auto &bound = tree_.Scope(scope_).bindings;
    for (uint32_t i = tree_.LastChild(function_); i < tree_.At(function_).subtree_end; ++i) {
      if (!tree_.Is(i, NodeKind::Identifier)) {
        continue;
      }
      if (SeesLocals(tree_.Text(i))) {
        return false;
      }
      const uint32_t above = tree_.Parent(i);
      const bool label = (tree_.Is(above, NodeKind::Attribute) && i != above + 1) ||
                         (tree_.Is(above, NodeKind::KeywordArgument) && i == above + 1);
      if (!label && bound.contains(tree_.Text(i)) && tree_.LookUp(i) == scope_) {
        uses_[tree_.Text(i)].push_back(i);
      }
    }
    return true;
  }

  // One that nothing else is ever bound to.
  bool IsParameter(uint32_t identifier) const {
    const auto bound = tree_.Scope(scope_).bindings.find(tree_.Text(identifier));
    return bound != tree_.Scope(scope_).bindings.end() && bound->second.size() == 1 &&
           PositionOf(identifier) != parameters_.size();
  }
  size_t PositionOf(uint32_t identifier) const {
    const auto found = llvm::find_if(parameters_, [&](const TreeParameter &each) {
      return tree_.Text(each.name) == tree_.Text(identifier) &&
             (each.kind == TreeParameter::Kind::Positional ||
              each.kind == TreeParameter::Kind::KeywordOnly);
    });
    return static_cast<size_t>(found - parameters_.begin());
  }
  // The parameter that an expression is; none: parameters_.size().
  size_t ParameterAt(uint32_t node) const {
    return tree_.Is(node, NodeKind::Identifier) && tree_.LookUp(node) == scope_ && IsParameter(node)
               ? PositionOf(node)
               : parameters_.size();
  }

  // --- the name

  // `node`: an expression whose value is the module's name.
  void UseName(uint32_t node) {
    const uint32_t above = tree_.Parent(node);
    if (const uint32_t text = TextMadeOf(tree_, node)) {
      shows_name_ |= !IsOnlyShown(project_, tree_, text);
      return;
    }
    if (tree_.Is(above, NodeKind::Assignment) && tree_.LastChild(above) == node &&
        SetsModuleOf(tree_.Child(above, 0))) {
      return;
    }
    if (tree_.ScopeOf(node) != scope_) {
      return Fail();
    }
    switch (tree_.KindOf(above)) {
    case NodeKind::Subscript:
      return tree_.Child(above, 1) == node && IsModules(tree_.Child(above, 0)) ? UseEntry(above)
                                                                               : Fail();
    case NodeKind::ComparisonOperator:
      return ComparesName(above, node) ? void() : Fail();
    case NodeKind::ArgumentList:
      return tree_.Is(tree_.Parent(above), NodeKind::Call) ? GiveName(node, tree_.Parent(above))
                                                           : Fail();
    default:
      return Fail();
    }
  }

  bool IsModules(uint32_t node) {
    return StandardName(project_, tree_, node) == "sys.modules" && NoteLookUp(node);
  }
  // What an expression looks up is understood.
  bool NoteLookUp(uint32_t node) {
    for (uint32_t i = node; i < tree_.At(node).subtree_end; ++i) {
      known_.insert(i);
    }
    return true;
  }

  // `thing.__module__ = name`
  bool SetsModuleOf(uint32_t target) const {
    return tree_.Is(target, NodeKind::Attribute) &&
           tree_.Text(tree_.LastChild(target)) == "__module__";
  }

  // `name in sys.modules`, `name is None`
  bool ComparesName(uint32_t comparison, uint32_t node) {
    const auto children = tree_.Children(comparison);
    return children.size() == 3 && children[0] == node &&
           (IsModules(children[2]) || tree_.Is(children[2], NodeKind::None_));
  }

  // `sys.modules[name]`
  void UseEntry(uint32_t entry) {
    if (!tree_.IsTarget(entry)) {
      return UseModule(entry);
    }
    const uint32_t assignment = tree_.Parent(entry);
    if (!tree_.Is(assignment, NodeKind::Assignment) || tree_.Child(assignment, 0) != entry) {
      return Fail();
    }
    entries_.insert(entry);
  }

  void GiveName(uint32_t node, uint32_t call) {
    const std::string callee = StandardName(project_, tree_, tree_.Child(call, 0));
    const TreeArguments given = ArgumentsOf(tree_, call);
    const bool alone = given.positional.size() == 1 && given.named.empty() &&
                       given.splats.empty() && given.double_splats.empty();
    if ((callee == "sys.modules.get" || callee == "importlib.import_module") && alone) {
      NoteLookUp(tree_.Child(call, 0));
      return UseModule(call);
    }
    if (OnlyReadsName(callee)) {
      return void(NoteLookUp(tree_.Child(call, 0)));
    }
    const bool tests = IsBuiltin(tree_, tree_.Child(call, 0), "isinstance") &&
                       given.positional.size() == 2 && given.positional[0] == node &&
                       IsBuiltin(tree_, given.positional[1], "str");
    const unsigned argument =
        !tests && Makes(call) ? ArgumentGiven(call, node) : ModuleClass::kNone;
    if (!tests && (argument == ModuleClass::kNone || argument == class_->module)) {
      Fail();
    }
  }

  // --- the module

  void FollowModules() {
    for (size_t k = 0; k < modules_.size() && fine_; ++k) {
      for (uint32_t use : uses_[modules_[k]]) {
        if (!tree_.BindsHere(use)) {
          tree_.ScopeOf(use) == scope_ ? UseModule(use) : Fail();
        }
      }
    }
  }

  // `node`: an expression whose value is the module, or what stands in for it.
  void UseModule(uint32_t node) {
    const uint32_t above = tree_.Parent(node);
    switch (tree_.KindOf(above)) {
    case NodeKind::ExpressionStatement:
      return;
    case NodeKind::Assignment:
      return AssignModule(node, above);
    case NodeKind::Attribute:
      return UseAttribute(above);
    case NodeKind::ArgumentList:
      return tree_.Is(tree_.Parent(above), NodeKind::Call) ? GiveModule(node, tree_.Parent(above))
                                                           : Fail();
    case NodeKind::ComparisonOperator: {
      const auto children = tree_.Children(above);
      return children.size() == 3 && children[0] == node && tree_.Is(children[2], NodeKind::None_)
                 ? void()
                 : Fail();
    }
    default:
      return Fail();
    }
  }

  // `module = value`, `sys.modules[name] = value`, and both in a chain
  void AssignModule(uint32_t value, uint32_t assignment) {
    if (tree_.LastChild(assignment) != value) {
      return Fail();
    }
    for (; tree_.Is(assignment, NodeKind::Assignment); assignment = tree_.Parent(assignment)) {
      const uint32_t target = tree_.Child(assignment, 0);
      if (tree_.Is(target, NodeKind::Subscript) && IsModules(tree_.Child(target, 0))) {
        filled_.insert(target);
      } else if (tree_.Is(target, NodeKind::Identifier) && tree_.LookUp(target) == scope_ &&
                 tree_.ScopeOf(target) == scope_) {
        bindings_.insert(target);
        if (!llvm::is_contained(modules_, tree_.Text(target))) {
          modules_.push_back(tree_.Text(target));
        }
      } else {
        return Fail();
      }
    }
  }

  void UseAttribute(uint32_t attribute) {
    const llvm::StringRef name = tree_.Text(tree_.LastChild(attribute));
    if (!tree_.IsTarget(attribute)) {
      const bool text = name == "__file__" || name == "__doc__";
      return name == "__name__" ? UseName(attribute) : text ? void() : Fail();
    }
    uint32_t value = tree_.Parent(attribute);
    if (!tree_.Is(value, NodeKind::Assignment) || tree_.Child(value, 0) != attribute) {
      return Fail();
    }
    while (tree_.Is(value, NodeKind::Assignment)) {
      value = tree_.LastChild(value);
    }
    if (name == "__class__") {
      return SetClass(value);
    }
    if (name == "__getattr__") {
      return SetHook(value);
    }
    IsPlainName(name) ? deeds_.names.push_back(name) : Fail();
    stored_.push_back({name, value});
  }

  void GiveModule(uint32_t node, uint32_t call) {
    const uint32_t callee = tree_.Child(call, 0);
    const TreeArguments given = ArgumentsOf(tree_, call);
    const bool first = !given.positional.empty() && given.positional[0] == node &&
                       given.named.empty() && given.splats.empty() && given.double_splats.empty();
    if (first && given.positional.size() == 2 && IsBuiltin(tree_, callee, "isinstance")) {
      return NoteTested(given.positional[1]);
    }
    if (first && given.positional.size() == 2 && IsBuiltin(tree_, callee, "hasattr")) {
      return;
    }
    if (first && given.positional.size() == 3 && IsBuiltin(tree_, callee, "setattr")) {
      return SetKey(given.positional[1]);
    }
    const bool made = Makes(call) && ArgumentGiven(call, node) == class_->module;
    made ? UseModule(call) : Fail();
  }

  void NoteTested(uint32_t node) {
    if (StandardName(project_, tree_, node) != "types.ModuleType") {
      tested_.push_back(ClassNamed(node));
    }
  }

  // `setattr(module, key, value)`
  void SetKey(uint32_t key) {
    const llvm::StringRef text = tree_.PlainText(key);
    const size_t parameter = ParameterAt(key);
    if (IsPlainName(text)) {
      deeds_.names.push_back(text);
    } else if (text.empty() && parameter != parameters_.size()) {
      deeds_.keys.push_back(static_cast<unsigned>(parameter));
    } else {
      Fail();
    }
  }

  // --- what serves names

  // The class at the top of the file that is called so, and nothing else; 0: none.
  uint32_t ClassNamed(uint32_t node) const {
    const bool top = tree_.Is(node, NodeKind::Identifier) && tree_.LookUp(node) == 0u;
    return top ? tree_.ClassNamed(tree_.Text(node)) : 0;
  }

  bool StandsIn(uint32_t node) {
    if (node == 0 || (deeds_.stands_in != 0 && deeds_.stands_in != node)) {
      return false;
    }
    deeds_.stands_in = node;
    return true;
  }

  // Whether the call makes a stand-in of the module; notes what it is.
  bool Makes(uint32_t call) {
    const uint32_t node = ClassNamed(tree_.Child(call, 0));
    if (!StandsIn(node)) {
      return false;
    }
    const ModuleClass &read = table_.ClassAt(tree_, node);
    if (!read.understood || read.module == ModuleClass::kNone) {
      return false;
    }
    class_ = &read;
    return made_.insert(call).second ? TakeClass(call) : true;
  }

  bool TakeClass(uint32_t call) {
    deeds_.class_serves |= class_->has_hook;
    shows_name_ |= class_->shows_name;
    llvm::append_range(deeds_.names, class_->names);
    for (llvm::StringRef table : class_->tables) {
      const ModuleClass::Kept *kept = class_->FindKept(table);
      if (kept == nullptr || kept->argument == class_->module) {
        return false;
      }
      const uint32_t given =
          kept->argument == ModuleClass::kNone ? kept->value : GivenFor(call, kept->argument);
      if (!Serves(given)) {
        return false;
      }
    }
    return true;
  }

  // Which argument of `__init__` an argument of the call is.
  unsigned ArgumentGiven(uint32_t call, uint32_t node) const {
    for (unsigned k = 0; k < class_->arguments.size(); ++k) {
      if (GivenFor(call, k) == node) {
        return k;
      }
    }
    return ModuleClass::kNone;
  }
  uint32_t GivenFor(uint32_t call, unsigned argument) const {
    const TreeArguments given = ArgumentsOf(tree_, call);
    if (!given.splats.empty() || !given.double_splats.empty()) {
      return 0;
    }
    return argument < given.positional.size()
               ? given.positional[argument]
               : given.Named(tree_.Text(class_->arguments[argument].name));
  }

  // The keys of what an expression holds are served.
  bool Serves(uint32_t table) {
    const size_t parameter = ParameterAt(table);
    if (parameter != parameters_.size()) {
      tables_[tree_.Text(table)].insert(table);
      deeds_.tables.push_back(static_cast<unsigned>(parameter));
      return true;
    }
    if (!tree_.Is(table, NodeKind::Dictionary)) {
      return false;
    }
    deeds_.displays.push_back(table);
    return true;
  }

  // `module.__class__ = Serving`
  void SetClass(uint32_t value) {
    const uint32_t node = ClassNamed(value);
    const ModuleClass *read = StandsIn(node) ? &table_.ClassAt(tree_, node) : nullptr;
    if (read == nullptr || !read->understood || !read->made_of_module || read->keeps) {
      return Fail();
    }
    deeds_.class_serves |= read->has_hook;
    shows_name_ |= read->shows_name;
    llvm::append_range(deeds_.names, read->names);
    llvm::append_range(deeds_.own, read->tables);
  }

  // `module.__getattr__ = hook`
  void SetHook(uint32_t value) {
    const auto scope =
        tree_.Is(value, NodeKind::Identifier) ? tree_.LookUp(value) : std::optional<uint32_t>();
    const auto bound = scope == scope_ ? tree_.Scope(scope_).bindings.find(tree_.Text(value))
                                       : tree_.Scope(0).bindings.end();
    const uint32_t hook =
        scope == scope_ && bound->second.size() == 1 ? tree_.Parent(bound->second.front()) : 0;
    if (!tree_.Is(hook, NodeKind::FunctionDefinition) || !StandsIn(hook)) {
      return Fail();
    }
    const auto parameters = tree_.Parameters(hook);
    const llvm::StringRef asked = parameters.empty() ? "" : tree_.Text(parameters[0].name);
    const HookForm form = ReadHookForm(tree_, hook, "", asked);
    fine_ &= form.understood;
    hook_ = {hook, asked};
    llvm::append_range(deeds_.names, form.names);
    for (uint32_t table : form.tables) {
      fine_ &= ParameterAt(table) != parameters_.size() && Serves(table);
    }
    deeds_.class_serves = true;
  }

  // --- at last

  bool IsConsistent() {
    for (llvm::StringRef module : modules_) {
      for (uint32_t binding : tree_.Scope(scope_).bindings.find(module)->second) {
        if (!bindings_.contains(binding)) {
          return false;
        }
      }
    }
    const bool tested =
        llvm::all_of(tested_, [&](uint32_t each) { return each != 0 && each == deeds_.stands_in; });
    const bool filled =
        entries_.size() == filled_.size() &&
        llvm::all_of(entries_, [&](uint32_t each) { return filled_.contains(each); });
    for (const auto &[name, value] : stored_) {
      if (!llvm::is_contained(deeds_.own, name)) {
        continue;
      }
      if (!Serves(value)) {
        return false;
      }
    }
    return tested && filled && TablesAreLeftAlone() && LooksUpNothingElse();
  }

  // Beyond what is understood, the function looks no module up; where it hands on a text with the
  // name, nor does the rest of its file, or a module of the project that this imports.
  bool LooksUpNothingElse() {
    const bool anywhere = shows_name_;
    return !(anywhere && table_.ImportsOwn(tree_)) &&
           llvm::all_of(table_.LookUpsIn(tree_), [&](uint32_t each) {
             const bool within = each > function_ && each < tree_.At(function_).subtree_end;
             return within ? known_.contains(each) : !anywhere;
           });
  }

  // A table that a parameter holds is only asked by the hook.
  bool TablesAreLeftAlone() {
    for (const auto &[name, places] : tables_) {
      for (uint32_t use : uses_[name]) {
        const bool within =
            hook_.first != 0 && use > hook_.first && use < tree_.At(hook_.first).subtree_end;
        if (!tree_.BindsHere(use) && !places.contains(use) &&
            !(within && IsAsked(tree_, use, hook_.second))) {
          return false;
        }
      }
    }
    return true;
  }

  const Project &project_;
  NameDeedsTable &table_;
  const SourceTree &tree_;
  const uint32_t function_;
  const uint32_t scope_;
  const llvm::SmallVector<TreeParameter, 8> parameters_;
  NameDeeds deeds_;
  bool fine_ = false;
  bool shows_name_ = false;
  llvm::StringRef name_;
  std::map<llvm::StringRef, std::vector<uint32_t>> uses_;
  llvm::SmallVector<llvm::StringRef, 2> modules_; // local names that stand for the module
  llvm::DenseSet<uint32_t> bindings_;             // that make them so
  llvm::DenseSet<uint32_t> entries_;              // targets `sys.modules[name]`
  llvm::DenseSet<uint32_t> filled_;               // that get the module, or its stand-in
  llvm::DenseSet<uint32_t> known_;                // parts of look-ups
  llvm::DenseSet<uint32_t> made_;                 // calls that make the stand-in
  llvm::SmallVector<uint32_t, 2> tested_;         // classes
  llvm::SmallVector<std::pair<llvm::StringRef, uint32_t>, 2> stored_;
  std::map<llvm::StringRef, llvm::DenseSet<uint32_t>> tables_; // parameters, where they are given
  std::pair<uint32_t, llvm::StringRef> hook_{0, ""}; // and what it calls the name asked for
  const ModuleClass *class_ = nullptr;
};

// What looks a module up by a text.
bool LooksUp(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("modules", "import_module", "__import__", "importlib", "imp", "pkgutil", true)
      .Cases("exec", "eval", "gc", "inspect", "runpy", "resolve_name", "_getframe", true)
      .Default(false);
}

} // namespace

const NameDeeds &NameDeedsTable::Of(const SourceTree &tree, uint32_t function, size_t position) {
  const auto [it, inserted] = deeds_.try_emplace({&tree, function, position});
  if (inserted) {
    it->second = DeedReader(project_, *this, tree, function).Read(position);
  }
  return it->second;
}

const ModuleClass &NameDeedsTable::ClassAt(const SourceTree &tree, uint32_t node) {
  const auto [it, inserted] = classes_.try_emplace({&tree, node});
  if (inserted) {
    it->second = ReadModuleClass(project_, tree, node);
    it->second.understood &=
        it->second.understood && !IsNamedElsewhere(tree, tree.Text(tree.Child(node, 0)));
  }
  return it->second;
}

llvm::ArrayRef<ModuleId> NameDeedsTable::UsersOf(const SourceTree &tree) {
  const auto [it, inserted] = users_.try_emplace(&tree);
  std::vector<ModuleId> &users = it->second;
  if (inserted) {
    users = trees_.UsersOf(tree.module);
    for (const FromImport &import : trees_.FromImportsOf(tree.module)) {
      users.push_back(import.first);
    }
    llvm::sort(users);
    users.erase(std::unique(users.begin(), users.end()), users.end());
    llvm::erase(users, tree.module);
    trees_.ReadTexts(users);
  }
  return users;
}

// Calls `visit` for what stands in front of a word and behind it, wherever a text says it.
static bool AnyPlaceOf(llvm::StringRef text, llvm::StringRef word,
                       llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> visit) {
  const auto in_word = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    const llvm::StringRef before = text.take_front(at);
    const llvm::StringRef behind = text.drop_front(at + word.size());
    if ((before.empty() || !in_word(before.back())) &&
        (behind.empty() || !in_word(behind.front())) && visit(before, behind)) {
      return true;
    }
  }
  return false;
}

// Whether another file says the name of a class: it may change the class.
bool NameDeedsTable::IsNamedElsewhere(const SourceTree &tree, llvm::StringRef name) {
  return llvm::any_of(UsersOf(tree), [&](ModuleId user) {
    return AnyPlaceOf(trees_.TextOf(user), name,
                      [](llvm::StringRef, llvm::StringRef) { return true; });
  });
}

// `module.name = value`, `monkeypatch.setattr(module, "name", value)`
bool NameDeedsTable::IsReplaced(const SourceTree &tree, llvm::StringRef name) {
  const auto [it, inserted] = replaced_.try_emplace({&tree, name.str()});
  if (inserted) {
    it->second = llvm::any_of(UsersOf(tree), [&](ModuleId user) {
      return AnyPlaceOf(trees_.TextOf(user), name,
                        [](llvm::StringRef before, llvm::StringRef behind) {
                          const llvm::StringRef rest = behind.ltrim(' ');
                          const bool assigned = before.ends_with(".") && rest.starts_with("=") &&
                                                !rest.starts_with("==");
                          return assigned || before.ends_with("\"") || before.ends_with("'");
                        });
    });
  }
  return it->second;
}

const NameDeedsTable::File &NameDeedsTable::FileOf(const SourceTree &tree) {
  const auto [it, inserted] = files_.try_emplace(&tree);
  File &file = it->second;
  if (!inserted) {
    return file;
  }
  file.star = pydefrag::HasStar(tree);
  for (uint32_t i = 1; i < tree.size(); ++i) {
    if (tree.Is(i, NodeKind::Identifier) && LooksUp(tree.Text(i))) {
      file.looks_up.push_back(i);
    }
  }
  file.own_imports = trees_.ImportsOwn(tree.module);
  return file;
}

} // namespace pydefrag
