// GivenNames: what functions do with `sys.modules`, and proxies that they put there.
#include "link/flow/given_name.h"
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

bool GivenNames::IsModules(const SourceTree &tree, uint32_t node) {
  return tree.Is(node, NodeKind::Attribute) && tree.Text(tree.LastChild(node)) == "modules" &&
         meanings_.Of(tree, node).dotted == "sys.modules";
}

bool GivenNames::IsEntry(const SourceTree &tree, uint32_t node) {
  return tree.Is(node, NodeKind::Subscript) && IsModules(tree, tree.Child(node, 0));
}

// The nodes of a sorted list that stand below a node.
static llvm::ArrayRef<uint32_t> Within(const SourceTree &tree, uint32_t node,
                                       llvm::ArrayRef<uint32_t> sorted) {
  return llvm::ArrayRef(llvm::lower_bound(sorted, node),
                        llvm::lower_bound(sorted, tree.At(node).subtree_end));
}

// Besides what it does with the name, it may write into modules that it finds by other names, say
// `sys.modules[value.__module__]`.
bool GivenNames::FollowBody(const SourceTree &tree, uint32_t function) {
  if (!followed_.insert({&tree, function, "", What::Module}).second) {
    return true;
  }
  for (llvm::StringRef unseen : {"exec", "eval", "locals", "vars"}) {
    if (!Within(tree, function, tree.NamesSaying(unseen)).empty()) {
      return false;
    }
  }
  const Mentions &found = MentionsIn(tree);
  return found.plain && llvm::all_of(Within(tree, function, found.mentions), [&](uint32_t mention) {
           return FollowModules(tree, mention);
         });
}

const GivenNames::Mentions &GivenNames::MentionsIn(const SourceTree &tree) {
  const auto [it, inserted] = mentions_.try_emplace(&tree);
  Mentions &found = it->second;
  for (uint32_t i = 1; inserted && i < tree.size(); ++i) {
    found.plain &= IsMentionedPlainly(tree, i);
    if (tree.Is(i, NodeKind::Attribute) && tree.Text(tree.LastChild(i)) == "modules") {
      found.mentions.push_back(i);
    }
  }
  return found;
}

// Whether `sys.modules` gets no other name here.
bool GivenNames::IsMentionedPlainly(const SourceTree &tree, uint32_t node) {
  const uint32_t above = tree.Parent(node);
  if (tree.Is(node, NodeKind::String)) {
    return tree.PlainText(node) != "modules"; // getattr(sys, "modules")
  }
  if (tree.Is(node, NodeKind::Identifier) && tree.Text(node) == "modules") {
    const bool last = tree.Is(above, NodeKind::Attribute) && node != above + 1;
    const bool key = tree.Is(above, NodeKind::KeywordArgument) && node == above + 1;
    const bool imported = tree.Is(above, NodeKind::DottedName);
    return last || key || (!imported && tree.LookUp(node));
  }
  if (!tree.Is(node, NodeKind::Attribute) || tree.Text(tree.LastChild(node)) != "modules") {
    return true;
  }
  const Meaning meaning = meanings_.Of(tree, node);
  if (meaning.dotted != "sys.modules") {
    return meaning.kind != Meaning::Kind::Unknown || tree.Text(tree.Child(node, 0)) == "self";
  }
  const uint32_t call = tree.Parent(above);
  const bool first = node == above + 1;
  const bool method =
      tree.Is(above, NodeKind::Attribute) && tree.Is(call, NodeKind::Call) && above == call + 1;
  const bool listed = tree.Is(above, NodeKind::ArgumentList) &&
                      meanings_.Of(tree, tree.Child(call, 0)).dotted == "builtins.list";
  return method || listed || tree.Is(above, NodeKind::ComparisonOperator) ||
         (tree.Is(above, NodeKind::Subscript) && first);
}

// One mention, in a function that is followed.
bool GivenNames::FollowModules(const SourceTree &tree, uint32_t mention) {
  const uint32_t above = tree.Parent(mention);
  if (!IsModules(tree, mention) || !tree.Is(above, NodeKind::Attribute)) {
    return !IsEntry(tree, above) || FollowEntry(tree, above);
  }
  const llvm::StringRef method = tree.Text(tree.LastChild(above));
  return method == "keys" || (method == "get" && Follow({&tree, tree.Parent(above), What::Module}));
}

bool GivenNames::FollowEntry(const SourceTree &tree, uint32_t entry) {
  if (!tree.IsTarget(entry)) {
    return Follow({&tree, entry, What::Module});
  }
  uint32_t value = tree.Parent(entry);
  while (tree.Is(value, NodeKind::Assignment)) {
    value = tree.LastChild(value);
  }
  const llvm::StringRef key = tree.Text(tree.Child(entry, 1));
  const auto arguments = ArgumentsOf(tree, value).positional;
  return tree.Is(tree.Parent(entry), NodeKind::Assignment) && MakesProxy(tree, value) &&
         IsEntryNamed(tree, arguments.front(), key);
}

// Whether `value` is `sys.modules[key]`, or a name that is nothing else.
bool GivenNames::IsEntryNamed(const SourceTree &tree, uint32_t value, llvm::StringRef key) {
  if (IsEntry(tree, value)) {
    return tree.Text(tree.Child(value, 1)) == key;
  }
  const auto scope = tree.Is(value, NodeKind::Identifier) ? tree.LookUp(value) : std::nullopt;
  return scope &&
         llvm::all_of(tree.Scope(*scope).bindings.find(tree.Text(value))->second,
                      [&](uint32_t bound) {
                        const uint32_t assignment = tree.Parent(bound);
                        const uint32_t from = tree.LastChild(assignment);
                        const uint32_t target = tree.Child(tree.Parent(assignment), 0);
                        return tree.Is(assignment, NodeKind::Assignment) &&
                               ((IsEntry(tree, from) && IsEntryNamed(tree, from, key)) ||
                                (IsEntry(tree, target) && IsEntryNamed(tree, target, key) &&
                                 MakesProxy(tree, from)));
                      });
}

// `Proxy(module)`
bool GivenNames::MakesProxy(const SourceTree &tree, uint32_t call) {
  const Meaning made = tree.Is(call, NodeKind::Call) ? CalleeOf(tree, call) : Meaning();
  const TreeArguments arguments = ArgumentsOf(tree, call);
  deed_.proxied = true;
  return made.Is(NodeKind::ClassDefinition) && arguments.positional.size() == 1 &&
         arguments.named.empty() && arguments.splats.empty() && arguments.double_splats.empty() &&
         IsAskingProxy(*made.tree, made.node, meanings_, deed_.sets);
}

} // namespace pydefrag
