#include "link/flow/given_name.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// `f"{name}.cart"`, `name + "." + part`: what says more, behind a dot.
static bool GoesOnBehindDot(const SourceTree &tree, uint32_t text, uint32_t value) {
  llvm::StringRef behind = tree.Text(text).drop_front(tree.At(value).end - tree.At(text).begin);
  if (tree.Is(text, NodeKind::String)) {
    return behind.starts_with(".");
  }
  behind = behind.ltrim();
  const bool sum = value == text + 1 && behind.consume_front("+");
  behind = behind.ltrim();
  return sum && (behind.starts_with("\".") || behind.starts_with("'."));
}

bool GivenNames::Follow(Value value) {
  const SourceTree &tree = *value.tree;
  const uint32_t above = value.parent();
  const bool first = value.node == above + 1;
  switch (tree.KindOf(above)) {
  case NodeKind::ExpressionStatement:
  case NodeKind::NotOperator:
  case NodeKind::ComparisonOperator:
  case NodeKind::AssertStatement:
  case NodeKind::IfStatement:
  case NodeKind::ElifClause:
  case NodeKind::IfClause:
  case NodeKind::WhileStatement:
  case NodeKind::RaiseStatement:
  case NodeKind::DeleteStatement: // of a name: it stands for nothing any more
    return true;
  case NodeKind::ParenthesizedExpression:
  case NodeKind::ConditionalExpression:
  case NodeKind::BooleanOperator:
    return Follow(value.At(above));
  case NodeKind::Interpolation:
    return !value.is_name() || Follow(value.At(above));
  case NodeKind::BinaryOperator:
  case NodeKind::String: // of an interpolation
    return value.is_name() &&
           Follow(GoesOnBehindDot(tree, above, value.node) ? value.At(above).As(What::Below)
                                                           : value.At(above));
  case NodeKind::ConcatenatedString:
  case NodeKind::List:
  case NodeKind::Tuple:
  case NodeKind::Set:
  case NodeKind::Dictionary:
  case NodeKind::Pair:
  case NodeKind::ExpressionList:
  case NodeKind::ListComprehension:
  case NodeKind::SetComprehension:
  case NodeKind::GeneratorExpression:
    return value.is_name() && Follow(value.At(above));
  case NodeKind::ForStatement:
  case NodeKind::ForInClause:
    return value.is_name() && tree.Iterable(above) == value.node &&
           FollowTarget(value.At(tree.Child(above, 0)));
  case NodeKind::ReturnStatement: // whoever calls the function follows what it gives
    return value.is_name() && tree.Enclosing(tree.Enclosing(above, NodeKind::FunctionDefinition),
                                             NodeKind::FunctionDefinition) == 0;
  case NodeKind::NamedExpression:
    return !first && FollowTarget(value.At(above + 1)) && Follow(value.At(above));
  case NodeKind::Assignment:
  case NodeKind::AugmentedAssignment:
    return FollowAssigned(value);
  case NodeKind::Subscript:
    return !first ? FollowKey(value)
                  : value.is_name() && (tree.IsTarget(above) || Follow(value.At(above).Made()));
  case NodeKind::Attribute:
    return FollowAttribute(value);
  case NodeKind::ArgumentList:
  case NodeKind::KeywordArgument:
    return FollowArgument(value);
  default:
    return false;
  }
}

// Uses of the name that an identifier binds or says.
bool GivenNames::FollowNamed(Value value) {
  const SourceTree &tree = *value.tree;
  const auto scope = tree.LookUp(value.node);
  if (!scope || tree.Scope(*scope).kind != TreeScope::Kind::Function) {
    return false; // other files may use it
  }
  const llvm::StringRef name = tree.Text(value.node);
  if (!followed_.insert({&tree, *scope, name, value.what}).second) {
    return true;
  }
  const uint32_t around = tree.Scope(*scope).node;
  const llvm::ArrayRef<uint32_t> said = tree.NamesSaying(name);
  for (const uint32_t *use = llvm::lower_bound(said, around);
       use != said.end() && *use < tree.At(around).subtree_end; ++use) {
    if (!tree.BindsHere(*use) && tree.LookUp(*use) == *scope && !Follow(value.At(*use))) {
      return false;
    }
  }
  return true;
}

bool GivenNames::FollowTarget(Value value) {
  const SourceTree &tree = *value.tree;
  if (IsEntry(tree, value.node)) {
    return !value.is_name(); // FollowEntry looks at what is put there
  }
  const bool parts = value.is_name() && (tree.Is(value.node, NodeKind::PatternList) ||
                                         tree.Is(value.node, NodeKind::TuplePattern));
  return parts ? llvm::all_of(tree.Children(value.node),
                              [&](uint32_t each) { return FollowTarget(value.At(each)); })
               : tree.Is(value.node, NodeKind::Identifier) && FollowNamed(value);
}

