#include "outcomes/reports/pytest_cache.h"

#include "outcomes/fold.h"
#include "outcomes/streams/json_text.h"

#include "llvm/ADT/SmallString.h"

#include <utility>

namespace pydefrag {
namespace {

constexpr uint64_t kMaxCacheFile = 256 << 20;

void NoteBreak(TestRun &run, std::string message) {
  AddProblem(run, std::move(message));
  run.info.complete = false;
}

// The cache keeps only that something failed; a file's own id stands for a collection error.
void AddFailed(llvm::StringRef node_id, TestIdResolver &ids, TestRun &run) {
  const ResolvedId id = ids.FromNodeId(node_id);
  if (SplitTestId(node_id).function.empty()) {
    CollectionError error;
    error.path = id.id;
    run.results.collection_errors.push_back(std::move(error));
    return;
  }
  TestCase test;
  test.id = id.id;
  test.resolved = id.resolved;
  test.outcome = TestOutcome::Failed;
  run.results.tests.push_back(std::move(test));
}

void AddText(llvm::StringRef text, TestIdResolver &ids, TestRun &run) {
  const std::optional<llvm::json::Value> value = ParseJson(text);
  if (!value) {
    NoteBreak(run, "the file of pytest's cache is not JSON");
    return;
  }
  if (const llvm::json::Array *known = value->getAsArray()) {
    for (const llvm::json::Value &id : *known) {
      if (const std::optional<llvm::StringRef> node_id = id.getAsString()) {
        run.results.inventory.push_back(ids.FromNodeId(*node_id).id);
      }
    }
  } else if (const llvm::json::Object *failed = value->getAsObject()) {
    std::vector<std::string> names;
    for (const auto &entry : *failed) {
      names.push_back(llvm::StringRef(entry.first).str());
    }
    llvm::sort(names);
    for (const std::string &name : names) {
      AddFailed(name, ids, run);
    }
  }
}

TestRun NewRun() {
  TestRun run;
  run.info.kind = SourceKind::PytestCache;
  run.info.producer = "pytest";
  run.info.complete = true;
  return run;
}

} // namespace

TestRun ReadPytestCache(const Disk &disk, llvm::StringRef folder, TestIdResolver &ids) {
  TestRun run = NewRun();
  const std::string inner = (folder.rtrim('/') + "/v/cache").str();
  const std::string place = disk.IsDirectory(inner) ? inner : folder.rtrim('/').str();
  bool any = false;
  for (llvm::StringRef name : {"nodeids", "lastfailed"}) {
    llvm::SmallString<0> text;
    if (!disk.Read((place + "/" + name).str(), kMaxCacheFile, text)) {
      any = true;
      AddText(text, ids, run);
    }
  }
  if (!any) {
    NoteBreak(run, "the folder holds neither `nodeids` nor `lastfailed` of a pytest cache");
  }
  run.results = FoldTests(std::move(run.results));
  return run;
}

TestRun ReadCacheFile(llvm::StringRef text, TestIdResolver &ids) {
  TestRun run = NewRun();
  AddText(text, ids, run);
  run.results = FoldTests(std::move(run.results));
  return run;
}

} // namespace pydefrag
