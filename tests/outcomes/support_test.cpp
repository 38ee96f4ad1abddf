#include "support.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

namespace pydefrag {

std::string FixturePath(llvm::StringRef name) {
  llvm::SmallString<256> path(PYDEFRAG_SOURCE_DIR);
  llvm::sys::path::append(path, "fixtures", "outcomes", name);
  if (!llvm::sys::fs::exists(path)) {
    llvm::errs() << "no fixture " << path << "\n";
    std::exit(1);
  }
  return std::string(path);
}

std::string ReadFixture(llvm::StringRef name) {
  const std::string path = FixturePath(name);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    llvm::errs() << path << ": " << buffer.getError().message() << "\n";
    std::exit(1);
  }
  return (*buffer)->getBuffer().str();
}

ShopProject::ShopProject() : disk_(MakeRealDisk()) {
  ids_ =
      std::make_unique<TestIdResolver>(*disk_, FixturePath("project"), std::vector<std::string>());
}

std::string Headline(const ErrorSegment &segment) {
  const llvm::StringRef line = llvm::StringRef(segment.message).split('\n').first;
  return segment.type + (line.empty() ? "" : ": ") + line.str();
}

std::string Place(const Frame &frame) {
  return frame.path + ":" + std::to_string(frame.line);
}

std::string Places(const ErrorSegment &segment) {
  std::string text;
  for (const Frame &frame : segment.frames) {
    if (frame.in_project) {
      text += (text.empty() ? "" : " ") + Place(frame);
    }
  }
  return text;
}

static std::string DumpChain(const ErrorChain &chain) {
  std::string text;
  for (const ErrorSegment &segment : chain.segments) {
    text += llvm::formatv("      {0} | {1} @ {2} ({3} frames)\n", static_cast<int>(segment.link),
                          Headline(segment), Places(segment), segment.frames.size())
                .str();
  }
  return text;
}

std::string Dump(const TestRun &run) {
  std::string text;
  const RunInfo &info = run.info;
  text += llvm::formatv("{0} {1} {2} py {3} rootdir {4} complete {5} exit {6} seconds {7}\n",
                        SourceKindName(info.kind), info.producer, info.producer_version,
                        info.python_version, info.rootdir, info.complete,
                        info.exit_status.value_or(-1), info.seconds.value_or(-1))
              .str();
  for (const TestCase &test : run.results.tests) {
    text += llvm::formatv("  {0} {1} {2}{3}{4} reruns {5}", TestOutcomeName(test.outcome), test.id,
                          TestPhaseName(test.phase), test.crashed ? " crashed" : "",
                          test.resolved ? "" : " unresolved", test.reruns)
                .str();
    if (!test.detail.valid()) {
      text += "\n";
      continue;
    }
    const TestDetail &detail = run.results.details[test.detail];
    text += " [" + detail.reason + "]\n";
    for (const PhaseError &error : detail.errors) {
      text += llvm::formatv("    {0}{1} {2}\n", TestPhaseName(error.phase),
                            error.rerun ? " rerun" : "", error.subtest)
                  .str();
      text += DumpChain(error.chain);
    }
  }
  for (const CollectionError &error : run.results.collection_errors) {
    text += "  collection error " + error.path + (error.conftest ? " (conftest)" : "") + "\n" +
            DumpChain(error.chain);
  }
  for (const SessionError &error : run.results.session_errors) {
    text += std::string("  session ") + SessionErrorKindName(error.kind) + " " + error.path + " " +
            error.text + "\n" + DumpChain(error.chain);
  }
  for (const WarningRecord &warning : run.results.warnings) {
    text += llvm::formatv("  warning {0}x {1} {2}:{3} {4}\n", warning.count, warning.category,
                          warning.path, warning.line, warning.message)
                .str();
    for (const std::string &location : warning.locations) {
      text += "    at " + location + "\n";
    }
  }
  text += llvm::formatv("  inventory {0}\n", run.results.inventory.size()).str();
  for (const Problem &problem : run.results.problems) {
    text += llvm::formatv("  problem {0}: {1}\n", problem.line, problem.message).str();
  }
  return text;
}

const TestDetail &DetailOf(const TestResults &results, llvm::StringRef id) {
  static const TestDetail kNone;
  const TestCase *test = results.Find(id);
  return test != nullptr && test->detail.valid() ? results.details[test->detail] : kNone;
}

std::string OutcomeOf(const TestResults &results, llvm::StringRef id) {
  const TestCase *test = results.Find(id);
  return test == nullptr ? "absent" : TestOutcomeName(test->outcome);
}

} // namespace pydefrag
