#include "join/forecast.h"

#include "base/counted.h"
#include "join/collection.h"
#include "link/execute/test_session.h"
#include "link/link_state.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <map>

namespace pydefrag {
namespace {

class Forecaster {
public:
  Forecaster(const FindingIndex &findings, PlaceTable &places)
      : project_(places.project()), findings_(findings), places_(places) {}

  void Add(const TestSession &session, Forecast &forecast) {
    std::vector<ModuleId> order;
    for (const CollectedFile &file : session.files) {
      order.push_back(file.module);
    }
    const std::vector<ImportOutcome> outcomes = SimulateSession(project_, order);
    seen_names_.clear();
    packages_.clear();
    broken_conftests_.clear();
    for (size_t i = 0; i < session.files.size(); ++i) {
      forecast.files.push_back(Tell(session, session.files[i], outcomes[i]));
    }
  }

private:
  ForecastFile Tell(const TestSession &session, const CollectedFile &collected,
                    const ImportOutcome &outcome) {
    ForecastFile told;
    told.path = project_.PathOf(collected.file).str();
    told.conftest = collected.conftest;
    told.tests = collected.conftest ? 0 : CountTests(project_, collected.file);
    if (const Broken *conftest = BrokenAbove(told.path)) {
      told.status = conftest->status;
      told.blocked_by = conftest->path;
      told.reason = conftest->reason;
      told.cause = conftest->cause;
      told.chain = conftest->chain;
      return told;
    }
    if (!session.by_path && !collected.conftest && MeetsAnother(collected, told)) {
      return told;
    }
    TellOutcome(outcome, told);
    if (told.conftest && told.status != ForecastStatus::Collects) {
      // One that is loaded before collection ends the whole run.
      broken_conftests_.push_back({collected.initial ? session.rootdir : FolderOf(told.path).str(),
                                   told.path, told.status, told.reason, told.cause, told.chain});
    }
    NotePackage(collected);
    if (!told.conftest && told.status == ForecastStatus::Collects) {
      seen_names_[collected.import_name] = project_.PathOf(collected.file).str();
    }
    return told;
  }

  void TellOutcome(const ImportOutcome &outcome, ForecastFile &told) {
    told.reason = outcome.reason;
    if (outcome.status == ImportOutcome::Unknown) {
      told.status = ForecastStatus::Unknown;
    } else if (outcome.status == ImportOutcome::Fails) {
      told.status = ForecastStatus::Fails;
      told.chain = places_.OfStatements(outcome.chain);
      if (!outcome.chain.empty()) {
        const auto finding = findings_.InStatement(outcome.chain.back());
        told.cause = finding ? findings_.At(*finding).cause : "";
      }
    }
  }

  // Two files that pytest imports under one name: the second is refused. Packages of one name in
  // two folders: below the second nothing is found.
  bool MeetsAnother(const CollectedFile &collected, ForecastFile &told) {
    auto same = seen_names_.find(collected.import_name);
    if (same != seen_names_.end()) {
      told.status = ForecastStatus::Fails;
      told.reason = "import file mismatch: module '" + collected.import_name +
                    "' was already imported from " + same->second;
      return true;
    }
    const llvm::StringRef top = llvm::StringRef(collected.import_name).split('.').first;
    auto package = packages_.find(top);
    if (package != packages_.end() && package->second != collected.base &&
        llvm::StringRef(collected.import_name).contains('.')) {
      told.status = ForecastStatus::Fails;
      told.reason = "ModuleNotFoundError: No module named '" + collected.import_name + "'";
      return true;
    }
    return false;
  }

  // The package of a test or conftest is imported before it, and stays whatever comes of it.
  void NotePackage(const CollectedFile &collected) {
    const auto [top, rest] = llvm::StringRef(collected.import_name).split('.');
    if (!rest.empty()) {
      packages_.try_emplace(top, collected.base);
    }
  }

  struct Broken {
    std::string folder; // nothing below it is collected
    std::string path;
    ForecastStatus status;
    std::string reason, cause;
    std::vector<Place> chain;
  };

