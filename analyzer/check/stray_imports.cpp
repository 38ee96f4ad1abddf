// Each question is asked of one row, and reads the rows around it in its file, nothing more.
#include "check/stray_imports.h"

#include "base/identifier.h"
#include "base/vendored.h"
#include "check/views.h"
#include "link/identity/declared_paths.h"
#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// So many rows before and behind are looked at: a file may import thousands of names.
static constexpr size_t kAround = 200;

// The rows of the file around one, and which of them it is.
struct Around {
  Around(const Project &project, RowId id) : row(project.rows[id]) {
    const llvm::ArrayRef<ImportRow> all = project.rows.raw();
    const auto at = static_cast<size_t>(id.index);
    const size_t begin = at - std::min(at, kAround);
    rows = all.slice(begin, std::min(kAround * 2, all.size() - begin));
    const auto elsewhere = [&](const ImportRow &each) { return each.file != row.file; };
    rows = rows.drop_while(elsewhere);
    rows = rows.take_until(elsewhere);
  }
  bool IsBeside(const ImportRow &other) const { // in the same statement
    return &other != &row && other.statement == row.statement;
  }

  const ImportRow &row;
  llvm::ArrayRef<ImportRow> rows;
};

// Whether the file imports names from the module anyway: nobody minds one more.
static bool TakesMoreFrom(const Around &around, ModuleId module) {
  return llvm::any_of(around.rows, [&](const ImportRow &each) {
    return each.source == module && each.statement != around.row.statement && each.name.valid();
  });
}

// Whether the name that the row takes surely is to come from another module.
static bool IsClearlyStray(const Project &project, const ImportRow &row) {
  if (!row.target.definition.valid()) {
    return false;
  }
  const Definition &definition = project.definitions[row.target.definition];
  const auto path = llvm::find_if(definition.paths, [&](const PathInfo &each) {
    return each.module == row.source && each.name == row.name;
  });
  return path != definition.paths.end() && !path->accepted && !path->arguable &&
         CanonicalOf(definition).module != row.source;
}

// Of the other names that the file imports from the row's module, those that may stay.
static size_t NamesThatStay(const Project &project, const Around &around) {
  return static_cast<size_t>(llvm::count_if(around.rows, [&](const ImportRow &each) {
    return each.source == around.row.source && each.name.valid() && each.name != around.row.name &&
           !IsClearlyStray(project, each);
  }));
}

// `from .cart import Cart` in the `__init__` of the package around `cart`: it puts together what
// the package has.
static bool IsFromBelow(const Project &project, const ImportRow &row) {
  return project.modules[row.importer].kind == ModuleKind::Package && row.source.valid() &&
         IsBelow(project.Text(project.modules[row.source].name), ImporterName(project, row));
}

// What others wrote, and a migration that was applied, stays as it is.
static bool IsFrozen(const Project &project, const ImportRow &row) {
  return IsVendored(project.PathOf(row.file)) ||
         llvm::is_contained(llvm::split(ImporterName(project, row), '.'), "migrations");
}

// Whether another name of the statement would go the same way, and may as well stay.
static bool TearsApart(const Project &project, const Around &around, ModuleId canonical) {
  return llvm::any_of(around.rows, [&](const ImportRow &other) {
    if (!around.IsBeside(other) || !other.target.definition.valid() ||
        IsClearlyStray(project, other)) {
      return false;
    }
    const Definition &definition = project.definitions[other.target.definition];
    return !definition.paths.empty() && CanonicalOf(definition).module == canonical;
  });
}

// Whether the row takes what another module defines.
static bool IsForeign(const ImportRow &row) {
  return row.target.module.valid() && row.target.module != row.source;
}

// Whether the statement takes three names or more, none of which the module defines: it gathers
// them.
static bool GathersAll(const Around &around) {
  size_t names = 0;
  return llvm::all_of(around.rows,
                      [&](const ImportRow &each) {
                        const bool same = each.statement == around.row.statement;
                        names += same ? 1 : 0;
                        return !same || IsForeign(each);
                      }) &&
         names >= kSeveral;
}

