// PathTable: the paths of each definition, put in order of the definitions.
#pragma once

#include "link/identity/direct_paths.h"
#include "link/identity/identity.h"

namespace pydefrag {

// `event_begin`: of each module, numbering all events; `definition_of`: by number of the event.
// Each path of `reached` leads to an event that has a definition.
PathTable MakePathTable(const Project &project, llvm::ArrayRef<Reached> reached,
                        std::vector<uint32_t> event_begin, std::vector<DefinitionId> definition_of);

} // namespace pydefrag
