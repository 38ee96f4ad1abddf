// Path fans and cycle cards: the shapes that fragmentation takes.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

namespace pydefrag {

static constexpr size_t kOpenFans = 6;
static constexpr size_t kOpenCycles = 3;

static std::string Round(double number) {
  return llvm::formatv("{0:f1}", number).str();
}

// Curves from the definition at the left to each path's row.
static void WriteFanLines(llvm::raw_ostream &os, const Fan &fan) {
  constexpr double kRow = 44, kWidth = 56;
  const double height = kRow * double(fan.paths.size());
  os << "<svg class=\"fan-lines\" width=\"" << kWidth << "\" height=\"" << Round(height)
     << "\" aria-hidden=\"true\">";
  for (size_t i = 0; i < fan.paths.size(); ++i) {
    const double y = kRow * (double(i) + 0.5);
    os << "<path class=\"" << (fan.paths[i].canonical ? "canonical" : "stray") << "\" d=\"M0 "
       << Round(height / 2) << "C" << kWidth / 2 << ' ' << Round(height / 2) << ' ' << kWidth / 2
       << ' ' << Round(y) << ' ' << kWidth << ' ' << Round(y) << "\"/>";
  }
  os << "</svg>";
}

static void WriteFanRow(llvm::raw_ostream &os, const FanPath &path, uint32_t most) {
  const double share = most == 0 ? 0 : 100.0 * path.uses / most;
  os << "<li class=\"" << (path.canonical ? "canonical" : "stray")
     << "\"><span class=\"route\"><code>" << HtmlText(path.path) << "</code>";
  if (path.canonical) {
    os << " <span class=\"badge\">canonical</span>";
  }
  if (path.deprecated) {
    os << " <span class=\"badge\">deprecated</span>";
  }
  if (!path.via.empty()) {
    os << "<span class=\"by\">handed on in ";
    for (size_t i = 0; i < path.via.size(); ++i) {
      os << (i == 0 ? "" : ", ") << HtmlPlace(path.via[i].path, path.via[i].line);
    }
    os << "</span>";
  }
  os << "</span><span class=\"bar\"><i style=\"width:" << Round(share) << "%\"></i></span>"
     << "<span class=\"uses\">" << Counted(path.uses, "import");
  if (path.in_tests > 0) {
    os << ", " << WithCommas(path.in_tests) << " in tests";
  }
  os << "</span></li>\n";
}

static void WriteFan(llvm::raw_ostream &os, const Fan &fan, bool open) {
  uint32_t most = 0;
  for (const FanPath &path : fan.paths) {
    most = std::max(most, path.uses);
  }
  os << "<details class=\"fan\"" << (open ? " open" : "") << "><summary><code>"
     << HtmlText(fan.name) << "</code> <span class=\"by\">" << Counted(fan.paths_in_use, "path")
     << " in use, " << Counted(fan.stray_uses, "stray import") << "</span></summary>\n"
     << "<div class=\"fan-body\"><div class=\"origin\"><strong>" << HtmlText(fan.name)
     << "</strong><br>" << fan.kind << "<br>" << HtmlPlace(fan.file, fan.line) << "</div>";
  WriteFanLines(os, fan);
  os << "<ul class=\"routes\">\n";
  for (const FanPath &path : fan.paths) {
    WriteFanRow(os, path, most);
  }
  os << "</ul></div>\n<p class=\"by\">";
  if (fan.paths_total > fan.paths.size()) {
    os << WithCommas(fan.paths_total - fan.paths.size()) << " more paths. ";
  }
  os << "The canonical path is what to import: " << HtmlText(fan.because)
     << ". All places: <code>pydefrag trace " << HtmlText(fan.symbol) << "</code></p></details>\n";
}

void WriteFans(llvm::raw_ostream &os, const Page &page) {
  const Fans &fans = page.fans;
  if (fans.total == 0) {
    return;
  }
  OpenSection(
      os, "fans", "One thing, several import paths",
      "The same class or function is imported from more than one module. Nobody knows which "
      "import is right, and moving anything breaks some of them.");
  for (size_t i = 0; i < fans.fans.size(); ++i) {
    WriteFan(os, fans.fans[i], i < kOpenFans);
  }
  if (fans.total > fans.fans.size()) {
    os << "<p>" << WithCommas(fans.total - fans.fans.size())
       << " more: <code>pydefrag check --select DFG101 --all</code></p>\n";
  }
  os << "</section>\n";
}

static void WriteHop(llvm::raw_ostream &os, const CycleHop &hop) {
  os << "<li><code>" << HtmlText(hop.from) << "</code> imports <code>" << HtmlText(hop.to)
     << "</code> at " << HtmlPlace(hop.path, hop.line) << "</li>\n";
}

// The modules on a circle, clockwise from the top; imports as arrows across it.
static void WriteRing(llvm::raw_ostream &os, const CycleCard &card) {
  constexpr double kSize = 220, kCenter = kSize / 2, kRadius = 84, kDot = 13;
  const double step = 2 * 3.14159265358979 / double(card.modules.size());
  auto at = [&](size_t i, double radius) {
    const double angle = double(i) * step;
    return std::pair(kCenter + radius * std::sin(angle), kCenter - radius * std::cos(angle));
  };
  os << "<svg class=\"ring\" viewBox=\"0 0 220 220\" width=\"220\" height=\"220\" role=\"img\" "
        "aria-label=\"who imports whom\">";
  for (const auto &[from, to] : card.links) {
    const auto [x1, y1] = at(from, kRadius);
    const auto [x2, y2] = at(to, kRadius);
    const double length = std::hypot(x2 - x1, y2 - y1);
    const double ux = (x2 - x1) / length, uy = (y2 - y1) / length;
    const bool round =
        (from + 1) % card.way.size() == to && from < card.way.size() && to < card.way.size();
    // Bent a little to its left, so that both directions are seen.
    const double mx = (x1 + x2) / 2 + uy * 14, my = (y1 + y2) / 2 - ux * 14;
    os << "<path class=\"" << (round ? "way" : "arc") << "\" marker-end=\"url(#arrow"
       << (round ? "-way" : "") << ")\" d=\"M" << Round(x1 + ux * kDot) << ' '
       << Round(y1 + uy * kDot) << "Q" << Round(mx) << ' ' << Round(my) << ' '
       << Round(x2 - ux * (kDot + 5)) << ' ' << Round(y2 - uy * (kDot + 5)) << "\"/>";
  }
  for (size_t i = 0; i < card.modules.size(); ++i) {
    const auto [x, y] = at(i, kRadius);
    os << "<g><title>" << HtmlText(card.modules[i]) << "</title><circle cx=\"" << Round(x)
       << "\" cy=\"" << Round(y) << "\" r=\"" << kDot << "\"/><text x=\"" << Round(x) << "\" y=\""
       << Round(y + 4) << "\">" << i + 1 << "</text></g>";
  }
  os << "</svg>\n<ol class=\"ring-names\">";
  for (const std::string &module : card.modules) {
    os << "<li><code>" << HtmlText(module) << "</code></li>";
  }
  os << "</ol>\n";
}

static void WriteCycleSteps(llvm::raw_ostream &os, const CycleCard &card) {
  os << "<div class=\"cycle-steps\"><h4>A shortest way round</h4><ol>\n";
  llvm::for_each(card.way, [&](const CycleHop &hop) { WriteHop(os, hop); });
  os << "</ol><h4>What to take out</h4><p class=\"by\">"
     << (card.feedback_total == 1 ? "Without this import no cycle is left among them:"
                                  : "Without these " + WithCommas(card.feedback_total) +
                                        " imports no cycle is left among them:")
     << "</p><ul>\n";
  llvm::for_each(card.feedback, [&](const CycleHop &hop) { WriteHop(os, hop); });
  os << "</ul>";
  if (card.feedback_total > card.feedback.size()) {
    os << "<p class=\"by\">and " << WithCommas(card.feedback_total - card.feedback.size())
       << " more</p>";
  }
  os << "<p class=\"by\">Move it into the function that needs it, or move what both need into a "
        "third module.</p></div>\n";
}

static void WriteCycle(llvm::raw_ostream &os, const CycleCard &card, bool open) {
  const Health health = card.crashes ? Health::Error : Health::Warning;
  os << "<details class=\"card " << HealthName(health) << "\" id=\"cycle-" << card.number << "\""
     << (open ? " open" : "") << "><summary><span class=\"number\">" << card.number << "</span>"
     << HealthIcon(health) << "<span class=\"headline\">" << Counted(card.modules.size(), "module")
     << " import each other</span><ul class=\"impact\"><li>" << Counted(card.imports, "import")
     << " between them</li>";
  if (card.crashes) {
    os << "<li class=\"state\">importing one of them fails</li>";
  }
  os << "</ul></summary><div class=\"body cycle\">";
  const bool ring = card.modules.size() <= kMaxRing;
  if (ring) {
    os << "<div>";
    WriteRing(os, card);
    os << "</div>";
  }
  WriteCycleSteps(os, card);
  if (!ring) {
    WriteNames(os, "All of them", card.modules, kMaxRing);
  }
  os << "</div></details>\n";
}

void WriteCycles(llvm::raw_ostream &os, const Page &page) {
  const Cycles &cycles = page.cycles;
  if (cycles.total == 0) {
    return;
  }
  OpenSection(
      os, "cycles", "Import cycles",
      "Sets of modules that import each other when Python imports them. Which of them comes "
      "first decides whether it works.");
  for (size_t i = 0; i < cycles.cards.size(); ++i) {
    WriteCycle(os, cycles.cards[i], i < kOpenCycles);
  }
  if (cycles.total > cycles.cards.size()) {
    os << "<p>" << Counted(cycles.total - cycles.cards.size(), "more cycle")
       << ", all smaller</p>\n";
  }
  os << "</section>\n";
}

} // namespace pydefrag
