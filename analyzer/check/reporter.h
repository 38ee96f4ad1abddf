// Reporter: how a rule says what it found.
//
//   report.At(location, "`shop.cart` does not define `Basket`")
//       .Cause("shop.cart:Basket").Symbol("shop.cart:Basket")
//       .Attach(elsewhere, "a similar name is defined here")
//       .Help("import `Cart` instead")
//       .Emit();
#pragma once

#include "check/finding.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <vector>

namespace pydefrag {

struct RuleMeta;

class FindingBuilder;

class Reporter {
public:
  Reporter(const RuleMeta &meta, Severity severity) : meta_(meta), severity_(severity) {}

  [[nodiscard]] FindingBuilder At(Location where, const llvm::Twine &message);

  Severity severity() const { return severity_; }
  std::vector<Finding> Take() { return std::move(findings_); }

private:
  friend class FindingBuilder;
  const RuleMeta &meta_;
  Severity severity_;
  std::vector<Finding> findings_;
};

class [[nodiscard]] FindingBuilder {
public:
  FindingBuilder(Reporter &reporter, Location where, const llvm::Twine &message);

  // `key` is what the cause is about, e.g. "shop.cart:Basket"; the code is put before it.
  FindingBuilder &Cause(const llvm::Twine &key);
  FindingBuilder &Symbol(const llvm::Twine &symbol);
  FindingBuilder &Module(const llvm::Twine &module);
  FindingBuilder &Scope(const llvm::Twine &qualified_name);
  FindingBuilder &Spelled(const llvm::Twine &path);
  FindingBuilder &Help(const llvm::Twine &text);
  FindingBuilder &Note(const llvm::Twine &text);
  FindingBuilder &Attach(Location where, const llvm::Twine &message); // keeps five, counts all
  FindingBuilder &Step(Location where, const llvm::Twine &message);   // of the flow; keeps 1,000
  FindingBuilder &WithFix(Fix fix);
  FindingBuilder &WithSeverity(Severity severity); // for a case milder than the rule's default
  void Emit();

private:
  Reporter &reporter_;
  Finding finding_;
};

} // namespace pydefrag
