#include "driver/known.h"

#include "driver/locate.h"
#include "report/baseline.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <limits>

namespace pydefrag {

static constexpr const char *kDefaultBaseline = ".pydefrag-baseline.json";

namespace {

struct BaselineFile {
  std::string path;  // absolute; empty: there is none
  std::string shown; // as it was named
  bool required = false;
};

} // namespace

// --baseline, then the configuration's, then the usual name when such a file exists. A report and a
// new configuration speak of everything.
static BaselineFile FindBaseline(const Analysis &analysis, const CommandLine &line,
                                 const Environment &env) {
  const bool wants_all = line.command == Command::Report || line.command == Command::Init;
  if (line.no_baseline || wants_all) {
    return {};
  }
  if (!line.baseline.empty()) {
    return {AbsolutePath(line.baseline, env.cwd), line.baseline, true};
  }
  const std::string &configured = analysis.config.baseline;
  const std::string name = configured.empty() ? kDefaultBaseline : configured;
  BaselineFile file{AbsolutePath(name, analysis.place.root), name, !configured.empty()};
  const bool usual = configured.empty() && !line.write_baseline;
  if (usual && (line.isolated || !env.disk->IsFile(file.path))) {
    return {};
  }
  return file;
}

static llvm::Expected<Baseline> Load(const BaselineFile &file, const CommandLine &line,
                                     const Environment &env) {
  if (file.path.empty()) {
    return Baseline{};
  }
  llvm::SmallVector<char, 0> bytes;
  if (std::error_code error =
          env.disk->Read(file.path, std::numeric_limits<uint64_t>::max() / 2, bytes)) {
    const bool may_be_new = line.write_baseline || !file.required;
    if (may_be_new && error == std::errc::no_such_file_or_directory) {
      return Baseline{};
    }
    return llvm::createStringError("cannot read the baseline `" + file.shown +
                                   "`: " + error.message());
  }
  return ReadBaseline({bytes.data(), bytes.size()}, "`" + file.shown + "`");
}

static void MoveToKnown(Report &report, std::vector<Finding> known, const char *why) {
  for (Finding &finding : known) {
    finding.suppressed = why;
    report.suppressed.push_back(std::move(finding));
  }
  llvm::stable_sort(report.suppressed, FindingBefore);
}

// Everything that is found now and not accepted; what rules that did not run found stays.
static llvm::Error Write(Report &report, const BaselineFile &file, Baseline old,
                         const RulePlan &plan, const Environment &env) {
  if (!report.complete) {
    return llvm::createStringError("the analysis is incomplete: no baseline was written");
  }
  Baseline accepted;
  accepted.accepted = old.accepted;
  BaselineResult result = ApplyBaseline(accepted, plan, std::move(report.findings));
  Baseline written = MakeBaseline(result.kept);
  written.accepted = std::move(old.accepted);
  llvm::copy_if(old.current, std::back_inserter(written.current),
                [&](const BaselineEntry &entry) { return !plan.Find(entry.code); });
  const size_t count = written.current.size();
  std::string content;
  llvm::raw_string_ostream stream(content);
  WriteBaseline(stream, std::move(written));
  if (std::error_code error = env.write_file(file.path, content)) {
    return llvm::createStringError("cannot write `" + file.shown + "`: " + error.message());
  }
  *env.err << "wrote " << count << (count == 1 ? " finding" : " findings") << " to " << file.shown
           << '\n';
  report.known.stale = std::move(result.stale);
  report.known.in_baseline = result.known.size() + result.kept.size();
  MoveToKnown(report, std::move(result.known), "baseline");
  MoveToKnown(report, std::move(result.kept), "baseline");
  report.findings.clear();
  return llvm::Error::success();
}

static llvm::Error UseBaseline(Report &report, const Analysis &analysis, const CommandLine &line,
                               const RulePlan &plan, const Environment &env) {
  const BaselineFile file = FindBaseline(analysis, line, env);
  if (file.path.empty()) {
    return llvm::Error::success();
  }
  llvm::Expected<Baseline> baseline = Load(file, line, env);
  if (!baseline) {
    return baseline.takeError();
  }
  report.known.baseline = file.shown;
  if (line.write_baseline) {
    return Write(report, file, std::move(*baseline), plan, env);
  }
  BaselineResult result = ApplyBaseline(*baseline, plan, std::move(report.findings));
  report.findings = std::move(result.kept);
  report.known.in_baseline = result.known.size();
  report.known.stale = std::move(result.stale);
  MoveToKnown(report, std::move(result.known), "baseline");
  return llvm::Error::success();
}

llvm::Error TakeOutKnown(Report &report, const Analysis &analysis, const CommandLine &line,
                         const RulePlan &plan, const Environment &env) {
  if (llvm::Error error = UseBaseline(report, analysis, line, plan, env)) {
    return error;
  }
  if (!analysis.earlier) {
    return llvm::Error::success();
  }
  BaselineResult result;
  if (analysis.earlier->unchanged) {
    result.known = std::move(report.findings);
  } else {
    result = ApplyBaseline(analysis.earlier->baseline, plan, std::move(report.findings));
  }
  report.findings = std::move(result.kept);
  report.known.since = line.since;
  report.known.earlier = result.known.size();
  MoveToKnown(report, std::move(result.known), "since");
  return llvm::Error::success();
}

} // namespace pydefrag
