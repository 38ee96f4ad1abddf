// DeedReader: where the name goes, and the module that it stands for.
#include "link/flow/deed_reader.h"

#include "link/flow/hook_forms.h"
#include "link/flow/string_flow.h"
#include "link/flow/tree_forms.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// What sees the local names of a function without naming them.
static bool SeesLocals(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("locals", "vars", "eval", "exec", "globals", "_getframe", "currentframe", true)
      .Cases("stack", "get_objects", "get_referrers", true)
      .Default(false);
}

NameDeeds DeedReader::Read(size_t position) {
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

// The identifiers that mean names of the function itself.
bool DeedReader::NoteUses() {
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
bool DeedReader::IsParameter(uint32_t identifier) const {
  const auto bound = tree_.Scope(scope_).bindings.find(tree_.Text(identifier));
  return bound != tree_.Scope(scope_).bindings.end() && bound->second.size() == 1 &&
         PositionOf(identifier) != parameters_.size();
}

size_t DeedReader::PositionOf(uint32_t identifier) const {
  const auto found = llvm::find_if(parameters_, [&](const TreeParameter &each) {
    return tree_.Text(each.name) == tree_.Text(identifier) &&
           (each.kind == TreeParameter::Kind::Positional ||
            each.kind == TreeParameter::Kind::KeywordOnly);
  });
  return static_cast<size_t>(found - parameters_.begin());
}

// The parameter that an expression is; none: parameters_.size().
size_t DeedReader::ParameterAt(uint32_t node) const {
  return tree_.Is(node, NodeKind::Identifier) && tree_.LookUp(node) == scope_ && IsParameter(node)
             ? PositionOf(node)
             : parameters_.size();
}

// `node`: an expression whose value is the module's name.
void DeedReader::UseName(uint32_t node) {
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

bool DeedReader::IsModules(uint32_t node) {
  return StandardName(project_, tree_, node) == "sys.modules" && NoteLookUp(node);
}

// What an expression looks up is understood.
bool DeedReader::NoteLookUp(uint32_t node) {
  for (uint32_t i = node; i < tree_.At(node).subtree_end; ++i) {
    known_.insert(i);
  }
  return true;
}

// `thing.__module__ = name`
bool DeedReader::SetsModuleOf(uint32_t target) const {
  return tree_.Is(target, NodeKind::Attribute) &&
         tree_.Text(tree_.LastChild(target)) == "__module__";
}

// `name in sys.modules`, `name is None`
bool DeedReader::ComparesName(uint32_t comparison, uint32_t node) {
  const auto children = tree_.Children(comparison);
  return children.size() == 3 && children[0] == node &&
         (IsModules(children[2]) || tree_.Is(children[2], NodeKind::None_));
}

// `sys.modules[name]`
void DeedReader::UseEntry(uint32_t entry) {
  if (!tree_.IsTarget(entry)) {
    return UseModule(entry);
  }
  const uint32_t assignment = tree_.Parent(entry);
  if (!tree_.Is(assignment, NodeKind::Assignment) || tree_.Child(assignment, 0) != entry) {
    return Fail();
  }
  entries_.insert(entry);
}

void DeedReader::GiveName(uint32_t node, uint32_t call) {
  const std::string callee = StandardName(project_, tree_, tree_.Child(call, 0));
  const TreeArguments given = ArgumentsOf(tree_, call);
  const bool alone = given.positional.size() == 1 && given.named.empty() && given.splats.empty() &&
                     given.double_splats.empty();
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
  const unsigned argument = !tests && Makes(call) ? ArgumentGiven(call, node) : ModuleClass::kNone;
  if (!tests && (argument == ModuleClass::kNone || argument == class_->module)) {
    Fail();
  }
}

void DeedReader::FollowModules() {
  for (size_t k = 0; k < modules_.size() && fine_; ++k) {
    for (uint32_t use : uses_[modules_[k]]) {
      if (!tree_.BindsHere(use)) {
        tree_.ScopeOf(use) == scope_ ? UseModule(use) : Fail();
      }
    }
  }
}

// `node`: an expression whose value is the module, or what stands in for it.
void DeedReader::UseModule(uint32_t node) {
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
void DeedReader::AssignModule(uint32_t value, uint32_t assignment) {
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

void DeedReader::UseAttribute(uint32_t attribute) {
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

void DeedReader::GiveModule(uint32_t node, uint32_t call) {
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

void DeedReader::NoteTested(uint32_t node) {
  if (StandardName(project_, tree_, node) != "types.ModuleType") {
    tested_.push_back(ClassNamed(node));
  }
}

// `setattr(module, key, value)`
void DeedReader::SetKey(uint32_t key) {
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

} // namespace pydefrag
