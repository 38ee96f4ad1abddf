// DFG302: an import of a class, function or path that is marked, or warns, as deprecated.
#include "check/advice.h"
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import of a class or function that carries a deprecation decorator, warns of its own
deprecation when it is used, is documented as deprecated, or is reached through a module
`__getattr__` that warns.

## Why is this bad?
Such warnings are hidden by default, so the old name lives on until the day it is deleted.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
from warnings import deprecated

@deprecated("use Cart")
class Basket: ...

class Cart: ...
# --- till.py
from shop.cart import Basket
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
from warnings import deprecated

@deprecated("use Cart")
class Basket: ...

class Cart: ...
# --- till.py
from shop.cart import Cart
```

## Fix safety
Offered when the warning names something of the project as the replacement. Safe when that is the
very same object, only the path being deprecated; else unsafe: it may take other arguments.

## Limits
A symbol that only its documentation calls deprecated is a note; `.. deprecated::` counts where it
speaks of the symbol itself, not of an argument or of a way to call it. Imports inside the module
that defines the symbol, re-exports of it from above, and imports in a block that expects the
warning are silent.

## Options
None.
)";

// A project's own packages hand a deprecated name on for those who still need it.
static bool IsFinding(const Project &project, const ImportRow &row) {
  if (!row.deprecation || !IsReported(project, row)) {
    return false;
  }
  if (row.context.plumbing || row.context.unreachable || row.importer == row.source) {
    return false;
  }
  return !ExpectsWarning(project, row);
}

static void AddFix(FindingBuilder &builder, const Project &project, const ImportRow &row) {
  const std::string &replacement = row.deprecation->replacement;
  std::optional<Fix> fix = replacement.empty()
                               ? std::nullopt
                               : FixByReplacement(project, IdOf(project, row), replacement);
  if (fix) {
    builder.WithFix(std::move(*fix));
  }
}

static void ReportRow(const Project &project, const ImportRow &row, Reporter &report) {
  const DeprecationInfo &info = *row.deprecation;
  const ModuleId source = row.source;
  const std::string symbol = source.valid()
                                 ? project.PathText(source, row.name)
                                 : (project.Text(row.module) + ":" + project.Text(row.name)).str();
  const std::string said = info.message.empty() ? "" : ": " + info.message;
  FindingBuilder builder = AtRow(report, project, row, {row.file, NameSpan(project, row)},
                                 "`" + project.Text(row.name) + "` is deprecated" + said);
  builder.Cause(symbol).Symbol(symbol);
  if (!info.replacement.empty() && info.replacement != project.Text(row.name)) {
    builder.Help("use `" + info.replacement + "` instead");
  }
  if (info.where.file.valid()) {
    builder.Attach(info.where,
                   info.doc_only ? "documented as deprecated here" : "marked as deprecated here");
  }
  if (info.doc_only) {
    builder.WithSeverity(Severity::Note);
  }
  AddFix(builder, project, row);
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  for (const ImportRow &row : context.project.rows) {
    if (IsFinding(context.project, row)) {
      ReportRow(context.project, row, report);
    }
  }
}

extern const Rule kDeprecatedSymbol;
constinit const Rule kDeprecatedSymbol = {
    .meta = {.code = "DFG302",
             .name = "deprecated-symbol",
             .summary = "an import of a class or function that is deprecated",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
