// scan_speed JOBS FOLDER: what the parts before linking take on the sources below FOLDER: finding
// them, reading them, splitting them into logical lines, and the whole scan. Seconds are CPU
// seconds of all threads and seconds by the clock; printed as JSON for bench/compare/compare.py.
#include "base/parallel.h"
#include "scan/lines/line_lexer.h"
#include "scan/scan.h"
#include "source/discover.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <chrono>
#include <ctime>

using namespace pydefrag;

namespace {

struct Times {
  double clock = 0;
  double cpu = 0;
};

Times Now() {
  timespec cpu;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return {.clock =
              std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
                  .count(),
          .cpu = static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) * 1e-9};
}

class Printer {
public:
  void Lap(const char *part) {
    const Times now = Now();
    llvm::outs() << llvm::formatv("\"{0}\": {1:f4}, \"{0}_cpu\": {2:f4}, ", part,
                                  now.clock - last_.clock, now.cpu - last_.cpu);
    last_ = Now();
  }

private:
  Times last_ = Now();
};

} // namespace

static std::vector<std::string> SourcesOf(const Discovery &discovery) {
  std::vector<std::string> paths;
  for (const DiscoveredFile &file : discovery.files) {
    if (file.kind == FileKind::Source) {
      paths.push_back(file.path);
    }
  }
  return paths;
}

// Each file's text, handed to `use` by one of the threads.
static void ReadAll(const Disk &disk, llvm::StringRef root, llvm::ArrayRef<std::string> paths,
                    unsigned jobs, llvm::function_ref<void(llvm::StringRef text)> use) {
  constexpr size_t kAtOnce = 32;
  ParallelFor((paths.size() + kAtOnce - 1) / kAtOnce, jobs, 1, [&](size_t group) {
    llvm::SmallVector<char, 0> bytes;
    for (const std::string &path : paths.slice(group * kAtOnce).take_front(kAtOnce)) {
      if (!disk.Read((root + "/" + path).str(), 100u << 20, bytes)) {
        use({bytes.data(), bytes.size()});
      }
    }
  });
}

int main(int argc, char **argv) {
  unsigned jobs = 0;
  if (argc != 3 || llvm::StringRef(argv[1]).getAsInteger(10, jobs)) {
    llvm::errs() << "usage: scan_speed JOBS FOLDER\n";
    return 2;
  }
  const std::string root = argv[2];
  const std::unique_ptr<Disk> disk = MakeRealDisk();
  llvm::outs() << "{";
  Printer printer;
  DiscoverOptions options;
  options.root = root;
  options.jobs = jobs;
  const Discovery discovery = Discover(*disk, options);
  printer.Lap("discover");
  const std::vector<std::string> paths = SourcesOf(discovery);
  std::atomic<size_t> bytes = 0;
  ReadAll(*disk, root, paths, jobs, [&](llvm::StringRef text) { bytes += text.size(); });
  printer.Lap("read");
  std::atomic<size_t> logical_lines = 0;
  ReadAll(*disk, root, paths, jobs, [&](llvm::StringRef text) {
    static thread_local Lines lines;
    LexLines(text, lines);
    logical_lines += lines.lines.size();
  });
  printer.Lap("read_and_lex");
  Scanned scanned;
  ScanFiles(*disk, paths, {.root = root, .jobs = jobs}, scanned);
  printer.Lap("scan");
  size_t lines = 0;
  for (size_t i = 0; i < scanned.facts.size(); ++i) {
    lines += scanned.facts[FileId(i)].lines;
  }
  llvm::outs() << llvm::formatv(
      "\"files\": {0}, \"bytes\": {1}, \"lines\": {2}, \"logical_lines\": {3}, \"names\": {4}, "
      "\"statements\": {5}, \"expressions\": {6}}\n",
      paths.size(), bytes.load(), lines, logical_lines.load(), scanned.names.size(),
      scanned.syntax.statements.size(), scanned.syntax.exprs.size());
  return 0;
}
