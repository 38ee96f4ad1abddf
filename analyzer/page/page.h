// Page: everything that `pydefrag report` shows, counted and laid out; the Markdown and the HTML
// page only spell it. Entry point: BuildPage.
#pragma once

#include "page/causes.h"
#include "page/cycle_cards.h"
#include "page/explorer.h"
#include "page/facts.h"
#include "page/fans.h"
#include "page/matrix.h"
#include "page/package_tree.h"
#include "page/treemap.h"
#include "report/report.h"

#include <string>
#include <vector>

namespace pydefrag {

// A number to be read at a glance.
struct Figure {
  std::string number;
  std::string label; // what was counted
  std::string note;  // smaller: "of 41"
  Health health = Health::Clean;
  std::string section; // id of the part of the page that has more; "" when there is none
};

struct Page {
  const Report *report = nullptr;
  std::string title;   // the project's name
  std::string verdict; // one sentence
  Health health = Health::Clean;
  std::vector<Figure> figures;
  Facts run;     // what the tests were run on; "not recorded" where no source says
  Facts project; // what was analysed
  std::vector<CauseCard> causes;
  Fans fans;
  PackageTree tree;
  Treemap treemap;
  Explorer explorer;
  Matrix matrix;
  Cycles cycles;
};

struct PageOptions {
  unsigned jobs = 0;
  size_t max_fans = 40;
  size_t max_cycles = 40;
  size_t max_rows = 60; // of the matrix
};

// Points into `report`, which must outlive it.
Page BuildPage(const Report &report, SourceCache &sources, const PageOptions &options);

} // namespace pydefrag
