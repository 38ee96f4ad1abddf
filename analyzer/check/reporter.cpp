// The builder behind Reporter::At. Keeps at most five attached places and counts them all.
#include "check/reporter.h"

#include "check/rule.h"

namespace pydefrag {

static constexpr size_t kMaxRelated = 5;
static constexpr size_t kMaxSteps = 1000;

FindingBuilder Reporter::At(Location where, const llvm::Twine &message) {
  return FindingBuilder(*this, where, message);
}

FindingBuilder::FindingBuilder(Reporter &reporter, Location where, const llvm::Twine &message)
    : reporter_(reporter) {
  finding_.code = reporter.meta_.code;
  finding_.name = reporter.meta_.name;
  finding_.severity = reporter.severity_;
  finding_.message = message.str();
  finding_.where = where;
}

FindingBuilder &FindingBuilder::Cause(const llvm::Twine &key) {
  finding_.cause = (llvm::Twine(finding_.code) + ":" + key).str();
  return *this;
}

FindingBuilder &FindingBuilder::Symbol(const llvm::Twine &symbol) {
  finding_.symbols.push_back(symbol.str());
  return *this;
}

FindingBuilder &FindingBuilder::Module(const llvm::Twine &module) {
  finding_.module = module.str();
  return *this;
}

FindingBuilder &FindingBuilder::Scope(const llvm::Twine &qualified_name) {
  finding_.scope = qualified_name.str();
  return *this;
}

FindingBuilder &FindingBuilder::Spelled(const llvm::Twine &path) {
  finding_.spelled = path.str();
  return *this;
}

FindingBuilder &FindingBuilder::Help(const llvm::Twine &text) {
  finding_.help = text.str();
  return *this;
}

FindingBuilder &FindingBuilder::Note(const llvm::Twine &text) {
  finding_.note = text.str();
  return *this;
}

FindingBuilder &FindingBuilder::Attach(Location where, const llvm::Twine &message) {
  ++finding_.related_total;
  if (finding_.related.size() < kMaxRelated) {
    finding_.related.push_back({.where = where, .message = message.str()});
  }
  return *this;
}

FindingBuilder &FindingBuilder::Step(Location where, const llvm::Twine &message) {
  if (finding_.flow.size() < kMaxSteps) {
    finding_.flow.push_back({.where = where, .message = message.str()});
  }
  return *this;
}

FindingBuilder &FindingBuilder::WithFix(Fix fix) {
  finding_.fixes.push_back(std::move(fix));
  return *this;
}

FindingBuilder &FindingBuilder::WithSeverity(Severity severity) {
  finding_.severity = std::min(finding_.severity, severity);
  return *this;
}

void FindingBuilder::Emit() {
  if (finding_.cause.empty()) {
    finding_.cause = finding_.code + ":" + finding_.module + ":" + finding_.spelled;
  }
  reporter_.findings_.push_back(std::move(finding_));
}

} // namespace pydefrag
