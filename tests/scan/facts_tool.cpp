// Prints the facts of the files whose paths come on standard input, for ast_judge.py. With the
// argument `whole`, every file goes through the whole-file parse.
#include "facts/dump.h"
#include "scan/scan.h"

#include "llvm/Support/raw_ostream.h"

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char **argv) {
  using namespace pydefrag;
  std::vector<std::string> paths;
  for (std::string line; std::getline(std::cin, line);) {
    paths.push_back(line);
  }
  const std::unique_ptr<Disk> disk = MakeRealDisk();
  ScanOptions options;
  options.always_whole_file = argc > 1 && llvm::StringRef(argv[1]) == "whole";
  Scanned scanned;
  ScanFiles(*disk, paths, options, scanned);
  for (size_t i = 0; i < paths.size(); ++i) {
    llvm::outs() << "=== " << paths[i] << '\n'
                 << DumpFacts(scanned.facts[FileId(i)], scanned.syntax, scanned.names);
  }
  return 0;
}
