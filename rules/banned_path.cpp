// DFG304: an import of a path that the configuration declares retired.
#include "check/advice.h"
#include "check/banned.h"
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import of a module, or of one name in a module, that the configuration lists under
`[tool.pydefrag.banned]`, and names the replacement given there.

## Why is this bad?
A path is retired in one pull request and comes back with the next one: from memory, from a branch,
from a snippet. Said once in the configuration, it stays retired.

## Example
```pycase
# --- pyproject.toml
[tool.pydefrag.banned]
"shop.old" = "shop.cart"
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/old.py
from shop.cart import Cart
# --- till.py
from shop.old import Cart
```

## Use instead
```pycase
# --- pyproject.toml
[tool.pydefrag.banned]
"shop.old" = "shop.cart"
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/old.py
from shop.cart import Cart
# --- till.py
from shop.cart import Cart
```

## Fix safety
Safe when the replacement is the very same object, else unsafe: it comes from the configuration.
Not offered for `import a.b` without `as`: the code below would have to change too.

## Limits
Only the path that is spelled counts: a retired class that is imported through another module is
not reported. The retired module's own imports are free.

## Options
`banned`
)";

// All names of a statement whose module is retired go together.
static Fix FixFor(const Project &project, RowId id, const Ban &ban) {
  const bool whole_statement = ban.whole_module && project.rows[id].name.valid();
  const std::vector<RowId> rows =
      whole_statement ? RowsOfStatement(project, id) : std::vector<RowId>{id};
  std::optional<Fix> fix = FixByReplacement(project, rows, ban.replacement);
  if (!fix) {
    fix.emplace();
    fix->title = "use `" + ban.replacement + "` instead";
  }
  return std::move(*fix);
}

static void ReportRow(const Project &project, RowId id, const Ban &ban, Reporter &report) {
  const ImportRow &row = project.rows[id];
  const Location where =
      ban.whole_module ? ModuleLocation(project, row) : Location{row.file, NameSpan(project, row)};
  FindingBuilder builder =
      AtRow(report, project, row, where, "`" + ban.entry->path + "` is retired");
  builder.Cause(ban.entry->path).Symbol(ban.entry->path);
  if (!ban.replacement.empty()) {
    builder.WithFix(FixFor(project, id, ban));
  }
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  if (context.config.banned.empty()) {
    return;
  }
  for (const RowRange &range : StatementRanges(project)) {
    bool said_module = false;
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (!IsReported(project, row)) {
        continue;
      }
      const Ban ban = BanOf(project, context.config, row);
      const bool names_share_it = ban.whole_module && row.name.valid();
      if (!ban.entry || (names_share_it && said_module)) {
        continue;
      }
      said_module = names_share_it;
      ReportRow(project, id, ban, report);
    }
  }
}

extern const Rule kBannedPath;
constinit const Rule kBannedPath = {
    .meta = {.code = "DFG304",
             .name = "banned-path",
             .summary = "a path that the configuration declares retired",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
