// Looks at file times a few times a second: for a project of tens of thousands of files that is
// some hundredths of a second, and it works on every file system.
#include "driver/watch.h"

#include "driver/outputs.h"
#include "driver/terminal.h"
#include "report/text/style.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

#include <set>

namespace pydefrag {

static constexpr double kPause = 0.3;   // seconds between two looks
static constexpr double kSettled = 0.1; // and after a change, until nothing changes any more

namespace {

struct Round {
  int status = 2;
  std::vector<std::string> watched; // files and folders, absolute
  std::optional<std::set<std::string>> ids;
};

} // namespace

static uint64_t StampOf(llvm::ArrayRef<std::string> paths, const Environment &env) {
  uint64_t stamp = 0;
  for (const std::string &path : paths) {
    stamp = llvm::hash_combine(stamp, env.stamp(path));
  }
  return stamp;
}

// A folder's time changes when a file in it comes or goes.
static std::vector<std::string> Watched(const Analysis &analysis) {
  const std::string below = analysis.place.root + "/";
  std::vector<std::string> paths;
  for (const DiscoveredFile &file : analysis.discovery.files) {
    paths.push_back(below + file.path);
  }
  for (const std::string &folder : analysis.discovery.directories) {
    paths.push_back(below + folder);
  }
  return paths;
}

static Round CheckOnce(const CommandLine &line, const Environment &env) {
  Round round;
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) { // a broken configuration will be mended
    round.status = PrintError(env, analyzed.takeError());
    return round;
  }
  Analysis &analysis = **analyzed;
  round.watched = Watched(analysis);
  SourceCache sources(*analysis.project, *analysis.disk);
  llvm::Expected<Report> report = Check(analysis, line, env, sources);
  if (!report) {
    round.status = PrintError(env, report.takeError());
    return round;
  }
  if (env.out_is_terminal) {
    *env.out << "\x1b[2J\x1b[H";
  }
  const int status = WriteOutputs(*report, sources, line, analysis.place, env);
  round.status = status != 0 ? status : report->exit_status;
  round.ids.emplace();
  for (const Finding &finding : report->findings) {
    round.ids->insert(finding.id);
  }
  return round;
}

// "+2 -1 findings", compared with the run before.
static void PrintDelta(const Round &before, const Round &now, const Environment &env) {
  if (before.ids && now.ids) {
    auto missing = [](const std::set<std::string> &from, const std::set<std::string> &in) {
      return llvm::count_if(from, [&](const std::string &id) { return !in.contains(id); });
    };
    *env.err << '+' << missing(*now.ids, *before.ids) << " -" << missing(*before.ids, *now.ids)
             << " findings. ";
  }
  *env.err << "Watching " << Counted(now.watched.size(), "file and folder", "files and folders")
           << ".\n";
  env.out->flush();
  env.err->flush();
}

int RunWatch(const CommandLine &line, const Environment &env) {
  Round before;
  while (true) {
    Round now = CheckOnce(line, env);
    if (now.watched.empty()) {
      now.watched = before.watched.empty() ? std::vector<std::string>{env.cwd} : before.watched;
    }
    uint64_t stamp = StampOf(now.watched, env);
    PrintDelta(before, now, env);
    uint64_t seen = stamp;
    for (double pause = kPause; seen == stamp || pause == kSettled;) {
      if (!env.sleep(pause)) {
        return now.status;
      }
      const uint64_t last = seen;
      seen = StampOf(now.watched, env);
      pause = seen != last ? kSettled : kPause;
    }
    before = std::move(now);
  }
}

} // namespace pydefrag
