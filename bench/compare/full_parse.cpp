// full_parse [--only-read] JOBS FOLDER: reads the sources that pydefrag would read below FOLDER,
// parses each with tree-sitter, does nothing else, and prints what it read as JSON. The yardstick
// of bench/compare/compare.py.
#include "base/parallel.h"
#include "source/discover.h"
#include "source/disk.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

extern "C" const TSLanguage *tree_sitter_python();

using namespace pydefrag;

namespace {

struct ParserDeleter {
  void operator()(TSParser *parser) const { ts_parser_delete(parser); }
};

// One parser a thread, as making one for each file would cost.
TSParser &ThreadParser() {
  static thread_local std::unique_ptr<TSParser, ParserDeleter> parser = [] {
    TSParser *made = ts_parser_new();
    ts_parser_set_language(made, tree_sitter_python());
    return std::unique_ptr<TSParser, ParserDeleter>(made);
  }();
  return *parser;
}

void Parse(llvm::StringRef text) {
  ts_tree_delete(ts_parser_parse_string(&ThreadParser(), nullptr, text.data(),
                                        static_cast<uint32_t>(text.size())));
}

// Unless the last one ends with the text, as pydefrag counts them.
size_t CountLines(llvm::StringRef text) {
  const size_t breaks = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  return breaks + (!text.empty() && text.back() != '\n' ? 1 : 0);
}

} // namespace

int main(int argc, char **argv) {
  const bool only_read = argc > 1 && llvm::StringRef(argv[1]) == "--only-read";
  const llvm::ArrayRef<char *> words(argv + (only_read ? 2 : 1), argv + argc);
  unsigned jobs = 0;
  if (words.size() != 2 || llvm::StringRef(words[0]).getAsInteger(10, jobs)) {
    llvm::errs() << "usage: full_parse [--only-read] JOBS FOLDER\n";
    return 2;
  }
  const std::unique_ptr<Disk> disk = MakeRealDisk();
  DiscoverOptions options;
  options.root = words[1];
  options.jobs = jobs;
  std::vector<std::string> paths;
  for (const DiscoveredFile &file : Discover(*disk, options).files) {
    if (file.kind == FileKind::Source) {
      paths.push_back(options.root + "/" + file.path);
    }
  }
  std::atomic<size_t> bytes = 0;
  std::atomic<size_t> lines = 0;
  ParallelFor(paths.size(), jobs, 16, [&](size_t index) {
    static thread_local llvm::SmallVector<char, 0> buffer;
    if (disk->Read(paths[index], 100u << 20, buffer)) {
      return;
    }
    const llvm::StringRef text(buffer.data(), buffer.size());
    bytes += text.size();
    if (!only_read) {
      lines += CountLines(text);
      Parse(text);
    }
  });
  llvm::outs() << llvm::formatv("{{\"files\": {0}, \"lines\": {1}, \"bytes\": {2}}\n", paths.size(),
                                lines.load(), bytes.load());
  return 0;
}
