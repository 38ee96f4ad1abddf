#include "link/flow/own_name.h"

#include "link/flow/tree_forms.h"
#include "link/resolve/given_names.h"
#include "link/resolve/module_reads.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

void OwnName::Follow() {
  const llvm::StringRef dotted = project_.Text(project_.modules[tree_.module].name);
  const NameId own = project_.scanned.names.Find("__name__");
  const auto is_own = [&](uint32_t node) {
    return tree_.Is(node, NodeKind::String)
               ? tree_.PlainText(node) == dotted
               : tree_.Is(node, NodeKind::Identifier) && tree_.Text(node) == "__name__";
  };
  const auto names = tree_.NamesSaying("__name__");
  // These tell the name as well.
  const bool told =
      llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"__package__", "__spec__", "__loader__"},
                   [&](llvm::StringRef other) { return !tree_.NamesSaying(other).empty(); });
  understood_ = !told && (!own.valid() || resolver_.Log(tree_.module).Of(own).empty());
  for (uint32_t i = 1; i < tree_.size() && understood_; ++i) {
    const bool text = tree_.Is(i, NodeKind::String);
    understood_ = !is_own(i) || !(text || llvm::is_contained(names, i)) || IsUnderstood(i);
  }
}

std::vector<std::string> OwnName::Words(llvm::StringRef dotted) {
  return {"__name__",
          "__package__",
          "__spec__",
          "__loader__",
          ("\"" + dotted + "\"").str(),
          ("'" + dotted + "'").str()};
}

// `name`: where the module's name is said.
bool OwnName::IsUnderstood(uint32_t name) {
  if (tree_.Is(name, NodeKind::Identifier) && tree_.LookUp(name)) {
    return false; // something else goes by that name
  }
  const uint32_t above = tree_.Parent(name);
  if (const uint32_t text = TextMadeOf(tree_, name)) {
    return IsOnlyShown(project_, tree_, text) || IsReadBy(text);
  }
  switch (tree_.KindOf(above)) {
  case NodeKind::ExpressionStatement:
    return true;
  case NodeKind::ComparisonOperator:
    return llvm::all_of(tree_.Children(above), [&](uint32_t each) {
      return each == name || IsToken(tree_.KindOf(each)) || tree_.Is(each, NodeKind::String);
    });
  case NodeKind::Subscript:
    return tree_.Child(above, 1) == name && IsOwnEntry(above);
  case NodeKind::BinaryOperator:
    return IsReadBy(above);
  case NodeKind::Assignment: {
    const uint32_t target = tree_.Child(above, 0);
    return tree_.LastChild(above) == name && tree_.Is(target, NodeKind::Attribute) &&
           tree_.Text(tree_.LastChild(target)) == "__module__";
  }
  case NodeKind::ArgumentList:
    return IsReadBy(name) || IsGiven(name, tree_.Parent(above));
  case NodeKind::KeywordArgument:
    return IsGiven(name, tree_.Parent(tree_.Parent(above)));
  default:
    return false;
  }
}

// `logging.getLogger(text)`, `extend_path(__path__, text)`
bool OwnName::IsReadBy(uint32_t text) const {
  const uint32_t list = tree_.Parent(text);
  const uint32_t call = tree_.Is(list, NodeKind::ArgumentList) ? tree_.Parent(list) : 0;
  return tree_.Is(call, NodeKind::Call) && OnlyReadsName(StandardNameAt(tree_.Child(call, 0)));
}

// `sys.modules[__name__]`: own_writes.h follows it.
bool OwnName::IsOwnEntry(uint32_t subscript) const {
  const uint32_t modules = tree_.Child(subscript, 0);
  return tree_.Text(modules).ends_with("sys.modules") && StandardNameAt(modules) == "sys.modules";
}

