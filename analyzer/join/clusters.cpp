#include "join/clusters.h"

#include "join/reason_key.h"
#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

Cluster MakeCluster(const RunFailure &failure, const Explanation &told) {
  Cluster cluster;
  if (told.segment == nullptr) {
    cluster.key = "no-reason:" + failure.error;
    cluster.title = failure.error.empty() ? "no source kept the error" : failure.error;
    return cluster;
  }
  ErrorChain alone;
  alone.segments.push_back(*told.segment);
  cluster.key = ReasonKey(*told.segment);
  cluster.title = HeadlineOfChain(alone);
  cluster.import_error = IsImportRule(ClassifyError(*told.segment).rule);
  cluster.site = SiteOf(*told.segment);
  cluster.chain = FramesOf(*told.segment);
  return cluster;
}

} // namespace

size_t ClusterTable::Add(const RunFailure &failure, const Explanation &told,
                         llvm::ArrayRef<size_t> related, bool outdated) {
  Cluster made = MakeCluster(failure, told);
  auto [place, added] = by_key_.try_emplace(made.key, clusters_.size());
  if (added) {
    clusters_.push_back(std::move(made));
    clusters_.back().outdated = true;
  }
  Cluster &cluster = clusters_[place->second];
  cluster.outdated = cluster.outdated && outdated;
  (failure.uncollected ? cluster.uncollected : cluster.failed_tests).push_back(failure.id);
  for (size_t cause : related) {
    if (!llvm::is_contained(cluster.related, cause)) {
      cluster.related.push_back(cause);
    }
  }
  return place->second;
}

// Whether an import on that line is known to find nothing.
static bool IsMissing(const Place &site, PlaceTable &places) {
  const FileId file = places.FindFile(site.path);
  const IdVector<RowId, ImportRow> &rows = places.project().rows;
  auto row = llvm::partition_point(rows, [&](const ImportRow &each) { return each.file < file; });
  for (; file.valid() && row != rows.end() && row->file == file; ++row) {
    const bool missing =
        row->status == RowStatus::MissingModule || row->status == RowStatus::MissingName;
    if (missing && places.StatementLines({file, row->statement_span}).Contains(site.line)) {
      return true;
    }
  }
  return false;
}

std::vector<size_t> ClusterTable::Finish(PlaceTable &places, Joined &joined) {
  for (Cluster &cluster : clusters_) {
    cluster.foreseen = cluster.import_error && IsMissing(cluster.site, places);
    cluster.site_text = cluster.outdated ? "" : places.LineText(cluster.site);
  }
  std::vector<size_t> order(clusters_.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  llvm::stable_sort(order, [&](size_t a, size_t b) {
    auto key = [&](size_t i) {
      return std::make_tuple(!clusters_[i].outdated,
                             clusters_[i].import_error && !clusters_[i].foreseen,
                             clusters_[i].uncollected.size(), clusters_[i].Failures());
    };
    return key(a) > key(b);
  });
  std::vector<size_t> place(clusters_.size());
  for (size_t at = 0; at < order.size(); ++at) {
    place[order[at]] = at;
    joined.clusters.push_back(std::move(clusters_[order[at]]));
  }
  return place;
}

} // namespace pydefrag
