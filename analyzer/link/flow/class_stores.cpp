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

bool IsOnlyImported(const SourceTree &tree, uint32_t identifier) {
  const auto scope =
      tree.Is(identifier, NodeKind::Identifier) ? tree.LookUp(identifier) : std::nullopt;
  return scope && llvm::all_of(tree.Scope(*scope).bindings.find(tree.Text(identifier))->second,
                               [&](uint32_t binding) {
                                 return tree.Enclosing(binding, NodeKind::ImportStatement) != 0 ||
                                        tree.Enclosing(binding, NodeKind::ImportFromStatement) != 0;
                               });
}

bool SetsOnImported(const SourceTree &tree, uint32_t setter) {
  const uint32_t call = tree.Parent(setter);
  const bool calls = tree.Is(call, NodeKind::Call) && setter == call + 1;
  const auto arguments =
      calls ? ArgumentsOf(tree, call).positional : llvm::SmallVector<uint32_t, 4>();
  uint32_t root = arguments.empty() ? 0 : arguments[0];
  while (tree.Is(root, NodeKind::Attribute)) {
    root = tree.Child(root, 0);
  }
  return IsOnlyImported(tree, root);
}

// Whether a class of the file is derived from this one.
static bool HasSubclass(const SourceTree &tree, uint32_t definition) {
  return llvm::any_of(tree.NamesSaying(tree.Text(tree.Child(definition, 0))), [&](uint32_t use) {
    const uint32_t list = tree.Enclosing(use, NodeKind::ArgumentList);
    return tree.Is(tree.Parent(list), NodeKind::ClassDefinition);
  });
}

// Whether another file may set the attribute of an instance: on more than the `self` of its own.
bool StringFlow::MayBeStoredElsewhere(ClassRef ref, llvm::StringRef name) {
  const auto &files = FilesSaying(ref.tree->module, ref.tree->module, name);
  return !files || llvm::any_of(*files, [&](const SourceTree *file) {
    const auto is_own = [&](uint32_t store) { return IsSelf(*file, file->Child(store, 0)); };
    return file != ref.tree &&
           (SetsByName(*file, name) || !llvm::all_of(file->AttributeStores(name), is_own));
  });
}

// Whether no other file says the class's name, and no other class of its own derives from it: who
// has the name has its instances, and they are of no other class.
bool StringFlow::IsOnlyOfItsFile(ClassRef ref) {
  const SourceTree &tree = *ref.tree;
  const auto &files = FilesSaying(tree.module, tree.module, tree.Text(tree.Child(ref.node, 0)));
  return files && files->size() == 1 && !HasSubclass(tree, ref.node);
}

// What a plain method is called on, when only its own class can be that. Nobody tells who makes the
// instance.
bool StringFlow::AnswerSelf(const Question &question, uint32_t method) {
  const SourceTree &tree = *question.tree;
  const uint32_t owner = tree.Enclosing(method, NodeKind::ClassDefinition);
  const Step *path = question.path;
  if (owner == 0 || tree.ScopeOf(method) != tree.ScopeMadeBy(owner) ||
      !tree.Decorators(method).empty() || !tree.Decorators(owner).empty() || path == nullptr ||
      path->taking != Taking::Attribute || tree.Text(tree.Child(method, 0)) == "__new__" ||
      tree.Text(tree.Child(method, 0)) == "__init_subclass__") {
    return false;
  }
  if (!IsOnlyOfItsFile({&tree, owner}) || MayBeStoredElsewhere({&tree, owner}, path->name)) {
    return false;
  }
  AnswerInstance(*Keep(Instance{&tree, owner, Site{}}), path);
  return true;
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
