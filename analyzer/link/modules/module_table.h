// ModuleTable: dotted name -> module, the way PathFinder does it (CPython
// importlib/_bootstrap_external.py), over all roots at once. One file is one module, whatever name
// reaches it.
//
// A search through a list of folders: the first folder that holds a regular package or a module of
// that name wins; folders without __init__ of that name are remembered, and together make a
// namespace package when nothing else was found (PEP 420).
//
// module_table.cpp: the modules. module_names.cpp: what files are called. path_finder.cpp: the
// search. importer_paths.cpp: where a file looks first. submodules.cpp: what stands below a
// package. served_modules.cpp: what code brings about.
#pragma once

#include "link/modules/file_tree.h"
#include "link/modules/put_modules.h"
#include "link/modules/roots.h"
#include "link/modules/served_by_finders.h"
#include "link/project.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace pydefrag {

struct ModuleSearch {
  ModuleId module;                // found
  ModuleId top;                   // of its first part, if that is found
  NameId missing_part;            // else: the first dotted ancestor that does not exist
  bool unknown = false;           // nobody can tell; `reason` says why
  bool not_installed = false;     // a third-party module that the environment does not have
  const char *reason = "";        // stays valid as long as the project
  const PutModule *put = nullptr; // unknown, but code puts this there
};

inline constexpr const char *kSharedNamespace =
    "another distribution may hold a part of the namespace package";
inline constexpr const char *kNeighbour =
    "a file of a package, which may be started, has a neighbour of that name";

class UnreadPuts;

class ModuleTable {
public:
  ModuleTable(Project &project, FileTree &tree, const Roots &roots,
              const std::vector<std::string> &sites, const SyntaxView &view);
  ~ModuleTable();

  // Makes a module of every scanned file, in file order.
  void AddFiles();

  // What `importer` can see beside itself: imports of one name from files with the same key find
  // the same module.
  uint64_t BesideKey(FileId importer);
  // `dotted` as an absolute import in `importer` would find it.
  ModuleSearch Find(llvm::StringRef dotted, FileId importer);
  // The submodule `name` of a package; invalid when there is none. Never makes external modules.
  ModuleId FindChild(ModuleId package, NameId name);
  // The same where what was looked up before tells; nothing where it takes another look. May be
  // asked from several threads, as long as no other question is asked.
  std::optional<ModuleId> KnownChild(ModuleId package, NameId name) const;
  // Whether the importer stands in a project of its own, below the root, that does not hold the
  // module: a neighbour's module goes by the same roots, but is not on the importer's path.
  bool IsOfAnotherProject(ModuleId module, FileId importer) const;
  // Why a submodule of this name may exist that no look-up sees (an unfoldable `__path__`, a
  // finder); null: it does not.
  const char *WhyOpenBelow(ModuleId package, NameId name);
  // Whether one of any name may.
  bool HasOpenChildren(ModuleId package);
  // What finders may serve, and where installed packages are looked into for what else they bring
  // about; null: nowhere.
  void NoteFinders(std::vector<ServedByFinder> served, const Disk *disk);
  void ForgetDisk();
  bool IsPackage(ModuleId module) const { return is_package_[module] != 0; }
  // Where the files of a compiled module of the project stand; invalid for other modules.
  DirId FolderOfExtension(ModuleId module) const { return extension_folders_.lookup(module); }
  llvm::StringRef PathOf(DirId folder) const { return tree_.Path(folder); }
  // Whether name.pyi stands beside the module's name.py.
  bool HasStubBeside(ModuleId module) const;
  // Whether the module is there in compiled form, too, which goes first.
  bool HasExtensionBeside(ModuleId module) const;
  // Whether a namespace package may go on in another distribution: a declared dependency is called
  // like a part of it (`opentelemetry-api` beside a folder `opentelemetry`), and none is looked
  // into.
  bool SharesNamespace(ModuleId package) const;
  // Whether the project is the standard library itself.
  bool IsStdlibProject() const { return is_stdlib_; }

  // The package that relative imports of `module` start from: itself, or its parent; by folder.
  ModuleId PackageOf(ModuleId module) const;
  ModuleId ParentPackage(ModuleId package) const;
  // Whether the folder that so many dots lead to from the module's file is a package after all, by
  // a name that only a build or whoever is above it knows: a project whose top has an `__init__`.
  bool LeadsToPackage(ModuleId module, unsigned dots) const;

  // The module whose file is loaded a second time as `module`, by an importer of the project's own
  // (`pkg.extern.lib.part`); invalid: `module` is no such second load.
  ModuleId SecondLoadOf(ModuleId module) const { return second_loads_[module].original; }
  // Whether the names of a second load are objects of their own, not those of the original.
  bool HasOwnObjects(ModuleId module) const { return second_loads_[module].own_objects; }

