#include "driver/terminal.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

namespace pydefrag {

ColorUse DecideColor(ColorWhen when, const Environment &env) {
  if (when != ColorWhen::Auto) {
    return when == ColorWhen::Always ? ColorUse::On : ColorUse::Off;
  }
  auto value = [&](llvm::StringRef name) { return env.variable(name).value_or(""); };
  if (!value("NO_COLOR").empty()) {
    return ColorUse::Off;
  }
  for (llvm::StringRef name : {"FORCE_COLOR", "CLICOLOR_FORCE"}) {
    if (!value(name).empty() && value(name) != "0") {
      return ColorUse::On;
    }
  }
  const bool plain = value("TERM") == "dumb" || value("CLICOLOR") == "0" || !env.out_is_terminal;
  return plain ? ColorUse::Off : ColorUse::On;
}

bool DecideLinks(ColorUse color, const Environment &env) {
  auto value = [&](llvm::StringRef name) { return env.variable(name).value_or(""); };
  if (const std::string forced = value("FORCE_HYPERLINK"); !forced.empty()) {
    return forced != "0";
  }
  if (color == ColorUse::Off || !env.out_is_terminal || !value("CI").empty()) {
    return false;
  }
  int vte = 0; // GNOME's terminal library: links since 0.50
  if (!llvm::StringRef(value("VTE_VERSION")).getAsInteger(10, vte)) {
    return vte >= 5000;
  }
  const bool known_program = llvm::StringSwitch<bool>(value("TERM_PROGRAM"))
                                 .Cases("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", true)
                                 .Default(false);
  const bool known_term = llvm::StringSwitch<bool>(value("TERM"))
                              .Cases("xterm-kitty", "alacritty", "xterm-ghostty", "foot", true)
                              .Default(false);
  return known_program || known_term || !value("WT_SESSION").empty() ||
         !value("KONSOLE_VERSION").empty();
}

uint32_t SourceWidth(const Environment &env) {
  constexpr uint32_t usual = 120;
  constexpr uint32_t least = 40;
  constexpr uint32_t gutter = 8; // line number and bar
  return env.columns == 0 ? usual : std::max(least, env.columns - std::min(env.columns, gutter));
}

int PrintError(const Environment &env, llvm::Error error) {
  *env.err << "error: " << llvm::toString(std::move(error)) << '\n';
  return 2;
}

void PrintTimes(const Environment &env, const Analysis &analysis) {
  double total = 0;
  for (const PhaseTime &time : analysis.times) {
    total += time.seconds;
    *env.err << llvm::formatv("{0,8:f3} s  {1}", time.seconds, time.name);
    if (time.memory != 0) {
      *env.err << llvm::formatv(", then {0:f1} MB in memory",
                                static_cast<double>(time.memory) / 1e6);
    }
    *env.err << '\n';
  }
  *env.err << llvm::formatv("{0,8:f3} s  total\n", total);
}

} // namespace pydefrag
