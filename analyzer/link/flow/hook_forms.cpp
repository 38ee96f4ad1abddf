#include "link/flow/hook_forms.h"

#include "link/flow/string_flow.h"
#include "link/flow/tree_forms.h"

namespace pydefrag {
namespace {

class HookReader {
public:
  HookReader(const SourceTree &tree, llvm::StringRef self, llvm::StringRef asked)
      : tree_(tree), self_(self), asked_(asked) {}

  HookForm Read(uint32_t function) {
    const auto parameters = tree_.Parameters(function);
    const uint32_t scope = tree_.ScopeMadeBy(function);
    bool once = IsPlainFunction(tree_, function) && parameters.size() == (self_.empty() ? 1 : 2);
    for (const TreeParameter &each : parameters) {
      const auto bound = tree_.Scope(scope).bindings.find(tree_.Text(each.name));
      once &= each.kind == TreeParameter::Kind::Positional &&
              bound != tree_.Scope(scope).bindings.end() && bound->second.size() == 1;
    }
    form_.understood = once && Run(tree_.LastChild(function)) == Fate::Raises;
    return std::move(form_);
  }

private:
  enum class Fate : uint8_t { GoesOn, Raises, Unclear };

  // What becomes of a name that is none of those.
  Fate Run(uint32_t block) {
    for (uint32_t statement : StatementsIn(tree_, block)) {
      const Fate fate = RunOne(statement);
      if (fate != Fate::GoesOn) {
        return fate;
      }
    }
    return Fate::GoesOn;
  }

  Fate RunOne(uint32_t statement) {
    switch (tree_.KindOf(statement)) {
    case NodeKind::RaiseStatement:
      return RaisesAttributeError(statement) ? Fate::Raises : Fate::Unclear;
    case NodeKind::IfStatement:
      return RunIf(statement);
    case NodeKind::ReturnStatement:
      return Asks(tree_.Child(statement, 0)) ? Fate::Raises : Fate::Unclear;
    case NodeKind::Assignment: {
      const uint32_t target = tree_.Child(statement, 0);
      const uint32_t value = tree_.LastChild(statement);
      if (!tree_.Is(target, NodeKind::Identifier)) {
        return Fate::Unclear;
      }
      return Asks(value)                         ? Fate::Raises
             : tree_.Is(value, NodeKind::String) ? Fate::GoesOn
                                                 : Fate::Unclear;
    }
    default:
      return Fate::Unclear;
    }
  }

  bool Asks(uint32_t value) {
    const uint32_t owner = self_.empty() ? 0 : OwnerAsked(tree_, value, self_, asked_);
    form_.asks = owner != 0 ? owner : form_.asks;
    return owner != 0;
  }

  bool RaisesAttributeError(uint32_t statement) const {
    const uint32_t raised = tree_.Child(statement, 0);
    return IsBuiltin(tree_, tree_.Is(raised, NodeKind::Call) ? tree_.Child(raised, 0) : raised,
                     "AttributeError");
  }

  // One arm: `if name in table: ...`, or `if name not in table: raise AttributeError`.
  Fate RunIf(uint32_t statement) {
    const auto children = tree_.Children(statement);
    if (children.size() != 2 || !tree_.Is(children[0], NodeKind::ComparisonOperator)) {
      return Fate::Unclear;
    }
    const auto test = tree_.Children(children[0]);
    if (test.size() != 3 || !tree_.Is(test[0], NodeKind::Identifier) ||
        tree_.Text(test[0]) != asked_) {
      return Fate::Unclear;
    }
    const llvm::StringRef text = tree_.PlainText(test[2]);
    const bool equal = tree_.Is(test[1], NodeKind::TokenEqualEqual) && !text.empty();
    const bool in = tree_.Is(test[1], NodeKind::TokenIn);
    if (equal) {
      form_.names.push_back(text);
      return Fate::GoesOn;
    }
    if (!in && !tree_.Is(test[1], NodeKind::TokenNotIn)) {
      return Fate::Unclear;
    }
    if (!tree_.Is(test[2], NodeKind::Identifier) && !IsAttributeOf(tree_, test[2], self_)) {
      return Fate::Unclear;
    }
    form_.tables.push_back(test[2]);
    if (in) {
      return Fate::GoesOn;
    }
    return Run(children[1]) == Fate::Raises ? Fate::Raises : Fate::Unclear;
  }

  const SourceTree &tree_;
  const llvm::StringRef self_;
  const llvm::StringRef asked_;
  HookForm form_;
};

} // namespace

HookForm ReadHookForm(const SourceTree &tree, uint32_t function, llvm::StringRef self,
                      llvm::StringRef asked) {
  return HookReader(tree, self, asked).Read(function);
}

uint32_t OwnerAsked(const SourceTree &tree, uint32_t call, llvm::StringRef self,
                    llvm::StringRef asked) {
  if (!tree.Is(call, NodeKind::Call) || !IsBuiltin(tree, tree.Child(call, 0), "getattr")) {
    return 0;
  }
  const TreeArguments arguments = ArgumentsOf(tree, call);
  const bool plain = arguments.positional.size() == 2 && arguments.named.empty() &&
                     arguments.splats.empty() && arguments.double_splats.empty() &&
                     tree.Is(arguments.positional[1], NodeKind::Identifier) &&
                     tree.Text(arguments.positional[1]) == asked;
  return plain && IsAttributeOf(tree, arguments.positional[0], self) ? arguments.positional[0] : 0;
}

bool IsAttributeOf(const SourceTree &tree, uint32_t node, llvm::StringRef self) {
  const uint32_t object = tree.Is(node, NodeKind::Attribute) ? tree.Child(node, 0) : 0;
  return !self.empty() && tree.Is(object, NodeKind::Identifier) && tree.Text(object) == self;
}

} // namespace pydefrag
