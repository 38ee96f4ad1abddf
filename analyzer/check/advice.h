// What to do about an import that reaches nothing: turns the project's suggestions into a fix (one
// candidate) or a help line (several). Shared by the rules about missing modules and symbols.
#pragma once

#include "check/reporter.h"
#include "check/rule.h"
#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// Both are for rules of RulePhase::Advising only, and end the program when another one asks.
void Advise(FindingBuilder &builder, const RuleContext &context, const ImportRow &row);

// For what no import statement says: shows where the suggestions for `row` are defined, and asks
// whether one of them was meant. `separator` stands between a module and a name. Returns them.
std::vector<Suggestion> AskWhetherMeant(FindingBuilder &builder, const RuleContext &context,
                                        const ImportRow &row, llvm::StringRef separator);

// The fix that makes all of `rows`, of one file, import `replacement` instead: a module, "a.b:C",
// "a.b.C", or a bare name of the same module. Nothing when that names no module of the project.
std::optional<Fix> FixByReplacement(const Project &project, llvm::ArrayRef<RowId> rows,
                                    llvm::StringRef replacement);

// "a", "a or b", "a, b or c".
std::string Alternatives(llvm::ArrayRef<std::string> items);

} // namespace pydefrag
