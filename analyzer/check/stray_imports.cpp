// Each question is asked of one row, and reads the rows around it in its file, nothing more.
#include "check/stray_imports.h"

#include "base/identifier.h"
#include "check/views.h"
#include "link/identity/declared_paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

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
  llvm::SmallVector<llvm::StringRef, 8> parts;
  ImporterName(project, row).split(parts, '.');
  return llvm::any_of(parts, [](llvm::StringRef part) {
    return llvm::StringSwitch<bool>(part.trim('_'))
        .Cases("migrations", "vendor", "vendored", "third_party", "thirdparty", true)
        .Default(false);
  });
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

// Whether the statement takes three names or more, none of which the module defines: it gathers
// them.
static bool GathersAll(const Around &around) {
  constexpr size_t kSeveralNames = 3;
  size_t names = 0;
  return llvm::all_of(around.rows,
                      [&](const ImportRow &each) {
                        const bool same = each.statement == around.row.statement;
                        names += same ? 1 : 0;
                        return !same ||
                               (each.target.module.valid() && each.target.module != each.source);
                      }) &&
         names >= kSeveralNames;
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
  const size_t stay = at_hand ? 0 : NamesThatStay(project, around);
  const bool may_stay = stay > 0 || IsFromBelow(project, row) || IsInItsTest(project, row) ||
                        IsFrozen(project, row) || TearsApart(project, around, canonical) ||
                        (!at_hand && GathersAll(around)) ||
                        (inside && NobodyTakesOwn(project, definition, path));
  return {.clear = !path.arguable && (!may_stay || path.deprecated), .others = stay};
}

} // namespace pydefrag
