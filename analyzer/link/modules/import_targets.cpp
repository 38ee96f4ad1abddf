#include "link/modules/import_targets.h"

#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

ImportTargets::ImportTargets(Project &project, ModuleTable &table, const SyntaxView &view)
    : project_(project), table_(table), view_(view) {
  const size_t files = project.scanned.facts.size();
  begin_.reserve(files + 1);
  names_in_.resize(files);
  for (size_t i = 0; i < files; ++i) {
    begin_.push_back(static_cast<uint32_t>(placed_.size()));
    ReadFile(FileId(i), placed_);
  }
  begin_.push_back(static_cast<uint32_t>(placed_.size()));
}

void ImportTargets::ReadFile(FileId file, std::vector<Placed> &into) {
  const ModuleId importer = project_.module_of_file[file];
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  const uint64_t beside = table_.BesideKey(file);
  const SetPackage set = FindSetPackage(file);
  uint32_t names = 0;
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const Statement &statement = view_.Of(statements[i]);
    const bool from = statement.kind == StatementKind::FromImport;
    if (!from && statement.kind != StatementKind::Import) {
      continue;
    }
    into.push_back({i, static_cast<uint32_t>(slots_.size())});
    if (from) {
      slots_.push_back(statement.level == 0 ? Absolute(beside, file, statement.text)
                       : set.Holds(i)       ? BelowSetPackage(set, statement)
                                            : Relative(importer, statement));
    }
    for (ExprId alias = statement.first; alias.valid(); alias = view_.Next(alias)) {
      ++names;
      if (!from) {
        slots_.push_back(Absolute(beside, file, view_.At(alias).text));
      }
    }
  }
  names_in_[file] = names;
}

const ImportTarget &ImportTargets::Of(FileId file, uint32_t statement, uint32_t alias) const {
  const size_t f = static_cast<size_t>(file.index);
  const bool over = file == over_;
  const auto first = over ? over_placed_.begin() : placed_.begin() + begin_[f];
  const auto last = over ? over_placed_.end() : placed_.begin() + begin_[f + 1];
  const auto it = std::partition_point(
      first, last, [&](const Placed &placed) { return placed.statement < statement; });
  return targets_[slots_[it->slot + alias]];
}

void ImportTargets::LayOver(FileId file) {
  over_ = file;
  names_below_ = names_in_[file];
  slots_below_ = slots_.size();
  ReadFile(file, over_placed_);
}

void ImportTargets::Lift() {
  names_in_[over_] = names_below_;
  slots_.resize(slots_below_);
  over_placed_.clear();
  over_ = FileId();
}

uint32_t ImportTargets::Add(const ImportTarget &target) {
  targets_.push_back(target);
  return static_cast<uint32_t>(targets_.size() - 1);
}

static ImportTarget TargetFrom(const ModuleSearch &search, NameId dotted) {
  ImportTarget target;
  target.dotted = dotted;
  target.module = search.module;
  target.top = search.module.valid() ? search.top : ModuleId();
  target.missing_part = search.missing_part;
  target.reason = search.reason;
  target.unknown = search.unknown;
  target.not_installed = search.not_installed;
  target.put = search.put;
  return target;
}

// Whether the path is that of name.py.
static bool IsCalled(llvm::StringRef path, llvm::StringRef name) {
  return path.consume_back(".py") && path.consume_back(name) &&
         (path.empty() || path.ends_with("/"));
}

uint32_t ImportTargets::Absolute(uint64_t beside, FileId file, NameId dotted) {
  const std::pair<uint64_t, NameId> key(beside, dotted);
  const llvm::StringRef text = project_.Text(dotted);
  // A file does not find itself beside itself, its neighbours do.
  const bool itself = IsCalled(project_.scanned.paths[file], text.split('.').first);
  if (auto it = absolute_.find(key); it != absolute_.end() && !itself) {
    return it->second;
  }
  const ImportTarget target = TargetFrom(table_.Find(text, file), dotted);
  return itself ? Add(target) : absolute_[key] = Add(target);
}