// The module that the path's own one has the name from.
static ModuleId NextOnTheWay(const Project &project, const Definition &definition,
                             const PathInfo &path) {
  return path.via.size() > 1 ? project.module_of_file[path.via[1].file] : definition.module;
}

// Whether half of the statement's names or more come to the module from one other, and most of
// them stay: the module is the face of that one, to which the name belongs like the others.
static bool IsOfFace(const Project &project, const Around &around, ModuleId behind) {
  size_t names = 0;
  size_t stay = 0;
  for (const ImportRow &each : around.rows) {
    if (each.statement == around.row.statement) {
      ++names;
      stay += IsForeign(each) && each.target.module == behind && !IsClearlyStray(project, each);
    }
  }
  return stay >= kSeveral && (stay + 1) * 2 >= names;
}

// Whether the file has three statements or more that take from neighbouring modules a name of their
// own and one of the same other module: `from .visa import Visa, VisaConfig`, `from .cash import
// Cash, CashConfig`.
static bool IsOneOfParallels(const Project &project, const Around &around) {
  const ModuleId parent = project.modules[around.row.source].parent;
  const ModuleId home = around.row.target.module;
  struct Taken {
    bool own = false;
    bool of_home = false;
    bool IsPair() const { return own && of_home; }
  };
  llvm::SmallDenseMap<uint32_t, Taken, 8> statements;
  for (const ImportRow &each : around.rows) {
    if (each.source.valid() && each.source != home &&
        project.modules[each.source].parent == parent &&
        each.target.kind == TargetKind::Definition) {
      Taken &taken = statements[each.statement];
      taken.own |= each.target.module == each.source;
      taken.of_home |= each.target.module == home;
    }
  }
  return statements.lookup(around.row.statement).IsPair() &&
         llvm::count_if(statements, [](const auto &entry) { return entry.second.IsPair(); }) >=
             kSeveral;
}

// Whether nobody inside the package takes the definition's own path, but those who make it public.
static bool NobodyTakesOwn(const Project &project, const Definition &definition,
                           const PathInfo &path) {
  const ModuleId canonical = CanonicalOf(definition).module;
  return llvm::all_of(definition.paths.front().rows, [&](RowId id) {
    const ModuleId importer = project.rows[id].importer;
    return importer == canonical || importer == path.module;
  });
}

// `tests/till/test_pay.py` and `tests/test_till_again.py` take from `shop.till` what that has.
static bool IsInItsTest(const Project &project, const ImportRow &row) {
  const llvm::StringRef source = project.Text(project.modules[row.source].name);
  const llvm::StringRef last = LastPart(source);
  const llvm::StringRef importer = ImporterName(project, row);
  const auto ends_at = [&](size_t at) {
    return at >= importer.size() || importer[at] == '.' || importer[at] == '_';
  };
  bool named = false;
  for (size_t at = importer.find(last); at != llvm::StringRef::npos && !named;
       at = importer.find(last, at + 1)) {
    named = ends_at(at + last.size()) && (at == 0 || ends_at(at - 1));
  }
  return named && ImporterOf(project, row).test;
}

StrayImport JudgeStray(const Project &project, const Definition &definition, const PathInfo &path,
                       RowId id, bool inside) {
  const ImportRow &row = project.rows[id];
  const Around around(project, id);
  const ModuleId canonical = CanonicalOf(definition).module;
  const bool at_hand = TakesMoreFrom(around, canonical);
  const ModuleId behind = NextOnTheWay(project, definition, path);
  const size_t stay = at_hand ? 0 : NamesThatStay(project, around);
  const bool may_stay = stay > 0 || IsFromBelow(project, row) || IsInItsTest(project, row) ||
                        IsFrozen(project, row) || TearsApart(project, around, canonical) ||
                        (!at_hand && GathersAll(around)) ||
                        (behind != canonical && IsOfFace(project, around, behind)) ||
                        (IsForeign(row) && IsOneOfParallels(project, around)) ||
                        project.state->arguable_imports.contains(id) ||
                        (inside && NobodyTakesOwn(project, definition, path));
  return {.clear = !path.arguable && (!may_stay || path.deprecated), .others = stay};
}

} // namespace pydefrag
