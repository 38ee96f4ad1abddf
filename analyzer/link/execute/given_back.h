// Standard modules that the target has no more, and a declared dependency brings back.
#pragma once

#include "link/project.h"

namespace pydefrag {

// `import distutils` in a project that depends on setuptools, if only for its build, which puts its
// own in place: nobody knows whether it is there.
bool IsGivenBack(const Project &project, const ImportRow &row);

} // namespace pydefrag
