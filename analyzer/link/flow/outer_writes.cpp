// OwnWrites: what others write into the module: by `setattr`, or into the globals of the frame that
// calls a function:
//
//     def also_as(function, name=None):
//         names = sys._getframe(1).f_globals
//         names[function.__name__ + "Py"] = function
//         return function
//     @also_as
//     def shape(): ...
#include "link/flow/own_writes.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// `sys._getframe(1).f_globals`: the globals of whoever calls the function. Nothing: other globals,
// or none. `tells`: becomes false where they may be those of any frame.
static bool IsCallersDict(const SourceTree &tree, uint32_t node, uint32_t function, bool &tells) {
  if (!tree.Is(node, NodeKind::Attribute) || tree.Text(tree.LastChild(node)) != "f_globals") {
    return false;
  }
  const llvm::StringRef frame = tree.Text(tree.Child(node, 0));
  const bool callers = frame == "sys._getframe(1)" || frame == "inspect.currentframe().f_back" ||
                       frame == "inspect.stack()[1][0]" || frame == "inspect.stack()[1].frame" ||
                       frame == "sys._getframe().f_back";
  tells &= callers && tree.ScopeOf(node) == tree.ScopeMadeBy(function);
  return callers;
}

// The only name that the function has for what it is given first; empty: none.
static llvm::StringRef FirstParameter(const SourceTree &tree, uint32_t function) {
  const auto parameters = tree.Parameters(function);
  if (parameters.empty() || parameters[0].kind != TreeParameter::Kind::Positional) {
    return "";
  }
  const llvm::StringRef name = tree.Text(parameters[0].name);
  const auto &bindings = tree.Scope(tree.ScopeMadeBy(function)).bindings;
  const auto bound = bindings.find(name);
  return bound != bindings.end() && bound->second.size() == 1 ? name : "";
}

void OwnWrites::FollowFrameWriter(uint32_t callee) {
  const Function writer = FunctionCalled(tree_, callee);
  if (writer.tree == nullptr || tree_.ScopeOf(callee) != 0 ||
      !writer.tree->Decorators(writer.node).empty()) {
    return flow_.Fail();
  }
  const SourceTree &there = *writer.tree;
  const uint32_t call = tree_.Parent(callee);
  const bool calls = tree_.Is(call, NodeKind::Call) && callee == call + 1;
  // What is decorated, by nothing else before.
  const uint32_t whole = tree_.Is(call, NodeKind::Decorator) ? tree_.Parent(call) : 0;
  const uint32_t definition = whole != 0 ? tree_.LastChild(whole) : 0;
  const bool first = definition != 0 && tree_.At(call).subtree_end == definition;
  bool tells = true;
  bool takes = false;
  const StringFlow::Frame *outer = frame_;
  frame_ = calls   ? flow_.FrameOfCall(there, writer.node, tree_, call)
           : first ? flow_.FrameOfCall(there, writer.node, tree_, definition)
                   : nullptr;
  // A definition at the top has the dict of its module.
  const llvm::StringRef given = first ? FirstParameter(there, writer.node) : "";
  for (uint32_t i = writer.node; i < there.At(writer.node).subtree_end; ++i) {
    const bool has_dict = !given.empty() && there.Is(i, NodeKind::Attribute) &&
                          there.Text(i) == (given + ".__globals__").str();
    const bool has_module = !given.empty() && there.Is(i, NodeKind::Subscript) &&
                            there.Text(i) == ("sys.modules[" + given + ".__module__]").str();
    if (has_dict || has_module) {
      takes = true;
      Follow(there, i, has_dict ? Own::Dict : Own::Module);
      i += 2; // behind the names of an attribute
      continue;
    }
    // A frame by another name, or the globals of a function that it is given.
    const llvm::StringRef word = there.Is(i, NodeKind::Identifier) ? there.Text(i) : "";
    tells &= word != "__globals__" && word != "f_locals" && word != "getmodule";
    if (IsCallersDict(there, i, writer.node, tells)) {
      takes = true;
      Follow(there, i, Own::Dict);
    }
  }
  frame_ = outer;
  if (!takes || !tells) {
    flow_.Fail();
  }
}

void OwnWrites::FollowFrameWriters(llvm::ArrayRef<llvm::StringRef> writers) {
  for (uint32_t i = 1; i < tree_.size() && !writers.empty(); ++i) {
    if (!tree_.Is(i, NodeKind::Identifier) || !llvm::is_contained(writers, tree_.Text(i)) ||
        tree_.BindsHere(i) || tree_.Enclosing(i, NodeKind::ImportFromStatement) != 0) {
      continue;
    }
    const uint32_t above = tree_.Parent(i);
    const bool attribute = tree_.Is(above, NodeKind::Attribute) && i == tree_.LastChild(above);
    FollowFrameWriter(attribute ? above : i);
  }
}

// Whether all that binds the root of a dotted name are import statements.
static bool IsImported(const SourceTree &tree, uint32_t root) {
  const auto scope = tree.Is(root, NodeKind::Identifier) ? tree.LookUp(root) : std::nullopt;
  return scope && llvm::all_of(tree.Scope(*scope).bindings.find(tree.Text(root))->second,
                               [&](uint32_t binding) {
                                 return tree.Enclosing(binding, NodeKind::ImportStatement) != 0 ||
                                        tree.Enclosing(binding, NodeKind::ImportFromStatement) != 0;
                               });
}

void OwnWrites::FollowAttributeWrites(const SourceTree &writer) {
  bool found = false;
  for (uint32_t call : writer.CallsOf("setattr")) {
    const TreeArguments arguments = ArgumentsOf(writer, call);
    const bool whole = arguments.positional.size() == 3 && arguments.splats.empty();
    uint32_t root = whole ? arguments.positional[0] : 0;
    while (writer.Is(root, NodeKind::Attribute)) {
      root = writer.Child(root, 0);
    }
    if (!whole || !IsImported(writer, root)) {
      continue; // another object, or one of other names
    }
    const uint32_t object = arguments.positional[0];
    const ModuleId module = flow_.ModuleNamed(writer, object);
    if (module == tree_.module || writer.Text(object) == module_name_) {
      found = true;
      flow_.Add(writer, arguments.positional[1]);
    } else if (!module.valid() && writer.Is(object, NodeKind::Identifier)) {
      flow_.Fail();
    }
  }
  if (!found) {
    flow_.Fail();
  }
}

} // namespace pydefrag
