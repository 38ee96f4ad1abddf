// Unread puts: files that put modules into `sys.modules` in a way that is not read, under names
// that nobody knows. Which names these may be the texts that such a file spells tell.
//
//     sys.modules.update({"shop.api": api})       # shop/boot.py
//     sys.modules["%s.till" % __package__] = till
//     import shop.api, shop.till                  -> unknown, not missing
//     import shop.gone                            -> missing: no such file spells "gone"
//
// Plain assignments with keys that are spelled out: put_modules.h.
#pragma once

#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"

#include <vector>

namespace pydefrag {

class UnreadPuts {
public:
  UnreadPuts() = default;
  UnreadPuts(const Project &project, const Disk *disk, std::vector<ModuleId> files)
      : project_(&project), disk_(disk), files_(std::move(files)) {}
  // No disk to look at any more: what was not asked for by then is not known to be put.
  void Forget() { Read(); }

  // A file that may put a module of this dotted name; invalid: none. It spells the name whole, or
  // its last part beside what stands before it: "shop." somewhere, or a file of the same top-level
  // package; or it spells "shop.{}" or "shop.%s", and anything may lie below. The files are read
  // when somebody asks, once.
  ModuleId WhoSpells(llvm::StringRef dotted);
  // The same where a name of a module is asked for, which hardly ever is a module: a text of a file
  // of the package has to end with it, behind a dot.
  ModuleId WhoSpellsName(llvm::StringRef dotted);

private:
  void Read();
  void ReadTexts(ModuleId module, llvm::StringRef source);
  void NoteWord(ModuleId module, llvm::StringRef word, bool ends_text);
  ModuleId Find(const llvm::Twine &word) const;
  ModuleId FindSpelled(llvm::StringRef dotted) const;

  const Project *project_ = nullptr;
  const Disk *disk_ = nullptr;
  std::vector<ModuleId> files_; // not read yet
  // The first file that spells each, whole or as a part: "shop.api", "shop.", "api"; with the
  // file's own top-level package "shop:api", and "shop:.api" where a text ends so; "shop.*" for
  // "shop.{}".
  llvm::StringMap<ModuleId> words_;
};

} // namespace pydefrag
