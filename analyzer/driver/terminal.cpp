#include "driver/terminal.h"

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

int PrintError(const Environment &env, llvm::Error error) {
  *env.err << "error: " << llvm::toString(std::move(error)) << '\n';
  return 2;
}

void PrintTimes(const Environment &env, const Analysis &analysis) {
  double total = 0;
  for (const PhaseTime &time : analysis.times) {
    total += time.seconds;
    *env.err << llvm::formatv("{0,8:f3} s  {1}\n", time.seconds, time.name);
  }
  *env.err << llvm::formatv("{0,8:f3} s  total\n", total);
}

} // namespace pydefrag
