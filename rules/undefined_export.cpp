// DFG206: a name in `__all__` that the module does not bind.
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a name in a module's `__all__` that the module neither binds nor, in a package, has as a
submodule.

## Why is this bad?
`from module import *` raises `AttributeError`, and so does the documentation build. Often the name
was moved away or renamed and the list was forgotten.

## Example
```pycase
# --- shop.py
__all__ = ["Cart", "Basket"]

class Cart: ...
```

## Use instead
```pycase
# --- shop.py
__all__ = ["Cart"]

class Cart: ...
```

## Fix safety
No fix is offered: the name may have to come back.

## Limits
A module whose `__all__` is computed, or that can gain names in ways no analysis sees, is silent.
A name that is bound under a condition counts as bound.

## Options
None.
)";

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const UndefinedExport &each : project.defects.undefined_exports) {
    const Module &module = project.modules[each.module];
    if (!module.reported) {
      continue;
    }
    const llvm::StringRef name = project.Text(each.name);
    const llvm::StringRef dotted = project.Text(module.name);
    const std::string symbol = project.PathText(each.module, each.name);
    report.At(each.where, "`__all__` lists `" + name + "`, which `" + dotted + "` does not define")
        .Cause(symbol)
        .Symbol(symbol)
        .Module(dotted)
        .Spelled(name)
        .Help("take it out of the list, or define it")
        .Emit();
  }
}

extern const Rule kUndefinedExport;
constinit const Rule kUndefinedExport = {
    .meta = {.code = "DFG206",
             .name = "undefined-export",
             .summary = "a name in `__all__` that the module does not bind",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::File,
};

} // namespace pydefrag
