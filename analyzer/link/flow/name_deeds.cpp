#include "link/flow/name_deeds.h"

#include "link/flow/deed_reader.h"
#include "link/flow/tree_forms.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

// What looks a module up by a text.
static bool LooksUp(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("modules", "import_module", "__import__", "importlib", "imp", "pkgutil", true)
      .Cases("exec", "eval", "gc", "inspect", "runpy", "resolve_name", "_getframe", true)
      .Default(false);
}

const NameDeeds &NameDeedsTable::Of(const SourceTree &tree, uint32_t function, size_t position) {
  const auto [it, inserted] = deeds_.try_emplace({&tree, function, position});
  if (inserted) {
    it->second = DeedReader(project_, *this, tree, function).Read(position);
  }
  return it->second;
}

const ModuleClass &NameDeedsTable::ClassAt(const SourceTree &tree, uint32_t node) {
  const auto [it, inserted] = classes_.try_emplace({&tree, node});
  if (inserted) {
    it->second = ReadModuleClass(project_, tree, node);
    it->second.understood &=
        it->second.understood && !IsNamedElsewhere(tree, tree.Text(tree.Child(node, 0)));
  }
  return it->second;
}

llvm::ArrayRef<ModuleId> NameDeedsTable::UsersOf(const SourceTree &tree) {
  const auto [it, inserted] = users_.try_emplace(&tree);
  std::vector<ModuleId> &users = it->second;
  if (inserted) {
    users = trees_.UsersOf(tree.module);
    for (const FromImport &import : trees_.FromImportsOf(tree.module)) {
      users.push_back(import.first);
    }
    llvm::sort(users);
    users.erase(std::unique(users.begin(), users.end()), users.end());
    llvm::erase(users, tree.module);
    trees_.ReadTexts(users);
  }
  return users;
}

// Calls `visit` for what stands in front of a word and behind it, wherever a text says it.
static bool AnyPlaceOf(llvm::StringRef text, llvm::StringRef word,
                       llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> visit) {
  const auto in_word = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    const llvm::StringRef before = text.take_front(at);
    const llvm::StringRef behind = text.drop_front(at + word.size());
    if ((before.empty() || !in_word(before.back())) &&
        (behind.empty() || !in_word(behind.front())) && visit(before, behind)) {
      return true;
    }
  }
  return false;
}

// Whether another file says the name of a class: it may change the class.
bool NameDeedsTable::IsNamedElsewhere(const SourceTree &tree, llvm::StringRef name) {
  return llvm::any_of(UsersOf(tree), [&](ModuleId user) {
    return AnyPlaceOf(trees_.TextOf(user), name,
                      [](llvm::StringRef, llvm::StringRef) { return true; });
  });
}

// `module.name = value`, `monkeypatch.setattr(module, "name", value)`
bool NameDeedsTable::IsReplaced(const SourceTree &tree, llvm::StringRef name) {
  const auto [it, inserted] = replaced_.try_emplace({&tree, name.str()});
  if (inserted) {
    it->second = llvm::any_of(UsersOf(tree), [&](ModuleId user) {
      return AnyPlaceOf(trees_.TextOf(user), name,
                        [](llvm::StringRef before, llvm::StringRef behind) {
                          const llvm::StringRef rest = behind.ltrim(' ');
                          const bool assigned = before.ends_with(".") && rest.starts_with("=") &&
                                                !rest.starts_with("==");
                          return assigned || before.ends_with("\"") || before.ends_with("'");
                        });
    });
  }
  return it->second;
}

const NameDeedsTable::File &NameDeedsTable::FileOf(const SourceTree &tree) {
  const auto [it, inserted] = files_.try_emplace(&tree);
  File &file = it->second;
  if (!inserted) {
    return file;
  }
  file.star = pydefrag::HasStar(tree);
  for (uint32_t i = 1; i < tree.size(); ++i) {
    if (tree.Is(i, NodeKind::Identifier) && LooksUp(tree.Text(i))) {
      file.looks_up.push_back(i);
    }
  }
  file.own_imports = trees_.ImportsOwn(tree.module);
  return file;
}

} // namespace pydefrag
