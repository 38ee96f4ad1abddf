// Proxies that ask a module, as those that warn of old names do:
//
//     class Proxy(types.ModuleType):
//         def __init__(self, module):
//             super().__init__(module.__name__)
//             self.__dict__["_module"] = module
//         def __getattr__(self, name):
//             value = getattr(self._module, name)
//             if isinstance(value, Old):          # a class of the same file
//                 value = value.value
//             else:
//                 self.__dict__[name] = value     # found there the next time
//             return value
//         def __setattr__(self, name, value):
//             setattr(self._module, name, value)
//
// A name is there when the module has it, or the proxy itself: special methods, and what it keeps.
#include "link/flow/given_name.h"
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

bool IsChanged(const SourceTree &tree, uint32_t definition) {
  return llvm::any_of(tree.NamesSaying(tree.Text(tree.Child(definition, 0))), [&](uint32_t use) {
    const uint32_t above = tree.Parent(use);
    const uint32_t first = tree.Child(above, 0);
    const bool tested = tree.Is(above, NodeKind::ArgumentList) &&
                        tree.Text(tree.Child(tree.Parent(above), 0)) == "isinstance";
    const bool given = tree.Is(above, NodeKind::Assignment) &&
                       tree.Is(first, NodeKind::Attribute) &&
                       tree.Text(tree.LastChild(first)) == "__class__";
    return !tree.BindsHere(use) && !tree.Is(above, NodeKind::Call) && !tested && !given;
  });
}

namespace {

class ProxyReader {
public:
  ProxyReader(const SourceTree &tree, uint32_t definition,
              llvm::SmallVectorImpl<llvm::StringRef> &names)
      : tree_(tree), definition_(definition), names_(names) {}

  bool Read() {
    if (!tree_.Decorators(definition_).empty() || IsChanged(tree_, definition_)) {
      return false;
    }
    uint32_t asks = 0;
    uint32_t sets = 0;
    for (uint32_t each : tree_.Children(tree_.LastChild(definition_))) {
      const bool method = tree_.Is(each, NodeKind::FunctionDefinition);
      const llvm::StringRef name = method ? tree_.Text(tree_.Child(each, 0)) : "";
      if (name == "__init__") {
        init_ = each;
      } else if (name == "__getattr__") {
        asks = each;
      } else if (name == "__setattr__") {
        sets = each;
      } else if (name != "__delattr__" && name != "__dir__" && name != "__repr__" &&
                 !IsText(each)) {
        return false; // others may change it when they are called
      }
      if (!name.empty()) {
        names_.push_back(name);
      }
    }
    return init_ != 0 && asks != 0 && Initialises() && Asks(asks) && (sets == 0 || HandsOn(sets));
  }

private:
  bool IsText(uint32_t statement) const {
    return tree_.Is(statement, NodeKind::ExpressionStatement) &&
           tree_.Is(tree_.Child(statement, 0), NodeKind::String);
  }

  llvm::SmallVector<uint32_t, 8> Body(uint32_t function) const {
    auto body = tree_.Children(tree_.LastChild(function));
    if (!body.empty() && IsText(body.front())) {
      body.erase(body.begin());
    }
    return body;
  }

  llvm::StringRef Parameter(uint32_t function, size_t i) const {
    const auto parameters = tree_.Parameters(function);
    return i < parameters.size() && parameters[i].kind == TreeParameter::Kind::Positional
               ? tree_.Text(parameters[i].name)
               : "";
  }