// Nothing that the tree does not show binds the name.
std::string OwnName::StandardNameAt(uint32_t node) const {
  uint32_t root = node;
  while (tree_.Is(root, NodeKind::Attribute)) {
    root = tree_.Child(root, 0);
  }
  const auto scope = tree_.Is(root, NodeKind::Identifier) ? tree_.LookUp(root) : std::nullopt;
  const NameId name = scope == 0u ? project_.scanned.names.Find(tree_.Text(root)) : NameId();
  const bool once = scope != 0u || (name.valid() && OnlyEvent(tree_.module, name) != nullptr);
  return once ? StandardName(project_, tree_, node) : "";
}

// --- functions that get it

bool OwnName::RunsAtImport(uint32_t node) const {
  for (uint32_t scope = tree_.ScopeOf(node); scope != 0; scope = tree_.Scope(scope).parent) {
    if (tree_.Scope(scope).kind != TreeScope::Kind::Class) {
      return false;
    }
  }
  return true;
}

bool OwnName::IsGiven(uint32_t name, uint32_t call) {
  const Function function =
      tree_.Is(call, NodeKind::Call) && RunsAtImport(call) ? FunctionCalled(call) : Function{};
  const TreeArguments given = ArgumentsOf(tree_, call);
  if (function.tree == nullptr || !given.splats.empty() || !given.double_splats.empty()) {
    return false;
  }
  const SourceTree &there = *function.tree;
  if (there.Is(function.node, NodeKind::ClassDefinition)) {
    return OnlyKeepsArguments(there, function.node);
  }
  const auto parameters = there.Parameters(function.node);
  size_t position = parameters.size();
  for (const auto &[label, value] : given.named) {
    for (size_t k = 0; k < parameters.size() && value == name; ++k) {
      position = there.Text(parameters[k].name) == label ? k : position;
    }
  }
  for (size_t k = 0; k < given.positional.size(); ++k) {
    const bool positional =
        k < parameters.size() && parameters[k].kind == TreeParameter::Kind::Positional;
    position = given.positional[k] == name && positional ? k : position;
  }
  const NameDeeds &deeds = trees_.name_deeds().Of(there, function.node, position);
  return deeds.understood && Take(function, deeds, call);
}

// What an identifier means, where one statement of its module binds that name and nothing else.
NameId OwnName::NameAt(uint32_t identifier) const {
  const bool local =
      !tree_.Is(identifier, NodeKind::Identifier) || tree_.LookUp(identifier).value_or(0) != 0;
  return local ? NameId() : project_.scanned.names.Find(tree_.Text(identifier));
}

// The one event that binds a name: whoever gets there by the name gets what it binds, or nothing.
// Told by logs alone: answers that are remembered must not depend on who asks.
const Event *OwnName::OnlyEvent(ModuleId module, NameId name) const {
  const bool read = module.valid() && name.valid() && resolver_.HasLog(module) &&
                    !resolver_.IsOverridden(module, name) && !resolver_.Log(module).replaced();
  const NamespaceLog &log = resolver_.Log(module);
  uint32_t only = kNoEvent;
  for (uint32_t each : read ? log.Of(name) : llvm::ArrayRef<uint32_t>()) {
    if (log.events[each].kind == EventKind::Unbind) {
      continue;
    }
    if (only != kNoEvent) {
      return nullptr;
    }
    only = each;
  }
  if (only == kNoEvent) {
    return nullptr;
  }
  const Event &event = log.events[only];
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const bool sure = !event.maybe && statements[event.statement].parent < 0;
  return log.stars.empty() || (sure && log.stars.back() < only) ? &event : nullptr;
}

OwnName::Function OwnName::FunctionCalled(uint32_t call) {
  llvm::SmallVector<llvm::StringRef, 4> attributes;
  uint32_t root = tree_.Child(call, 0);
  for (; tree_.Is(root, NodeKind::Attribute); root = tree_.Child(root, 0)) {
    attributes.push_back(tree_.Text(tree_.LastChild(root)));
  }
  ModuleId module = tree_.module;
  NameId name = NameAt(root);
  if (!attributes.empty()) {
    module = ModuleNamed(name);
    for (llvm::StringRef part : llvm::reverse(llvm::ArrayRef(attributes).drop_front())) {
      module = Submodule(module, project_.scanned.names.Find(part));
    }
    name = project_.scanned.names.Find(attributes.front());
  }
  return FunctionNamed(module, name);
}

