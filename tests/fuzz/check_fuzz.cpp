// Any bytes as a project: `# --- name` lines split them into files, as in .pycase files. The whole
// program must end with a report that is JSON, and with the exit status that the report names.
#include "base/check.h"
#include "driver/run.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace pydefrag;
using llvm::StringRef;

static std::vector<MemoryFile> SplitFiles(StringRef bytes) {
  std::vector<MemoryFile> files = {{"/case/first.py", ""}};
  while (!bytes.empty()) {
    auto [line, rest] = bytes.split('\n');
    if (line.consume_front("# --- ") && !line.trim().empty() && !line.contains('\0')) {
      files.push_back({("/case/" + line.trim()).str(), ""});
    } else {
      files.back().content += line;
      files.back().content += '\n';
    }
    bytes = rest;
  }
  return files;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::unique_ptr<Disk> disk =
      MakeMemoryDisk(SplitFiles(StringRef(reinterpret_cast<const char *>(data), size)));
  std::string printed, told;
  llvm::raw_string_ostream out(printed), err(told);
  Environment environment;
  environment.disk = disk.get();
  environment.out = &out;
  environment.err = &err;
  environment.cwd = "/case";
  environment.variable = [](StringRef) { return std::nullopt; };
  environment.seconds = [] { return 0.0; };
  environment.read_stdin = [] { return std::string(); };
  environment.write_file = [](StringRef, StringRef) {
    return std::make_error_code(std::errc::read_only_file_system);
  };
  const int status = RunMain({"check", "--jobs", "1", "--output-format", "json"}, environment);
  if (status == 2) {
    return 0; // a settings file that is wrong: no report
  }
  llvm::Expected<llvm::json::Value> report = llvm::json::parse(printed);
  PD_CHECK(static_cast<bool>(report));
  PD_CHECK(report->getAsObject()->getInteger("exit") == status);
  return 0;
}
