#include "base/problem.h"

namespace pydefrag {

const char *ProblemKindName(ProblemKind kind) {
  switch (kind) {
  case ProblemKind::Unreadable:
    return "unreadable";
  case ProblemKind::NoSources:
    return "no-sources";
  case ProblemKind::RuleFailed:
    return "rule-failed";
  case ProblemKind::TooLarge:
    return "too-large";
  case ProblemKind::NotAFile:
    return "not-a-file";
  case ProblemKind::SymlinkLoop:
    return "symlink-loop";
  case ProblemKind::Uncertain:
    return "uncertain";
  case ProblemKind::Settings:
    return "settings";
  case ProblemKind::Outcomes:
    return "outcomes";
  }
  return "";
}

bool MakesIncomplete(ProblemKind kind) {
  switch (kind) {
  case ProblemKind::Unreadable:
  case ProblemKind::NoSources:
  case ProblemKind::RuleFailed:
    return true;
  case ProblemKind::TooLarge:
  case ProblemKind::NotAFile:
  case ProblemKind::SymlinkLoop:
  case ProblemKind::Uncertain:
  case ProblemKind::Settings:
  case ProblemKind::Outcomes:
    return false;
  }
  return false;
}

} // namespace pydefrag
