#include "link/modules/file_tree.h"

#include "source/made_modules.h"
#include "source/paths.h"

namespace pydefrag {

// "x" of x.py, x.pyi, x.cpython-311-x86_64-linux-gnu.so, x.py.in, x.pyx: up to the first dot, since
// a module's file name has no other dot than those of its suffix.
static llvm::StringRef Stem(llvm::StringRef file_name, FileKind kind) {
  switch (kind) {
  case FileKind::Source:
    return file_name.drop_back(3);
  case FileKind::Stub:
  case FileKind::Bytecode:
    return file_name.drop_back(4);
  case FileKind::Extension:
  case FileKind::Generator:
  case FileKind::Settings:
    return file_name.split('.').first;
  }
  return file_name;
}

DirId FileTree::AddDirectory(llvm::StringRef path) {
  const NameId key = names_.Intern(path);
  if (auto it = by_path_.find(key); it != by_path_.end()) {
    return it->second;
  }
  // Parents first, from the top.
  if (path.empty()) {
    const DirId id = dirs_.push_back(Dir{});
    by_path_[key] = id;
    return id;
  }
  llvm::SmallVector<llvm::StringRef, 16> missing;
  llvm::StringRef at = path;
  DirId parent;
  for (;;) {
    auto it = by_path_.find(names_.Intern(at));
    if (it != by_path_.end()) {
      parent = it->second;
      break;
    }
    if (at.empty()) {
      // An absolute path starts a tree of its own: it is not below the project's root.
      parent = path.starts_with("/") ? DirId() : AddDirectory("");
      break;
    }
    missing.push_back(at);
    at = FolderOf(at);
  }
  for (auto it = missing.rbegin(); it != missing.rend(); ++it) {
    Dir dir;
    dir.path = it->str();
    dir.name = names_.Intern(FileNameOf(*it));
    dir.parent = parent;
    const NameId name = dir.name;
    const DirId id = dirs_.push_back(std::move(dir));
    by_path_[names_.Intern(*it)] = id;
    if (parent.valid()) {
      dirs_[parent].children.push_back(id);
      subdirs_[Key(parent, name)] = id;
    }
    parent = id;
  }
  return parent;
}

void FileTree::AddFile(llvm::StringRef path, FileKind kind, FileId file) {
  if (kind == FileKind::Settings) {
    return;
  }
  const DirId dir = AddDirectory(FolderOf(path));
  const NameId name = names_.Intern(Stem(FileNameOf(path), kind));
  ModuleCandidates &candidates = modules_[Key(dir, name)];
  switch (kind) {
  case FileKind::Source:
    candidates.source = file;
    break;
  case FileKind::Stub:
    candidates.has_stub = true;
    candidates.stub = file;
    break;
  case FileKind::Extension:
  case FileKind::Bytecode:
    candidates.extension = true;
    break;
  case FileKind::Generator:
    candidates.generated = true;
    for (const std::string &made : ModulesMadeFrom(FileNameOf(path))) {
      made_.insert(names_.Intern(made));
    }
    if (path.ends_with(".pyx") && dirs_[dir].name.valid()) {
      made_in_.insert({dirs_[dir].name, name});
    }
    break;
  case FileKind::Settings:
    break;
  }
  if (kind == FileKind::Source || kind == FileKind::Extension || kind == FileKind::Bytecode) {
    dirs_[dir].own_modules = true;
    for (DirId at = dir; at.valid() && !dirs_[at].holds_python; at = dirs_[at].parent) {
      dirs_[at].holds_python = true;
    }
  }
}

void FileTree::AddOutside(llvm::StringRef path, FileKind kind) {
  AddFile(path, kind, FileId());
  if (kind == FileKind::Source) {
    const auto [folder, base] = path.rsplit('/');
    modules_[Key(AddDirectory(folder), names_.Intern(Stem(base, kind)))].outside = true;
  }
}

DirId FileTree::FindDirectory(llvm::StringRef path) const {
  const NameId key = names_.Find(path);
  auto it = by_path_.find(key);
  return it == by_path_.end() ? DirId() : it->second;
}

DirId FileTree::SubDirectory(DirId dir, NameId name) const {
  auto it = subdirs_.find(Key(dir, name));
  return it == subdirs_.end() ? DirId() : it->second;
}

const ModuleCandidates *FileTree::Find(DirId dir, NameId name) const {
  auto it = modules_.find(Key(dir, name));
  return it == modules_.end() ? nullptr : &it->second;
}

bool FileTree::IsRegularPackage(DirId dir) const {
  const ModuleCandidates *init = Init(dir);
  return init && (init->source.valid() || init->extension || init->outside);
}

DirId FileTree::BaseOf(DirId dir) const {
  while (dir.valid() && IsRegularPackage(dir)) {
    dir = Parent(dir);
  }
  return dir;
}

llvm::StringRef FileTree::BaseOfFile(llvm::StringRef path) const {
  const DirId base = BaseOf(FindDirectory(FolderOf(path)));
  return base.valid() ? Path(base) : llvm::StringRef();
}

} // namespace pydefrag
