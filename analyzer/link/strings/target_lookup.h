// TargetLookup: what a dotted text reaches when the program imports or patches it by name, the way
// the standard library does it: pkgutil.resolve_name, unittest.mock, pytest's monkeypatch,
// importlib.import_module. Missing only when what stands left is the project's own and closed;
// whatever leads out of the project is external (semantics.md Y03-Y11).
#pragma once

#include "link/resolve/class_members.h"
#include "link/resolve/resolve.h"

#include <string>

namespace pydefrag {

enum class TargetForm : uint8_t {
  Module,         // "a.b": a module (import_module)
  Object,         // "a.b.C": C of the module a.b, strictly (Django's import_string)
  ModuleOrObject, // either (INSTALLED_APPS)
  Walk,           // "a.b.C.d", "a.b:C.d": modules as far as they go, then attributes
  Patch,          // the same; the last part is an attribute, of a module also a builtin's name
  Attribute,      // the same without the exception for builtins (monkeypatch.setattr)
  Colon,          // "a.b:c.d", the part behind the colon may be left out (entry points, servers)
};

struct TargetAnswer {
  RowStatus status = RowStatus::External;
  std::string reason; // Unknown: what stopped; missing: more about where was looked
  NameId module;      // the module asked last; MissingModule: the one that does not exist
  NameId name;        // MissingName: what it lacks; Resolved: the name, if any
  std::string
      class_name;     // MissingName: the qualified name of the class that lacks it, if it is one
  ClassRef class_ref; // MissingName: that class
  ModuleId source;    // the last module that exists
  uint32_t missing_at = 0; // offset in the text of the part that is missing
  Target target;           // Resolved; `definition` holds the event, as in rows.cpp
};

// Writes what was found into the row of a string that asks for it.
void WriteAnswer(const TargetAnswer &answer, Project &project, ImportRow &row);

class TargetLookup {
public:
  TargetLookup(Project &project, Resolver &resolver) : project_(project), resolver_(resolver) {}

  TargetAnswer Find(ModuleId importer, llvm::StringRef text, TargetForm form);
  // getattr(module, name) with `form` Patch or Attribute.
  TargetAnswer AttributeOf(ModuleId module, llvm::StringRef name, TargetForm form);
  TargetAnswer AttributeOf(ClassRef ref, llvm::StringRef name);

private:
  struct Place { // where a walk has got to
    ModuleId module;
    ClassRef in_class;
    std::string class_name; // "Cart.Line"
  };
  TargetAnswer FindModule(ModuleId importer, llvm::StringRef dotted);
  TargetAnswer WalkFrom(Place place, llvm::StringRef text, size_t at, TargetForm form);
  // One step; true when the walk goes on from the new place.
  bool Step(Place &place, llvm::StringRef part, bool last, TargetForm form, TargetAnswer &answer);
  bool StepInModule(Place &place, NameId name, bool last, TargetForm form, TargetAnswer &answer);
  bool StepInClass(Place &place, NameId name, bool last, TargetAnswer &answer);
  bool StepToObject(Place &place, NameId name, const Found &found, bool last, TargetAnswer &answer);
  void Missing(const Place &place, NameId name, TargetAnswer &answer) const;

  Project &project_;
  Resolver &resolver_;
};

} // namespace pydefrag
