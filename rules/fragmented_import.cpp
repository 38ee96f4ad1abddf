// DFG101: one class or function, several import paths. Reported at each import of it that takes a
// path through another module than the canonical one.
#include "base/counted.h"
#include "base/identifier.h"
#include "check/rule.h"
#include "check/stray_destinations.h"
#include "check/stray_imports.h"
#include "check/views.h"
#include "link/identity/declared_paths.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Finds classes and functions that the project imports through two or more modules, and reports every
import that does not use the canonical one.

The canonical path is the configured one. Else only what somebody declared is a candidate: the
definition itself, and names that a module lists in `__all__`, imports as `X as X`, or imports at
all in the `__init__` of a package around the definition.
- Of a definition in a private module, it is what the top-most package around it declares; else a
  public name that another module declares; else the public path that consumers take. Where five or
  more take the private path, and more than any public one, nothing is proposed or reported.
- Of a public definition, it is the definition itself; but what a package around it declares, when
  five imports or more take that and more than the definition, when few take either but more of them
  what the package offers, or as many what it lists, or when none but type checkers take the
  definition.
  Where few import the name, it goes with the other names of the package, if consumers take five or
  more from it: rather from the package, or rather from the modules below.

A stray path is a warning where it is deprecated, or where no more take it than the canonical one, in
tests or outside of them, and
- it leads through a module that imports the name for its own use;
- or it is the definition's own, and far fewer import it from there: a quarter, and five less;
- or it is the definition's own and private, and not tests alone take it.

It is a note, with both counts, where either path may be meant, and `canonical` in the configuration
says which:
- where none of that holds, as of what a module offers;
- another name, a name that a module assigns, one that the canonical module may lack, and one that
  another module takes from there to list it; one import against one, three where less than twice as
  many take the canonical one, or twenty and less than three times as many;
- where the file takes other names from the same module that may stay, and none from the canonical one,
  or another name of the statement may stay that belongs to the canonical module as well, or all of
  its three or more names come to the module from others, or half of them from one, and three stay;
- where three statements of the file take the like from neighbouring modules; or, of a definition in a
  public module, where the file takes from modules below what three packages offer, or where three in
  its folder do so, though no three times as many ask the package, and the module lists the name;
- in the test of the module, in the `__init__` of a package around it, in migrations and vendored code.

Not reported is what nobody would change. A package offers what it lists, has by `import *` or a hook,
or imports and does not use; a module of imports alone, all that it has by `import *`. By what the path
is:
- what another distribution lists in `__all__`, or takes from one module of its own; what a module lists
  from which three or more different names of others are imported; what a module holds for others from
  which five names of others are taken;
- what most imports, five or more, take from one module, or, apart from those by which it has the name,
  three or more, not tests alone, and more than any other, or any where nobody takes another;
- packages around the definition of which either could be canonical, as those that offer it and that
  three names, or this one five times, are taken from; what a package lists and no fewer take, tests
  aside; what it offers beside several names, unless more than twice as many, five or more, take the
  own path; the own path where more of those outside of the package take it;
- a path that leads to the definition under some condition only, or that has a fallback; a name of its
  own that another module gives by assignment or lists in `__all__`; what is imported through a module
  that registers functions with it; the module that the defining module has to import first, and which
  takes the definition back.

By who imports, and how:
- a module that lists the name, a package that others take it from, and one that has it by the canonical
  path as well, under another name or for types only;
- the neighbours of a private module, `_shop_impl` beside `shop` among them, a project that has the
  habit of it or takes the public path in tests only, and modules within a private package;
- the test of a module, from that; a function that imports when it is called, and a file that takes
  whatever it takes of the package from the modules below; whoever the package runs before it has bound
  the name; a deprecated module, and who imports one; a test that expects a warning;
- names that a statement, or statements on neighbouring lines, takes from the defining module with
  others that stay there, that a package gives together, or that stand beside others which the module
  lists or are a habit.

`pydefrag trace SYMBOL` prints all paths and the reason for the choice.

