#include "report/baseline.h"

#include "report/json/json_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"

#include <tuple>

namespace pydefrag {

static constexpr llvm::StringRef kSchema = "pydefrag/baseline/1";

// A symbol of the finding's own module is named without it, and a finding that speaks of its own
// file by path says nothing that outlives a move.
std::string MovedKey(const Finding &finding) {
  const llvm::StringRef spelled = finding.spelled;
  const bool is_path = spelled.contains('/') || spelled.ends_with(".py");
  std::string key;
  for (llvm::StringRef part : {llvm::StringRef(finding.code), llvm::StringRef(finding.scope),
                               is_path ? llvm::StringRef() : spelled}) {
    key += part;
    key += '\0';
  }
  for (llvm::StringRef symbol : finding.symbols) {
    const auto [module, name] = symbol.split(':');
    key += module == finding.module ? "" : module;
    key += ':';
    key += name;
    key += '\0';
  }
  return llvm::utohexstr(llvm::xxh3_64bits(key), true, 16);
}

static llvm::Error NoBaseline(llvm::StringRef name, const llvm::Twine &why) {
  return llvm::createStringError(name + " is no baseline: " + why);
}

static llvm::Error ReadSection(const llvm::json::Object &root, llvm::StringRef section,
                               llvm::StringRef name, std::vector<BaselineEntry> &entries) {
  const llvm::json::Array *rows = root.getArray(section);
  if (!rows) {
    return NoBaseline(name, "`" + section + "` is missing");
  }
  for (const llvm::json::Value &row : *rows) {
    const llvm::json::Object *fields = row.getAsObject();
    if (!fields || !fields->getString("id")) {
      return NoBaseline(name, "an entry of `" + section + "` has no id");
    }
    auto text = [&](llvm::StringRef key) { return fields->getString(key).value_or("").str(); };
    entries.push_back({.id = text("id"),
                       .moved = text("moved"),
                       .code = text("code"),
                       .module = text("module"),
                       .what = text("what"),
                       .reason = text("reason")});
    if (section == "accepted" && entries.back().reason.empty()) {
      return NoBaseline(name, "the accepted entry " + entries.back().id + " gives no reason");
    }
  }
  return llvm::Error::success();
}

llvm::Expected<Baseline> ReadBaseline(llvm::StringRef text, llvm::StringRef name) {
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(text);
  if (!parsed) {
    return NoBaseline(name, llvm::toString(parsed.takeError()));
  }
  const llvm::json::Object *root = parsed->getAsObject();
  if (!root || root->getString("schema").value_or("") != kSchema) {
    return NoBaseline(name, "its schema is not " + kSchema);
  }
  Baseline baseline;
  if (llvm::Error error = ReadSection(*root, "accepted", name, baseline.accepted)) {
    return error;
  }
  if (llvm::Error error = ReadSection(*root, "current", name, baseline.current)) {
    return error;
  }
  return baseline;
}

namespace {

// Entries and findings that have found each other.
class Matching {
public:
  Matching(const Baseline &baseline, llvm::ArrayRef<Finding> findings)
      : findings_(findings), known_(findings.size()) {
    for (const std::vector<BaselineEntry> *section : {&baseline.accepted, &baseline.current}) {
      for (const BaselineEntry &entry : *section) {
        entries_.push_back(&entry);
      }
    }
    used_.resize(entries_.size());
  }

  // Pairs what is still alone and has the same key, in order.
  template <typename EntryKey, typename FindingKey>
  void Pair(EntryKey entry_key, FindingKey finding_key) {
    llvm::StringMap<std::vector<size_t>> free; // entries by key, the first one last
    for (size_t i = entries_.size(); i-- > 0;) {
      if (!used_[i] && !entry_key(*entries_[i]).empty()) {
        free[entry_key(*entries_[i])].push_back(i);
      }
    }
    for (size_t i = 0; i < findings_.size(); ++i) {
      if (known_[i]) {
        continue;
      }
      auto found = free.find(finding_key(findings_[i]));
      if (found != free.end() && !found->second.empty()) {
        used_[found->second.back()] = true;
        known_[i] = true;
        found->second.pop_back();
      }
    }
  }

  bool IsKnown(size_t finding) const { return known_[finding]; }
  std::vector<BaselineEntry> Stale(const RulePlan &plan) const {
    std::vector<BaselineEntry> stale;
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (!used_[i] && plan.Find(entries_[i]->code)) {
        stale.push_back(*entries_[i]);
      }
    }
    return stale;
  }

private:
  llvm::ArrayRef<Finding> findings_;
  std::vector<const BaselineEntry *> entries_;
  std::vector<bool> used_;  // by entry
  std::vector<bool> known_; // by finding
};

} // namespace

BaselineResult ApplyBaseline(const Baseline &baseline, const RulePlan &plan,
                             std::vector<Finding> findings) {
  Matching matching(baseline, findings);
  matching.Pair([](const BaselineEntry &entry) { return entry.id; },
                [](const Finding &finding) { return finding.id; });
  matching.Pair([](const BaselineEntry &entry) { return entry.moved; }, MovedKey);
  BaselineResult result;
  result.stale = matching.Stale(plan);
  for (size_t i = 0; i < findings.size(); ++i) {
    (matching.IsKnown(i) ? result.known : result.kept).push_back(std::move(findings[i]));
  }
  return result;
}

Baseline MakeBaseline(llvm::ArrayRef<Finding> findings) {
  Baseline baseline;
  for (const Finding &finding : findings) {
    baseline.current.push_back({.id = finding.id,
                                .moved = MovedKey(finding),
                                .code = finding.code,
                                .module = finding.module,
                                .what = finding.message,
                                .reason = ""});
  }
  return baseline;
}

static void WriteSection(JsonWriter &json, llvm::StringRef name,
                         std::vector<BaselineEntry> &entries) {
  llvm::sort(entries, [](const BaselineEntry &a, const BaselineEntry &b) {
    return std::tie(a.code, a.module, a.id) < std::tie(b.code, b.module, b.id);
  });
  json.BreakLine();
  json.BeginArray(name);
  for (const BaselineEntry &entry : entries) {
    json.BreakLine();
    json.BeginObject();
    json.Text("code", entry.code);
    json.TextIfAny("module", entry.module);
    json.TextIfAny("reason", entry.reason);
    json.Text("what", entry.what);
    json.Text("id", entry.id);
    json.TextIfAny("moved", entry.moved);
    json.EndObject();
  }
  json.EndArray();
}

void WriteBaseline(llvm::raw_ostream &os, Baseline baseline) {
  JsonWriter json(os);
  json.BeginObject();
  json.Text("schema", kSchema);
  WriteSection(json, "accepted", baseline.accepted);
  WriteSection(json, "current", baseline.current);
  json.EndObject();
  os << '\n';
}

} // namespace pydefrag
