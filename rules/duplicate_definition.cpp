// DFG103: one class defined in several modules, as a copy or a copy that drifted.
#include "check/rule.h"
#include "check/views.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a class whose name another module defines as well, when most members of the two have the
same names, at least two have the very same text, and the functions among these make up half of each
class or more. What differs is named.

## Why is this bad?
There are two identities for one idea. A fix goes into one of them, and an object of the one is no
instance of the other.

## Example
```pycase
# --- shop/__init__.py
# --- shop/address.py
class Address:
    def __init__(self, street, city, country):
        self.street, self.city, self.country = street, city, country

    def lines(self):
        return [self.street, self.city, self.country]
# --- shop/parcel.py
class Address:
    def __init__(self, street, city, country):
        self.street, self.city, self.country = street, city, country

    def lines(self):
        return [self.street, self.city, self.country]

    def label(self):
        return ", ".join(self.lines())
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/address.py
class Address:
    def __init__(self, street, city, country):
        self.street, self.city, self.country = street, city, country

    def lines(self):
        return [self.street, self.city, self.country]

    def label(self):
        return ", ".join(self.lines())
# --- shop/parcel.py
from shop.address import Address
```

## Fix safety
No fix is offered: what differs has to be merged by hand.

## Limits
Only classes directly at the top level of a module are compared. Tests, vendored code, examples and
migrations are left out, and so are editions of one module (`v1` and `v2`, `sync` and `aio`).

## Options
`homonyms`: also report classes that share nothing but the name.
)";

static std::string Listed(const std::vector<std::string> &names) {
  constexpr size_t kMost = 4;
  std::string text;
  for (size_t i = 0; i < names.size() && i < kMost; ++i) {
    text += (i > 0 ? ", `" : "`") + names[i] + "`";
  }
  if (names.size() > kMost) {
    text += " and " + std::to_string(names.size() - kMost) + " more";
  }
  return text;
}

// "`is_domestic` differs; only the other has `validate`; only this one has `label`".
static std::string DifferenceText(const DuplicateClass &found) {
  std::vector<std::string> parts;
  if (!found.different.empty()) {
    parts.push_back(Listed(found.different) +
                    (found.different.size() == 1 ? " differs" : " differ"));
  }
  if (!found.in_original.empty()) {
    parts.push_back("only the other has " + Listed(found.in_original));
  }
  if (!found.in_copy.empty()) {
    parts.push_back("only this one has " + Listed(found.in_copy));
  }
  return llvm::join(parts, "; ");
}

static std::string MessageOf(const DuplicateClass &found, llvm::StringRef name,
                             llvm::StringRef original) {
  std::string start = ("`" + name + "` is ").str();
  switch (found.kind) {
  case DuplicateClass::Identical:
    return start + "a copy of the one in `" + original.str() + "`";
  case DuplicateClass::Drifted:
    return start + "a copy of the one in `" + original.str() +
           "` that drifted: " + DifferenceText(found);
  case DuplicateClass::Homonym:
    return start + "also the name of a class in `" + original.str() + "`";
  }
  return start;
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const DuplicateClass &each : project.defects.duplicate_classes) {
    const Module &module = project.modules[each.copy.module];
    const llvm::StringRef name = project.Text(each.copy.name);
    const llvm::StringRef original = project.Text(project.modules[each.original.module].name);
    const std::string symbol = project.PathText(each.original.module, each.original.name);
    report.At(each.copy.where, MessageOf(each, name, original))
        .Cause(symbol)
        .Symbol(project.PathText(each.copy.module, each.copy.name))
        .Symbol(symbol)
        .Module(project.Text(module.name))
        .Spelled(name)
        .Attach(each.original.where, "the other one")
        .Help(each.kind == DuplicateClass::Homonym ? "rename one of them"
                                                   : "keep one, and import it where the other was")
        .Emit();
  }
}

extern const Rule kDuplicateDefinition;
constinit const Rule kDuplicateDefinition = {
    .meta = {.code = "DFG103",
             .name = "duplicate-definition",
             .summary = "one class defined in several modules, as a copy or a copy that drifted",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
