// Name deeds: what a function does to the module whose name it is given.
//
//     def deprecated(value, module_name, name):
//         module = sys.modules[module_name]
//         if not isinstance(module, Proxy):
//             sys.modules[module_name] = module = Proxy(module)
//         setattr(module, name, value)
//
// A function is understood only when every place where the name, the module that it looks up by it,
// or a stand-in for that occurs is of a few exact forms; then nothing else happens to the module.
// What it does under a condition counts as done. It may hand the name on to nobody: no function is
// followed into another, so each is read once, and in the time that its lines take.
#pragma once

#include "link/flow/module_classes.h"
#include "link/flow/source_trees.h"
#include "link/names/namespaces.h"
#include "link/project.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"

#include <map>
#include <tuple>

namespace pydefrag {

class Resolver;

struct NameDeeds {
  bool understood = false;
  llvm::SmallVector<llvm::StringRef, 2> names; // that it sets, or that what it puts there serves
  llvm::SmallVector<unsigned, 1> keys;         // parameters: a name that it sets
  llvm::SmallVector<unsigned, 1> tables;       // parameters: names that are served
  llvm::SmallVector<llvm::StringRef, 1> own;   // names of the module: what they hold is served
  llvm::SmallVector<uint32_t, 1> displays;     // in the function's file: what they hold is served
  uint32_t stands_in = 0;                      // the class or hook that serves; 0: none
  bool class_serves = false;                   // a class
};

class NameDeedsTable {
public:
  // Refers to both, which outlive it.
  NameDeedsTable(const Project &project, SourceTrees &trees) : project_(project), trees_(trees) {}

  // `position`: of the parameter that gets the name.
  const NameDeeds &Of(const SourceTree &tree, uint32_t function, size_t position);

  // A tree that shows a definition at the top of a module, what that uses of its file, and whatever
  // looks modules up there: of a short file all; null: it does not parse.
  const SourceTree *TreeFor(const Resolver &resolver, ModuleId module, const Event &definition);

  // Whether a file that uses the module says this name.
  bool IsNamedElsewhere(ModuleId module, llvm::StringRef name);
  // Whether a file that uses the module seems to give this name of it another value.
  bool IsReplaced(ModuleId module, llvm::StringRef name);

  // Modules that give their own names away (own_name.h). `only`: nothing else opens it.
  void NoteGiver(ModuleId module, bool only) { givers_.try_emplace(module, only); }
  bool IsGiver(ModuleId module) const { return givers_.contains(module); }
  bool IsGiverOnly(ModuleId module) const { return givers_.lookup(module); }

  // Functions and classes of any file that look modules up, or hand names on to those.
  void NoteLookUp(llvm::StringRef name) { look_ups_.insert(name); }

  // --- for those who read one function

  const ModuleClass &ClassAt(const SourceTree &tree, uint32_t node);
  bool HasStar(const SourceTree &tree) { return FileOf(tree).star; }
  // The identifiers of the file that look a module up by a text: `modules` of `sys.modules`.
  llvm::ArrayRef<uint32_t> LookUpsIn(const SourceTree &tree) { return FileOf(tree).looks_up; }
  // Whether something that the file imports from the project may be one of NoteLookUp.
  bool ImportsLookUp(const SourceTree &tree) { return FileOf(tree).imports_look_up; }

private:
  struct File {
    bool star = false;
    bool imports_look_up = false;
    llvm::SmallVector<uint32_t, 4> looks_up;
  };
  const File &FileOf(const SourceTree &tree);
  // The files that import the module, or from it.
  llvm::ArrayRef<ModuleId> UsersOf(ModuleId module);

  const Project &project_;
  SourceTrees &trees_;
  std::map<std::tuple<const SourceTree *, uint32_t, size_t>, NameDeeds> deeds_;
  std::map<std::pair<const SourceTree *, uint32_t>, ModuleClass> classes_;
  std::map<const SourceTree *, File> files_;
  std::map<std::pair<ModuleId, NameId>, std::unique_ptr<SourceTree>> narrow_;
  std::map<ModuleId, std::vector<ModuleId>> users_;
  std::map<std::pair<ModuleId, std::string>, bool> replaced_;
  llvm::DenseMap<ModuleId, bool> givers_;
  llvm::StringSet<> look_ups_;
};

} // namespace pydefrag
