// What builds call the modules that they make: `x_pb2` and `x_pb2_grpc` of `x.proto`, `XLexer` and
// `XParser` of `X.g4`.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

// From a file of kind Generator. Those of its own name, `x` of `x.pyx` or `x.py.in`, are not among
// them. They may go to any folder: the names tell what they are made from.
std::vector<std::string> ModulesMadeFrom(llvm::StringRef file_name);

} // namespace pydefrag
