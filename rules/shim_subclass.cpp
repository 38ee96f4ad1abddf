// DFG104: an empty subclass that stands for an old name or place of its base.
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a class with nothing of its own that was made to keep an old name or place working: it
carries the name of its first-party base, it only warns of deprecation, or its module holds nothing
but imports and such classes.

## Why is this bad?
The subclass is a second identity. An object of the new class is no instance of the old one, so
`isinstance` and `except` in code that still uses the old name stop matching.

## Example
```pycase
# --- shop/__init__.py
# --- shop/customer.py
class Customer: ...
# --- shop/client.py
from shop.customer import Customer

class Client(Customer):
    pass
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/customer.py
class Customer: ...
# --- shop/client.py
from shop.customer import Customer as Client
```

## Fix safety
No fix is offered: something may depend on the two being different.

## Limits
Exceptions are not looked at, nor are subclasses of abstract classes and leaves of a hierarchy with
several branches, unless they carry the base's name or warn.

## Options
None.
)";

static llvm::StringRef SignText(ShimSubclass::Sign sign) {
  switch (sign) {
  case ShimSubclass::SameName:
    return " under the same name";
  case ShimSubclass::Warns:
    return " that only warns";
  case ShimSubclass::ShimModule:
    return "";
  }
  return "";
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const ShimSubclass &each : project.defects.shim_subclasses) {
    const Module &module = project.modules[each.shim.module];
    if (!module.reported) {
      continue;
    }
    const llvm::StringRef name = project.Text(each.shim.name);
    const std::string base = project.PathText(each.base.module, each.base.name);
    const std::string symbol = project.PathText(each.shim.module, each.shim.name);
    report
        .At(each.shim.where, "`" + name + "` is an empty subclass of `" + base + "`" +
                                 SignText(each.sign) + ": `isinstance` tells the two apart")
        .Cause(symbol)
        .Symbol(symbol)
        .Symbol(base)
        .Module(project.Text(module.name))
        .Spelled(name)
        .Attach(each.base.where, "the class it stands for")
        .Help(
            ("make it the same class: `" + name + " = " + project.Text(each.base.name) + "`").str())
        .Emit();
  }
}

extern const Rule kShimSubclass;
constinit const Rule kShimSubclass = {
    .meta = {.code = "DFG104",
             .name = "shim-subclass",
             .summary = "an empty subclass that stands for an old name of its base",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
