#include "driver/fix_command.h"

#include "driver/fix_rounds.h"
#include "driver/outputs.h"
#include "driver/terminal.h"
#include "fix/unified_diff.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// What is left for --unsafe-fixes.
static size_t UnsafeLeft(const Report &report, const CommandLine &line) {
  if (line.unsafe_fixes) {
    return 0;
  }
  return static_cast<size_t>(llvm::count_if(report.findings, [](const Finding &finding) {
    return !finding.fixes.empty() && !finding.fixes.front().edits.empty() &&
           finding.fixes.front().applicability == Applicability::Unsafe;
  }));
}

static void Summarise(const FixRounds &rounds, const CommandLine &line, llvm::StringRef verb,
                      const Environment &env) {
  if (line.quiet) {
    return;
  }
  *env.err << verb << ' ' << Counted(rounds.fixed, "finding") << " in "
           << Counted(rounds.files.size(), "file") << '\n';
  if (rounds.held_back > 0) {
    *env.err << Counted(rounds.held_back, "change")
             << " held back: modules would fail to import, or import each other\n";
  }
  if (const size_t left = UnsafeLeft(rounds.report, line)) {
    *env.err << Counted(left, "more finding") << " could be fixed with --unsafe-fixes\n";
  }
}

static int PrintDiff(const FixRounds &rounds, const CommandLine &line, const Environment &env) {
  // For `patch` and `git apply`, which take no paths that lead upwards.
  const std::string &prefix = rounds.analysis->place.path_prefix.way();
  const std::string below = llvm::StringRef(prefix).starts_with("..") ? "" : prefix;
  for (const auto &[path, file] : rounds.files) {
    *env.out << UnifiedDiff(below + path, file.before, file.after);
  }
  Summarise(rounds, line, "would fix", env);
  if (!rounds.report.complete) {
    return 3;
  }
  return rounds.files.empty() ? 0 : 1;
}

// The status: 0, or 2 when a file could not be written. What is no longer as it was read stays.
static int WriteFiles(const FixRounds &rounds, const Environment &env) {
  int status = 0;
  for (const auto &[path, file] : rounds.files) {
    const std::string place = OnDisk(rounds.analysis->project->root, path);
    llvm::SmallVector<char, 0> now;
    const bool same = !env.disk->Read(place, UINT32_MAX, now) &&
                      llvm::StringRef(now.data(), now.size()) == file.before;
    const std::error_code error =
        same ? env.write_file(place, file.after) : std::error_code(std::error_code());
    if (!same || error) {
      *env.err << "error: cannot fix `" << rounds.analysis->place.path_prefix + path
               << "`: " << (same ? error.message() : "it was changed since it was read") << '\n';
      status = 2;
    }
  }
  return status;
}

// The text that standard input becomes.
static int PrintBuffer(const FixRounds &rounds, const Environment &env) {
  if (rounds.files.empty()) {
    *env.out << env.read_stdin();
  }
  for (const auto &[path, file] : rounds.files) {
    *env.out << file.after;
  }
  return rounds.report.exit_status;
}

int RunFix(const CommandLine &line, const Environment &env) {
  Environment once = env; // standard input can be read only once
  if (!line.stdin_filename.empty()) {
    once.read_stdin = [content = env.read_stdin()] { return content; };
  }
  llvm::Expected<std::unique_ptr<FixRounds>> fixed = FixInRounds(line, once);
  if (!fixed) {
    return PrintError(env, fixed.takeError());
  }
  FixRounds &rounds = **fixed;
  if (line.diff) {
    return PrintDiff(rounds, line, env);
  }
  if (!line.stdin_filename.empty()) {
    return PrintBuffer(rounds, once);
  }
  if (const int status = WriteFiles(rounds, env)) {
    return status;
  }
  const int status =
      WriteOutputs(rounds.report, *rounds.sources, line, rounds.analysis->place, env);
  Summarise(rounds, line, "fixed", env);
  if (line.timing) {
    PrintTimes(env, *rounds.analysis);
  }
  return status != 0 ? status : rounds.report.exit_status;
}

} // namespace pydefrag