// What an import of the module binds to a name, if that is a module.
ModuleId OwnName::ModuleNamed(NameId name) const {
  const Event *event = OnlyEvent(tree_.module, name);
  if (event == nullptr) {
    return ModuleId();
  }
  const SyntaxView &view = resolver_.view();
  const auto &statements = project_.scanned.facts[tree_.file].statements;
  if (event->kind == EventKind::From) {
    return Submodule(resolver_.TargetOf(tree_.module, event->statement).module,
                     view.At(event->value).text);
  }
  if (event->kind != EventKind::Import) {
    return ModuleId();
  }
  const uint32_t number = resolver_.NumberOf(view.Of(statements[event->statement]), event->value);
  const ImportTarget &target = resolver_.TargetOf(tree_.module, event->statement, number);
  return view.Child(event->value).valid() ? target.module : target.top;
}

// Where nothing but the submodule has that name in the package.
ModuleId OwnName::Submodule(ModuleId package, NameId name) const {
  if (!package.valid() || !name.valid() || !resolver_.table().IsPackage(package)) {
    return ModuleId();
  }
  const bool own = package == tree_.module;
  const NamespaceLog &log = resolver_.Log(package);
  const bool plain = !log.replaced() && !log.lazy && log.stars.empty() &&
                     (own || (log.open_reason.empty() && !IsReplaced(package, name))) &&
                     !resolver_.IsOverridden(package, name);
  const bool only = llvm::all_of(log.Of(name), [&](uint32_t each) {
    const Event &event = log.events[each];
    return event.kind == EventKind::Submodule ||
           (event.kind == EventKind::From &&
            resolver_.TargetOf(package, event.statement).module == package &&
            resolver_.view().At(event.value).text == name);
  });
  return plain && only ? resolver_.table().FindChild(package, name) : ModuleId();
}

bool OwnName::IsReplaced(ModuleId module, NameId name) const {
  return trees_.name_deeds().IsReplaced(module, project_.Text(name));
}

// Of a function or class that its module binds once, and that nobody else replaces on the way.
OwnName::Function OwnName::FunctionNamed(ModuleId module, NameId name) const {
  constexpr int kLongestChain = 8;
  for (int hop = 0; hop < kLongestChain; ++hop) {
    const Event *event = OnlyEvent(module, name);
    const bool own = module == tree_.module;
    if (event == nullptr ||
        (!own && (!resolver_.Log(module).open_reason.empty() || IsReplaced(module, name)))) {
      return {};
    }
    if (event->kind == EventKind::Define && !own) {
      return DefinitionOf(module, *event);
    }
    if (event->kind != EventKind::From) {
      return {};
    }
    name = resolver_.view().At(event->value).text;
    module = resolver_.TargetOf(module, event->statement).module;
  }
  return {};
}

OwnName::Function OwnName::DefinitionOf(ModuleId module, const Event &event) const {
  const SourceTree *tree = trees_.name_deeds().TreeFor(resolver_, module, event);
  const auto &bindings = tree != nullptr ? tree->Scope(0).bindings : tree_.Scope(0).bindings;
  const auto bound = bindings.find(project_.Text(event.name));
  const uint32_t node = tree != nullptr && bound != bindings.end() && bound->second.size() == 1
                            ? tree->Parent(bound->second.front())
                            : 0;
  const bool top =
      node != 0 && tree->Parent(node) == 0 &&
      (tree->Is(node, NodeKind::FunctionDefinition) || tree->Is(node, NodeKind::ClassDefinition));
  return top ? Function{tree, node} : Function{};
}

// --- what they do

