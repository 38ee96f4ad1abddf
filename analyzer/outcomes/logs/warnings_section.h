// The "warnings summary" of a log, line by line: places, one a line; then the warning, its further
// lines, its source; then a blank line.
#pragma once

#include "outcomes/logs/log_lines.h"
#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

class WarningsSection {
public:
  explicit WarningsSection(TestIdResolver &ids) : ids_(ids) {}

  // The warning that this line ended, if it ended one.
  std::optional<WarningRecord> Read(llvm::StringRef line);
  // Begins anew. The warning that was under way, as where the log was cut off.
  std::optional<WarningRecord> Finish();

private:
  uint32_t AddPlace(llvm::StringRef text);
  void Begin(const WarningLine &line);

  TestIdResolver &ids_;
  std::vector<std::string> places_;
  std::optional<WarningRecord> warning_;
};

} // namespace pydefrag
