// ModuleTable: modules that code brings about, not the folders: put into `sys.modules`, or served
// by a finder of the project's own from another package.
#include "link/modules/module_table.h"

#include "link/modules/changed_paths.h"
#include "link/modules/unread_puts.h"
#include "source/paths.h"

namespace pydefrag {

ModuleTable::~ModuleTable() = default;

void ModuleTable::NotePutModules(const StatementSigns &signs, const Disk &disk) {
  PutModules found = FindPutModules(project_, view_, signs, disk);
  put_modules_ = std::move(found.named);
  makers_ = std::move(found.makers);
  unread_putters_ = std::move(found.unread);
  changed_paths_ = FindChangedPaths(project_, view_, signs);
  for (uint32_t i = 0; i < put_modules_.size(); ++i) {
    put_.try_emplace(put_modules_[i].name, i);
  }
}

void ModuleTable::NoteFinders(std::vector<ServedByFinder> served, const Disk *disk) {
  served_by_finders_ = std::move(served);
  installed_sources_ = InstalledSources(disk);
  if (disk != nullptr) {
    unread_puts_ = std::make_unique<UnreadPuts>(project_, disk, std::move(unread_putters_));
  }
}

void ModuleTable::ForgetDisk() {
  installed_sources_.Forget();
  if (unread_puts_) {
    unread_puts_->Forget();
  }
}

const char *ModuleTable::WhyPut(llvm::StringRef dotted, AskedAs asked) {
  if (const PutModule *put = FindPut(project_.scanned.names.Find(dotted))) {
    return project_.reasons.Keep("put into `sys.modules` by `" +
                                 project_.Text(project_.modules[put->by].name) + "`");
  }
  if (!unread_puts_ || asked == AskedAs::NameOfNoPackage) {
    return nullptr;
  }
  const ModuleId by = asked == AskedAs::Module ? unread_puts_->WhoSpells(dotted)
                                               : unread_puts_->WhoSpellsName(dotted);
  return by.valid() ? project_.reasons.Keep("`" + project_.Text(project_.modules[by].name) +
                                            "` may put it into `sys.modules`")
                    : nullptr;
}

// Why a finder may find the module; null: none does, as far as is known.
const char *ModuleTable::WhyServed(llvm::StringRef dotted) const {
  for (const ServedByFinder &each : served_by_finders_) {
    if (each.Covers(dotted)) {
      return project_.reasons.Keep("a finder that `" +
                                   project_.Text(project_.modules[each.by].name) +
                                   "` puts into `sys.meta_path` may find it");
    }
  }
  return nullptr;
}

// The same for whatever is asked for below a package.
const char *ModuleTable::WhyServedBelow(ModuleId package) {
  if (!IsPackage(package) || ChildrenOf(package).served.valid() || SecondLoadOf(package).valid()) {
    return nullptr; // it is known which finder serves what
  }
  const llvm::StringRef dotted = project_.Text(project_.modules[package].name);
  for (const ServedByFinder &each : served_by_finders_) {
    if (each.CoversAllBelow(dotted)) {
      return WhyServed(dotted.str() + "." + each.name);
    }
  }
  const DirId folder = FolderOfInstalled(package);
  const InstalledSources::Signs signs =
      folder.valid() ? installed_sources_.In(tree_.Path(folder)) : InstalledSources::Signs();
  return signs.adds_finder ? "a finder of the installed package may find it" : nullptr;
}

// Why an installed package may have put modules below this one into `sys.modules`, as it is
// imported; null: it does not.
const char *ModuleTable::WhyPutBelow(ModuleId package) {
  const DirId folder = FolderOfInstalled(package);
  const InstalledSources::Signs signs =
      folder.valid() ? installed_sources_.In(tree_.Path(folder)) : InstalledSources::Signs();
  return signs.puts_modules || (signs.puts_in_functions && ChildrenOf(package).hands_name)
             ? "the installed package puts modules into `sys.modules`"
             : nullptr;
}

// The folder of the top-level package that an installed package belongs to; invalid for others.
DirId ModuleTable::FolderOfInstalled(ModuleId package) const {
  const Module &module = project_.modules[project_.TopOf(package)];
  if (module.first_party || !module.file.valid() || module.kind != ModuleKind::Package) {
    return DirId();
  }
  return tree_.FindDirectory(FolderOf(project_.PathOf(module.file)));
}

ModuleId ModuleTable::ModuleOf(const PutModule &put) {
  const ModuleId known = project_.FindModule(project_.Text(put.name));
  return known.valid() ? known : ExternalModule(put.name, put.by);
}

// Whether the file defines a class of this name that is a finder on `sys.meta_path`.
bool ModuleTable::DefinesFinder(FileId file, llvm::StringRef class_name) const {
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind != StatementKind::Class || view_.Text(statement.text) != class_name) {
      continue;
    }
    for (uint32_t k = i + 1; k < statements[i].end; k = statements[k].end) {
      const Statement &method = view_.Of(statements[k]);
      const llvm::StringRef name = view_.Text(method.text);
      if (method.kind == StatementKind::Function &&
          (name == "find_spec" || name == "find_module")) {
        return true;
      }
    }
  }
  return false;
}