  // What `__init__` keeps: the module, and no calls but that of the base.
  bool Initialises() {
    const llvm::StringRef module = Parameter(init_, 1);
    for (uint32_t statement : Body(init_)) {
      const uint32_t inner = tree_.Child(statement, 0);
      if (tree_.Is(inner, NodeKind::Call)) {
        const llvm::StringRef callee = tree_.Text(tree_.Child(inner, 0));
        if (callee != "super().__init__" && callee != "types.ModuleType.__init__" &&
            callee != "ModuleType.__init__") {
          return false;
        }
        continue;
      }
      const uint32_t target = tree_.Child(inner, 0);
      llvm::StringRef name;
      if (tree_.Is(target, NodeKind::Subscript) &&
          tree_.Text(tree_.Child(target, 0)) == "self.__dict__") {
        name = tree_.PlainText(tree_.Child(target, 1));
      } else if (tree_.Is(target, NodeKind::Attribute) &&
                 tree_.Text(tree_.Child(target, 0)) == "self") {
        name = tree_.Text(tree_.LastChild(target));
      }
      if (!tree_.Is(inner, NodeKind::Assignment) || name.empty() || name.starts_with("__") ||
          llvm::is_contained(names_, name)) {
        return false;
      }
      names_.push_back(name);
      const uint32_t value = tree_.LastChild(inner);
      kept_ = tree_.Is(value, NodeKind::Identifier) && tree_.Text(value) == module ? name : kept_;
    }
    return !module.empty() && !kept_.empty() &&
           llvm::all_of(tree_.AttributeStores(kept_),
                        [&](uint32_t store) { return tree_.At(init_).subtree_end > store; }) &&
           tree_.AttributeStores(kept_).size() < 2;
  }

  bool CallsBuiltin(uint32_t call, llvm::StringRef name) const {
    const uint32_t callee = tree_.Is(call, NodeKind::Call) ? tree_.Child(call, 0) : 0;
    return tree_.Is(callee, NodeKind::Identifier) && tree_.Text(callee) == name &&
           !tree_.LookUp(callee);
  }

  // `getattr(self._module, name)`
  bool AsksModule(uint32_t call, llvm::StringRef name) const {
    const auto arguments = tree_.Is(call, NodeKind::Call) ? ArgumentsOf(tree_, call).positional
                                                          : llvm::SmallVector<uint32_t, 4>();
    return arguments.size() == 2 && CallsBuiltin(call, "getattr") &&
           tree_.Text(arguments[0]) == ("self." + kept_).str() && tree_.Text(arguments[1]) == name;
  }

  bool Asks(uint32_t function) const {
    const auto body = Body(function);
    const llvm::StringRef name = Parameter(function, 1);
    if (body.empty() || name.empty() || !tree_.Decorators(function).empty()) {
      return false;
    }
    if (tree_.Is(body.front(), NodeKind::ReturnStatement)) {
      return AsksModule(tree_.Child(body.front(), 0), name);
    }
    const uint32_t taken = tree_.Child(body.front(), 0);
    const llvm::StringRef value = tree_.Text(tree_.Child(taken, 0));
    if (!tree_.Is(taken, NodeKind::Assignment) || !AsksModule(tree_.LastChild(taken), name) ||
        !tree_.Is(body.back(), NodeKind::ReturnStatement) ||
        tree_.Text(tree_.Child(body.back(), 0)) != value) {
      return false;
    }
    return llvm::all_of(llvm::ArrayRef(body).drop_front().drop_back(),
                        [&](uint32_t statement) { return IsExchange(statement, value, name); });
  }

  // `if isinstance(value, Old): ...`, of what only the functions of the file make, and maybe
  // `else: self.__dict__[name] = value`.
  bool IsExchange(uint32_t statement, llvm::StringRef value, llvm::StringRef name) const {
    const uint32_t test = tree_.Child(statement, 0);
    const auto arguments = tree_.Is(test, NodeKind::Call) ? ArgumentsOf(tree_, test).positional
                                                          : llvm::SmallVector<uint32_t, 4>();
    const auto parts = tree_.Children(statement);
    const bool plain = parts.size() == 2 || (parts.size() == 3 && OnlyCaches(parts[2], name));
    return tree_.Is(statement, NodeKind::IfStatement) && plain && arguments.size() == 2 &&
           CallsBuiltin(test, "isinstance") && tree_.Text(arguments[0]) == value &&
           tree_.ClassNamed(tree_.Text(arguments[1])) != 0;
  }