// `__package__ = "shop"` in a file: relative imports behind it start there. Which one where it is
// assigned under a condition, or what no literal gives, nobody knows.
ImportTargets::SetPackage ImportTargets::FindSetPackage(FileId file) {
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  const ModuleId own = table_.PackageOf(project_.module_of_file[file]);
  const llvm::StringRef own_name = own.valid() ? project_.Text(project_.modules[own].name) : "";
  SetPackage set;
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const Statement &statement = view_.Of(statements[i]);
    const auto operands = statement.kind == StatementKind::Assign ? view_.Operands(statement)
                                                                  : llvm::SmallVector<ExprId, 8>();
    if (operands.size() < 2 || !view_.IsName(operands[0], "__package__")) {
      continue;
    }
    const auto name = view_.String(operands.back());
    const bool none = view_.Is(operands.back(), ExprKind::None) || (name && name->empty());
    if (none && statements[i].parent >= 0) {
      continue; // where it is none already: `if __package__ is None: __package__ = ""`
    }
    const bool again = set.from != SetPackage::kNowhere;
    if (name && *name == own_name && !again) {
      continue; // what it is anyway
    }
    const bool plain = name && !name->empty() && statements[i].parent < 0 && !again;
    set.from = std::min(set.from, i);
    set.base = plain ? table_.Find(*name, file).module : ModuleId();
  }
  return set;
}

uint32_t ImportTargets::BelowSetPackage(const SetPackage &set, const Statement &statement) {
  ModuleId base = set.base;
  for (unsigned level = 1; level < statement.level && base.valid(); ++level) {
    base = table_.ParentPackage(base);
  }
  const llvm::StringRef text = view_.Text(statement.text);
  if (base.valid() && table_.IsPackage(base)) {
    return Add(Below(base, text));
  }
  return Add(Unknown(statement, "`__package__` is set to something else"));
}

ImportTarget ImportTargets::Unknown(const Statement &statement, const char *reason) {
  ImportTarget target;
  target.unknown = true;
  target.reason = reason;
  target.dotted = project_.scanned.names.Intern(std::string(statement.level, '.') +
                                                view_.Text(statement.text).str());
  return target;
}

// A relative import looks below its own package, whatever a root holds under the same name.
uint32_t ImportTargets::Relative(ModuleId importer, const Statement &statement) {
  ModuleId base = table_.PackageOf(importer);
  for (unsigned level = 1; level < statement.level && base.valid(); ++level) {
    base = table_.ParentPackage(base);
  }
  const llvm::StringRef text = view_.Text(statement.text);
  if (!base.valid() && table_.LeadsToPackage(importer, statement.level)) {
    return Add(Unknown(statement, "the folder that it leads to is a package of an unknown name"));
  }
  if (!base.valid()) {
    ImportTarget target;
    target.beyond_top = true;
    target.dotted = project_.scanned.names.Intern(std::string(statement.level, '.') + text.str());
    return Add(target);
  }
  const std::pair<ModuleId, NameId> key(base, statement.text);
  if (auto it = relative_.find(key); it != relative_.end()) {
    return it->second;
  }
  return relative_[key] = Add(Below(base, text));
}

ImportTarget ImportTargets::Below(ModuleId base, llvm::StringRef rest) {
  NameTable &names = project_.scanned.names;
  std::string prefix = project_.Text(project_.modules[base].name).str();
  const std::string dotted = rest.empty() ? prefix : (prefix + "." + rest).str();
  ImportTarget target;
  target.dotted = names.Intern(dotted);
  ModuleId at = base;
  while (!rest.empty()) {
    const auto [part, tail] = rest.split('.');
    rest = tail;
    prefix += "." + part.str();
    const ModuleId child = table_.FindChild(at, names.Intern(part));
    if (!child.valid()) {
      const char *open = table_.WhyOpenBelow(at, names.Intern(part));
      open = open != nullptr ? open : table_.WhyPut(prefix, ModuleTable::AskedAs::Module);
      const bool shared = table_.SharesNamespace(at);
      target.unknown = open != nullptr || shared || IsVirtualModule(dotted);
      target.reason = open != nullptr  ? open
                      : shared         ? kSharedNamespace
                      : target.unknown ? "a module that exists only at run time"
                                       : "";
      target.missing_part = names.Intern(prefix);
      return target;
    }
    at = child;
  }
  target.module = at;
  return target;
}

} // namespace pydefrag