  const Broken *BrokenAbove(llvm::StringRef path) const {
    for (const Broken &broken : broken_conftests_) {
      llvm::StringRef rest = path;
      if (broken.folder.empty() || (rest.consume_front(broken.folder) && rest.starts_with("/"))) {
        return &broken;
      }
    }
    return nullptr;
  }

  const Project &project_;
  const FindingIndex &findings_;
  PlaceTable &places_;
  llvm::StringMap<std::string> seen_names_; // import name -> path
  llvm::StringMap<std::string> packages_;   // top package -> folder it stands in
  std::vector<Broken> broken_conftests_;
};

bool IsTestClass(const SyntaxView &view, const Statement &statement) {
  return view.Text(statement.text).starts_with("Test") || statement.bases.valid();
}

std::string Sentence(const Forecast &forecast, const FindingIndex &findings) {
  if (forecast.modules == 0) {
    return "";
  }
  const std::string all = Counted(forecast.modules, "test module");
  if (forecast.failing == 0) {
    return forecast.unknown == 0 ? "all of " + all + " can be collected"
                                 : WithCommas(forecast.modules - forecast.unknown) + " of " + all +
                                       " can be collected; of the others nobody can tell";
  }
  std::map<std::string, uint32_t> causes;
  for (const ForecastFile &file : forecast.files) {
    if (!file.conftest && file.status == ForecastStatus::Fails && !file.cause.empty()) {
      ++causes[file.cause];
    }
  }
  std::string text = WithCommas(forecast.failing) + " of " + all + " cannot be collected";
  auto most =
      llvm::max_element(causes, [](const auto &a, const auto &b) { return a.second < b.second; });
  if (most == causes.end()) {
    return text;
  }
  const auto [code, key] = llvm::StringRef(most->first).split(':');
  const std::vector<size_t> found = findings.WithKey({code}, key);
  const std::string why = found.empty() ? most->first : findings.At(found.front()).message;
  const std::string share =
      most->second == forecast.failing && forecast.failing > 1 ? "all" : WithCommas(most->second);
  return text + (forecast.failing == 1 ? "" : "; " + share) + " because of this: " + why;
}

void Sum(Forecast &forecast) {
  for (const ForecastFile &file : forecast.files) {
    const bool fails = file.status == ForecastStatus::Fails;
    if (file.conftest) {
      forecast.conftests_failing += fails && file.blocked_by.empty();
      continue;
    }
    ++forecast.modules;
    forecast.failing += fails;
    forecast.unknown += file.status == ForecastStatus::Unknown;
  }
  forecast.session_fails = forecast.modules > 0 && forecast.failing == forecast.modules &&
                           llvm::all_of(forecast.files, [](const ForecastFile &file) {
                             return file.conftest || !file.blocked_by.empty();
                           });
}

} // namespace

uint32_t CountTests(const Project &project, FileId file) {
  const SyntaxView &view = project.state->view;
  const std::vector<PlacedStatement> &statements = project.scanned.facts[file].statements;
  uint32_t tests = 0;
  for (const PlacedStatement &placed : statements) {
    const Statement &statement = view.Of(placed);
    if (statement.kind != StatementKind::Function ||
        !view.Text(statement.text).starts_with("test")) {
      continue;
    }
    bool counts = true;
    for (int32_t at = placed.parent; at >= 0 && counts;
         at = statements[static_cast<size_t>(at)].parent) {
      const Statement &header = view.Of(statements[static_cast<size_t>(at)]);
      counts = header.kind != StatementKind::Function &&
               (header.kind != StatementKind::Class || IsTestClass(view, header));
    }
    tests += counts;
  }
  return tests;
}

Forecast MakeForecast(const SettingsResult &settings, const FindingIndex &findings,
                      PlaceTable &places) {
  Forecast forecast;
  Forecaster forecaster(findings, places);
  for (const TestSession &session : PlanCollection(places.project(), settings)) {
    forecaster.Add(session, forecast);
  }
  llvm::stable_sort(forecast.files,
                    [](const ForecastFile &a, const ForecastFile &b) { return a.path < b.path; });
  Sum(forecast);
  forecast.sentence = Sentence(forecast, findings);
  return forecast;
}

} // namespace pydefrag
