// Plain modules: those whose own statements can neither fail nor be in doubt when they are
// executed, as long as everything that they import works. Most modules are; nothing has to be
// executed on paper for them (import_time.h).
//
//     import logging                        # resolves
//     from .const import DOMAIN             # resolves to an object
//     from homeassistant.helpers import config_validation as cv
//     SCHEMA = {DOMAIN: cv.string}          # `cv` surely has it
//
// Told from logs and rows alone; what would take more is answered "not plain" and is executed.
// Linear in the statements.
#pragma once

#include "link/execute/graph.h"

#include <vector>

namespace pydefrag {

struct PlainLoad {
  ModuleId module;              // with the packages above it
  bool only_if_unbound = false; // a submodule that `from package import name` may have to load
};

struct PlainModule {
  bool plain = false;
  std::vector<PlainLoad> loads; // in order; all are edges of the module in the graph
};

IdVector<ModuleId, PlainModule> FindPlainModules(const Project &project, const Resolver &resolver,
                                                 const ImportGraph &graph, unsigned jobs);

} // namespace pydefrag