bool OwnName::Take(const Function &function, const NameDeeds &deeds, uint32_t call) {
  const SourceTree &there = *function.tree;
  const bool other =
      stands_in_.node != 0 && (stands_in_.tree != &there || stands_in_.node != deeds.stands_in);
  if (deeds.stands_in != 0) {
    if (other) {
      return false;
    }
    stands_in_ = {&there, deeds.stands_in};
  }
  class_serves_ |= deeds.class_serves;
  for (llvm::StringRef name : deeds.names) {
    flow_.AddText(name);
  }
  for (uint32_t display : deeds.displays) {
    flow_.Add(there, display, Taking::Each);
  }
  const SourceTree *tree = nullptr;
  return llvm::all_of(deeds.keys,
                      [&](unsigned key) {
                        const uint32_t node = ArgumentFor(function, call, key, tree);
                        return node != 0 && TakeKey(*tree, node);
                      }) &&
         llvm::all_of(deeds.tables,
                      [&](unsigned table) {
                        const uint32_t node = ArgumentFor(function, call, table, tree);
                        return node != 0 && TakeTable(*tree, node);
                      }) &&
         llvm::all_of(deeds.own, [&](llvm::StringRef name) { return TakeOwnTable(name); });
}

// What a parameter gets, and the file that it stands in; 0: unclear.
uint32_t OwnName::ArgumentFor(const Function &function, uint32_t call, unsigned parameter,
                              const SourceTree *&tree) const {
  const TreeArguments given = ArgumentsOf(tree_, call);
  const TreeParameter wanted = function.tree->Parameters(function.node)[parameter];
  uint32_t node = given.Named(function.tree->Text(wanted.name));
  if (node == 0 && wanted.kind == TreeParameter::Kind::Positional &&
      parameter < given.positional.size()) {
    node = given.positional[parameter];
  }
  tree = node != 0 ? &tree_ : function.tree;
  return node != 0 ? node : wanted.value;
}

bool OwnName::TakeKey(const SourceTree &tree, uint32_t node) {
  const llvm::StringRef text = tree.PlainText(node);
  if (tree.Is(node, NodeKind::None_)) {
    return true;
  }
  if (tree.Is(node, NodeKind::String) && !text.empty()) {
    flow_.AddText(text);
    return IsPlainName(text);
  }
  computes_keys_ = true;
  if (narrow_) {
    return &tree == &tree_ && TakeNamed(node, false);
  }
  flow_.Add(tree, node);
  return &tree == &tree_;
}

bool OwnName::TakeTable(const SourceTree &tree, uint32_t node) {
  if (tree.Is(node, NodeKind::None_)) {
    return true;
  }
  if (narrow_ && &tree == &tree_) {
    return TakeWritten(node);
  }
  const uint32_t display = OnlyGiven(tree, node);
  flow_.Add(tree, display != 0 ? display : node, Taking::Each);
  return IsCollection(tree, node);
}

// `KEY = "Old"`, `for key in ("Old", "Older")`; of a table `OLD = {...}`, which is only given away.
bool OwnName::TakeNamed(uint32_t identifier, bool table) {
  const NameId name = NameAt(identifier);
  const llvm::StringRef text = tree_.Text(identifier);
  const auto bound = tree_.Scope(0).bindings.find(text);
  if (bound == tree_.Scope(0).bindings.end()) {
    wanted_.push_back(text.str()); // by a statement that was left out
    return true;
  }
  const uint32_t binding = bound->second.size() == 1 ? bound->second.front() : 0;
  const uint32_t above = tree_.Parent(binding);
  const bool once = binding != 0 && OnlyEvent(tree_.module, name) != nullptr;
  const uint32_t value = tree_.Is(above, NodeKind::Assignment) ? tree_.LastChild(above) : 0;
  const bool loop = tree_.Is(above, NodeKind::ForStatement) && !table;
  if (!once || tree_.Child(above, 0) != binding || !(loop || value != 0) ||
      tree_.Is(value, NodeKind::Identifier)) {
    needs_all_ = true;
    return true;
  }
  if (loop || table) {
    size_t said = 0;
    AnyWord(trees_.TextOf(tree_.module), text, [&](llvm::StringRef, llvm::StringRef) {
      ++said;
      return false;
    });
    needs_all_ |= table && (said != 2 || trees_.name_deeds().IsNamedElsewhere(tree_.module, text));
    return TakeWritten(loop ? tree_.Iterable(above) : value);
  }
  needs_all_ |= tree_.PlainText(value).empty();
  flow_.AddText(tree_.PlainText(value));
  return true;
}

