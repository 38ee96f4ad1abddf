#include "case_runner.h"

#include "case_check.h"
#include "driver/run.h"
#include "facts/dump.h"
#include "scan/scan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace pydefrag {

using llvm::StringRef;

namespace {

constexpr StringRef kFolder = "/case"; // where the files of a case stand
constexpr int kFixRounds = 5;

bool IsCheck(const PyCase &expected) {
  return expected.args.front() == "check";
}

std::vector<std::string> WithJson(std::vector<std::string> args) {
  args.insert(args.end(), {"--output-format", "json"});
  return args;
}

// The JSON as goldens have it: laid out, without what differs from run to run.
std::string StableJson(StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    return "no JSON: " + llvm::toString(value.takeError()) + "\n";
  }
  if (llvm::json::Object *top = value->getAsObject()) {
    top->erase("tool");
    if (llvm::json::Object *stats = top->getObject("stats")) {
      stats->erase("seconds");
    }
  }
  return llvm::formatv("{0:2}\n", *value);
}

std::string FactsOf(const std::vector<MemoryFile> &files, StringRef path) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk(files);
  Scanned scanned;
  const std::string name = path.str();
  ScanFiles(*disk, name, ScanOptions(), scanned);
  return DumpFacts(scanned.facts[FileId{0}], scanned.syntax, scanned.names);
}

StringRef ContentOf(const std::vector<MemoryFile> &files, StringRef path) {
  const auto found =
      llvm::find_if(files, [&](const MemoryFile &file) { return file.path == path; });
  return found == files.end() ? "no such file\n" : StringRef(found->content);
}

// One case on its way: runs it and collects what is wrong.
class Runner {
public:
  explicit Runner(const PyCase &expected) : expected_(expected) {}
  CaseResult Run();

private:
  void Fail(const llvm::Twine &message) { result_.failures.push_back(message.str()); }
  void CheckStatus(const ProgramRun &run);
  void CheckFindings();
  void FixAll(SeenReport seen);
  std::vector<MemoryFile> FixedByProgram(const SeenReport &seen);
  SeenReport Check(const std::vector<MemoryFile> &files);
  void CheckGoldens();
  std::string GoldenFor(StringRef name);

  const PyCase &expected_;
  CaseResult result_;
  ProgramRun as_given_;
  std::vector<MemoryFile> fixed_;
};

CaseResult Runner::Run() {
  as_given_ = RunProgram(expected_.files, expected_.args);
  CheckStatus(as_given_);
  if (IsCheck(expected_)) {
    CheckFindings();
  } else if (!expected_.expectations.empty()) {
    Fail("expectations need `ARGS: check ...`");
  } else if (expected_.goldens.empty() && !expected_.exit_status) {
    Fail("nothing is expected: no finding is compared when ARGS is not `check`");
  }
  CheckGoldens();
  return std::move(result_);
}

void Runner::CheckStatus(const ProgramRun &run) {
  const bool good = expected_.exit_status ? run.status == *expected_.exit_status
                                          : run.status == 0 || run.status == 1;
  if (!good) {
    Fail(llvm::formatv("exit status {0}; stderr: {1}", run.status, run.err).str());
  }
}

SeenReport Runner::Check(const std::vector<MemoryFile> &files) {
  const ProgramRun run = RunProgram(files, WithJson(expected_.args));
  llvm::Expected<SeenReport> seen = ReadReport(run.out);
  if (!seen) {
    Fail("the JSON: " + llvm::toString(seen.takeError()) + "; stderr: " + run.err);
    return {};
  }
  return std::move(*seen);
}

void Runner::CheckFindings() {
  if (expected_.exit_status == 2) {
    return; // a usage error prints no report
  }
  SeenReport seen = Check(expected_.files);
  for (const std::string &difference : Differences(expected_, seen)) {
    Fail(difference);
  }
  FixAll(seen);
  fixed_ = FixedByProgram(seen);
}

