#include "report/text/render_rule.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

static llvm::StringRef FixText(FixAvailability fix) {
  switch (fix) {
  case FixAvailability::None:
    return "no fix";
  case FixAvailability::Sometimes:
    return "fix sometimes available";
  case FixAvailability::Always:
    return "fix available";
  }
  return "";
}

std::string RulePage(const Rule &rule) {
  const RuleMeta &meta = rule.meta;
  std::string page;
  llvm::raw_string_ostream os(page);
  os << "# " << meta.name << " (" << meta.code << ")\n\n"
     << "Default: " << SeverityName(meta.severity) << ", " << FixText(meta.fix) << ", since "
     << meta.since << (meta.status == RuleStatus::Preview ? ", preview" : "") << ".\n\n"
     << meta.doc;
  return page;
}

void RenderRuleTable(llvm::raw_ostream &os) {
  for (const Rule *rule : AllRules()) {
    os << llvm::formatv("{0}  {1,-28} {2,-8} {3}\n", rule->meta.code, rule->meta.name,
                        SeverityName(rule->meta.severity), rule->meta.summary);
  }
}

std::string RuleTableMarkdown(llvm::StringRef link_prefix) {
  std::string table = "| code | name | default | what |\n|---|---|---|---|\n";
  llvm::raw_string_ostream os(table);
  for (const Rule *rule : AllRules()) {
    os << llvm::formatv("| {0} | [{1}]({2}{1}.md) | {3} | {4} |\n", rule->meta.code,
                        rule->meta.name, link_prefix, SeverityName(rule->meta.severity),
                        rule->meta.summary);
  }
  return table;
}

} // namespace pydefrag
