#include "check/banned.h"

#include "base/identifier.h"
#include "check/views.h"

namespace pydefrag {

// `replacement` for what stands below the banned module: shop.old.x -> shop.new.x.
static std::string Moved(llvm::StringRef replacement, llvm::StringRef dotted,
                         llvm::StringRef banned) {
  if (replacement.empty() || replacement.contains(':')) {
    return replacement.str();
  }
  return (replacement + dotted.drop_front(banned.size())).str();
}

static Ban BanBy(const Project &project, const BannedPath &entry, const ImportRow &row) {
  const llvm::StringRef module = project.Text(row.module);
  const llvm::StringRef name = row.name.valid() ? project.Text(row.name) : "";
  const auto [banned, banned_name] = llvm::StringRef(entry.path).split(':');
  if (IsWithin(project.Text(project.modules[row.importer].name), banned)) {
    return {};
  }
  if (!banned_name.empty()) {
    const bool met = module == banned && name == banned_name;
    return met ? Ban{&entry, false, entry.replacement} : Ban{};
  }
  if (IsWithin(module, banned)) {
    return {&entry, true, Moved(entry.replacement, module, banned)};
  }
  // `from shop import old`, when that is the module.
  if (!name.empty() && (module + "." + name).str() == banned) {
    return {&entry, false, entry.replacement};
  }
  return {};
}

Ban BanOf(const Project &project, const Config &config, const ImportRow &row) {
  if (row.context.string || row.beyond_top || !row.importer.valid()) {
    return {};
  }
  for (const BannedPath &entry : config.banned) {
    const Ban ban = BanBy(project, entry, row);
    if (ban.entry) {
      return ban;
    }
  }
  return {};
}

} // namespace pydefrag
