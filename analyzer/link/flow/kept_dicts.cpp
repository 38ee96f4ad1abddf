// OwnWrites: the dict of the module as an attribute of an object, which keeps it for later:
//
//     class Lazy:
//         def __init__(self, name, names):
//             self._name = name
//             self._names = names
//         def _load(self):
//             self._names[self._name] = import_module(self._name)
//     keras = Lazy("keras", globals())
#include "link/flow/own_writes.h"

namespace pydefrag {

bool OwnWrites::IsDead(const SourceTree &tree, uint32_t node) {
  if (tree.ScopeOf(node) == 0) {
    return false;
  }
  for (uint32_t at = node; at != 0; at = tree.Parent(at)) {
    const uint32_t block = tree.Parent(at);
    if (!tree.Is(block, NodeKind::Block) ||
        !tree.Is(tree.Parent(block), NodeKind::FunctionDefinition)) {
      continue;
    }
    for (uint32_t before : tree.Children(block)) {
      if (before >= at) {
        break;
      }
      if (tree.Is(before, NodeKind::ReturnStatement) || tree.Is(before, NodeKind::RaiseStatement)) {
        return true;
      }
    }
  }
  return false;
}

// Whether a name is spelled otherwise outside of its class: `__names`.
static bool IsMangled(llvm::StringRef name) {
  return name.starts_with("__") && !name.ends_with("__");
}

void OwnWrites::FollowKept(const SourceTree &tree, uint32_t target, Own own) {
  const llvm::StringRef name = tree.Text(tree.LastChild(target));
  const uint32_t owner = tree.Enclosing(target, NodeKind::ClassDefinition);
  if (owner == 0 || frame_ == nullptr || frame_->self == nullptr ||
      !tree.Is(tree.Child(target, 0), NodeKind::Identifier)) {
    return flow_.Fail();
  }
  if (!kept_.insert({name.str(), own, frame_}).second) {
    return;
  }
  const llvm::StringRef called = tree.Text(tree.Child(owner, 0)).ltrim('_');
  const std::string spelled = IsMangled(name) ? ("_" + called + name).str() : name.str();
  std::optional<StringFlow::Files> files = flow_.FilesSaying(tree_.module, tree.module, spelled);
  if (!files || (IsMangled(name) && !files->empty())) {
    return flow_.Fail();
  }
  if (IsMangled(name)) {
    files->push_back(&tree);
  }
  const StringFlow::Frame *made = frame_;
  for (const SourceTree *file : *files) {
    for (uint32_t i = 1; i < file->size(); ++i) {
      if (file->Is(i, NodeKind::String) && file->PlainText(i) == name) {
        return flow_.Fail(); // `getattr(self, "_names")`
      }
      if (!file->Is(i, NodeKind::Attribute) || file->Text(file->LastChild(i)) != name ||
          file->IsTarget(i)) {
        continue;
      }
      const uint32_t method = file->Enclosing(i, NodeKind::FunctionDefinition);
      frame_ = method != 0 ? flow_.FrameOfSame(made, *file, method) : nullptr;
      Follow(*file, i, own);
    }
  }
  frame_ = made;
}

} // namespace pydefrag
