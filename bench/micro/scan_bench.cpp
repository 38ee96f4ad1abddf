// How fast the parts of the scanner read a made-up module of about 40 KB: imports on top, then
// classes whose methods have docstrings, comments and nested brackets. Real code is measured by
// ./dev bench compare (scan_speed.cpp).
#include "scan/lines/line_lexer.h"
#include "scan/outline/outline.h"
#include "scan/reduce/reduce.h"
#include "scan/scan.h"
#include "scan/syntax/statement_memo.h"

#include "benchmark/benchmark.h"

#include "llvm/Support/FormatVariadic.h"

using namespace pydefrag;

static std::string MakeModule(int seed) {
  std::string text = "\"\"\"Orders.\"\"\"\nfrom __future__ import annotations\n\nimport logging\n";
  for (int i = 0; i < 20; ++i) {
    text +=
        llvm::formatv("from shop.part{0} import Thing{0}, make_thing as make{1}\n", i + seed, i);
  }
  for (int i = 0; i < 40; ++i) {
    text += llvm::formatv("\n\nclass Order{0}(Thing{1}):\n    \"\"\"One order.\n\n    With text.\n"
                          "    \"\"\"\n\n    total: int = 0\n",
                          i + seed, i % 20);
    for (int j = 0; j < 6; ++j) {
      text +=
          llvm::formatv("\n    def method{0}(self, first: int, *, second: str = \"x\") -> int:\n"
                        "        # why it is so\n"
                        "        value = self.lines.get(first, {{\"a\": [1, 2, (3, 4)]})\n"
                        "        return f\"{{value!r} {{second}\" + 'text' * {0}\n",
                        j);
    }
  }
  return text;
}

static void LexLinesOfOneModule(benchmark::State &state) {
  const std::string text = MakeModule(0);
  Lines lines;
  for (auto _ : state) {
    LexLines(text, lines);
    benchmark::DoNotOptimize(lines.lines.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(LexLinesOfOneModule);

static void OutlineOfOneModule(benchmark::State &state) {
  const std::string text = MakeModule(0);
  Outline outline;
  for (auto _ : state) {
    OutlineLines(text, outline);
    benchmark::DoNotOptimize(outline.items.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(OutlineOfOneModule);

static void ReductionOfOneModule(benchmark::State &state) {
  const std::string text = MakeModule(0);
  Outline outline;
  OutlineLines(text, outline);
  for (auto _ : state) {
    Reducer reducer(text, outline);
    for (const OutlineItem &item : outline.items) {
      benchmark::DoNotOptimize(reducer.Reduce(item).text.data());
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * outline.items.size()));
}
BENCHMARK(ReductionOfOneModule);

// Statements into the memo, when it is empty (each is new) and when it has met them all.
static void StatementMemo(benchmark::State &state) {
  const std::string text = MakeModule(0);
  Outline outline;
  OutlineLines(text, outline);
  Reducer reducer(text, outline);
  DistinctStatements known;
  for (auto _ : state) {
    DistinctStatements empty;
    DistinctStatements &statements = state.range(0) != 0 ? known : empty;
    for (const OutlineItem &item : outline.items) {
      benchmark::DoNotOptimize(statements.Add(reducer.Reduce(item)));
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * outline.items.size()));
}
BENCHMARK(StatementMemo)->ArgName("known")->Arg(0)->Arg(1);

// tree-sitter and the conversion to facts, of what the memo holds.
static void ParseDistinctStatements(benchmark::State &state) {
  const std::string text = MakeModule(0);
  Outline outline;
  OutlineLines(text, outline);
  Reducer reducer(text, outline);
  std::vector<DistinctStatements> sets(1);
  for (const OutlineItem &item : outline.items) {
    sets[0].Add(reducer.Reduce(item));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseShards(sets, 1).shards.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * sets[0].items().size()));
}
BENCHMARK(ParseDistinctStatements)->Unit(benchmark::kMicrosecond);

// 200 modules that share most of their statements, as real ones do; by either route.
static void ScanOfManyModules(benchmark::State &state) {
  std::vector<MemoryFile> files;
  std::vector<std::string> paths;
  size_t bytes = 0;
  for (int i = 0; i < 200; ++i) {
    files.push_back({llvm::formatv("/m{0:d3}.py", i), MakeModule(i % 10)});
    paths.push_back(files.back().path);
    bytes += files.back().content.size();
  }
  const std::unique_ptr<Disk> disk = MakeMemoryDisk(files);
  ScanOptions options;
  options.jobs = 1;
  options.always_whole_file = state.range(0) != 0;
  for (auto _ : state) {
    Scanned scanned;
    ScanFiles(*disk, paths, options, scanned);
    benchmark::DoNotOptimize(scanned.facts.begin());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}
BENCHMARK(ScanOfManyModules)->ArgName("whole_file")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
