// What follows the scan, on a made-up project of 1,000 modules in 50 packages: the link, the same
// with all modules in one cycle (which the import-time simulation has to walk through), each rule,
// each renderer.
#include "check/rule.h"
#include "driver/pipeline.h"
#include "micro/benches.h"
#include "report/json/render_graph_json.h"
#include "report/json/render_json.h"
#include "report/text/render_concise.h"
#include "report/text/render_full.h"

#include "benchmark/benchmark.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace pydefrag;

namespace {

constexpr int kPackages = 50;
constexpr int kModules = 20; // of each package

enum class Imports : uint8_t { Downwards, InOneCycle };

// Module m of package p defines a class, imports the next module's class by one of two paths, and a
// name that is not there now and then.
std::vector<MemoryFile> MakeProject(Imports imports) {
  std::vector<MemoryFile> files;
  for (int p = 0; p < kPackages; ++p) {
    std::string init;
    for (int m = 0; m < kModules; ++m) {
      const bool last = p == kPackages - 1 && m == kModules - 1;
      const int next = (p * kModules + m + 1) % (kPackages * kModules);
      std::string text = "import logging\nfrom typing import TYPE_CHECKING\n\n";
      if (!last || imports == Imports::InOneCycle) {
        text += llvm::formatv("from pkg{0}.mod{1} import Thing{1} as Base\n", next / kModules,
                              next % kModules);
        text += next % 3 == 0 ? llvm::formatv("from pkg{0} import Thing0\n", next / kModules).str()
                              : std::string();
      } else {
        text += "Base = object\n";
      }
      text += m == 7 ? llvm::formatv("from pkg{0}.mod1 import Gone\n", p).str() : std::string();
      text += llvm::formatv("\n\nclass Thing{0}(Base):\n    def work(self):\n"
                            "        return logging.getLogger(__name__)\n",
                            m);
      files.push_back({llvm::formatv("/pkg{0}/mod{1}.py", p, m), text});
    }
    init += llvm::formatv("from pkg{0}.mod0 import Thing0\n", p);
    files.push_back({llvm::formatv("/pkg{0}/__init__.py", p), init});
  }
  return files;
}

// One analysed project, in memory.
struct Project1000 {
  explicit Project1000(Imports imports) : disk(MakeMemoryDisk(MakeProject(imports))) {
    environment.disk = disk.get();
    environment.out = &llvm::nulls();
    environment.err = &llvm::nulls();
    environment.cwd = "/";
    environment.variable = [](llvm::StringRef) { return std::nullopt; };
    environment.seconds = [] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
          .count();
    };
    line.root = "/";
    line.isolated = true;
    line.jobs = 1;
    analysis = llvm::cantFail(Analyze(line, environment));
  }

  std::unique_ptr<Disk> disk;
  Environment environment;
  CommandLine line;
  std::unique_ptr<Analysis> analysis;
};

const Project1000 &TheProject() {
  static const Project1000 project(Imports::Downwards);
  return project;
}

Report MakeReport(SourceCache &sources) {
  const Project1000 &project = TheProject();
  return llvm::cantFail(Check(*project.analysis, project.line, project.environment, sources));
}

} // namespace

// The seconds are those of the phase alone.
static void LinkOf1000Modules(benchmark::State &state) {
  Project1000 project(state.range(0) != 0 ? Imports::InOneCycle : Imports::Downwards);
  for (auto _ : state) {
    const std::unique_ptr<Analysis> analysis =
        llvm::cantFail(Analyze(project.line, project.environment));
    for (const PhaseTime &phase : analysis->times) {
      if (phase.name == "link") {
        state.SetIterationTime(phase.seconds);
      }
    }
  }
}
BENCHMARK(LinkOf1000Modules)
    ->ArgName("cycle")
    ->Arg(0)
    ->Arg(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

static void RunOneRule(benchmark::State &state, const Rule *rule) {
  const Analysis &analysis = *TheProject().analysis;
  RulePlan plan;
  plan.rules.push_back({rule, Severity::Error});
  for (auto _ : state) {
    RunResult result = RunRules(*analysis.project, analysis.config, plan, 1);
    benchmark::DoNotOptimize(result.findings.data());
  }
}

void pydefrag::RegisterRuleBenchmarks() {
  for (const Rule *rule : AllRules()) {
    benchmark::RegisterBenchmark(("Rule/" + llvm::StringRef(rule->meta.name).str()).c_str(),
                                 RunOneRule, rule)
        ->Unit(benchmark::kMicrosecond);
  }
}

// Renders to a buffer, and counts its bytes.
template <typename Render> static void RenderMany(benchmark::State &state, Render render) {
  SourceCache sources(*TheProject().analysis->project, *TheProject().disk);
  const Report report = MakeReport(sources);
  size_t bytes = 0;
  for (auto _ : state) {
    std::string text;
    llvm::raw_string_ostream os(text);
    render(os, report, sources);
    bytes += text.size();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

static void RenderAllAsFull(benchmark::State &state) {
  RenderMany(state, [](llvm::raw_ostream &os, const Report &report, SourceCache &sources) {
    FullOptions options;
    options.max_blocks = 0;
    RenderFull(os, report, sources, options);
  });
}
BENCHMARK(RenderAllAsFull)->Unit(benchmark::kMicrosecond);

static void RenderAllAsConcise(benchmark::State &state) {
  RenderMany(state, [](llvm::raw_ostream &os, const Report &report, SourceCache &sources) {
    RenderConcise(os, report, sources, {});
  });
}
BENCHMARK(RenderAllAsConcise)->Unit(benchmark::kMicrosecond);

static void RenderAllAsJson(benchmark::State &state) {
  RenderMany(state, [](llvm::raw_ostream &os, const Report &report, SourceCache &sources) {
    RenderJson(os, report, sources, SuppressedFindings::LeftOut);
  });
}
BENCHMARK(RenderAllAsJson)->Unit(benchmark::kMicrosecond);

static void RenderGraph(benchmark::State &state) {
  RenderMany(state, [](llvm::raw_ostream &os, const Report &report, SourceCache &) {
    GraphOptions options;
    options.jobs = 1;
    RenderGraphJson(os, *report.project, *report.disk, options);
  });
}
BENCHMARK(RenderGraph)->Unit(benchmark::kMicrosecond);
