// `pydefrag lsp`: the language server on standard input and output.
#include "driver/commands.h"
#include "driver/live_workspace.h"
#include "report/json/render_json.h"
#include "server/serve.h"

namespace pydefrag {

int RunLsp(const CommandLine &line, const Environment &env) {
  LiveWorkspace workspace(line, env);
  return Serve({.read = env.read_bytes, .out = env.out, .version = ToolVersion().str()}, workspace);
}

} // namespace pydefrag
