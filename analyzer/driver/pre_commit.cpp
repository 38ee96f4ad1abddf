// pre-commit does not say whether it runs for a commit or was asked to run on all files. Git hands
// its hooks GIT_INDEX_FILE; a run by hand before a commit has something staged; CI has neither.
#include "driver/pre_commit.h"

#include "driver/git.h"
#include "driver/locate.h"
#include "driver/since.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

llvm::Expected<HookPlan> PlanHook(const CommandLine &line, const Environment &env) {
  auto variable = [&](llvm::StringRef name) { return env.variable(name).value_or(""); };
  if (!line.since.empty()) {
    return HookPlan{.since = line.since};
  }
  if (const std::string from = variable("PRE_COMMIT_FROM_REF"); !from.empty()) {
    return HookPlan{.since = from};
  }
  const bool inside_git = !variable("GIT_INDEX_FILE").empty();
  if (!inside_git && !variable("CI").empty()) {
    return HookPlan{};
  }
  llvm::Expected<ProjectPlace> place = LocateProject(line, env);
  if (!place) {
    return place.takeError();
  }
  llvm::Expected<std::vector<std::string>> staged = Git(env, place->root).Staged();
  if (!staged) {
    return staged.takeError();
  }
  if (staged->empty() && !inside_git) {
    return HookPlan{};
  }
  return HookPlan{.nothing_to_do = llvm::none_of(*staged, MattersToImports), .since = "HEAD"};
}

} // namespace pydefrag
