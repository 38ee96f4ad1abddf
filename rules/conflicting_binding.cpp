// DFG106: one name bound by two imports of one module to two different objects.
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a from-import that gives a name to another object than a from-import before it did, when
nothing stands between the two.

## Why is this bad?
The first import has no effect. Whoever added the second did not see the first, or the other way
round, and half of the module may have been written for the object that lost.

## Example
```pycase
# --- shop/__init__.py
# --- shop/customer.py
class Address: ...
# --- shop/parcel.py
class Address: ...
# --- till.py
from shop.customer import Address
from shop.parcel import Address
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/customer.py
class Address: ...
# --- shop/parcel.py
class Address: ...
# --- till.py
from shop.customer import Address
from shop.parcel import Address as ParcelAddress
```

## Fix safety
No fix is offered: nobody but the author knows which one was meant.

## Limits
Only imports directly at the top level of a module count: twins in a `try` or an `if` are meant.
Star imports and constants are not looked at, and any other code between the two imports is taken
to use the first.

## Options
None.
)";

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const BindingConflict &each : project.defects.binding_conflicts) {
    const ImportRow &first = project.rows[each.first];
    const ImportRow &second = project.rows[each.second];
    if (!IsReported(project, second)) {
      continue;
    }
    const NameId bound = second.as.valid() ? second.as : second.name;
    const llvm::StringRef name = project.Text(bound);
    const llvm::StringRef module = project.Text(ImporterOf(project, second).name);
    const Location where{second.file, NameSpan(project, second)};
    AtRow(report, project, second, where,
          "`" + name + "` from `" + project.Text(second.module) + "` replaces the `" + name +
              "` from `" + project.Text(first.module) + "`")
        .Cause(module + ":" + name)
        .Symbol((project.Text(second.module) + ":" + project.Text(second.name)).str())
        .Symbol((project.Text(first.module) + ":" + project.Text(first.name)).str())
        .Attach({first.file, NameSpan(project, first)}, "this import has no effect")
        .Help("remove one of the two, or rename one with `as`")
        .Emit();
  }
}

extern const Rule kConflictingBinding;
constinit const Rule kConflictingBinding = {
    .meta = {.code = "DFG106",
             .name = "conflicting-binding",
             .summary = "one name bound by two imports to two different objects",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::File,
};

} // namespace pydefrag
