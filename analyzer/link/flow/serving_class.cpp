// Classes for modules that serve what a table of the module says, and nothing else:
//
//     class Old(types.ModuleType):
//         def __getattr__(self, name):
//             if name in self.__old__:
//                 return self.__old__[name]
//             raise AttributeError(name)
#include "link/flow/given_name.h"
#include "scan/lines/bytes.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// The table of such a `__getattr__`; empty: it is another.
static llvm::StringRef TableOf(const SourceTree &tree, uint32_t function) {
  const auto parameters = tree.Parameters(function);
  const auto body = tree.Children(tree.LastChild(function));
  const uint32_t test = body.empty() ? 0 : tree.Child(body.front(), 0);
  llvm::StringRef table = tree.Text(test);
  const bool asks =
      parameters.size() == 2 && tree.Is(body.empty() ? 0 : body.front(), NodeKind::IfStatement) &&
      tree.Children(body.front()).size() == 2 && tree.Is(test, NodeKind::ComparisonOperator) &&
      table.consume_front(tree.Text(parameters[1].name)) && table.consume_front(" in self.");
  const bool word = llvm::all_of(table, [](char c) { return IsWordByte(c); });
  const bool raises = asks && tree.Is(body.back(), NodeKind::RaiseStatement) &&
                      tree.Text(body.back()).starts_with("raise AttributeError");
  const bool straight =
      raises && llvm::all_of(llvm::ArrayRef(body).drop_front().drop_back(), [&](uint32_t each) {
        return tree.Is(each, NodeKind::ExpressionStatement);
      });
  return word && straight ? table : "";
}

llvm::StringRef ReadServingClass(const SourceTree &tree, uint32_t definition, Meanings &meanings,
                                 llvm::SmallVectorImpl<llvm::StringRef> &names) {
  const uint32_t list = tree.Child(definition, 1);
  if (!tree.Decorators(definition).empty() || IsChanged(tree, definition) ||
      !tree.Is(list, NodeKind::ArgumentList) || tree.Children(list).size() != 1 ||
      meanings.Of(tree, tree.Child(list, 0)).dotted != "types.ModuleType") {
    return "";
  }
  llvm::StringRef table;
  for (uint32_t each : tree.Children(tree.LastChild(definition))) {
    const bool text = tree.Is(each, NodeKind::ExpressionStatement) &&
                      tree.Is(tree.Child(each, 0), NodeKind::String);
    const llvm::StringRef name =
        tree.Is(each, NodeKind::FunctionDefinition) ? tree.Text(tree.Child(each, 0)) : "";
    if (name != "__getattr__" && name != "__dir__" && name != "__repr__" && !text) {
      return "";
    }
    names.push_back(name);
    table = name == "__getattr__" ? TableOf(tree, each) : table;
  }
  return table;
}

} // namespace pydefrag
