// StringFlow: what code outside of a class does to its attributes, and by other ways than by a
// statement with the name.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// `setattr(x, "name", value)`, and outside of classes `x.__dict__["name"] = value` and the like:
// what a class does with its own, GivesOwnDict tells.
bool SetsByName(const SourceTree &tree, llvm::StringRef name) {
  for (uint32_t call : tree.CallsOf("setattr")) {
    const auto arguments = tree.Children(tree.LastChild(call));
    if (arguments.size() == 3 && tree.PlainText(arguments[1]) == name) {
      return true;
    }
  }
  for (uint32_t i = 1; i < tree.size(); ++i) {
    const bool dict =
        (tree.Is(i, NodeKind::Attribute) && tree.Text(tree.LastChild(i)) == "__dict__") ||
        (tree.Is(i, NodeKind::Call) && tree.Text(tree.Child(i, 0)) == "vars" &&
         tree.Child(tree.LastChild(i), 0) != 0);
    if (!dict || tree.Enclosing(i, NodeKind::ClassDefinition) != 0) {
      continue;
    }
    const uint32_t above = tree.Parent(i);
    const llvm::StringRef key =
        tree.Is(above, NodeKind::Subscript) ? tree.PlainText(tree.Child(above, 1)) : "";
    const bool stores =
        tree.Is(above, NodeKind::Subscript) && tree.IsTarget(above) && (key.empty() || key == name);
    const bool updates = tree.Is(above, NodeKind::Attribute) && i == above + 1 &&
                         (tree.Text(tree.LastChild(above)) == "update" ||
                          tree.Text(tree.LastChild(above)) == "setdefault");
    if (stores || updates) {
      return true;
    }
  }
  return false;
}

// Whether it is the instance that a plain method is called on, which has attributes of its own.
static bool IsSelf(const SourceTree &tree, uint32_t object) {
  const auto scope =
      tree.Is(object, NodeKind::Identifier) ? tree.LookUp(object) : std::optional<uint32_t>();
  const uint32_t method = scope ? tree.Scope(*scope).node : 0;
  const uint32_t owner = tree.Is(method, NodeKind::FunctionDefinition)
                             ? tree.Enclosing(method, NodeKind::ClassDefinition)
                             : 0;
  if (owner == 0 || tree.ScopeOf(method) != tree.ScopeMadeBy(owner) ||
      !tree.Decorators(method).empty()) {
    return false;
  }
  const llvm::StringRef called = tree.Text(tree.Child(method, 0));
  const auto parameters = tree.Parameters(method);
  return called != "__new__" && called != "__init_subclass__" && !parameters.empty() &&
         tree.Text(parameters[0].name) == tree.Text(object) && tree.Text(object) == "self";
}

const std::optional<StringFlow::Files> &StringFlow::FilesSaying(ModuleId module, ModuleId other,
                                                                llvm::StringRef word) {
  constexpr size_t kMostTexts = 2000;
  constexpr size_t kMostFiles = 16;
  const ModuleId top = project_.TopOf(module);
  const ModuleId other_top = project_.TopOf(other);
  const auto [slot, inserted] = saying_.try_emplace({top, other_top, word.str()}, std::nullopt);
  if (!inserted) {
    return slot->second;
  }
  std::vector<ModuleId> modules;
  for (size_t i = 0; i < project_.modules.size() && modules.size() <= kMostTexts; ++i) {
    const ModuleId each(i);
    const Module &file = project_.modules[each];
    if (file.file.valid() &&
        (file.first_party || project_.TopOf(each) == top || project_.TopOf(each) == other_top)) {
      modules.push_back(each);
    }
  }
  if (modules.size() > kMostTexts) {
    return slot->second;
  }
  trees_.ReadTexts(modules);
  Files files;
  for (ModuleId each : modules) {
    if (!trees_.TextOf(each).contains(word)) {
      continue;
    }
    const SourceTree *file = files.size() < kMostFiles ? trees_.Of(each) : nullptr;
    if (file == nullptr) {
      return slot->second;
    }
    files.push_back(file);
  }
  slot->second = std::move(files);
  return slot->second;
}

// What any file stores under the name on anything but an instance, and what it puts into the
// container that the name stands for.
void StringFlow::AnswerClassStores(ClassRef ref, llvm::StringRef name, const Step *path) {
  const auto &files = FilesSaying(ref.tree->module, ref.tree->module, name);
  if (!files) {
    return Fail();
  }
  for (const SourceTree *file : *files) {
    if (SetsByName(*file, name)) {
      return Fail();
    }
    for (uint32_t store : file->AttributeStores(name)) {
      if (!IsSelf(*file, file->Child(store, 0))) {
        AnswerTarget({file, store, nullptr, path}, store);
      }
    }
    if (const Step *container = AsContainer(path)) {
      AnswerAttributeUses(*file, name, nullptr, container);
    }
  }
}

} // namespace pydefrag
