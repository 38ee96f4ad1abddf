// The readers of test reports, on reports that pytest 8 wrote (fixtures/outcomes).
#include "micro/benches.h"
#include "outcomes/outcomes.h"

#include "benchmark/benchmark.h"

#include "llvm/ADT/SmallVector.h"

using namespace pydefrag;

static void ReadReport(benchmark::State &state, const char *name) {
  const std::unique_ptr<Disk> disk = MakeRealDisk();
  const std::string path = std::string(PYDEFRAG_SOURCE_DIR "/fixtures/outcomes/pytest8/") + name;
  llvm::SmallVector<char, 0> bytes;
  if (disk->Read(path, 64u << 20, bytes)) {
    state.SkipWithError("the report is not there");
    return;
  }
  const llvm::StringRef text(bytes.data(), bytes.size());
  for (auto _ : state) {
    TestIdResolver ids(*disk, PYDEFRAG_SOURCE_DIR "/fixtures/outcomes/project", {});
    const std::vector<TestRun> runs = ReadOutcomeStream(MakeMemoryStream(text), name, ids);
    benchmark::DoNotOptimize(runs.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void pydefrag::RegisterOutcomeBenchmarks() {
  for (const char *name : {"unit.junit.xml", "rerun.reportlog.jsonl", "rerun.report.json",
                           "broken.ctrf.json", "unit.log", "xdist-verbose.log"}) {
    benchmark::RegisterBenchmark((std::string("ReadReport/") + name).c_str(), ReadReport, name)
        ->Unit(benchmark::kMicrosecond);
  }
}