  // An `else` that does nothing but such statements.
  bool OnlyCaches(uint32_t clause, llvm::StringRef name) const {
    return tree_.Is(clause, NodeKind::ElseClause) &&
           llvm::all_of(tree_.Children(tree_.LastChild(clause)),
                        [&](uint32_t statement) { return Caches(statement, name); });
  }

  // `self.__dict__[name] = value` or `self.__dict__.pop(name, None)` of a name that the module has.
  bool Caches(uint32_t statement, llvm::StringRef name) const {
    const uint32_t inner = tree_.Child(statement, 0);
    const uint32_t first = tree_.Child(inner, 0);
    if (tree_.Is(inner, NodeKind::Call)) {
      const auto arguments = ArgumentsOf(tree_, inner).positional;
      return tree_.Text(first) == "self.__dict__.pop" && !arguments.empty() &&
             tree_.Text(arguments[0]) == name;
    }
    return tree_.Is(inner, NodeKind::Assignment) && tree_.Is(first, NodeKind::Subscript) &&
           tree_.Text(tree_.Child(first, 0)) == "self.__dict__" &&
           tree_.Text(tree_.Child(first, 1)) == name &&
           tree_.Is(tree_.LastChild(inner), NodeKind::Identifier);
  }

  // What stands before the module gets it: a cache, or one of two under a condition.
  bool CachesFirst(uint32_t statement, llvm::StringRef name) const {
    const auto parts = tree_.Children(statement);
    return Caches(statement, name) || (tree_.Is(statement, NodeKind::IfStatement) &&
                                       parts.size() == 3 && OnlyCaches(parts[2], name) &&
                                       llvm::all_of(tree_.Children(parts[1]), [&](uint32_t each) {
                                         return Caches(each, name);
                                       }));
  }

  // `setattr(self._module, name, value)`, and nothing else but what keeps a cache.
  bool HandsOn(uint32_t function) const {
    const auto body = Body(function);
    const llvm::StringRef name = Parameter(function, 1);
    const bool caches =
        !body.empty() && llvm::all_of(llvm::ArrayRef(body).drop_back(), [&](uint32_t statement) {
          return CachesFirst(statement, name);
        });
    const uint32_t call = caches ? tree_.Child(body.back(), 0) : 0;
    const auto arguments = tree_.Is(call, NodeKind::Call) ? ArgumentsOf(tree_, call).positional
                                                          : llvm::SmallVector<uint32_t, 4>();
    return arguments.size() == 3 && CallsBuiltin(call, "setattr") &&
           tree_.Text(arguments[0]) == ("self." + kept_).str() &&
           tree_.Text(arguments[1]) == Parameter(function, 1) &&
           tree_.Text(arguments[2]) == Parameter(function, 2);
  }

  const SourceTree &tree_;
  const uint32_t definition_;
  llvm::SmallVectorImpl<llvm::StringRef> &names_;
  uint32_t init_ = 0;
  llvm::StringRef kept_; // the attribute that has the module
};

} // namespace

bool IsAskingProxy(const SourceTree &tree, uint32_t definition, Meanings &meanings,
                   llvm::SmallVectorImpl<llvm::StringRef> &names) {
  const uint32_t list = tree.Child(definition, 1);
  const auto bases = tree.Is(list, NodeKind::ArgumentList) ? tree.Children(list)
                                                           : llvm::SmallVector<uint32_t, 8>();
  const bool plain = llvm::all_of(bases, [&](uint32_t base) {
    const std::string dotted = meanings.Of(tree, base).dotted;
    return dotted == "builtins.object" || dotted == "types.ModuleType";
  });
  llvm::SmallVector<llvm::StringRef, 8> own;
  const bool asks = plain && ProxyReader(tree, definition, own).Read();
  names.append(own.begin(), own.end());
  return asks;
}

} // namespace pydefrag
