// The program that `./dev bench micro` runs. Each rule is a benchmark of its own, which is known
// only at run time.
#include "micro/benches.h"

#include "benchmark/benchmark.h"

int main(int argc, char **argv) {
  pydefrag::RegisterRuleBenchmarks();
  pydefrag::RegisterOutcomeBenchmarks();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
