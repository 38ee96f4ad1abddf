// Tells what kind of report a text is, from its beginning. Entry point: DetectFormat.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

enum class ReportFormat : uint8_t {
  JUnitXml,
  ReportLog,
  JsonReport,
  Ctrf,
  CacheFile,
  TerminalLog, // any other text: whether pytest speaks in it is seen only by reading
  OtherXml,
  OtherJson,
  Binary,
  Empty,
};

// `head`: the first kilobytes, uncompressed.
ReportFormat DetectFormat(llvm::StringRef head);

} // namespace pydefrag
