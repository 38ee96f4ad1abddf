// What one <testcase> means. Entry point: AddJUnitCase. The XML itself is junit.h's business.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

#include <string>
#include <vector>

namespace pydefrag {

enum class JUnitChildKind : uint8_t { Failure, Error, Skipped, Rerun };

struct JUnitChild {
  JUnitChildKind kind = JUnitChildKind::Failure;
  std::string type;
  std::string message;
  std::string body;
};

struct JUnitCase {
  std::string classname;
  std::string name;
  std::string file; // xunit1
  float seconds = -1;
  std::vector<JUnitChild> children;
};

// Adds the test, collection error or session error that `junit_case` stands for.
void AddJUnitCase(const JUnitCase &junit_case, TestIdResolver &ids, TestResults &into);

} // namespace pydefrag
