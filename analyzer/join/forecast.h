// Forecast: which test modules and conftests pytest could import, told without running anything.
// The session that PlanCollection plans is imported on paper (link/execute/test_session.h), in one
// process and in pytest's order. Entry point: MakeForecast.
#pragma once

#include "config/project_settings.h"
#include "join/finding_index.h"
#include "join/joined.h"
#include "join/places.h"

namespace pydefrag {

Forecast MakeForecast(const SettingsResult &settings, const FindingIndex &findings,
                      PlaceTable &places);

// How many tests a file defines, as pytest names them by default; parameters are not counted.
uint32_t CountTests(const Project &project, FileId file);

} // namespace pydefrag
