// Signatures: whether another definition of a class would have taken the arguments that this one
// refused. Entry point: WouldAccept. Reads the class's source with tree-sitter; only a class's own
// `__init__`, and the fields of a dataclass, are looked at.
#pragma once

#include "join/places.h"
#include "outcomes/errors/python_errors.h"

namespace pydefrag {

enum class Accepts : uint8_t { No, Yes, Unknown };

// `symbol`: "shop.cart:Cart", a class of the project. `error`: a rule about arguments.
Accepts WouldAccept(PlaceTable &places, llvm::StringRef symbol, const PythonError &error);

} // namespace pydefrag
