// Exact forms in a whole tree: what an expression surely is, told at sight. For readers that take a
// function or class for understood only when they know every line of it (name_deeds.h).
#pragma once

#include "link/flow/source_trees.h"
#include "link/project.h"

#include "llvm/ADT/SmallVector.h"

#include <string>

namespace pydefrag {

// "sys.modules" of `sys.modules`, of `s.modules` behind `import sys as s`, and of `modules` behind
// `from sys import modules`. Empty where the name is bound by anything else as well, or where a
// module of the project goes by the name of the standard one.
std::string StandardName(const Project &project, const SourceTree &tree, uint32_t node);

// Whether an identifier means what Python itself calls so; in a file without star imports.
bool IsBuiltin(const SourceTree &tree, uint32_t node, llvm::StringRef name);

// Whether a function of the standard library does nothing to the module whose name it is given.
bool OnlyReadsName(llvm::StringRef standard_name);

// The statements of a block, those that only are an expression as that; without a text in front.
llvm::SmallVector<uint32_t, 8> StatementsIn(const SourceTree &tree, uint32_t block);

// Whether a name may stand in the dict of a module without anything else than `module.name` being
// another: `__path__` makes it a package, `__getattr__` serves names.
bool IsPlainName(llvm::StringRef name);

// The text that a name becomes part of, and nothing but that: `f"no {name}"`, `"{}.{}".format(name,
// x)`, `"%s" % name`; 0: something else is done with it.
uint32_t TextMadeOf(const SourceTree &tree, uint32_t node);
// Whether nobody gets a text but who reads it: `raise AttributeError(text)`, `warnings.warn(text)`.
bool IsOnlyShown(const Project &project, const SourceTree &tree, uint32_t text);

// `name in table`, `table[name]` and `table.get(name)`, of which `table` is asked for the string
// that an identifier stands for, and not changed.
bool IsAsked(const SourceTree &tree, uint32_t table, llvm::StringRef name);

// A function whose body runs when it is called, and which is what it is called by: neither
// decorated nor a coroutine nor a generator.
bool IsPlainFunction(const SourceTree &tree, uint32_t function);

// The identifiers below a node that mean this name of this scope.
llvm::SmallVector<uint32_t, 8> UsesBelow(const SourceTree &tree, uint32_t node, uint32_t scope,
                                         llvm::StringRef name);

// Whether the file imports something by a star.
bool HasStar(const SourceTree &tree);

} // namespace pydefrag
