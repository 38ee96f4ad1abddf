// What the tests of outcomes/ share: recorded runs from fixtures/outcomes and a resolver over the
// project that they were made in.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

// fixtures/outcomes/`name`, and its bytes. Where there is no such file, the program says so and
// ends.
std::string ReadFixture(llvm::StringRef name);
std::string FixturePath(llvm::StringRef name);

// A disk and a resolver for fixtures/outcomes/project.
class ShopProject {
public:
  ShopProject();
  TestIdResolver &ids() { return *ids_; }
  const Disk &disk() const { return *disk_; }

private:
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<TestIdResolver> ids_;
};

// One line per test, error and warning: what a reader made of a report, for looking at.
std::string Dump(const TestRun &run);

// "type: message" of a segment, its first line.
std::string Headline(const ErrorSegment &segment);
// "path:line" of a frame.
std::string Place(const Frame &frame);
// "path:line path:line ..." of the frames in the project.
std::string Places(const ErrorSegment &segment);

// The detail of a test, or an empty one.
const TestDetail &DetailOf(const TestResults &results, llvm::StringRef id);
std::string OutcomeOf(const TestResults &results, llvm::StringRef id); // "absent" when unknown

} // namespace pydefrag
