// A rule's page and the table of all rules: for the terminal and for docs/rules/, from the one text
// that stands with the rule.
#pragma once

#include "check/rule.h"

#include "llvm/Support/raw_ostream.h"

#include <string>

namespace pydefrag {

// The page as Markdown, with its title.
std::string RulePage(const Rule &rule);

// Code, name, default severity and summary, in columns.
void RenderRuleTable(llvm::raw_ostream &os);

// The same as a Markdown table whose names link to `link_prefix` + name + ".md".
std::string RuleTableMarkdown(llvm::StringRef link_prefix);

} // namespace pydefrag