  // Notes modules that code puts into `sys.modules["a.b"]`: they exist, whatever the folders say;
  // and packages whose `__path__` other modules change.
  void NotePutModules(const StatementSigns &signs, const Disk &disk);
  llvm::ArrayRef<PutModule> put_modules() const { return put_modules_; }
  // The first that is put under this name; null: none is.
  const PutModule *FindPut(NameId dotted) const {
    const auto it = put_.find(dotted);
    return it == put_.end() ? nullptr : &put_modules_[it->second];
  }
  // Why code may have put a module of this dotted name into `sys.modules`; null: none does, as far
  // as is known. A name: `from package import name` asks for it; below what is no package only
  // names that are spelled out count.
  enum class AskedAs : uint8_t { Module, Name, NameOfNoPackage };
  const char *WhyPut(llvm::StringRef dotted, AskedAs asked);
  // The module of that name; made when there is none.
  ModuleId ModuleOf(const PutModule &put);

private:
  struct Children { // of a package
    bool ready = false;
    const char *open = nullptr; // why there may be others
    bool hands_name = false;    // its code calls something with its `__name__`
    llvm::SmallVector<DirId, 1> dirs;
    ModuleId served; // the package whose submodules an importer serves here, too
    llvm::DenseMap<NameId, ModuleId> found;
  };
  struct SecondLoad {
    ModuleId original;
    bool own_objects = false;
  };
  ModuleId Add(Module module);
  ModuleId AddSecondLoad(ModuleId original, NameId name, ModuleId parent);
  ModuleId FindServed(ModuleId package, NameId name);
  void AddSecondLoadsBelow(ModuleId served);
  bool DefinesFinder(FileId file, llvm::StringRef class_name) const;
  ModuleId SearchIn(llvm::ArrayRef<DirId> dirs, NameId name, ModuleId parent, bool with_portions);
  ModuleId FindTop(NameId name, FileId importer);
  ModuleId FindTopInRoots(NameId name, FileId importer);
  // The package that a folder stands for by the settings; invalid when none does.
  ModuleId FindMapped(llvm::StringRef dotted) const;
  ModuleId FindMappedChild(ModuleId package, NameId name) const;
  ModuleSearch FindOutside(llvm::StringRef dotted);
  bool IsMaterialOfTests(ModuleId module, FileId importer) const;
  ModuleId FolderOfOthers(ModuleId found, NameId name);
  ModuleSearch FindBelow(ModuleId top, llvm::StringRef dotted,
                         llvm::ArrayRef<llvm::StringRef> parts, FileId importer);
  const char *WhyServed(llvm::StringRef dotted) const;
  const char *WhyServedBelow(ModuleId package);
  const char *WhyPutBelow(ModuleId package);
  DirId FolderOfInstalled(ModuleId package) const;
  const char *WhyUnknown(ModuleId above, llvm::ArrayRef<llvm::StringRef> parts, size_t i,
                         llvm::StringRef prefix, FileId importer);
  llvm::SmallVector<DirId, 8> OwnRoots(FileId importer) const;
  ModuleId FindBesideImporter(NameId name, FileId importer);
  std::pair<DirId, DirId> FoldersBeside(FileId importer) const;
  bool ImportsRelatively(FileId file) const;
  bool IsInFolderBeside(llvm::ArrayRef<llvm::StringRef> parts, FileId importer) const;
  ModuleId StandardModule(llvm::StringRef dotted, ModuleId parent);
  ModuleId ExternalModule(NameId dotted, ModuleId parent);
  Children &ChildrenOf(ModuleId package);
  void ReadHandedName(const Statement &statement, bool installed, Children &children) const;
  bool MayServePath(FileId file, uint32_t hook) const;
  void ReadPathEdits(ModuleId package, Children &children);
  void ReadRedirect(ExprId call, ModuleId package, Children &children);
  void MergeLegacyPortions(ModuleId package, Children &children);
  NameId ChildName(ModuleId parent, NameId name);
  std::string NameFromSites(llvm::StringRef path) const;
  bool IsBelowBareFolder(NameId name, FileId importer) const;
  ModuleId FindInSites(NameId name);
  bool HoldsAProject(ModuleId package) const;
  std::string NameFromRoots(llvm::StringRef path) const;
  bool IsTakenByRoot(llvm::StringRef top) const;
  bool IsImportedFrom(llvm::StringRef folder, llvm::StringRef stem, llvm::StringRef top_now) const;
  void CollectImportedTops();
  ModuleId PackageAround(FileId file) const;
  const ModuleCandidates *CandidatesOf(ModuleId module) const;
  ModuleKind Evidence(const ModuleCandidates &candidates) const;

  Project &project_;
  FileTree &tree_;
  const Roots &roots_;
  const SyntaxView &view_;
  bool is_stdlib_ = false; // the project is the standard library itself
  llvm::SmallVector<DirId, 8> root_dirs_;
  llvm::SmallVector<DirId, 4> site_dirs_;     // of the environment, if one is known
  llvm::DenseSet<NameId> imported_tops_;      // first components of absolute imports
  llvm::DenseMap<NameId, ModuleId> top_;      // found in the roots; invalid: nothing there
  llvm::DenseMap<NameId, ModuleId> standard_; // by dotted name; invalid: the target has none
  llvm::DenseMap<NameId, ModuleId> external_; // by dotted name
  llvm::DenseMap<ModuleId, DirId> extension_folders_;
  std::vector<PutModule> put_modules_;
  llvm::DenseSet<NameId> makers_;        // functions that put modules of computed names
  llvm::DenseMap<NameId, uint32_t> put_; // dotted name -> index of the first that puts it there
  std::unique_ptr<UnreadPuts> unread_puts_;
  llvm::DenseSet<NameId> changed_paths_; // last names of packages whose path other modules change
  std::vector<ModuleId> unread_putters_; // until there is a disk to read them from
  std::vector<ServedByFinder> served_by_finders_;
  InstalledSources installed_sources_{nullptr};
  const char *not_installed_; // the reason
  IdVector<ModuleId, char> is_package_;
  IdVector<ModuleId, Children> children_;
  IdVector<ModuleId, SecondLoad> second_loads_;
  IdVector<ModuleId, llvm::SmallVector<DirId, 1>> portions_; // of namespaces
  llvm::DenseMap<NameId, llvm::SmallVector<ModuleId, 1>> namespaces_;
};

} // namespace pydefrag
