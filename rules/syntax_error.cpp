// DFG901: a file that Python itself would not compile.
#include "check/rule.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a file that cannot be parsed, and that Python rejects too: an unterminated string or
bracket, indentation that fits nowhere, an import that is none, Python 2 statements, bytes that do
not decode.

## Why is this bad?
Importing the file raises `SyntaxError`, and nothing in it can be checked.

## Example
```pycase
# --- till.py
def total(:
    return (1
```

## Use instead
```pycase
# --- till.py
def total():
    return 1
```

## Fix safety
No fix is offered.

## Limits
Only what the scanner needs is parsed: an error inside a function body that holds no import may go
unseen. Text that Python might accept and pydefrag does not understand is a problem of the run,
not a finding, and leaves the module open.

## Options
None.
)";

static void ReportFile(const Project &project, FileId file, Reporter &report) {
  const ModuleFacts &facts = project.scanned.facts[file];
  const ModuleId module = project.module_of_file[file];
  const llvm::StringRef path = project.PathOf(file);
  const llvm::StringRef kind = facts.python2 ? "" : "syntax error: ";
  FindingBuilder builder = report.At({file, facts.error_span}, kind + facts.error_message);
  if (module.valid()) {
    builder.Module(project.Text(project.modules[module].name));
  }
  builder.Cause(path).Spelled(path).Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (size_t i = 0; i < project.scanned.facts.size(); ++i) {
    const FileId file(i);
    if (project.scanned.facts[file].state != FileState::SyntaxError ||
        i >= project.module_of_file.size()) {
      continue;
    }
    const ModuleId module = project.module_of_file[file];
    if (module.valid() && project.modules[module].reported) {
      ReportFile(project, file, report);
    }
  }
}

extern const Rule kSyntaxError;
constinit const Rule kSyntaxError = {
    .meta = {.code = "DFG901",
             .name = "syntax-error",
             .summary = "a file that cannot be parsed",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
