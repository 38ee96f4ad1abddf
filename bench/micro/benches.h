// Benchmarks whose number is known only at run time.
#pragma once

namespace pydefrag {

void RegisterRuleBenchmarks();    // one a rule
void RegisterOutcomeBenchmarks(); // one a kind of test report

} // namespace pydefrag
