#include "link/flow/name_deeds.h"

#include "link/flow/deed_reader.h"
#include "link/flow/narrow_tree.h"
#include "link/flow/tree_forms.h"
#include "link/resolve/module_reads.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// What looks a module up by a text.
static constexpr llvm::StringLiteral kLookUps[] = {
    "modules", "import_module", "__import__", "importlib",    "imp",      "pkgutil", "exec", "eval",
    "gc",      "inspect",       "runpy",      "resolve_name", "_getframe"};

static bool LooksUp(llvm::StringRef name) {
  return llvm::is_contained(kLookUps, name);
}

static bool IsWordChar(char c) {
  return llvm::isAlnum(c) || c == '_';
}

static void ForWords(llvm::StringRef text, llvm::function_ref<void(llvm::StringRef)> visit) {
  while (!text.empty()) {
    const llvm::StringRef word = text.take_while(IsWordChar);
    if (!word.empty()) {
      visit(word);
    }
    text = text.drop_front(std::min(word.size() + 1, text.size()));
  }
}

const NameDeeds &NameDeedsTable::Of(const SourceTree &tree, uint32_t function, size_t position) {
  const auto [it, inserted] = deeds_.try_emplace({&tree, function, position});
  if (inserted) {
    it->second = DeedReader(project_, *this, tree, function).Read(position);
  }
  return it->second;
}

const SourceTree *NameDeedsTable::TreeFor(const Resolver &resolver, ModuleId module,
                                          const Event &definition) {
  constexpr size_t kShort = 1u << 14;
  const llvm::StringRef text = trees_.TextOf(module);
  if (text.size() <= kShort) {
    return trees_.Of(module);
  }
  const auto [it, inserted] = narrow_.try_emplace({module, definition.name});
  if (!inserted) {
    return it->second.get();
  }
  const NamespaceLog &log = resolver.Log(module);
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  std::vector<std::string> words(std::begin(kLookUps), std::end(kLookUps));
  llvm::SmallSetVector<NameId, 16> used; // of its file; grows
  used.insert(definition.name);
  for (size_t k = 0; k < used.size(); ++k) {
    words.push_back(project_.Text(used[k]).str());
    for (uint32_t each : log.Of(used[k])) {
      const Event &event = log.events[each];
      if (event.kind != EventKind::Define && event.kind != EventKind::Value) {
        continue; // imports are there anyway
      }
      ForWords(TextOfBlock(statements, statements[event.statement], text),
               [&](llvm::StringRef word) {
                 const NameId name = project_.scanned.names.Find(word);
                 if (name.valid() && !log.Of(name).empty()) {
                   used.insert(name);
                 }
               });
    }
  }
  it->second = ReadNarrowTree(project_, trees_, module, words);
  return it->second.get();
}

const ModuleClass &NameDeedsTable::ClassAt(const SourceTree &tree, uint32_t node) {
  const auto [it, inserted] = classes_.try_emplace({&tree, node});
  if (inserted) {
    it->second = ReadModuleClass(project_, tree, node);
    it->second.understood &=
        it->second.understood && !IsNamedElsewhere(tree.module, tree.Text(tree.Child(node, 0)));
  }
  return it->second;
}

llvm::ArrayRef<ModuleId> NameDeedsTable::UsersOf(ModuleId module) {
  const auto [it, inserted] = users_.try_emplace(module);
  std::vector<ModuleId> &users = it->second;
  if (inserted) {
    users = trees_.UsersOf(module);
    for (const FromImport &import : trees_.FromImportsOf(module)) {
      users.push_back(import.first);
    }
    llvm::sort(users);
    users.erase(std::unique(users.begin(), users.end()), users.end());
    llvm::erase(users, module);
    trees_.ReadTexts(users);
  }
  return users;
}

// Whether another file says the name of a class: it may change the class.
bool NameDeedsTable::IsNamedElsewhere(ModuleId module, llvm::StringRef name) {
  return llvm::any_of(UsersOf(module), [&](ModuleId user) {
    return AnyWord(trees_.TextOf(user), name,
                   [](llvm::StringRef, llvm::StringRef) { return true; });
  });
}

// `module.name = value`, `monkeypatch.setattr(module, "name", value)`
bool NameDeedsTable::IsReplaced(ModuleId module, llvm::StringRef name) {
  const auto [it, inserted] = replaced_.try_emplace({module, name.str()});
  if (inserted) {
    it->second = llvm::any_of(UsersOf(module), [&](ModuleId user) {
      return AnyWord(trees_.TextOf(user), name, [](llvm::StringRef before, llvm::StringRef behind) {
        const llvm::StringRef rest = behind.ltrim(' ');
        const bool assigned =
            before.ends_with(".") && rest.starts_with("=") && !rest.starts_with("==");
        return assigned || before.ends_with("\"") || before.ends_with("'");
      });
    });
  }
  return it->second;
}

// Whether the file itself defines all that goes by a name.
static bool IsDefinedIn(const SourceTree &tree, llvm::StringRef name) {
  const auto bound = tree.Scope(0).bindings.find(name);
  return bound != tree.Scope(0).bindings.end() && llvm::all_of(bound->second, [&](uint32_t each) {
           return tree.Is(tree.Parent(each), NodeKind::FunctionDefinition) ||
                  tree.Is(tree.Parent(each), NodeKind::ClassDefinition);
         });
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
  if (trees_.ImportsOwn(tree.module)) { // the tree may be narrow
    ForWords(CodeOf(trees_.TextOf(tree.module)), [&](llvm::StringRef word) {
      file.imports_look_up |= look_ups_.contains(word) && !IsDefinedIn(tree, word);
    });
  }
  return file;
}

} // namespace pydefrag
