#include "fix/string_edits.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace pydefrag {
namespace {

// Old dotted path -> new one; empty: there are several.
using MovedPaths = llvm::StringMap<std::string>;

void Note(MovedPaths &moved, const std::string &from, const std::string &to) {
  const auto [place, added] = moved.try_emplace(from, to);
  if (!added && place->second != to) {
    place->second.clear();
  }
}

MovedPaths PathsOf(const Project &project, const std::vector<ImportChange> &changes) {
  MovedPaths moved;
  for (const ImportChange &change : changes) {
    const ImportRow &row = project.rows[change.row];
    const std::string module = project.Text(row.module).str();
    if (!row.name.valid() || row.context.star) {
      Note(moved, module, change.module);
      continue;
    }
    const std::string name = project.Text(row.name).str();
    const std::string &new_name = change.name.empty() ? name : change.name;
    Note(moved, module + "." + name, change.module + "." + new_name);
  }
  return moved;
}

// The part of `text` that a moved path names, as far as it goes, and the path of now; the longest.
struct Match {
  size_t size = 0;
  std::string path; // dotted
};

Match LongestMatch(const MovedPaths &moved, llvm::StringRef text) {
  std::string dotted = text.str();
  std::replace(dotted.begin(), dotted.end(), ':', '.');
  for (size_t size = dotted.size(); size != 0 && size != std::string::npos;
       size = llvm::StringRef(dotted).take_front(size).rfind('.')) {
    const auto place = moved.find(llvm::StringRef(dotted).take_front(size));
    if (place != moved.end()) {
      return {.size = size, .path = place->second};
    }
  }
  return {};
}

// Where the string's value begins in the file, when the literal says it as it is.
std::optional<uint32_t> BeginOf(const StringTarget &target, llvm::StringRef text) {
  const Span where = target.row.where;
  const llvm::StringRef literal = text.slice(where.begin, where.end);
  const size_t quote = literal.find_first_of("\"'");
  if (quote == llvm::StringRef::npos ||
      literal.drop_front(quote).trim(literal[quote]) != target.text) {
    return std::nullopt;
  }
  return where.begin + static_cast<uint32_t>(literal.find(target.text));
}

std::string WithSeparators(std::string path, llvm::StringRef replaced) {
  const size_t colon = replaced.find(':');
  const size_t dot = path.rfind('.');
  if (colon != llvm::StringRef::npos && dot != std::string::npos) {
    path[dot] = ':';
  }
  return path;
}

} // namespace

std::map<FileId, std::vector<Edit>> PlanStringEdits(const Project &project, SourceCache &sources,
                                                    const std::vector<ImportChange> &changes) {
  std::map<FileId, std::vector<Edit>> edits;
  const MovedPaths moved = PathsOf(project, changes);
  for (const StringTarget &target : project.string_targets) {
    const ImportRow &row = target.row;
    if (!row.importer.valid() || row.status != RowStatus::Resolved) {
      continue; // of a settings file, or about to be reported
    }
    const Match match = LongestMatch(moved, target.text);
    const SourceText *source = match.path.empty() ? nullptr : sources.Get(row.file);
    const std::optional<uint32_t> begin =
        source ? BeginOf(target, source->text()) : std::optional<uint32_t>();
    if (begin) {
      const Span span{*begin, *begin + static_cast<uint32_t>(match.size)};
      const llvm::StringRef replaced = llvm::StringRef(target.text).take_front(match.size);
      edits[row.file].push_back(
          {.where = {row.file, span}, .content = WithSeparators(match.path, replaced)});
    }
  }
  return edits;
}

} // namespace pydefrag