## Why is this bad?
Every further path has to be kept alive, patched in tests and searched for. A path that nobody
maintains is the one that breaks in the next move, and `mock.patch` on the wrong one does nothing.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/api.py
from shop.cart import Cart
# --- till.py
from shop.cart import Cart
# --- report.py
from shop.api import Cart
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/api.py
from shop.cart import Cart
# --- till.py
from shop.cart import Cart
# --- report.py
from shop.cart import Cart
```

## Fix safety
Safe when the canonical path reaches the same object for certain, no import cycle is closed, and the
name is bound there when the import runs; unsafe otherwise, and in a function that imports through a
path which a test patches by name. Other names of the statement stay where they are. With
`--unsafe-fixes`, strings that name the old path in `mock.patch` and its relatives follow.

## Limits
Two names for one object in one module are one path. An import that a package needs to re-export the
symbol from below, or lists from a module below, is not a use, and modules inside the canonical package
may import from the defining module; they are told so, but tests and functions where more of their kind
take the canonical path. Constants are not looked at.

## Options
`canonical`
)";

// Says how the two paths stand to each other where either may be meant.
static void SayWhichIsTaken(const Definition &definition, const PathInfo &path, size_t others,
                            FindingBuilder &builder) {
  const PathInfo &canonical = CanonicalOf(definition);
  const std::string staying = others == 0 ? ""
                                          : "; " + Counted(others, "other name") +
                                                (others == 1 ? " stays there" : " stay there");
  builder.WithSeverity(Severity::Note)
      .Note("taken by " + Counted(UsesThrough(definition, path.module), "import") +
            ", the canonical one by " + WithCommas(UsesThrough(definition, canonical.module)) +
            staying + ": either may be meant, and `canonical` in the configuration says which");
}

static void ReportRow(const Project &project, RowId id, const Definition &definition,
                      const PathInfo &path, StrayDestinations &destinations, Reporter &report) {
  const ImportRow &row = project.rows[id];
  const std::string symbol = project.PathText(definition.module, definition.name);
  const llvm::StringRef through = project.Text(project.modules[path.module].name);
  const StrayDestination destination = destinations.Of(path, id);
  const PathInfo &wanted = *destination.wanted;
  const bool inside = !destination.package.empty();
  const llvm::StringRef module = project.Text(project.modules[wanted.module].name);
  const llvm::StringRef name = project.Text(wanted.name);
  const std::string spelled = SpelledLike(project, row, module);
  const std::string way =
      wanted.name == row.name ? spelled : (llvm::Twine(spelled) + ":" + name).str();
  const std::string advice =
      destination.usual ? ("inside `" + destination.package + "` it comes from `" + way + "`").str()
                        : (inside && definition.canonical != 0 ? "it is defined in `"
                                                               : "its canonical path is `") +
                              way + "`";
  FindingBuilder builder = AtRow(report, project, row, {row.file, NameSpan(project, row)},
                                 "`" + project.Text(row.name) + "` is imported through `" +
                                     SpelledLike(project, row, through) + "`; " + advice);
  builder.Cause(symbol).Symbol(symbol).Attach(definition.where, "defined here");
  builder.Step({row.file, NameSpan(project, row)}, "imported here");
  for (const Location &hop : path.via) {
    builder.Attach(hop, "re-exported here").Step(hop, "re-exported here");
  }
  builder.Step(definition.where, "defined here");
  const StrayImport stray = JudgeStray(project, definition, path, id, inside);
  if (!stray.clear) {
    SayWhichIsTaken(definition, path, stray.others, builder);
  }
  builder
      .WithFix({.title = ("import `" + name + "` from `" + spelled + "`").str(),
                .applicability = Applicability::Safe,
                .changes = {{.row = id, .module = module.str(), .name = name.str()}},
                .edits = {}})
      .Emit();
}

static void CheckDefinition(const Project &project, const Definition &definition,
                            Reporter &report) {
  const PathInfo &canonical = CanonicalOf(definition);
  StrayDestinations destinations(project, definition);
  for (const PathInfo &path : definition.paths) {
    if (path.module == canonical.module || path.accepted) {
      continue;
    }
    for (RowId id : path.rows) {
      const ImportRow &row = project.rows[id];
      if (IsReported(project, row) && !row.context.plumbing && !row.context.internal &&
          row.importer != canonical.module && !ExpectsWarning(project, row)) {
        ReportRow(project, id, definition, path, destinations, report);
      }
    }
  }
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const Definition &definition : project.definitions) {
    if (definition.kind != DefinitionKind::Constant && definition.decided &&
        project.modules[definition.module].first_party && ModulesInUse(definition) >= 2) {
      CheckDefinition(project, definition, report);
    }
  }
}

extern const Rule kFragmentedImport;
constinit const Rule kFragmentedImport = {
    .meta = {.code = "DFG101",
             .name = "fragmented-import",
             .summary = "a class or function is imported by several paths",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
};

} // namespace pydefrag
