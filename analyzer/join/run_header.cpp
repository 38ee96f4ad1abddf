#include "join/run_header.h"

#include "join/places.h"
#include "source/paths.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kShortRevision = 12;

std::optional<std::string> ReadLine(const Disk &disk, const std::string &path) {
  llvm::SmallString<256> buffer;
  if (disk.Read(path, 1 << 20, buffer)) {
    return std::nullopt;
  }
  return buffer.str().split('\n').first.trim().str();
}

// The commit that `ref` stands for; packed refs are looked through.
std::string RevisionOf(const Disk &disk, const std::string &git, llvm::StringRef ref) {
  if (const auto loose = ReadLine(disk, git + "/" + ref.str())) {
    return *loose;
  }
  llvm::SmallString<4096> packed;
  if (disk.Read(git + "/packed-refs", 64 << 20, packed)) {
    return "";
  }
  llvm::StringRef rest = packed;
  while (!rest.empty()) {
    llvm::StringRef line;
    std::tie(line, rest) = rest.split('\n');
    if (line.split(' ').second.trim() == ref) {
      return line.split(' ').first.str();
    }
  }
  return "";
}

// Where git keeps what is checked out at `root`: `.git` there or in a folder above, or where a file
// of that name says (a linked working tree, a submodule). "" outside of git.
std::string GitFolder(const Disk &disk, llvm::StringRef root) {
  for (llvm::StringRef at = root.rtrim('/');; at = at.rsplit('/').first) {
    std::string git = OnDisk(at, ".git");
    if (disk.IsDirectory(git)) {
      return git;
    }
    const auto line = ReadLine(disk, git);
    llvm::StringRef linked = line ? llvm::StringRef(*line) : "";
    if (linked.consume_front("gitdir: ")) {
      return OnDisk(at, linked);
    }
    if (!at.contains('/')) {
      return "";
    }
  }
}

// A linked working tree has its own HEAD; branches are kept with the main one.
std::string CommonFolder(const Disk &disk, const std::string &git) {
  const auto common = ReadLine(disk, git + "/commondir");
  return common ? OnDisk(git, *common) : git;
}

// What is checked out; nothing outside of a git working tree.
void ReadGit(const Disk &disk, llvm::StringRef root, RunHeader &header) {
  const std::string git = GitFolder(disk, root);
  const auto head = git.empty() ? std::nullopt : ReadLine(disk, git + "/HEAD");
  if (!head) {
    return;
  }
  llvm::StringRef ref = *head;
  std::string revision = ref.str();
  if (ref.consume_front("ref: ")) {
    revision = RevisionOf(disk, CommonFolder(disk, git), ref);
    ref.consume_front("refs/heads/");
    header.branch = Recorded{ref.str(), "git"};
  }
  if (!revision.empty()) {
    header.revision = Recorded{revision.substr(0, kShortRevision), "git"};
  }
}

void Take(std::optional<Recorded> &into, llvm::StringRef text, const RunInfo &run) {
  if (!into && !text.empty()) {
    into = Recorded{text.str(), run.path};
  }
}

std::optional<uint64_t> Bytes(llvm::StringRef text) {
  text = text.trim();
  uint64_t unit = 1;
  const llvm::StringRef word = text.ltrim("0123456789.").trim();
  if (word.equals_insensitive("kb") || word.equals_insensitive("kib")) {
    unit = 1024;
  } else if (word.equals_insensitive("mb") || word.equals_insensitive("mib")) {
    unit = 1024 * 1024;
  } else if (word.equals_insensitive("gb") || word.equals_insensitive("gib")) {
    unit = 1024 * 1024 * 1024;
  } else if (!word.empty() && !word.equals_insensitive("b")) {
    return std::nullopt;
  }
  double number = 0;
  if (text.drop_back(word.size()).trim().getAsDouble(number) || number <= 0) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(number * static_cast<double>(unit));
}

