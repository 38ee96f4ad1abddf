// Any bytes as one Python file: scanning must end, without a crash, and say the same twice.
#include "base/check.h"
#include "facts/dump.h"
#include "scan/scan.h"

using namespace pydefrag;

static std::string FactsOf(llvm::StringRef bytes, unsigned jobs) {
  const std::unique_ptr<Disk> disk = MakeMemoryDisk(MemoryFile{"/a.py", bytes.str()});
  const std::string path = "/a.py";
  ScanOptions options;
  options.jobs = jobs;
  Scanned scanned;
  ScanFiles(*disk, path, options, scanned);
  return DumpFacts(scanned.facts[FileId{0}], scanned.syntax, scanned.names);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  PD_CHECK(FactsOf(bytes, 1) == FactsOf(bytes, 1));
  return 0;
}
