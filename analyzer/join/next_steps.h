// What to do next, in order, what is at risk, and the verdict in one sentence. Entry points: the
// functions, called when everything else of Joined is filled.
#pragma once

#include "join/joined.h"

namespace pydefrag {

// Most tests unblocked first. What fails as planned is left out.
std::vector<NextStep> PlanSteps(const Joined &joined);

// Broken lines by how many modules import them.
std::vector<Risk> FindRisks(const Joined &joined);

// "3 tests in 1 test module", "1 test module" when nobody counted its tests; empty for no gain.
std::string GainText(const NextStep &step);

std::string VerdictOf(const Joined &joined);

} // namespace pydefrag
