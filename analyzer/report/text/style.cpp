#include "report/text/style.h"

namespace pydefrag {

static llvm::StringRef CodeOf(Ink ink) {
  switch (ink) {
  case Ink::Error:
    return "\x1b[1;91m";
  case Ink::Warning:
    return "\x1b[1;33m";
  case Ink::Info:
    return "\x1b[1;94m";
  case Ink::Note:
    return "\x1b[1;92m";
  case Ink::Help:
    return "\x1b[1;96m";
  case Ink::Gutter:
    return "\x1b[36m";
  case Ink::Strong:
    return "\x1b[1m";
  case Ink::Faint:
    return "\x1b[2m";
  }
  return "";
}

std::string Palette::Paint(Ink ink, llvm::StringRef text) const {
  if (use_ == ColorUse::Off || text.empty()) {
    return text.str();
  }
  return (CodeOf(ink) + text + "\x1b[0m").str();
}

Ink InkOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return Ink::Error;
  case Severity::Warning:
    return Ink::Warning;
  case Severity::Note:
  case Severity::Off:
    return Ink::Note;
  }
  return Ink::Note;
}

} // namespace pydefrag
