// DFG304: an import of a path that the configuration declares retired.
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
Unsafe: the replacement comes from the configuration, and nothing checks that it is the same
object. Not offered for `import a.b` without `as`, nor where only one of several names is retired.

## Limits
Only the path that is spelled counts: a retired class that is imported through another module is
not reported. The retired module's own imports are free.

## Options
`banned`
)";

// Whether putting another module into the statement is right for all its names.
static bool CanReplaceModule(const Project &project, const ImportRow &row, const Ban &ban) {
  if (ban.replacement.empty() || llvm::StringRef(ban.replacement).contains(':')) {
    return false;
  }
  const bool plain_import = !row.name.valid();
  return ban.whole_module && (!plain_import || row.as.valid()) && ModuleSpan(project, row);
}

static bool CanReplaceName(const Project &project, const ImportRow &row, const Ban &ban) {
  return llvm::StringRef(ban.replacement).contains(':') && row.name.valid() && !row.context.star &&
         AliasCount(project, row) == 1 && ModuleSpan(project, row);
}

static Fix FixFor(const Project &project, const ImportRow &row, const Ban &ban) {
  Fix fix;
  fix.title = "use `" + ban.replacement + "` instead";
  const auto [module, name] = llvm::StringRef(ban.replacement).split(':');
  if (CanReplaceModule(project, row, ban)) {
    fix.edits.push_back({{row.file, *ModuleSpan(project, row)}, ban.replacement});
  } else if (CanReplaceName(project, row, ban)) {
    fix.edits.push_back({{row.file, *ModuleSpan(project, row)}, module.str()});
    if (name != project.Text(row.name)) {
      const std::string as = row.as.valid() ? "" : " as " + project.Text(row.name).str();
      fix.edits.push_back({{row.file, NameSpan(project, row)}, name.str() + as});
    }
  }
  if (!fix.edits.empty()) {
    fix.applicability = Applicability::Unsafe;
  }
  return fix;
}

static void ReportRow(const Project &project, const ImportRow &row, const Ban &ban,
                      Reporter &report) {
  const Location where =
      ban.whole_module ? ModuleLocation(project, row) : Location{row.file, NameSpan(project, row)};
  FindingBuilder builder =
      AtRow(report, project, row, where, "`" + ban.entry->path + "` is retired");
  builder.Cause(ban.entry->path).Symbol(ban.entry->path);
  if (!ban.replacement.empty()) {
    builder.WithFix(FixFor(project, row, ban));
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
      ReportRow(project, row, ban, report);
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
};

} // namespace pydefrag
