#include "join/places.h"

#include "source/paths.h"

#include <algorithm>

namespace pydefrag {

// The last statement that starts at or before the place.
const PlacedStatement *PlaceTable::StatementAt(Location where) const {
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[where.file].statements;
  auto after = std::upper_bound(
      statements.begin(), statements.end(), where.span.begin,
      [](uint32_t at, const PlacedStatement &statement) { return at < statement.begin; });
  return after == statements.begin() ? nullptr : &*std::prev(after);
}

LineRange PlaceTable::StatementLines(Location where) const {
  const PlacedStatement *statement = where.file.valid() ? StatementAt(where) : nullptr;
  return statement ? LineRange{statement->line, statement->last_line} : LineRange();
}

Place PlaceTable::Of(Location where) {
  if (!where.file.valid()) {
    return {};
  }
  const SourceText *text = Text(where.file);
  return {project_.PathOf(where.file).str(), text ? text->LineOf(where.span.begin) : 0};
}

std::vector<Place> PlaceTable::OfStatements(llvm::ArrayRef<Location> hops) const {
  std::vector<Place> places;
  for (const Location &hop : hops) {
    const PlacedStatement *statement = StatementAt(hop);
    places.push_back({project_.PathOf(hop.file).str(), statement ? statement->line : 0});
  }
  return places;
}

const SourceText *PlaceTable::Text(FileId file) {
  auto [place, added] = texts_.try_emplace(file);
  if (added) {
    std::optional<SourceText> text =
        LoadSource(disk_, OnDisk(project_.root, project_.PathOf(file)));
    if (text) {
      place->second = std::make_unique<SourceText>(std::move(*text));
    }
  }
  return place->second.get();
}

std::string PlaceTable::LineText(const Place &place) {
  const FileId file = FindFile(place.path);
  const SourceText *text = file.valid() ? Text(file) : nullptr;
  const bool there = text && place.line > 0 && place.line <= text->line_count();
  return there ? text->Line(place.line).trim().str() : "";
}

FileId PlaceTable::FindFile(llvm::StringRef path) const {
  size_t low = 0;
  size_t high = project_.file_count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (project_.PathOf(FileId(middle)) < path) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < project_.file_count && project_.PathOf(FileId(low)) == path ? FileId(low) : FileId();
}

} // namespace pydefrag
