// ClassMembers: which attributes a class object has, from its body and its bases: what
// `getattr(Class, name)` finds without an instance. Three-valued like the resolver: anything that a
// decorator, a metaclass or a base from elsewhere may add makes the answer Maybe, with a reason.
// Entry point: FindClassMember.
#pragma once

#include "link/resolve/resolve.h"

#include <string>

namespace pydefrag {

// A class statement at module level or in another class's body.
struct ClassRef {
  ModuleId module;
  uint32_t statement = kNoEvent; // index into the module's facts

  bool valid() const { return statement != kNoEvent; }
  friend bool operator==(const ClassRef &, const ClassRef &) = default;
};

struct ClassMemberFound {
  Answer answer = Answer::No;
  std::string reason; // Maybe: what else may add attributes
  ClassRef nested;    // the member is a class whose body is known
  // No: every class that was looked into, itself first.
  llvm::SmallVector<ClassRef, 4> looked_in;
};

ClassMemberFound FindClassMember(const Project &project, Resolver &resolver, ClassRef from,
                                 NameId name);

// The class that a Found definition is; invalid when it is none.
ClassRef ClassOf(const Project &project, const Resolver &resolver, const Found &found);

} // namespace pydefrag
