// One function per command: runs the passes it needs and writes what it was asked for. Each returns
// the exit status.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"

namespace pydefrag {

int RunCheck(const CommandLine &line, const Environment &env);
int RunReport(const CommandLine &line, const Environment &env);
int RunTrace(const CommandLine &line, const Environment &env);
int RunWhy(const CommandLine &line, const Environment &env);
int RunGraph(const CommandLine &line, const Environment &env);
int RunLsp(const CommandLine &line, const Environment &env);
int RunRule(const CommandLine &line, const Environment &env);
int RunInit(const CommandLine &line, const Environment &env);
int RunCompletions(const CommandLine &line, const Environment &env);

} // namespace pydefrag