// `{"Old": New}`: its keys.
bool OwnName::TakeWritten(uint32_t display) {
  const bool dict = tree_.Is(display, NodeKind::Dictionary);
  const bool list = tree_.Is(display, NodeKind::List) || tree_.Is(display, NodeKind::Tuple) ||
                    tree_.Is(display, NodeKind::Set);
  if (tree_.Is(display, NodeKind::Identifier)) {
    return TakeNamed(display, true);
  }
  needs_all_ |= !dict && !list;
  for (uint32_t each : dict || list ? tree_.Children(display) : llvm::SmallVector<uint32_t, 8>()) {
    const uint32_t key = tree_.Is(each, NodeKind::Pair) ? tree_.Child(each, 0) : each;
    const llvm::StringRef text = tree_.PlainText(key);
    needs_all_ |= text.empty();
    flow_.AddText(text);
  }
  return true;
}

// `OLD = {...}`, where all that is done with the name is to give it away here: what it holds; else
// 0, and others have to tell.
uint32_t OwnName::OnlyGiven(const SourceTree &tree, uint32_t node) const {
  if (&tree != &tree_ || !tree.Is(node, NodeKind::Identifier) || tree.LookUp(node) != 0u) {
    return 0;
  }
  const llvm::StringRef name = tree.Text(node);
  const auto uses = tree.UsesOf(0, name);
  const auto &bound = tree.Scope(0).bindings.find(name)->second;
  const uint32_t assignment = bound.size() == 1 ? tree.Parent(bound.front()) : 0;
  const uint32_t value = tree.Is(assignment, NodeKind::Assignment) ? tree.LastChild(assignment) : 0;
  const bool only = uses.size() == 2 && tree.Is(value, NodeKind::Dictionary) &&
                    tree.Child(assignment, 0) == bound.front() && bound.front() != node &&
                    !tree.Is(tree.Parent(assignment), NodeKind::Assignment) &&
                    !trees_.name_deeds().IsNamedElsewhere(tree.module, name);
  return only ? value : 0;
}

// `NAME = {...}` of the module, which a hook asks for `self.NAME`
bool OwnName::TakeOwnTable(llvm::StringRef name) {
  if (narrow_) {
    needs_all_ = true;
    return true;
  }
  const auto bound = tree_.Scope(0).bindings.find(name);
  const NameId id = project_.scanned.names.Find(name);
  const Event *event = OnlyEvent(tree_.module, id);
  return event != nullptr && event->kind == EventKind::Value &&
         bound != tree_.Scope(0).bindings.end() && TakeTable(tree_, bound->second.front());
}

// Something that `in` asks for its keys or items, and not for a part of a text.
bool OwnName::IsCollection(const SourceTree &tree, uint32_t node) const {
  switch (tree.KindOf(node)) {
  case NodeKind::Dictionary:
  case NodeKind::List:
  case NodeKind::Set:
  case NodeKind::Tuple:
  case NodeKind::DictionaryComprehension:
  case NodeKind::ListComprehension:
  case NodeKind::SetComprehension:
    return true;
  case NodeKind::Call:
    return IsBuiltin(tree, tree.Child(node, 0), "dict");
  case NodeKind::Identifier: {
    const auto scope = tree.LookUp(node);
    return scope && llvm::all_of(tree.Scope(*scope).bindings.find(tree.Text(node))->second,
                                 [&](uint32_t each) {
                                   const uint32_t assignment = tree.Parent(each);
                                   const uint32_t value = tree.LastChild(assignment);
                                   return tree.Is(assignment, NodeKind::Assignment) &&
                                          tree.Child(assignment, 0) == each &&
                                          !tree.Is(value, NodeKind::Identifier) &&
                                          IsCollection(tree, value);
                                 });
  }
  default:
    return false;
  }
}

} // namespace pydefrag
