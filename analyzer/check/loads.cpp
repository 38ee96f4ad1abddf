#include "check/loads.h"

#include "link/link_state.h"
#include "source/paths.h"
#include "source/test_files.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>

namespace pydefrag {

static constexpr size_t kNone = static_cast<size_t>(-1);
// Enough for any honest project; a bound against made-up ones, whose names grow on every way.
static constexpr size_t kMostNames = 8;

// In a handler: what is loaded there is loaded instead of what failed.
static bool IsFallback(const Project &project, const ImportRow &row) {
  const std::vector<PlacedStatement> &statements = project.scanned.facts[row.file].statements;
  for (int32_t p = project.StatementAt(row).parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const StatementKind kind = project.Syntax(statements[static_cast<size_t>(p)]).kind;
    if (kind == StatementKind::Except || kind == StatementKind::ExceptStar) {
      return true;
    }
  }
  return false;
}

static bool Runs(const ImportRow &row) {
  return row.status == RowStatus::Resolved && !row.context.type_checking &&
         !row.context.unreachable && !row.context.string && row.source.valid();
}

static llvm::StringRef ParentName(llvm::StringRef dotted) {
  const size_t dot = dotted.rfind('.');
  return dot != llvm::StringRef::npos ? dotted.take_front(dot) : "";
}

static bool IsSubmoduleRow(const Project &project, const ImportRow &row) {
  return row.name.valid() && !row.context.star && row.target.kind == TargetKind::Module &&
         project.modules[row.target.module].parent == row.source &&
         project.modules[row.target.module].file.valid();
}

// "src/shop/cart" for src/shop/cart.py, "src/shop" for src/shop/__init__.py.
static llvm::StringRef StemOf(llvm::StringRef path) {
  path.consume_back(".py");
  if (path == "__init__") {
    return "";
  }
  path.consume_back("/__init__");
  return path;
}

// The folder that has to be on sys.path for `name` to reach the file; nothing when the name does
// not end like the path (an edited `__path__`).
static std::optional<std::string> RootFor(llvm::StringRef path, llvm::StringRef name) {
  std::string below = name.str();
  std::replace(below.begin(), below.end(), '.', '/');
  llvm::StringRef stem = StemOf(path);
  if (!stem.consume_back(below)) {
    return std::nullopt;
  }
  if (!stem.empty() && !stem.consume_back("/")) {
    return std::nullopt;
  }
  return stem.str();
}

// Whether a package adds folders to its `__path__`. Other ways to give a file a second name, such
// as importers that put aliases into sys.modules, load it once.
static bool EditsPath(const Project &project, ModuleId package) {
  if (!package.valid() || !project.modules[package].file.valid()) {
    return false;
  }
  const SyntaxView &view = project.state->view;
  const ModuleFacts &facts = project.scanned.facts[project.modules[package].file];
  return llvm::any_of(facts.statements, [&](const PlacedStatement &placed) {
    const Statement &statement = view.Of(placed);
    if (statement.kind == StatementKind::Expression) {
      const auto callee = view.Callee(statement.first);
      return callee && llvm::StringRef(*callee).starts_with("__path__.");
    }
    const bool assigns =
        statement.kind == StatementKind::Assign || statement.kind == StatementKind::AugAssign;
    return assigns && view.IsName(statement.first, "__path__");
  });
}

Loads::Loads(const Project &project) : project_(project) {
  of_module_.resize(project.modules.size());
  for (size_t i = 0; i < project.modules.size(); ++i) {
    const Module &module = project.modules[ModuleId(i)];
    if (module.file.valid() && module.first_party) {
      Add(ModuleId(i), project.Text(module.name));
    }
  }
  const size_t primary = loads_.size();
  row_begin_.assign(project.file_count + 1, static_cast<uint32_t>(project.rows.size()));
  for (size_t r = project.rows.size(); r-- > 0;) {
    row_begin_[static_cast<size_t>(project.rows[RowId(r)].file.index)] = static_cast<uint32_t>(r);
  }
  for (size_t f = project.file_count; f-- > 0;) {
    row_begin_[f] = std::min(row_begin_[f], row_begin_[f + 1]);
  }
  for (size_t load = 0; load < primary; ++load) {
    ReadRows(load, Rows::Absolute); // whoever runs it, and under whatever name
    if (IsEntry(load)) {
      const ModuleId module = loads_[load].module;
      const size_t start = IsCollected(load) ? Add(module, NameForPytest(module)) : load;
      if (!happens_[start]) {
        happens_[start] = true;
        unread_.push_back(start);
      }
    }
  }
  while (!unread_.empty()) {
    const size_t load = unread_.back();
    unread_.pop_back();
    ReadRows(load, load < primary ? Rows::Relative : Rows::All);
  }
  any_other_ = loads_.size() > primary;
  ancestors_.resize(loads_.size());
}

// What the tests, a person or a tool start with.
bool Loads::IsEntry(size_t load) const {
  const Module &module = project_.modules[loads_[load].module];
  const bool in_package =
      module.parent.valid() && project_.modules[module.parent].kind == ModuleKind::Package;
  const bool top = !llvm::StringRef(loads_[load].name).contains('.');
  return IsCollected(load) || (!in_package && (module.script || top));
}

// From the first folder above the file that is no package.
std::string Loads::NameForPytest(ModuleId module) const {
  const llvm::StringRef path = project_.PathOf(project_.modules[module].file);
  const llvm::StringRef base = project_.state->tree.BaseOfFile(path);
  llvm::StringRef stem = StemOf(path);
  if (!base.empty()) {
    stem = stem.drop_front(base.size() + 1);
  }
  std::string name = stem.str();
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

void Loads::ReadRows(size_t load, Rows which) {
  const size_t file = static_cast<size_t>(project_.modules[loads_[load].module].file.index);
  for (uint32_t r = row_begin_[file]; r < row_begin_[file + 1]; ++r) {
    const ImportRow &row = project_.rows[RowId(size_t{r})];
    if (!Runs(row)) {
      continue;
    }
    const Statement &statement = project_.Syntax(project_.StatementAt(row));
    const bool relative = statement.kind == StatementKind::FromImport && statement.level > 0;
    if (which == Rows::All || relative == (which == Rows::Relative)) {
      ReadRow(load, RowId(size_t{r}));
    }
  }
}

size_t Loads::Find(ModuleId module, llvm::StringRef name) const {
  for (size_t load : of_module_[module]) {
    if (loads_[load].name == name) {
      return load;
    }
  }
  return kNone;
}

size_t Loads::Add(ModuleId module, llvm::StringRef name) {
  if (const size_t known = Find(module, name); known != kNone) {
    return known;
  }
  if (of_module_[module].size() >= kMostNames) {
    return of_module_[module].front();
  }
  of_module_[module].push_back(loads_.size());
  loads_.push_back({module, name.str()});
  loaders_.emplace_back();
  happens_.push_back(false);
  return loads_.size() - 1;
}

// The absolute name that the row imports from when its module was loaded as `load`; `made` holds it
// where no other text does.
llvm::StringRef Loads::NameUnder(size_t load, const ImportRow &row, std::string &made) const {
  const Statement &statement = project_.Syntax(project_.StatementAt(row));
  const Module &importer = project_.modules[loads_[load].module];
  const llvm::StringRef under = loads_[load].name;
  if (statement.kind != StatementKind::FromImport || statement.level == 0) {
    return project_.Text(row.module);
  }
  if (under == project_.Text(importer.name)) {
    return project_.Text(project_.modules[row.source].name);
  }
  llvm::StringRef base = under;
  if (importer.kind != ModuleKind::Package || base.ends_with(".__init__")) {
    base = ParentName(base);
  }
  for (unsigned level = 1; level < statement.level; ++level) {
    base = ParentName(base);
  }
  const llvm::StringRef text = project_.Text(statement.text);
  if (base.empty() || text.empty()) {
    made = base.str(); // the names of loads grow
  } else {
    made = (base + "." + text).str();
  }
  return made;
}

void Loads::ReadRow(size_t load, RowId id) {
  const ImportRow &row = project_.rows[id];
  if (!Runs(row) || IsFallback(project_, row)) {
    return;
  }
  std::string made;
  const llvm::StringRef name = NameUnder(load, row, made);
  if (name.empty()) {
    return;
  }
  if (IsSubmoduleRow(project_, row)) {
    AddChain(load, id, row.target.module, (name + "." + project_.Text(row.name)).str());
  }
  AddChain(load, id, row.source, name);
}

// The file and the packages above it, each under the beginning of the name.
void Loads::AddChain(size_t by, RowId row, ModuleId module, llvm::StringRef name) {
  while (module.valid() && !name.empty()) {
    const Module &m = project_.modules[module];
    if (m.file.valid() && m.first_party && IsReachable(project_.rows[row], module, name)) {
      const size_t load = Add(module, name);
      if (load != by) {
        loaders_[load].push_back({static_cast<uint32_t>(by), row});
      }
      if (!happens_[load]) {
        happens_[load] = true;
        unread_.push_back(load);
      }
    }
    const bool init = name.ends_with(".__init__"); // below the package of the very same file
    module = init ? module : m.parent;
    name = ParentName(name);
  }
}

// Whether the folder the name starts from is on the path when the tests or the program run.
bool Loads::IsReachable(const ImportRow &row, ModuleId module, llvm::StringRef name) const {
  const Module &m = project_.modules[module];
  if (name == project_.Text(m.name) || name.ends_with(".__init__")) {
    return true;
  }
  const auto root = RootFor(project_.PathOf(m.file), name);
  if (!root) {
    return EditsPath(project_, project_.FindModule(ParentName(name)));
  }
  if (llvm::any_of(project_.roots, [&](const SourceRoot &r) { return r.path == *root; })) {
    return true;
  }
  // pytest puts the folder of a test file that is in no package on the path.
  return project_.modules[row.importer].test && FolderOf(project_.PathOf(row.file)) == *root;
}

bool Loads::HasOtherNames(ModuleId module) const {
  for (; module.valid(); module = project_.modules[module].parent) {
    if (of_module_[module].size() > 1) {
      return true;
    }
  }
  return false;
}

std::vector<size_t> Loads::OfRow(RowId id) const {
  std::vector<size_t> result;
  const ImportRow &row = project_.rows[id];
  if (!HasOtherNames(IsSubmoduleRow(project_, row) ? row.target.module : row.source)) {
    return result;
  }
  if (!Runs(row) || IsFallback(project_, row) || !row.importer.valid() ||
      of_module_[row.importer].empty()) {
    return result;
  }
  auto add_chain = [&](ModuleId module, std::string name) {
    while (module.valid() && !name.empty()) {
      if (const size_t load = Find(module, name); load != kNone) {
        if (!llvm::is_contained(result, load)) {
          result.push_back(load);
        }
      }
      module =
          llvm::StringRef(name).ends_with(".__init__") ? module : project_.modules[module].parent;
      name = ParentName(name).str();
    }
  };
  std::string made;
  const llvm::StringRef name = NameUnder(of_module_[row.importer].front(), row, made);
  if (IsSubmoduleRow(project_, row)) {
    add_chain(row.target.module, (name + "." + project_.Text(row.name)).str());
  }
  add_chain(row.source, name.str());
  return result;
}

// The loads from which `load` is reached, itself included.
const std::vector<bool> &Loads::Ancestors(size_t load) {
  std::unique_ptr<std::vector<bool>> &slot = ancestors_[load];
  if (!slot) {
    slot = std::make_unique<std::vector<bool>>(loads_.size(), false);
    std::vector<size_t> stack{load};
    (*slot)[load] = true;
    while (!stack.empty()) {
      const size_t at = stack.back();
      stack.pop_back();
      for (const LoadedBy &by : loaders_[at]) {
        if (!(*slot)[by.load]) {
          (*slot)[by.load] = true;
          stack.push_back(by.load);
        }
      }
    }
  }
  return *slot;
}

// Whether pytest loads the file itself: a helper in a folder of tests needs somebody to import it.
bool Loads::IsCollected(size_t load) const {
  return IsTestFileName(project_.PathOf(project_.modules[loads_[load].module].file));
}

bool Loads::MeetInOneWorld(size_t a, size_t b) {
  Ancestors(a);
  const std::vector<bool> &of_b = Ancestors(b);
  const std::vector<bool> &of_a = *ancestors_[a];
  bool test_of_a = false;
  bool test_of_b = false;
  for (size_t i = 0; i < loads_.size(); ++i) {
    if (of_a[i] && of_b[i]) {
      return true;
    }
    const bool test = project_.modules[loads_[i].module].test;
    test_of_a |= test && of_a[i] && (i != a || IsCollected(a));
    test_of_b |= test && of_b[i] && (i != b || IsCollected(b));
  }
  return test_of_a && test_of_b;
}

} // namespace pydefrag
