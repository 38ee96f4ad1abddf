// Class values: what a name in a class's body stands for, when it is something that a module has:
// the value of `getattr(Class, name)` and `getattr(instance, name)`. Narrower than class_members.h,
// which tells whether there is such a name at all.
#pragma once

#include "link/resolve/class_members.h"

#include <vector>

namespace pydefrag {

struct ClassNames {
  std::vector<NameId> names;
  bool known = false; // these are all
};

// The names of a class and its bases, or of an instance of it; what methods set on `self` is not
// among them, so those of an instance are never all.
ClassNames NamesOfObject(const Project &project, Resolver &resolver, const Found &object);

// The members of an enum: of a class statement, or of `Enum("Color", "RED GREEN")`.
ClassNames MembersOfEnum(const Project &project, Resolver &resolver, const Found &object);

// Whether the class surely is the other one or below it.
bool IsSubclass(const Project &project, Resolver &resolver, const Found &object, const Found &base);

// The value of an attribute of a class, or of an instance of one: No where the class is not
// analysed or does not have it; Opaque where it is nothing that a module binds.
Found AttributeOfObject(const Project &project, Resolver &resolver, const Found &object,
                        NameId name);

} // namespace pydefrag
