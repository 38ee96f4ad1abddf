#include "link/identity/declared_paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

#include <algorithm>

namespace pydefrag {

size_t UsesThrough(const Definition &definition, ModuleId module) {
  size_t count = 0;
  for (const PathInfo &path : definition.paths) {
    count += path.module == module ? path.uses : 0;
  }
  return count;
}

size_t TypesThrough(const Definition &definition, ModuleId module) {
  size_t count = 0;
  for (const PathInfo &path : definition.paths) {
    count += path.module == module ? path.type_checking : 0;
  }
  return count;
}

llvm::ArrayRef<RowId> RowsIn(const Project &project, const PathInfo &path, FileId file) {
  const auto begin =
      llvm::partition_point(path.rows, [&](RowId id) { return project.rows[id].file < file; });
  return llvm::ArrayRef(path.rows)
      .drop_front(static_cast<size_t>(begin - path.rows.begin()))
      .take_while([&](RowId id) { return project.rows[id].file == file; });
}

size_t ModulesInUse(const Definition &definition) {
  llvm::SmallSet<ModuleId, 4> modules;
  for (const PathInfo &path : definition.paths) {
    if (path.in_use) {
      modules.insert(path.module);
    }
  }
  return modules.size();
}

bool BelongsTo(llvm::StringRef module, llvm::StringRef package) {
  if (IsWithin(module, package)) {
    return true;
  }
  const size_t last = package.rfind('.') + 1; // npos + 1 is 0
  return module.consume_front(package.take_front(last)) && module.consume_front("_") &&
         module.consume_front(package.drop_front(last)) &&
         (module.empty() || module[0] == '.' || module[0] == '_');
}

static size_t PrivateParts(llvm::StringRef dotted) {
  size_t count = 0;
  for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
    count += rest.starts_with("_") && rest != "_" ? 1 : 0;
  }
  return count;
}

size_t DeclaredPaths::PrivacyOf(const PathInfo &path) const {
  return PrivateParts(ModuleText(path.module)) + PrivateParts(project_.Text(path.name));
}

Declared DeclaredPaths::HowDeclared(const Definition &definition, const PathInfo &path) {
  const AllNames &all = resolver_.All(path.module);
  if (all.present && all.Lists(path.name)) {
    return Declared::Written;
  }
  const NamespaceLog &log = resolver_.Log(path.module);
  const bool as_itself = llvm::any_of(log.Of(path.name), [&](uint32_t index) {
    const Event &event = log.events[index];
    const ExprId as =
        event.kind == EventKind::From ? resolver_.view().Child(event.value) : ExprId();
    return as.valid() && resolver_.view().At(as).text == resolver_.view().At(event.value).text;
  });
  if (as_itself) {
    return Declared::Written;
  }
  return IsAround(definition, path) ? Declared::Idiom : Declared::No;
}

bool DeclaredPaths::IsUnnamed(const PathInfo &path) {
  return resolver_.HasLog(path.module) && resolver_.Log(path.module).Of(path.name).empty();
}

bool DeclaredPaths::GathersSeveral(ModuleId package) {
  const AllNames &all = resolver_.All(package);
  if (all.present) {
    return all.names.size() >= kSeveral;
  }
  const NamespaceLog &log = resolver_.Log(package);
  size_t count = 0;
  bool star = false;
  for (const Event &event : log.events) {
    if (event.kind == EventKind::From || event.kind == EventKind::Star) {
      const ModuleId source = resolver_.TargetOf(package, event.statement).module;
      const bool below = source.valid() && IsWithin(source, package);
      count += below;
      star |= below && event.kind == EventKind::Star;
    }
  }
  return log.lazy || star || count >= kSeveral;
}

bool DeclaredPaths::Offers(const Definition &definition, const PathInfo &path) {
  return IsAround(definition, path) &&
         (IsUnnamed(path) || HowDeclared(definition, path) == Declared::Written ||
          !mentions_.Has(path.module, path.name));
}

bool DeclaredPaths::HoldsForOthers(const PathInfo &path) {
  const AllNames &all = resolver_.All(path.module);
  const bool left_out = all.present && all.known && !all.Lists(path.name);
  return IsUnnamed(path) ? !left_out || IsFace(path.module)
                         : !left_out && !mentions_.Has(path.module, path.name);
}

bool DeclaredPaths::IsFace(ModuleId module) {
  if (!resolver_.HasLog(module) || resolver_.Log(module).stars.empty()) {
    return false;
  }
  const auto [place, fresh] = faces_.try_emplace(module, false);
  if (fresh) {
    const std::vector<PlacedStatement> &statements = project_.StatementsOf(module);
    const std::vector<uint32_t> &of_all = resolver_.Log(module).all_ops;
    place->second = llvm::all_of(llvm::enumerate(statements), [&](const auto &each) {
      const StatementKind kind = resolver_.view().Of(each.value()).kind;
      return kind == StatementKind::Import || kind == StatementKind::FromImport ||
             kind == StatementKind::Docstring ||
             std::binary_search(of_all.begin(), of_all.end(), static_cast<uint32_t>(each.index()));
    });
  }
  return place->second;
}

bool DeclaredPaths::IsIncidental(const Definition &definition, const PathInfo &path) {
  return path.module != definition.module && HowDeclared(definition, path) == Declared::No &&
         !HoldsForOthers(path) && !mentions_.IsKeptByComment(path.module, path.name);
}

bool DeclaredPaths::MayUsePrivate(ModuleId importer, ModuleId module) const {
  const llvm::StringRef text = ModuleText(module);
  const size_t at = text.starts_with("_") ? 0 : text.find("._");
  const llvm::StringRef owner = text.take_front(at == llvm::StringRef::npos ? text.rfind('.') : at);
  return owner.empty() || pydefrag::BelongsTo(ModuleText(importer), owner);
}

} // namespace pydefrag
