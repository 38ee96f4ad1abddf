// From the words that CLI11 leaves to the values of a CommandLine. Entry point: ConvertValues.
#pragma once

#include "driver/cli.h"

#include <map>

namespace pydefrag {

// Values as CLI11 leaves them, before they are checked.
struct RawValues {
  std::string command; // the name of the command that was given
  std::vector<std::string> output_formats;
  std::string fail_on, target_version, color = "auto", format;
  std::map<std::string, std::vector<llvm::StringRef>> formats; // of each command; default first
};

// Checks the words and puts what they mean into `line`. Returns what is wrong with the first bad
// one, or nothing.
std::string ConvertValues(const RawValues &raw, CommandLine &line);

// "a, b or c".
std::string JoinWords(llvm::ArrayRef<llvm::StringRef> words);

// The words of --output-format.
llvm::ArrayRef<llvm::StringRef> OutputFormats();

} // namespace pydefrag
