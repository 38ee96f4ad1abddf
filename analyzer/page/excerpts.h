// Lines of source as a report shows them: the line a place stands in, cut into what is marked and
// what is not, and what a fix would change. Entry points: Excerpt, DiffOf.
#pragma once

#include "report/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct SourceExcerpt {
  std::string path;
  uint32_t line = 0, column = 0; // 0: the file can no longer be read
  // One line of source, "..." where it was cut; nothing marked when the place is a point in it.
  std::string before, marked, after;
};

SourceExcerpt Excerpt(const Project &project, SourceCache &sources, Location where);

struct DiffLine {
  char sign = ' '; // '-' or '+'
  std::string path;
  uint32_t line = 0; // in the file as it is
  std::string text;
};

// The lines that `fix` touches, before and after; at most `limit` lines, none when there is no edit
// or a file can no longer be read.
std::vector<DiffLine> DiffOf(const Project &project, SourceCache &sources, const Fix &fix,
                             size_t limit);

} // namespace pydefrag
