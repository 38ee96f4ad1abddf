#include "link/flow/own_name.h"

#include "link/flow/tree_forms.h"
#include "link/resolve/given_names.h"

#include "llvm/ADT/STLExtras.h"

#include <iterator>

namespace pydefrag {

void OwnName::Follow() {
  const llvm::StringRef dotted = project_.Text(project_.modules[tree_.module].name);
  const auto is_own = [&](uint32_t node) {
    return tree_.Is(node, NodeKind::String)
               ? tree_.PlainText(node) == dotted
               : tree_.Is(node, NodeKind::Identifier) && tree_.Text(node) == "__name__";
  };
  const auto names = tree_.NamesSaying("__name__");
  // These tell the name as well.
  for (llvm::StringRef other : {"__package__", "__spec__", "__loader__"}) {
    if (!tree_.NamesSaying(other).empty()) {
      return flow_.Fail();
    }
  }
  for (uint32_t i = 1; i < tree_.size(); ++i) {
    const bool text = tree_.Is(i, NodeKind::String);
    if (is_own(i) && (text || llvm::is_contained(names, i)) && !IsUnderstood(i)) {
      return flow_.Fail();
    }
  }
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
  if (!tree_.Is(call, NodeKind::Call)) {
    return false;
  }
  return OnlyReadsName(StandardName(project_, tree_, tree_.Child(call, 0)));
}

// `sys.modules[__name__]`: own_writes.h follows it.
bool OwnName::IsOwnEntry(uint32_t subscript) const {
  const uint32_t modules = tree_.Child(subscript, 0);
  return tree_.Text(modules).ends_with("sys.modules") &&
         StandardName(project_, tree_, modules) == "sys.modules";
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

// The first event behind what the module has bound when it comes to a node.
uint32_t OwnName::LimitAt(uint32_t node) const {
  const auto &statements = project_.scanned.facts[tree_.file].statements;
  const uint32_t begin = tree_.At(node).begin;
  const auto behind = llvm::partition_point(
      statements, [&](const PlacedStatement &each) { return each.head <= begin; });
  const auto s = static_cast<uint32_t>(behind - statements.begin());
  return s == statements.size() ? kNoEvent : resolver_.EventLimit(tree_.module, s);
}

OwnName::Function OwnName::FunctionCalled(uint32_t call) {
  llvm::SmallVector<llvm::StringRef, 4> attributes;
  uint32_t root = tree_.Child(call, 0);
  for (; tree_.Is(root, NodeKind::Attribute); root = tree_.Child(root, 0)) {
    attributes.push_back(tree_.Text(tree_.LastChild(root)));
  }
  Found found = tree_.Is(root, NodeKind::Identifier) ? ImportedAs(root) : Found();
  for (llvm::StringRef attribute : llvm::reverse(attributes)) {
    const NameId next = project_.scanned.names.Find(attribute);
    const bool module = found.IsModule() && found.answer == Answer::Yes && !found.unknown;
    found = module && next.valid() ? resolver_.ImportFrom(found.module, next) : Found();
  }
  const bool sure = found.IsObject() && found.answer == Answer::Yes && !found.unknown &&
                    !found.fallback && !found.by_platform && found.module != tree_.module;
  return sure ? DefinitionOf(found.module, found.event) : Function{};
}

// What a name of the module is that one import binds, and nothing else.
Found OwnName::ImportedAs(uint32_t root) {
  const llvm::StringRef text = tree_.Text(root);
  const NameId name = project_.scanned.names.Find(text);
  if (tree_.LookUp(root) != 0u || !name.valid()) {
    return Found();
  }
  llvm::SmallVector<uint32_t, 2> bound;
  llvm::copy_if(tree_.Scope(0).bindings.find(text)->second, std::back_inserter(bound),
                [&](uint32_t each) { return !tree_.Enclosing(each, NodeKind::DeleteStatement); });
  const uint32_t alias = bound.size() == 1 ? tree_.Parent(bound.front()) : 0;
  const bool named = tree_.Is(alias, NodeKind::AliasedImport);
  const uint32_t import = tree_.Enclosing(alias, NodeKind::ImportFromStatement);
  if (!named && !tree_.Is(alias, NodeKind::DottedName)) {
    return Found();
  }
  const ModuleId source = import != 0 ? flow_.ImportedModule(tree_, import) : ModuleId();
  const NameId taken =
      project_.scanned.names.Find(tree_.Text(named ? tree_.Child(alias, 0) : alias));
  const Found found =
      source.valid() && taken.valid() ? resolver_.ImportFrom(source, taken) : Found();
  if (found.IsObject() && !trees_.name_deeds().HasStar(tree_)) {
    return found;
  }
  // A star may bind the same name behind it.
  const Found here = resolver_.At(tree_.module, name, LimitAt(root));
  const bool same = found.IsObject() && here.IsObject() && !here.unknown &&
                    here.module == found.module && here.event == found.event;
  return same ? found : here;
}

// Of a function or class that its module binds once, and that nobody else replaces.
OwnName::Function OwnName::DefinitionOf(ModuleId module, uint32_t event) {
  const NamespaceLog &log = resolver_.Log(module);
  const SourceTree *tree = trees_.Of(module);
  if (tree == nullptr || !log.open_reason.empty() || log.replaced() ||
      log.events[event].kind != EventKind::Define) {
    return {};
  }
  const auto &statements = project_.scanned.facts[tree->file].statements;
  const uint32_t head = statements[log.events[event].statement].head;
  const uint32_t function = tree->FindAt(head, NodeKind::FunctionDefinition);
  const uint32_t node = function != 0 ? function : tree->FindAt(head, NodeKind::ClassDefinition);
  if (node == 0 || tree->Parent(node) != 0) {
    return {};
  }
  const llvm::StringRef name = tree->Text(tree->Child(node, 0));
  const auto bound = tree->Scope(0).bindings.find(name);
  const bool once = bound != tree->Scope(0).bindings.end() && bound->second.size() == 1 &&
                    log.Of(log.events[event].name).size() == 1;
  return once && !trees_.name_deeds().IsReplaced(*tree, name) ? Function{tree, node} : Function{};
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
  flow_.Add(tree, node);
  return &tree == &tree_;
}

bool OwnName::TakeTable(const SourceTree &tree, uint32_t node) {
  if (tree.Is(node, NodeKind::None_)) {
    return true;
  }
  const uint32_t display = OnlyGiven(tree, node);
  flow_.Add(tree, display != 0 ? display : node, Taking::Each);
  return IsCollection(tree, node);
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
                    !trees_.name_deeds().IsNamedElsewhere(tree, name);
  return only ? value : 0;
}

// `NAME = {...}` of the module, which a hook asks for `self.NAME`
bool OwnName::TakeOwnTable(llvm::StringRef name) {
  const auto bound = tree_.Scope(0).bindings.find(name);
  const NameId id = project_.scanned.names.Find(name);
  const Found found = id.valid() ? resolver_.Attribute(tree_.module, id) : Found();
  const bool own = bound != tree_.Scope(0).bindings.end() && found.IsObject() &&
                   found.module == tree_.module && found.answer == Answer::Yes && !found.unknown;
  return own && TakeTable(tree_, bound->second.front());
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