// Suite properties that people and CI systems write (`record_testsuite_property`).
void TakeProperty(llvm::StringRef key, llvm::StringRef value, const RunInfo &run,
                  RunHeader &header) {
  const std::string name = key.lower();
  auto is = [&](std::initializer_list<llvm::StringRef> names) {
    return std::find(names.begin(), names.end(), llvm::StringRef(name)) != names.end();
  };
  if (is({"git_sha", "git-sha", "revision", "commit", "git_commit", "sha", "vcs.revision"})) {
    Take(header.revision, value.take_front(kShortRevision), run);
  } else if (is({"branch", "git_branch", "git-branch", "vcs.branch"})) {
    Take(header.branch, value, run);
  } else if (is({"python", "python_version"})) {
    Take(header.python, value, run);
  } else if (is({"peak_memory", "peak-memory", "max_rss", "peak_rss"}) && !header.peak_memory) {
    header.peak_memory = Bytes(value);
  }
}

// The sums in a log's last line. It may name fewer tests one by one.
std::string DeclaredText(const DeclaredCounts &counts) {
  const std::pair<const std::optional<uint32_t> &, const char *> all[] = {
      {counts.failed, "failed"},   {counts.passed, "passed"},        {counts.skipped, "skipped"},
      {counts.xfailed, "xfailed"}, {counts.xpassed, "xpassed"},      {counts.errors, "errors"},
      {counts.reruns, "rerun"},    {counts.deselected, "deselected"}};
  std::string text;
  for (const auto &[number, word] : all) {
    if (number && *number > 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(*number) + " " + word;
    }
  }
  return text;
}

void TakeRun(const RunInfo &run, RunHeader &header) {
  header.sources.push_back({run.path, run.kind, run.complete});
  if (run.kind == SourceKind::PytestCache) {
    return; // remembers several runs
  }
  const std::string version = run.producer_version.empty() ? "" : " " + run.producer_version;
  const bool better = header.framework && !version.empty() &&
                      llvm::StringRef(header.framework->text).find(' ') == llvm::StringRef::npos;
  if (better) {
    header.framework.reset();
  }
  Take(header.framework, run.producer.empty() ? "" : run.producer + version, run);
  Take(header.python, run.python_version, run);
  Take(header.platform, run.platform, run);
  Take(header.host, run.host, run);
  const std::string declared = DeclaredText(run.declared);
  if (run.kind == SourceKind::TerminalLog && !declared.empty()) {
    header.declared.push_back({declared, run.path});
  }
  for (const auto &[key, value] : run.properties) {
    TakeProperty(key, value, run, header);
  }
  if (run.started && (!header.started || *run.started < *header.started)) {
    header.started = run.started;
    header.started_is_utc = run.started_is_utc;
  }
  if (run.exit_status && (!header.exit_status || *run.exit_status > *header.exit_status)) {
    header.exit_status = run.exit_status;
  }
}

// Reports of one kind are of different runs: their times add up. Those of several kinds tell of the
// same runs.
std::optional<double> Duration(const MergedRuns &runs) {
  double by_kind[static_cast<size_t>(SourceKind::ReportLog) + 1] = {};
  for (const RunInfo &run : runs.runs) {
    by_kind[static_cast<size_t>(run.kind)] += run.seconds.value_or(0);
  }
  const double longest = *std::max_element(std::begin(by_kind), std::end(by_kind));
  return longest > 0 ? std::optional(longest) : std::nullopt;
}

} // namespace

RunHeader ReadRunHeader(const MergedRuns &runs, const Disk &disk, llvm::StringRef root) {
  RunHeader header;
  for (const RunInfo &run : runs.runs) {
    TakeRun(run, header);
  }
  header.seconds = Duration(runs);
  RunHeader checked_out;
  ReadGit(disk, root, checked_out);
  if (header.revision && checked_out.revision) {
    const llvm::StringRef run = header.revision->text;
    const llvm::StringRef now = checked_out.revision->text;
    header.stale = !run.starts_with(now) && !now.starts_with(run);
    if (header.stale) {
      header.stale_because = ("the tests ran on " + run + ", checked out is " + now).str();
    }
  }
  header.revision = header.revision ? header.revision : checked_out.revision;
  header.branch = header.branch ? header.branch : checked_out.branch;
  return header;
}

} // namespace pydefrag