// The files after --fix; a second run of it must change nothing.
std::vector<MemoryFile> Runner::FixedByProgram(const SeenReport &seen) {
  std::vector<MemoryFile> files = expected_.files;
  if (llvm::none_of(seen.findings, [](const SeenFinding &finding) { return finding.safe_fix; })) {
    return files;
  }
  for (const bool second : {false, true}) {
    std::vector<std::string> args = expected_.args;
    args.push_back("--fix");
    std::map<std::string, std::string> written;
    RunProgram(files, args, &written);
    for (MemoryFile &file : files) {
      const auto after = written.find(file.path);
      if (after != written.end()) {
        file.content = after->second;
      }
    }
    if (second && !written.empty()) {
      Fail("a second --fix changes " + written.begin()->first);
    }
  }
  for (const SeenFinding &finding : Check(files).findings) {
    if (finding.safe_fix) {
      Fail("left by --fix: " + finding.code + " " + finding.message);
    }
  }
  return files;
}

// Fixes finding by finding, as an editor does.
void Runner::FixAll(SeenReport seen) {
  std::vector<MemoryFile> files = expected_.files;
  for (int round = 0; round < kFixRounds; ++round) {
    Fixed fixed = WithSafeFixes(files, seen);
    if (fixed.applied.empty()) {
      return;
    }
    files = std::move(fixed.files);
    SeenReport after = Check(files);
    for (const std::string &difference : FixDifferences(seen, fixed.applied, after)) {
      Fail("after fixing: " + difference);
    }
    if (!result_.failures.empty()) {
      return;
    }
    seen = std::move(after);
  }
  Fail("fixing does not come to an end");
  return;
}

std::string Runner::GoldenFor(StringRef name) {
  if (name == "report.txt") {
    return as_given_.out;
  }
  if (name == "report.json") {
    return StableJson(RunProgram(expected_.files, WithJson(expected_.args)).out);
  }
  if (name.consume_front("facts/")) {
    return FactsOf(expected_.files, name);
  }
  if (name.consume_front("fixed/")) {
    return ContentOf(fixed_, name).str();
  }
  return "no such golden: report.txt, report.json, facts/<path> or fixed/<path>\n";
}

void Runner::CheckGoldens() {
  for (const CaseGolden &golden : expected_.goldens) {
    std::string actual = GoldenFor(golden.name);
    if (!StringRef(actual).ends_with("\n")) {
      actual += "\n";
    }
    // An empty line before the next split is for the reader.
    if (StringRef(actual).rtrim('\n') != StringRef(golden.content).rtrim('\n')) {
      Fail("EXPECT:" + golden.name + " is now (fixture_test --update writes it):\n" + actual);
    }
    result_.goldens.push_back({golden.name, std::move(actual)});
  }
}

} // namespace

ProgramRun RunProgram(const std::vector<MemoryFile> &files, const std::vector<std::string> &args,
                      std::map<std::string, std::string> *written) {
  std::vector<MemoryFile> placed = files;
  for (MemoryFile &file : placed) {
    file.path = (kFolder + "/" + file.path).str();
  }
  const std::unique_ptr<Disk> disk = MakeMemoryDisk(placed);
  ProgramRun run;
  llvm::raw_string_ostream out(run.out);
  llvm::raw_string_ostream err(run.err);
  Environment environment;
  environment.disk = disk.get();
  environment.out = &out;
  environment.err = &err;
  environment.cwd = kFolder.str();
  environment.variable = [](StringRef) { return std::nullopt; };
  environment.seconds = [] { return 0.0; };
  environment.read_stdin = [] { return std::string(); };
  environment.write_file = [written](StringRef path, StringRef content) {
    if (written == nullptr || !path.consume_front((kFolder + "/").str())) {
      return std::make_error_code(std::errc::read_only_file_system);
    }
    (*written)[path.str()] = content.str();
    return std::error_code();
  };
  std::vector<const char *> words;
  for (const std::string &arg : args) {
    words.push_back(arg.c_str());
  }
  run.status = RunMain(words, environment);
  return run;
}

CaseResult RunCase(const PyCase &expected) {
  return Runner(expected).Run();
}

} // namespace pydefrag
