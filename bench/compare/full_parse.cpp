// full_parse JOBS FOLDER: parses every .py and .pyi file below FOLDER with tree-sitter, nothing
// else, and prints what it read as JSON. The yardstick of bench/compare/compare.py.
#include "base/parallel.h"

#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

extern "C" const TSLanguage *tree_sitter_python();

namespace {

std::vector<std::string> PythonFilesBelow(llvm::StringRef folder) {
  std::vector<std::string> paths;
  std::error_code error;
  // Links are not followed, as pydefrag would list what they lead to once.
  llvm::sys::fs::recursive_directory_iterator it(folder, error, false);
  for (const llvm::sys::fs::recursive_directory_iterator end{}; it != end && !error;
       it.increment(error)) {
    const llvm::StringRef extension = llvm::sys::path::extension(it->path());
    if ((extension == ".py" || extension == ".pyi") &&
        it->type() == llvm::sys::fs::file_type::regular_file) {
      paths.push_back(it->path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

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

} // namespace

int main(int argc, char **argv) {
  unsigned jobs = 0;
  if (argc != 3 || llvm::StringRef(argv[1]).getAsInteger(10, jobs)) {
    llvm::errs() << "usage: full_parse JOBS FOLDER\n";
    return 2;
  }
  const std::vector<std::string> paths = PythonFilesBelow(argv[2]);
  std::atomic<size_t> bytes = 0;
  std::atomic<size_t> lines = 0;
  pydefrag::ParallelFor(paths.size(), jobs, 16, [&](size_t index) {
    auto buffer = llvm::MemoryBuffer::getFile(paths[index]);
    if (!buffer) {
      return;
    }
    const llvm::StringRef text = (*buffer)->getBuffer();
    bytes += text.size();
    lines += static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    ts_tree_delete(ts_parser_parse_string(&ThreadParser(), nullptr, text.data(),
                                          static_cast<uint32_t>(text.size())));
  });
  llvm::outs() << llvm::formatv("{{\"files\": {0}, \"lines\": {1}, \"bytes\": {2}}\n", paths.size(),
                                lines.load(), bytes.load());
  return 0;
}
