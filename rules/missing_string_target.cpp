// DFG204: a string that is imported or patched by name, and whose target does not exist.
#include "check/advice.h"
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a string that names a module, a class or an attribute of the project, where no such thing
exists. Strings are taken for names only where something reads them so: `import_module`,
`__import__`, `mock.patch` and its relatives, pytest's `monkeypatch`, pytest-mock's `mocker`, entry
points, `pytest_plugins`, the settings of Django, logging and task queues, the arguments of servers.

## Why is this bad?
The string is resolved when the test, the command or the server runs, and it fails then. No import
statement shows it, so it is what a move or a rename forgets.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
def total(): ...
# --- tests/test_cart.py
from unittest import mock

@mock.patch("shop.cart.sum_up")
def test_total(sum_up): ...
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
def total(): ...
# --- tests/test_cart.py
from unittest import mock

@mock.patch("shop.cart.total")
def test_total(total): ...
```

## Fix safety
Offered when just one thing can have been meant, and never safe: what is patched must be the name
that the code under test looks up.

## Limits
The first part of the path must be the project's own. A class with a base, a decorator or a
metaclass that is not analysed may have any attribute, and so may an instance. `create=True`,
`raising=False`, a `try` around it and `pytest.raises` are honoured. Computed strings are followed
as far as constants in capitals, f-strings, `+` and `%` go.

## Options
`target-version`
)";

// "`shop.cart` does not define `total`", "no module named `shop.basket`".
static std::string MessageFor(const Project &project, const StringTarget &target) {
  const ImportRow &row = target.row;
  if (row.status == RowStatus::MissingModule) {
    return ("no module named `" + project.Text(row.missing_part) + "`").str();
  }
  const llvm::StringRef module = project.Text(row.module);
  const llvm::StringRef name = project.Text(row.name);
  if (!target.class_name.empty()) {
    return ("class `" + module + "." + target.class_name + "` does not define `" + name + "`")
        .str();
  }
  return ("`" + module + "` does not define `" + name + "`").str();
}

static std::string SymbolOf(const Project &project, const StringTarget &target) {
  const ImportRow &row = target.row;
  if (row.status == RowStatus::MissingModule) {
    return project.Text(row.missing_part).str();
  }
  std::string symbol = (project.Text(row.module) + ":").str();
  symbol += target.class_name.empty() ? "" : target.class_name + ".";
  return symbol + project.Text(row.name).str();
}

// The text up to and with the part that is missing, when the source says it as it is.
static std::optional<Span> WrittenPart(const StringTarget &target) {
  const llvm::StringRef text = target.text;
  if (!target.row.importer.valid() || target.missing_at > text.size()) {
    return std::nullopt;
  }
  const llvm::StringRef part =
      text.substr(target.missing_at).take_until([](char c) { return c == '.' || c == ':'; });
  const Span where = target.row.where;
  if (where.end - where.begin != part.size() || where.begin < target.missing_at) {
    return std::nullopt; // the whole literal
  }
  return Span{where.begin - target.missing_at, where.end};
}

// What was probably meant; a fix where that is one thing.
static void Advise(FindingBuilder &builder, const RuleContext &context,
                   const StringTarget &target) {
  if (!target.class_name.empty()) {
    return;
  }
  const ImportRow &row = target.row;
  const std::vector<Suggestion> meant = AskWhetherMeant(builder, context, row, ".");
  const std::optional<Span> written = WrittenPart(target);
  if (meant.size() != 1 || !written ||
      (row.status == RowStatus::MissingModule && row.missing_part != row.module)) {
    return;
  }
  const bool colon =
      target.missing_at > 0 && target.text[target.missing_at - 1] == ':' && !meant[0].name.empty();
  const std::string name = meant[0].name.empty() ? "" : (colon ? ":" : ".") + meant[0].name;
  builder.WithFix({.title = "name `" + meant[0].module + name + "` instead",
                   .applicability = Applicability::Unsafe,
                   .changes = {},
                   .edits = {{{row.file, *written}, meant[0].module + name}}});
}

static bool IsFinding(const Project &project, const StringTarget &target) {
  const ImportRow &row = target.row;
  const bool missing =
      row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName;
  const bool reported = !row.importer.valid() || IsReported(project, row);
  return missing && reported && !target.lenient && !row.context.guarded &&
         !row.context.unreachable && !row.context.type_checking;
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const StringTarget &target : project.string_targets) {
    if (!IsFinding(project, target)) {
      continue;
    }
    const ImportRow &row = target.row;
    const std::string symbol = SymbolOf(project, target);
    FindingBuilder builder = report.At({row.file, row.where}, MessageFor(project, target));
    builder.Cause(symbol).Symbol(symbol).Spelled(target.text);
    builder.Note(llvm::Twine("read by `") + target.context + "`" +
                 (*row.reason == 0 ? std::string() : std::string("; ") + row.reason));
    if (row.importer.valid()) {
      builder.Module(project.Text(ImporterOf(project, row).name))
          .Scope(project.ScopeOf(row.file, row.statement));
    }
    Advise(builder, context, target);
    builder.Emit();
  }
}

extern const Rule kMissingStringTarget;
constinit const Rule kMissingStringTarget = {
    .meta = {.code = "DFG204",
             .name = "missing-string-target",
             .summary = "a string that is imported or patched by name, and names nothing",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
    .phase = RulePhase::Advising,
    .reach = RuleReach::File,
};

} // namespace pydefrag