bool GivenNames::FollowAssigned(Value value) {
  const SourceTree &tree = *value.tree;
  const uint32_t assignment = value.parent();
  if (value.node != tree.LastChild(assignment) || value.node == tree.Child(assignment, 0) ||
      !FollowTarget(value.At(tree.Child(assignment, 0)))) {
    return false;
  }
  return !tree.Is(tree.Parent(assignment), NodeKind::Assignment) ||
         FollowAssigned(value.At(assignment)); // a = b = value
}

// Attributes that say more than what the module's own names hold.
static bool IsSpecial(llvm::StringRef attribute) {
  const bool special = attribute.starts_with("__") && attribute.ends_with("__");
  return special && !llvm::StringSwitch<bool>(attribute)
                         .Cases("__name__", "__file__", "__doc__", "__version__", true)
                         .Default(false);
}

// `module.name = value`
bool GivenNames::FollowStore(Value module, uint32_t attribute) {
  const SourceTree &tree = *module.tree;
  const llvm::StringRef name = tree.Text(tree.LastChild(attribute));
  if (name == "__class__") {
    const Meaning made = meanings_.Of(tree, tree.LastChild(tree.Parent(attribute)));
    const llvm::StringRef table =
        made.Is(NodeKind::ClassDefinition)
            ? ReadServingClass(*made.tree, made.node, meanings_, deed_.sets)
            : "";
    const bool other = !deed_.table.empty() && deed_.table != table;
    deed_.table = table;
    return !table.empty() && !other;
  }
  deed_.sets.push_back(name);
  if (tree.Text(tree.LastChild(tree.Parent(attribute))) != "{}") {
    deed_.filled.push_back(name);
  }
  return !llvm::StringSwitch<bool>(name)
              .Cases("__dict__", "__getattr__", "__dir__", "__path__", "__all__", "__name__", true)
              .Cases("__spec__", "__loader__", "__package__", true)
              .Default(false);
}

// `module.__dict__[name] = value` in a function `__getattr__(name)`: what a hook serves.
static bool KeepsWhatIsAsked(const SourceTree &tree, uint32_t dict) {
  const uint32_t item = tree.Parent(dict);
  const uint32_t hook = tree.Enclosing(item, NodeKind::FunctionDefinition);
  const auto parameters = hook != 0 ? tree.Parameters(hook) : llvm::SmallVector<TreeParameter, 8>();
  return tree.Is(item, NodeKind::Subscript) && dict == item + 1 && tree.IsTarget(item) &&
         tree.Is(tree.Parent(item), NodeKind::Assignment) && parameters.size() == 1 &&
         tree.Text(tree.Child(hook, 0)) == "__getattr__" &&
         tree.Text(tree.Child(item, 1)) == tree.Text(parameters[0].name) &&
         tree.Scope(tree.ScopeMadeBy(hook))
                 .bindings.find(tree.Text(parameters[0].name))
                 ->second.size() == 1;
}

bool GivenNames::FollowAttribute(Value object) {
  const SourceTree &tree = *object.tree;
  const uint32_t attribute = object.parent();
  const llvm::StringRef name = tree.Text(tree.LastChild(attribute));
  const uint32_t above = tree.Parent(attribute);
  if (object.node != attribute + 1) {
    return false;
  }
  if (object.is_name()) { // a method of a text or list
    const bool called = tree.Is(above, NodeKind::Call) && attribute == above + 1;
    return called && Follow(object.At(above).Made());
  }
  if (tree.IsTarget(attribute)) {
    return tree.Is(above, NodeKind::Assignment) && FollowStore(object, attribute);
  }
  if (name == "__dict__") {
    deed_.keeps_asked = true;
    return KeepsWhatIsAsked(tree, attribute);
  }
  if (name == "__path__") { // an item is read
    return tree.Is(above, NodeKind::Subscript) && attribute == above + 1 && !tree.IsTarget(above);
  }
  if (name == "__name__") {
    return Follow(object.At(attribute).As(What::Name));
  }
  const bool called = tree.Is(above, NodeKind::Call) && attribute == above + 1;
  return !IsSpecial(name) && !called;
}

// `table[name]`
bool GivenNames::FollowKey(Value key) {
  const SourceTree &tree = *key.tree;
  const uint32_t item = key.parent();
  if (!key.is_name()) {
    return false;
  }
  if (IsEntry(tree, item)) {
    return key.what == What::Below || FollowEntry(tree, item);
  }
  // Another table may have the module there.
  return !tree.IsTarget(item) && Follow(key.At(item).As(What::Module));
}

} // namespace pydefrag
