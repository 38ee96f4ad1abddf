// Runs the program over files in memory, from a folder of the test's choice.
#pragma once

#include "driver/run.h"

#include "llvm/ADT/StringMap.h"

#include <map>
#include <string>
#include <vector>

namespace pydefrag {

struct MemoryRun {
  std::vector<MemoryFile> files; // absolute paths
  std::string cwd = "/home/shop";
  std::map<std::string, std::string> variables;
  std::string standard_input;
  bool terminal = false;
  double tick = 0;   // seconds between two looks at the clock
  size_t memory = 0; // bytes; 0: not known

  std::string out, err;
  std::map<std::string, std::string> written;

  int operator()(std::vector<const char *> args) {
    out.clear();
    err.clear();
    const std::unique_ptr<Disk> disk = MakeMemoryDisk(files);
    llvm::raw_string_ostream out_stream(out);
    llvm::raw_string_ostream err_stream(err);
    double now = 0;
    Environment env;
    env.disk = disk.get();
    env.out = &out_stream;
    env.err = &err_stream;
    env.cwd = cwd;
    env.variable = [this](llvm::StringRef name) -> std::optional<std::string> {
      auto it = variables.find(name.str());
      return it == variables.end() ? std::nullopt : std::optional(it->second);
    };
    env.seconds = [&now, this] { return now += tick; };
    env.memory = [this] { return memory; };
    env.read_stdin = [this] { return standard_input; };
    env.write_file = [this](llvm::StringRef path, llvm::StringRef content) {
      if (path.contains("/read-only/")) {
        return std::make_error_code(std::errc::permission_denied);
      }
      written[path.str()] = content.str();
      return std::error_code();
    };
    env.out_is_terminal = terminal;
    env.err_is_terminal = terminal;
    return RunMain(args, env);
  }
};

} // namespace pydefrag
