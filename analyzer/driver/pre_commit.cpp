// pre-commit does not say whether it runs for a commit or was asked to run on all files. Git hands
// its hooks GIT_INDEX_FILE; a run by hand before a commit has something staged; CI has neither.
#include "driver/pre_commit.h"

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
  return HookPlan{.nothing_to_do = llvm::none_of(*staged, MattersToImports),
                  .of_commit = true,
                  .since = "HEAD"};
}

// Sources of the project: not those of an environment that nobody told git to ignore, nor what a
// merge has not decided.
static bool IsOfCommit(const ChangedFile &change) {
  const llvm::StringRef path = change.path;
  const bool undecided = !change.blob.empty() && llvm::StringRef(change.blob).trim('0').empty();
  return (path.ends_with(".py") || path.ends_with(".pyi")) && !undecided &&
         !path.contains("/site-packages/");
}

llvm::Expected<StagedTree> MakeStagedTree(const CommandLine &line, const Environment &env) {
  llvm::Expected<ProjectPlace> place = LocateProject(line, env);
  if (!place) {
    return place.takeError();
  }
  const Git git(env, place->root);
  llvm::Expected<std::vector<ChangedFile>> changes = git.ChangesNotStaged();
  if (!changes) {
    return changes.takeError();
  }
  llvm::erase_if(*changes, [](const ChangedFile &change) { return !IsOfCommit(change); });
  StagedTree staged;
  for (const ChangedFile &change : *changes) {
    if (change.blob.empty()) {
      staged.untracked.push_back(place->path_prefix + change.path);
    }
  }
  llvm::Expected<EarlierDisk> disks = MakeEarlierDisk(git, *env.disk, place->root, *changes);
  if (!disks) {
    return disks.takeError();
  }
  staged.disks = std::move(*disks);
  return staged;
}

} // namespace pydefrag
