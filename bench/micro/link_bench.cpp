// How linking and the rules grow with what could make them quadratic: importers of one package,
// names in one `__all__`, members of a cycle, the length of a chain of star imports, findings of
// one group. Each size doubles; `--benchmark_filter=BigO` prints the slopes. Scanning is not timed.
#include "check/run.h"
#include "link/link.h"
#include "report/groups.h"

#include "benchmark/benchmark.h"

#include "llvm/Support/FormatVariadic.h"

#include <functional>

using namespace pydefrag;

namespace {

using MakeFiles = std::function<std::vector<MemoryFile>(size_t size)>;

// A scanned project, ready to be linked any number of times.
class Input {
public:
  Input(const MakeFiles &make, size_t size) : disk_(MakeMemoryDisk(make(size))) {
    discovery_ = Discover(*disk_, {.root = "/p", .exclude = {}, .named = {}});
    for (const DiscoveredFile &file : discovery_.files) {
      if (file.kind == FileKind::Source) {
        paths_.push_back(file.path);
      }
    }
  }

  std::unique_ptr<Project> LinkOnce(benchmark::State &state) const {
    state.PauseTiming();
    LinkInput input;
    ScanFiles(*disk_, paths_, {.root = "/p", .jobs = 1}, input.scanned);
    input.root = "/p";
    input.discovery = &discovery_;
    input.settings = &settings_;
    input.config = &config_;
    input.disk = disk_.get();
    input.jobs = 1;
    state.ResumeTiming();
    return Link(std::move(input));
  }

  const Config &config() const { return config_; }

private:
  std::unique_ptr<Disk> disk_;
  Discovery discovery_;
  SettingsResult settings_;
  Config config_;
  std::vector<std::string> paths_;
};

} // namespace

// Every module imports one class of one package.
static std::vector<MemoryFile> Importers(size_t size) {
  std::vector<MemoryFile> files{{"/p/shop/__init__.py", "from shop.cart import Cart\n"},
                                {"/p/shop/cart.py", "class Cart:\n    pass\n"}};
  for (size_t i = 0; i < size; ++i) {
    files.push_back({llvm::formatv("/p/till{0}.py", i), "from shop import Cart\nCart()\n"});
  }
  return files;
}

static std::vector<MemoryFile> ExportedNames(size_t size) {
  std::string text;
  std::string all = "__all__ = [";
  for (size_t i = 0; i < size; ++i) {
    text += llvm::formatv("class Thing{0}:\n    pass\n", i);
    all += llvm::formatv("\"Thing{0}\", ", i);
  }
  return {{"/p/shop/__init__.py", "from shop.things import *\n"},
          {"/p/shop/things.py", text + all + "]\n"},
          {"/p/till.py", "from shop import *\nThing0()\n"}};
}

// Each module imports the next one, the last one the first.
static std::vector<MemoryFile> CycleMembers(size_t size) {
  std::vector<MemoryFile> files;
  for (size_t i = 0; i < size; ++i) {
    files.push_back({llvm::formatv("/p/m{0}.py", i),
                     llvm::formatv("import m{0}\nclass C{1}:\n    pass\n", (i + 1) % size, i)});
  }
  return files;
}

static std::vector<MemoryFile> StarChain(size_t size) {
  std::vector<MemoryFile> files{{"/p/m0.py", "class Cart:\n    pass\n"}};
  for (size_t i = 1; i < size; ++i) {
    files.push_back({llvm::formatv("/p/m{0}.py", i), llvm::formatv("from m{0} import *\n", i - 1)});
  }
  files.push_back({"/p/till.py", llvm::formatv("from m{0} import Cart\n", size - 1)});
  return files;
}

// Every module imports a class by a path that is not the canonical one: one cause.
static std::vector<MemoryFile> OneCause(size_t size) {
  std::vector<MemoryFile> files = Importers(size);
  for (size_t i = 0; i < size; ++i) {
    files.push_back({llvm::formatv("/p/desk{0}.py", i), "from shop.cart import Cart\nCart()\n"});
  }
  return files;
}

static void LinkGrows(benchmark::State &state, const MakeFiles &make) {
  const Input input(make, static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    std::unique_ptr<Project> project = input.LinkOnce(state);
    state.PauseTiming();
    project.reset();
    state.ResumeTiming();
  }
  state.SetComplexityN(state.range(0));
}

static void RulesGrow(benchmark::State &state, const MakeFiles &make) {
  const Input input(make, static_cast<size_t>(state.range(0)));
  const std::unique_ptr<Project> project = input.LinkOnce(state);
  const RulePlan plan = PlanRules({}, input.config());
  for (auto _ : state) {
    Report report;
    report.project = project.get();
    report.findings = RunRules(*project, input.config(), plan, 1).findings;
    benchmark::DoNotOptimize(GroupByCause(report).data());
  }
  state.SetComplexityN(state.range(0));
}

static void Doubled(benchmark::internal::Benchmark *bench) {
  bench->RangeMultiplier(2)->Range(128, 4096)->Complexity()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(LinkGrows, ImportersOfOnePackage, Importers)->Apply(Doubled);
BENCHMARK_CAPTURE(LinkGrows, NamesInOneAll, ExportedNames)->Apply(Doubled);
BENCHMARK_CAPTURE(LinkGrows, MembersOfACycle, CycleMembers)->Apply(Doubled);
BENCHMARK_CAPTURE(LinkGrows, ChainOfStars, StarChain)->Apply(Doubled);
BENCHMARK_CAPTURE(RulesGrow, FindingsOfOneGroup, OneCause)->Apply(Doubled);
BENCHMARK_CAPTURE(RulesGrow, MembersOfACycle, CycleMembers)->Apply(Doubled);