// `Finder(__name__, names, "pkg._vendor").install()`: a finder that serves the submodules of this
// package from another one (the usual default replaces `extern` by `_vendor`).
void ModuleTable::ReadRedirect(ExprId call, ModuleId package, Children &children) {
  const ExprId maker =
      view_.Is(call, ExprKind::Call) && view_.Is(view_.Child(call), ExprKind::Attribute)
          ? view_.Child(view_.Child(call))
          : ExprId();
  const auto callee = maker.valid() ? view_.Callee(maker) : std::nullopt;
  const auto arguments = callee ? view_.Arguments(maker) : llvm::SmallVector<ExprId, 4>();
  if (arguments.empty() || !view_.IsName(arguments[0], "__name__") ||
      !DefinesFinder(project_.modules[package].file, *callee)) {
    return;
  }
  std::string target = project_.Text(project_.modules[package].name).str();
  if (arguments.size() > 2 && view_.Is(arguments[2], ExprKind::String)) {
    target = view_.TextOf(arguments[2]).str();
  } else if (const size_t at = target.find("extern"); at != std::string::npos) {
    target.replace(at, 6, "_vendor");
  }
  const ModuleId vendor = Find(target, project_.modules[package].file).module;
  if (vendor.valid() && vendor != package && IsPackage(vendor)) {
    children.served = vendor;
  } else {
    children.open = "a finder of its own serves what is below";
  }
}

// A submodule that a finder serves from another package. It is that very module; but what stands
// below it is found by the usual finder, in its folder, under the second name: loaded again.
ModuleId ModuleTable::FindServed(ModuleId package, NameId name) {
  const ModuleId original = FindChild(ChildrenOf(package).served, name);
  if (!original.valid() || !IsPackage(original)) {
    return original;
  }
  const ModuleId served = AddSecondLoad(original, name, package);
  AddSecondLoadsBelow(served);
  return served;
}

// All at once: modules that come into being later are met by nobody who counts modules.
void ModuleTable::AddSecondLoadsBelow(ModuleId served) {
  llvm::SmallVector<ModuleId, 8> packages{served};
  while (!packages.empty()) {
    const ModuleId package = packages.pop_back_val();
    const ModuleId original = SecondLoadOf(package);
    for (size_t i = 0; i < project_.scanned.paths.size(); ++i) {
      const ModuleId module = project_.module_of_file[FileId(i)];
      if (project_.modules[module].parent != original) {
        continue;
      }
      const llvm::StringRef dotted = project_.Text(project_.modules[module].name);
      const ModuleId child =
          FindChild(package, project_.scanned.names.Intern(dotted.rsplit('.').second));
      if (child.valid() && SecondLoadOf(child).valid() && IsPackage(child)) {
        packages.push_back(child);
      }
    }
  }
}

ModuleId ModuleTable::AddSecondLoad(ModuleId original, NameId name, ModuleId parent) {
  Module module{.name = ChildName(parent, name),
                .kind = IsPackage(original) ? ModuleKind::Namespace : ModuleKind::Extension,
                .parent = parent,
                .first_party = true};
  const ModuleId id = Add(module);
  second_loads_[id] = {original, second_loads_[parent].original.valid()};
  return id;
}

} // namespace pydefrag
