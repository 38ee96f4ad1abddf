#include "driver/since.h"

#include "driver/git.h"
#include "driver/pipeline.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

// Sources, extension modules and what makes them, and the files that settings are read from.
bool MattersToImports(llvm::StringRef path) {
  namespace sys_path = llvm::sys::path;
  const llvm::StringRef name = sys_path::filename(path, sys_path::Style::posix);
  const bool named = name == ".gitignore" || name == "Pipfile" || name == "meson.build" ||
                     name == "CMakeLists.txt";
  return named || llvm::StringSwitch<bool>(sys_path::extension(name, sys_path::Style::posix))
                      .Cases(".py", ".pyi", ".pyw", ".pyx", ".pxd", ".so", ".pyd", true)
                      .Cases(".toml", ".cfg", ".ini", ".txt", ".in", ".rs", true)
                      .Default(false);
}

// The same run, for comparing: of everything, with nothing written and nothing else taken out.
static CommandLine LineForThen(const CommandLine &line, const ProjectPlace &place) {
  CommandLine then = line;
  then.command = Command::Check;
  then.root = place.root;
  then.paths.clear();
  then.stdin_filename.clear();
  then.since.clear();
  then.baseline.clear();
  then.no_baseline = true;
  then.write_baseline = false;
  then.tests.clear();
  then.plan.clear();
  return then;
}

// An environment below the root that nobody told git to ignore was there before, too.
static llvm::Error DropEnvironment(std::vector<ChangedFile> &changes, const CommandLine &line,
                                   const Environment &env, const ProjectPlace &place,
                                   const Config &config) {
  llvm::Expected<std::string> folder = LocateEnvironment(line, config, place.root, env);
  if (!folder) {
    return folder.takeError();
  }
  const std::string below = folder->empty() ? "" : RelativeTo(*folder, place.root) + "/";
  llvm::erase_if(changes, [&](const ChangedFile &change) {
    return !folder->empty() && change.blob.empty() &&
           llvm::StringRef(change.path).starts_with(below);
  });
  return llvm::Error::success();
}

llvm::Expected<EarlierFindings> FindEarlier(const CommandLine &line, const Environment &env,
                                            const ProjectPlace &place, const Config &config) {
  EarlierFindings earlier;
  const Git git(env, place.root);
  llvm::Expected<std::string> base = git.BaseOf(line.since);
  if (!base) {
    return base.takeError();
  }
  llvm::Expected<std::vector<ChangedFile>> changes =
      line.of_commit ? git.StagedSince(*base) : git.ChangesSince(*base);
  if (!changes) {
    return changes.takeError();
  }
  if (llvm::Error error = DropEnvironment(*changes, line, env, place, config)) {
    return error;
  }
  earlier.unchanged =
      line.stdin_filename.empty() && llvm::none_of(*changes, [](const ChangedFile &change) {
        return MattersToImports(change.path);
      });
  if (earlier.unchanged) {
    return earlier;
  }
  llvm::Expected<EarlierDisk> disk = MakeEarlierDisk(git, *env.disk, place.root, *changes);
  if (!disk) {
    return disk.takeError();
  }
  Environment then = env;
  then.disk = disk->disk.get();
  const CommandLine then_line = LineForThen(line, place);
  llvm::Expected<std::unique_ptr<Analysis>> analysis = Analyze(then_line, then, &config);
  if (!analysis) {
    return analysis.takeError();
  }
  SourceCache sources(*(*analysis)->project, *(*analysis)->disk);
  llvm::Expected<Report> report = Check(**analysis, then_line, then, sources);
  if (!report) {
    return report.takeError();
  }
  earlier.baseline = MakeBaseline(report->findings);
  return earlier;
}

} // namespace pydefrag
