#include "join/freshness.h"

#include "source/paths.h"

#include <algorithm>

namespace pydefrag {

static bool ReadsOtherwise(const Frame &frame, PlaceTable &places) {
  if (!frame.in_project || frame.source == 0) {
    return false;
  }
  const FileId file = places.FindFile(frame.path);
  const SourceText *text = file.valid() ? places.Text(file) : nullptr;
  if (text == nullptr) {
    return false; // not a file of the project, or one that is gone: then nobody knows
  }
  return frame.line > text->line_count() || HashOfLine(text->Line(frame.line)) != frame.source;
}

std::optional<Place> ChangedLine(const RunFailure &failure, PlaceTable &places) {
  for (const ErrorChain *chain : failure.chains) {
    for (const ErrorSegment &segment : chain->segments) {
      for (const Frame &frame : segment.frames) {
        if (ReadsOtherwise(frame, places)) {
          return Place{frame.path, frame.line};
        }
      }
    }
  }
  return std::nullopt;
}

std::string ReadsOtherwiseNow(const Place &place) {
  return "`" + place.path + ":" + std::to_string(place.line) +
         "` reads otherwise than when the tests ran";
}

FileTimes::FileTimes(const Disk &disk, llvm::StringRef root, llvm::ArrayRef<std::string> reports)
    : disk_(disk), root_(root.str()) {
  for (const std::string &report : reports) {
    reported_ = std::max(reported_, disk.ModifiedAt(report));
  }
}

std::string FileTimes::NewerThanReports(llvm::ArrayRef<Place> places) const {
  for (const Place &place : places) {
    if (reported_ > 0 && disk_.ModifiedAt(OnDisk(root_, place.path)) > reported_) {
      return "`" + place.path + "` was written after the reports";
    }
  }
  return "";
}

} // namespace pydefrag
