#include "driver/run.h"

#include "driver/cli.h"
#include "driver/commands.h"

namespace pydefrag {

int RunMain(llvm::ArrayRef<const char *> args, const Environment &env) {
  const ParsedCommandLine parsed = ParseCommandLine(args);
  if (!parsed.command) {
    (parsed.status == 0 ? *env.out : *env.err) << parsed.text;
    return parsed.status;
  }
  switch (parsed.command->command) {
  case Command::Check:
    return RunCheck(*parsed.command, env);
  case Command::Report:
    return RunReport(*parsed.command, env);
  case Command::Trace:
    return RunTrace(*parsed.command, env);
  case Command::Why:
    return RunWhy(*parsed.command, env);
  case Command::Init:
    return RunInit(*parsed.command, env);
  case Command::Completions:
    return RunCompletions(*parsed.command, env);
  case Command::Graph:
    return RunGraph(*parsed.command, env);
  case Command::Lsp:
    return RunLsp(*parsed.command, env);
  case Command::Rule:
    return RunRule(*parsed.command, env);
  }
  return 2;
}

} // namespace pydefrag
