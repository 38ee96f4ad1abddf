#include "link/identity/chain_reader.h"

#include "scan/words/attribute_chains.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

ChainReader::ChainReader(const Project &project, const Resolver &resolver, const Disk &disk,
                         llvm::ArrayRef<uint32_t> row_begin, unsigned jobs)
    : project_(project), resolver_(resolver), disk_(disk), row_begin_(row_begin),
      jobs_(EffectiveJobs(jobs)),
      paths_(llvm::ArrayRef(project.scanned.paths.raw()).take_front(project.file_count).vec()),
      names_(FindNames()), chains_(names_.size()) {
  if (jobs_ > 1) {
    reading_.Start(
        [this] { ParallelFor(jobs_ - 1, jobs_ - 1, 1, [this](size_t) { ReadRest(); }); });
  }
}

std::vector<std::vector<Chain>> ChainReader::Take() {
  if (jobs_ > 1) {
    ReadRest();
    Finish();
  }
  std::vector<Names> now = FindNames();
  std::vector<bool> stale(names_.size(), jobs_ == 1);
  auto same = [](const Names &a, const Names &b) {
    return a.size() == b.size() && llvm::all_of(a, [&](const auto &entry) {
             return b.lookup(entry.getKey()) == entry.getValue();
           });
  };
  for (size_t i = 0; i < names_.size(); ++i) {
    stale[i] = stale[i] || !same(names_[i], now[i]);
  }
  names_ = std::move(now);
  std::vector<Buffer> buffers;
  for (unsigned worker = 0; worker < jobs_; ++worker) {
    buffers.push_back(MakeBuffer());
  }
  ParallelForWorkers(names_.size(), jobs_, 8, [&](unsigned worker, size_t i) {
    if (stale[i]) {
      chains_[i] = Read(i, buffers[worker]);
    }
  });
  return std::move(chains_);
}

std::vector<ChainReader::Names> ChainReader::FindNames() const {
  std::vector<Names> names(project_.file_count);
  ParallelFor(names.size(), jobs_, 32, [&](size_t i) {
    for (uint32_t r = row_begin_[i]; r < row_begin_[i + 1]; ++r) {
      AddName(project_.rows[RowId(size_t{r})], names[i]);
    }
  });
  return names;
}

void ChainReader::AddName(const ImportRow &row, Names &names) const {
  if (row.status != RowStatus::Resolved || row.target.kind != TargetKind::Module ||
      row.context.star || row.context.type_checking) {
    return;
  }
  ModuleId module = row.target.module;
  llvm::StringRef local = project_.Text(row.as.valid() ? row.as : row.name);
  if (!row.name.valid() && !row.as.valid()) { // import a.b.c binds a
    local = project_.Text(row.module).split('.').first;
    const Statement &statement = project_.Syntax(project_.StatementAt(row));
    module =
        resolver_.TargetOf(row.importer, row.statement, resolver_.NumberOf(statement, row.alias))
            .top;
  }
  if (module.valid() && project_.modules[module].first_party) {
    names.try_emplace(local, module);
  }
}

// What is left, in turn with the other threads that do the same.
void ChainReader::ReadRest() {
  constexpr size_t kGrain = 8;
  Buffer buffer = MakeBuffer();
  for (size_t i = next_.fetch_add(kGrain); i < names_.size(); i = next_.fetch_add(kGrain)) {
    for (size_t end = std::min(i + kGrain, names_.size()); i < end; ++i) {
      chains_[i] = Read(i, buffer);
    }
  }
}

ChainReader::Buffer ChainReader::MakeBuffer() {
  Buffer buffer;
  buffer.reserve(256u << 10);
  return buffer;
}

std::vector<Chain> ChainReader::Read(size_t file, Buffer &buffer) const {
  std::vector<Chain> chains;
  const Names &names = names_[file];
  if (names.empty()) {
    return chains;
  }
  const std::string &path = paths_[file];
  if (disk_.Read(OnDisk(project_.root, path), 100u << 20, buffer)) {
    return chains;
  }
  uint64_t last_bytes = 0; // of the names, for a look before the one into the table
  const auto bit_of = [](llvm::StringRef name) {
    return name.empty() ? 0 : uint64_t{1} << (name.back() & 63);
  };
  for (const auto &name : names) {
    last_bytes |= bit_of(name.getKey());
  }
  llvm::StringMap<char> seen;
  FindAttributeChains(
      {buffer.data(), buffer.size()},
      [&](llvm::StringRef name) {
        return (last_bytes & bit_of(name)) != 0 && names.contains(name);
      },
      [&](const AttributeChain &chain) {
        const llvm::StringRef whole(chain.name.data(),
                                    chain.name.size() + 1 + chain.attributes.size());
        if (seen.try_emplace(whole).second) {
          chains.push_back(
              {names.lookup(chain.name), chain.begin, chain.name.str(), chain.attributes.str()});
        }
      });
  return chains;
}

} // namespace pydefrag
